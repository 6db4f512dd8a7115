#include "services/platform/rpc/channel.h"

#include "absl/strings/match.h"
#include "services/platform/rpc/percent.h"
#include "services/platform/rpc/server.h"

namespace minsheng::platform::rpc {

namespace {

// "127.0.0.1:1" of "ipv4:127.0.0.1:1,127.0.0.1:2"; empty for one address, whose host gRPC finds.
std::string FirstOfSeveral(const std::string& address) {
  const size_t comma = address.find(',');
  if (comma == std::string::npos) return "";
  const size_t scheme = absl::StartsWith(address, "ipv4:") || absl::StartsWith(address, "ipv6:")
                            ? sizeof("ipv4:") - 1
                            : 0;
  return address.substr(scheme, comma - scheme);
}

}  // namespace

std::shared_ptr<grpc::Channel> Dial(const std::string& address,
                                    const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kServiceConfig);
  arguments.SetMaxReceiveMessageSize(Server::kMessageBytesMax);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // How long one attempt to connect may take: too short a time starves a busy machine for good.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 2000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  if (credentials == nullptr) {
    return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  }
  const std::string first = FirstOfSeveral(address);
  if (!first.empty()) arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, first);
  return grpc::CreateCustomChannel(address, credentials, arguments);
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
