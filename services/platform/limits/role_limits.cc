#include "services/platform/limits/role_limits.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/platform/access/policy.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::platform {
namespace {

constexpr int64_t kNoQuota = int64_t{1} << 40;

// People at a desk, and their scripts; a list of a thousand tasks is imported in one burst.
constexpr Limit kPeople = {{500, 5'000}, 64, 100'000};
// Follows feeds, moves data; half of the places for those that wait for events.
constexpr Limit kServices = {{20'000, 100'000}, 500, 10'000'000};
// A portal in front of the public reads what is published. No quota of writes: the policy refuses
// each, and a refused attempt is noted, which one over its limit is not.
constexpr Limit kPublic = {{200, 1'000}, 32, kNoQuota};
// One origin that nobody knows: each of its calls is refused anyway, and noted.
constexpr Limit kUnknown = {{20, 100}, 32, kNoQuota};
// Names that callers make up hold nobody back: a runaway is stopped, nothing else.
constexpr Limit kBelieved = {{100'000, 1'000'000}, 20'000, kNoQuota};

constexpr std::pair<size_t, Limit> kLimits[] = {
    {common::v1::ROLE_UNSPECIFIED, kUnknown},
    {common::v1::ROLE_REPORTER, kPeople},
    {common::v1::ROLE_COOPERATING_UNIT, kPeople},
    {common::v1::ROLE_LIST_OFFICE, kPeople},
    {common::v1::ROLE_SUPERVISION_OFFICE, kPeople},
    {common::v1::ROLE_GOVERNMENT_OFFICE, kPeople},
    {common::v1::ROLE_FINANCE, kPeople},
    {common::v1::ROLE_MEDIA_CENTRE, kPeople},
    {common::v1::ROLE_LEADER, kPeople},
    {common::v1::ROLE_AUDITOR, kPeople},
    {common::v1::ROLE_PUBLIC, kPublic},
    {common::v1::ROLE_SERVICE, kServices},
    {common::v1::ROLE_OPERATOR, kServices},
    {kUnknownCallers, kUnknown},
    {kBelievedCallers, kBelieved},
};
static_assert(std::size(kLimits) == kCallerKinds);

absl::Status Malformed(absl::string_view part, absl::string_view why) {
  return Error(absl::StatusCode::kInvalidArgument, "BAD_LIMITS",
               absl::StrCat("--limits: \"", part, "\" ", why,
                            "; expected ROLE=CALLS_PER_SECOND/BURST/AT_A_TIME/WRITES_PER_DAY, or "
                            "off for all"));
}

absl::StatusOr<size_t> KindNamed(absl::string_view part, absl::string_view name) {
  for (size_t kind = 0; kind < kCallerKinds; ++kind) {
    if (name == CallerKindName(kind)) return kind;
  }
  return Malformed(part, "names no role");
}

absl::StatusOr<Limit> ParseLimit(absl::string_view part, absl::string_view text) {
  const std::vector<absl::string_view> figures = absl::StrSplit(text, '/');
  Limit limit;
  if (figures.size() != 4 || !absl::SimpleAtoi(figures[0], &limit.rate.calls_per_second) ||
      !absl::SimpleAtoi(figures[1], &limit.rate.burst) ||
      !absl::SimpleAtoi(figures[2], &limit.at_a_time) ||
      !absl::SimpleAtoi(figures[3], &limit.writes_per_day)) {
    return Malformed(part, "does not give four whole numbers");
  }
  const Rate& rate = limit.rate;
  if (std::min({rate.calls_per_second, rate.burst, int64_t{limit.at_a_time}}) < 1 ||
      std::max(rate.calls_per_second, rate.burst) > Rate::kMax || limit.writes_per_day < 0 ||
      limit.writes_per_day > kNoQuota) {
    return Malformed(part, "gives a number out of bounds");
  }
  return limit;
}

}  // namespace

std::string CallerKindName(size_t kind) {
  if (kind == kUnknownCallers) return "unknown";
  if (kind == kBelievedCallers) return "believed";
  if (kind == common::v1::ROLE_UNSPECIFIED) return "none";
  return NameOf(static_cast<common::v1::Role>(kind));
}

RoleLimits::RoleLimits() {
  for (const auto& [kind, limit] : kLimits) limits_[kind] = limit;
}

absl::StatusOr<RoleLimits> RoleLimits::Parse(absl::string_view text) {
  RoleLimits limits;
  for (absl::string_view part : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    part = absl::StripAsciiWhitespace(part);
    const std::pair<absl::string_view, absl::string_view> sides =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    ASSIGN_OR_RETURN(const size_t kind, KindNamed(part, sides.first));
    ASSIGN_OR_RETURN(limits.limits_[kind], ParseLimit(part, sides.second));
  }
  return limits;
}

}  // namespace minsheng::platform
