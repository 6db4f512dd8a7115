#include "services/platform/rpc/resource_name.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/platform/base/error.h"

namespace minsheng::platform::rpc {
namespace {

constexpr size_t kPartBytesMax = 100;

bool AreDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

bool PartFits(absl::string_view part, absl::string_view pattern) {
  if (pattern == "*") return !part.empty() && part.size() <= kPartBytesMax;
  if (pattern[0] == '#') return part.size() == pattern.size() && AreDigits(part);
  return part == pattern;
}

bool Fits(absl::string_view name, absl::string_view pattern) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  const std::vector<absl::string_view> wanted = absl::StrSplit(pattern, '/');
  return parts.size() == wanted.size() &&
         std::equal(parts.begin(), parts.end(), wanted.begin(), PartFits);
}

}  // namespace

absl::Status CheckName(absl::string_view field, absl::string_view name, absl::string_view pattern) {
  if (Fits(name, pattern)) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "BAD_NAME",
               absl::StrCat(field, " is \"", name.substr(0, kPartBytesMax),
                            "\"; expected the form ", pattern),
               {{"field", field}});
}

std::string LeadingParts(absl::string_view name, size_t parts) {
  const std::vector<absl::string_view> all = absl::StrSplit(name, '/');
  return absl::StrJoin(all.begin(), all.begin() + std::min(parts, all.size()), "/");
}

absl::string_view LastPart(absl::string_view name) { return name.substr(name.rfind('/') + 1); }

int64_t LastNumber(absl::string_view name) {
  int64_t number = 0;
  return absl::SimpleAtoi(LastPart(name), &number) ? number : 0;
}

}  // namespace minsheng::platform::rpc
