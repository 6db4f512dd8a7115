// Where a call comes from, for what is counted per place.
#ifndef MINSHENG_SERVICES_PLATFORM_ACCESS_ORIGIN_H_
#define MINSHENG_SERVICES_PLATFORM_ACCESS_ORIGIN_H_

#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::platform {

// gRPC's name of a peer without its scheme and port: "ipv4:10.0.0.7:51234" → "10.0.0.7",
// "ipv6:%5B::1%5D:51234" → "%5B::1%5D".
std::string OriginOfPeer(absl::string_view peer);

// Of an IPv6 address its network of 64 bits, all of whose addresses one caller may hold; anything
// else as it is. Takes addresses with or without brackets, also as gRPC writes them (%5B, %5D).
std::string NetworkOf(absl::string_view origin);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_ACCESS_ORIGIN_H_
