// How much a caller of each role may ask of one service: the one table of it, and its flag.
#ifndef MINSHENG_SERVICES_PLATFORM_LIMITS_ROLE_LIMITS_H_
#define MINSHENG_SERVICES_PLATFORM_LIMITS_ROLE_LIMITS_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "minsheng/common/v1/access.pb.h"
#include "services/platform/limits/token_bucket.h"

namespace minsheng::platform {

struct Limit {
  Rate rate;
  int32_t at_a_time = 1;       // calls that are not answered to the end
  int64_t writes_per_day = 0;  // of the civil day in China
};

// Callers of one kind share a limit: the roles by their number in access.proto, then these two.
inline constexpr size_t kUnknownCallers =
    common::v1::Role_ARRAYSIZE;                                  // who could not be identified
inline constexpr size_t kBelievedCallers = kUnknownCallers + 1;  // where callers are believed
inline constexpr size_t kCallerKinds = kBelievedCallers + 1;

// "reporter", …, "none" for a word that is no role, "unknown", "believed".
std::string CallerKindName(size_t kind);

class RoleLimits {
 public:
  // The defaults, changed by `text`: "public=100/500/32/0,reporter=50/200/16/1000", each
  // kind=calls per second/burst/at a time/writes per day. INVALID_ARGUMENT BAD_LIMITS.
  static absl::StatusOr<RoleLimits> Parse(absl::string_view text);

  RoleLimits();
  const Limit& Of(size_t kind) const { return limits_[kind]; }

 private:
  std::array<Limit, kCallerKinds> limits_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_LIMITS_ROLE_LIMITS_H_
