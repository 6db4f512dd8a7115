#include "services/registry/domain/fields.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "services/registry/domain/refusal.h"

namespace minsheng::registry {
namespace {

constexpr size_t kWholeDigitsMax = 12;
constexpr size_t kDecimalsMax = 6;

bool AreDigits(absl::string_view text, size_t most) {
  return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

}  // namespace

absl::Status RefuseField(absl::string_view reason, absl::string_view field,
                         absl::string_view message) {
  absl::Status status = Refuse(reason, absl::StrCat(field, "：", message));
  status.SetPayload("minsheng/field", absl::Cord(field));
  return status;
}

absl::StatusOr<absl::CivilDay> ReadDay(absl::string_view field, absl::string_view text) {
  absl::CivilDay day;
  if (text.size() == 10 && absl::ParseCivilTime(text, &day) && absl::FormatCivilTime(day) == text) {
    return day;
  }
  return RefuseField("BAD_DATE", field, absl::StrCat("“", text, "”不是日期，应写作 2024-06-30"));
}

absl::Status CheckDecimal(absl::string_view field, absl::string_view text) {
  const size_t point = text.find('.');
  const absl::string_view whole = text.substr(0, point);
  const bool fits =
      AreDigits(whole, kWholeDigitsMax) &&
      (point == absl::string_view::npos || AreDigits(text.substr(point + 1), kDecimalsMax));
  if (fits) return absl::OkStatus();
  return RefuseField(
      "BAD_NUMBER", field,
      absl::StrCat("“", text, "”应为不带单位的非负数，整数最多十二位，小数最多六位"));
}

}  // namespace minsheng::registry
