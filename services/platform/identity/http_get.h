// One GET of a small document.
#ifndef MINSHENG_SERVICES_PLATFORM_IDENTITY_HTTP_GET_H_
#define MINSHENG_SERVICES_PLATFORM_IDENTITY_HTTP_GET_H_

#include <atomic>
#include <string>

#include "absl/status/statusor.h"

namespace minsheng::platform {

// https anywhere, http on loopback only.
bool MayBeAsked(const std::string& url);

// The body of a 200; everything else, a redirect included, is UNAVAILABLE KEYS_UNREADABLE. At most
// `bytes_max` are read and five seconds waited; ends early once `stopping`. `ca_file` may be empty.
absl::StatusOr<std::string> HttpGet(const std::string& url, const std::string& ca_file,
                                    size_t bytes_max, const std::atomic<bool>& stopping);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_IDENTITY_HTTP_GET_H_
