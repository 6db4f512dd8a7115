#include "services/platform/access/origin.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace minsheng::platform {

std::string OriginOfPeer(absl::string_view peer) {
  const size_t begin = peer.find(':') + 1;  // 0 when there is none
  const size_t end = peer.rfind(':');
  return std::string(peer.substr(begin, end > begin ? end - begin : absl::string_view::npos));
}

std::string NetworkOf(absl::string_view origin) {
  constexpr size_t kNetworkBytes = 8;
  absl::string_view plain = origin;
  if (!absl::ConsumePrefix(&plain, "%5B")) absl::ConsumePrefix(&plain, "[");
  plain = plain.substr(0, plain.find_first_of("%]"));
  in6_addr address;
  if (inet_pton(AF_INET6, std::string(plain).c_str(), &address) != 1 ||
      IN6_IS_ADDR_V4MAPPED(&address)) {
    return std::string(origin);
  }
  return absl::StrCat("ipv6:",
                      absl::string_view(reinterpret_cast<const char*>(&address), kNetworkBytes));
}

}  // namespace minsheng::platform
