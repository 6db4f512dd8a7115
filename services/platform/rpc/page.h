// Paging of lists: an opaque token that is bound to the request's filter.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_PAGE_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_PAGE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace minsheng::platform::rpc {

inline constexpr int32_t kPageSizeDefault = 100;
inline constexpr int32_t kPageSizeMax = 1000;

struct Page {
  std::string after;  // where the previous page ended; empty for the first
  int32_t size = kPageSizeDefault;
};

// Reads page_size and page_token of a list request. INVALID_ARGUMENT BAD_PAGE_SIZE, BAD_PAGE_TOKEN
// (malformed, or made for another filter).
absl::StatusOr<Page> ReadPage(const google::protobuf::Message& request);

// The token for the page after `after` of the same request.
std::string NextPageToken(const google::protobuf::Message& request, absl::string_view after);

}  // namespace minsheng::platform::rpc

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_PAGE_H_
