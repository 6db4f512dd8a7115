// Who calls, and how much of what an rpc gives is for them.
#ifndef MINSHENG_SERVICES_PLATFORM_ACCESS_PRINCIPAL_H_
#define MINSHENG_SERVICES_PLATFORM_ACCESS_PRINCIPAL_H_

#include <string>

#include "absl/time/time.h"

namespace minsheng::platform {

// A post of a unit in a role, never a person.
struct Principal {
  std::string post = {};  // "联络员"
  std::string unit = {};  // "区交通局", by its registered name
  std::string role = {};  // "reporter": a Role of access.proto without its prefix, in lower case
  std::string district = {};  // "500156", or kEveryDistrict
  // "token:" and the token's id, "certificate:" and its serial number, or empty where callers are
  // believed.
  std::string credential = {};
  absl::Time expires = absl::InfiniteFuture();  // when the credential stops to count
};

inline constexpr char kEveryDistrict[] = "*";
// In a resource name: whichever the caller may see.
inline constexpr char kAnyDistrict[] = "-";

// What the policy lets a caller have of an rpc, from nothing to everything in the district.
enum class Scope { kNone, kPublished, kOwnUnit, kDistrict };

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_ACCESS_PRINCIPAL_H_
