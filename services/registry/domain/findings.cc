#include "services/registry/domain/findings.h"

#include "absl/strings/str_cat.h"

#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kPlaceChars = 40;

}  // namespace

void Findings::Info(absl::string_view code, const Place& place, absl::string_view message) {
  Add(Severity::kInfo, code, place, message);
}

void Findings::Warn(absl::string_view code, const Place& place, absl::string_view message) {
  Add(Severity::kWarning, code, place, message);
}

void Findings::Error(absl::string_view code, const Place& place, absl::string_view message) {
  Add(Severity::kError, code, place, message);
}

Place Findings::At(int row, int column, absl::string_view words) const {
  return {table_, row, column, Abbreviate(words, kPlaceChars)};
}

void Findings::Add(Severity severity, absl::string_view code, const Place& place,
                   absl::string_view message) {
  diagnostics_.push_back({severity, std::string(code), place, std::string(message)});
}

std::string PlaceWords(const Place& place) {
  const std::string row = absl::StrCat("第", place.row, "行");
  return place.column == 0 ? row : absl::StrCat(row, "第", place.column, "列");
}

}  // namespace minsheng::registry
