#include "services/platform/rpc/page.h"

#include <algorithm>
#include <memory>

#include "absl/strings/escaping.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"

namespace minsheng::platform::rpc {
namespace {

constexpr size_t kSealBytes = 8;

// A hash of everything in the request but the page itself.
std::string Seal(const google::protobuf::Message& request) {
  std::unique_ptr<google::protobuf::Message> filter(request.New());
  filter->CopyFrom(request);
  for (const char* name : {"page_size", "page_token"}) {
    filter->GetReflection()->ClearField(filter.get(),
                                        filter->GetDescriptor()->FindFieldByName(name));
  }
  return Sha256(DeterministicBytes(*filter)).substr(0, kSealBytes);
}

}  // namespace

absl::StatusOr<Page> ReadPage(const google::protobuf::Message& request) {
  const auto* descriptor = request.GetDescriptor();
  const auto* reflection = request.GetReflection();
  const int32_t size = reflection->GetInt32(request, descriptor->FindFieldByName("page_size"));
  const std::string token =
      reflection->GetString(request, descriptor->FindFieldByName("page_token"));
  if (size < 0) {
    return Error(absl::StatusCode::kInvalidArgument, "BAD_PAGE_SIZE",
                 "page_size is negative; leave it out or give 1 to 1000", {{"field", "page_size"}});
  }
  Page page;
  if (size > 0) page.size = std::min(size, kPageSizeMax);
  if (token.empty()) return page;
  std::string plain;
  if (!absl::WebSafeBase64Unescape(token, &plain) || plain.size() < kSealBytes ||
      plain.substr(0, kSealBytes) != Seal(request)) {
    return Error(absl::StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN",
                 "page_token is not one of this filter; begin again without it",
                 {{"field", "page_token"}});
  }
  page.after = plain.substr(kSealBytes);
  return page;
}

std::string NextPageToken(const google::protobuf::Message& request, absl::string_view after) {
  return absl::WebSafeBase64Escape(Seal(request) + std::string(after));
}

}  // namespace minsheng::platform::rpc
