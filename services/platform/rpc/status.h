// absl::Status ↔ grpc::Status, with the reason and its figures as google.rpc.ErrorInfo.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_STATUS_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace minsheng::platform {

// `domain` says which service speaks, "registry.minsheng".
grpc::Status ToGrpc(const absl::Status& status, absl::string_view domain);

// The way back: reason and metadata are payloads again.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_STATUS_H_
