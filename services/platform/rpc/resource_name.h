// Resource names: checked when they come in, taken apart when needed.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_RESOURCE_NAME_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_RESOURCE_NAME_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace minsheng::platform::rpc {

// OK when `name` fits `pattern`, else INVALID_ARGUMENT BAD_NAME naming `field`. In a pattern "*" is
// 1 to 100 bytes, "####" so many digits, anything else itself: "districts/######/programs/####".
absl::Status CheckName(absl::string_view field, absl::string_view name, absl::string_view pattern);

// The first `parts` parts: LeadingParts("a/1/b/2", 2) = "a/1".
std::string LeadingParts(absl::string_view name, size_t parts);
absl::string_view LastPart(absl::string_view name);
// The last part as a number; 0 when it is none.
int64_t LastNumber(absl::string_view name);

}  // namespace minsheng::platform::rpc

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_RESOURCE_NAME_H_
