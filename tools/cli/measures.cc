#include "tools/cli/measures.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tools/cli/errors.h"
#include "tools/cli/words.h"

namespace minsheng::cli {
namespace {

using progress::v1::Measure;

// Digits with at most one point between them; the service judges size and precision.
bool IsDecimal(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  if (parts.size() > 2) return false;
  return std::all_of(parts.begin(), parts.end(), [](absl::string_view digits) {
    return !digits.empty() && std::all_of(digits.begin(), digits.end(),
                                          [](unsigned char c) { return absl::ascii_isdigit(c); });
  });
}

}  // namespace

absl::StatusOr<Measure> ParseMeasure(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(absl::StripAsciiWhitespace(text), '=');
  int target = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &target) || target < 1) {
    return UsageError(
        absl::StrCat("“", text, "”不是完成量；请写成 目标号=数值，如 1=19 或 1=开工"));
  }
  const absl::string_view value = absl::StripAsciiWhitespace(parts[1]);
  Measure measure;
  measure.set_target(target);
  if (const auto stage = ParseWorkStage(value)) {
    measure.set_work_stage(*stage);
    return measure;
  }
  if (!IsDecimal(value)) {
    return UsageError(
        absl::StrCat("目标", target, "的“", value,
                     "”既不是不带千分位的数值，也不是形象进度（前期、开工、过半、完工、验收）"));
  }
  measure.set_value(std::string(value));
  return measure;
}

absl::StatusOr<std::vector<Measure>> ParseMeasures(absl::string_view text) {
  std::vector<Measure> measures;
  const std::string plain = absl::StrReplaceAll(text, {{"；", ";"}});
  for (absl::string_view part : absl::StrSplit(plain, ';', absl::SkipWhitespace())) {
    auto measure = ParseMeasure(part);
    if (!measure.ok()) return measure.status();
    for (const Measure& earlier : measures) {
      if (earlier.target() != measure->target()) continue;
      return UsageError(absl::StrCat("目标", measure->target(), "给出了两次，请只写一次"));
    }
    measures.push_back(*std::move(measure));
  }
  return measures;
}

std::string ShowMeasures(const progress::v1::Report& report) {
  std::string shown;
  for (const Measure& measure : report.measures()) {
    const bool stage = measure.work_stage() != progress::v1::WORK_STAGE_UNSPECIFIED;
    absl::StrAppend(&shown, shown.empty() ? "" : "; ", measure.target(), "=",
                    stage ? WorkStageWord(measure.work_stage()) : measure.value());
  }
  return shown;
}

}  // namespace minsheng::cli
