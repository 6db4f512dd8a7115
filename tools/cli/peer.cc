#include "tools/cli/peer.h"

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "tools/cli/identity.h"

namespace minsheng::cli {

Peer::Peer(std::string service, std::string address, absl::Duration timeout,
           platform::Principal caller, std::shared_ptr<grpc::ChannelCredentials> credentials)
    : service_(std::move(service)),
      address_(std::move(address)),
      timeout_(timeout),
      caller_(std::move(caller)),
      encrypted_(credentials != nullptr),
      channel_(platform::rpc::Dial(address_, credentials)) {}

absl::Status Peer::Begin(grpc::ClientContext& context, const platform::Principal& caller) const {
  context.set_deadline(absl::ToChronoTime(deadline()));
  return ShowIdentity(context, caller, encrypted_ || IsThisMachine(address_));
}

absl::Status Peer::Explained(const absl::Status& status) const {
  if (!absl::IsUnavailable(status) || !platform::ReasonOf(status).empty()) return status;
  return platform::Error(absl::StatusCode::kUnavailable, "UNREACHABLE",
                         absl::StrCat("连不上 ", service_, " 服务（", address_,
                                      "）。请先启动：tools/quickstart；服务在别处时用 --", service_,
                                      " 主机:端口 或环境变量 MINSHENG_",
                                      service_ == "registry" ? "REGISTRY" : "PROGRESS", " 指明"));
}

}  // namespace minsheng::cli
