#include "services/platform/rpc/channel.h"

#include "services/platform/rpc/percent.h"
#include "services/platform/rpc/server.h"

namespace minsheng::platform::rpc {

std::shared_ptr<grpc::Channel> Dial(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kServiceConfig);
  arguments.SetMaxReceiveMessageSize(Server::kMessageBytesMax);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // How long one attempt to connect may take: too short a time starves a busy machine for good.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 2000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

void Identify(grpc::ClientContext& context, const Principal& principal) {
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) context.AddMetadata(key, PercentEncode(value));
  };
  add("x-minsheng-post", principal.post);
  add("x-minsheng-unit", principal.unit);
  add("x-minsheng-role", principal.role);
  add("x-minsheng-district", principal.district);
}

}  // namespace minsheng::platform::rpc
