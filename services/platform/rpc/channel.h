// Client side: channels with the suite's service config, and calls that give absl::Status.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_CHANNEL_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_CHANNEL_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/platform/rpc/context.h"
#include "services/platform/rpc/status.h"

namespace minsheng::platform::rpc {

// deploy/grpc/service-config.json: the retry policy and load balancing that every client of the
// suite should use. UNAVAILABLE is tried again, up to five times with exponential back-off, on
// another process of the service where there are several; so is CANCELLED, which gRPC 1.51 answers
// to a call that arrives just as a server shuts down (what the caller cancels is not repeated).
// Safe for writes, which carry request ids.
extern const char kServiceConfig[];

// A channel to "host:port", or to several processes of a service: "ipv4:127.0.0.1:1,127.0.0.1:2" or
// "dns:///name:port". Without TLS when `credentials` is null. With it each process must show a
// certificate for the host that is dialled; of several addresses, for the first one's host.
std::shared_ptr<grpc::Channel> Dial(
    const std::string& address,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials = nullptr);

// Puts the principal into a call's metadata.
void Identify(grpc::ClientContext& context, const Principal& principal);

// Waits for a call of the callback API:
//   Await([&](auto done) { stub->async()->ReadEvents(&context, &request, &response, done); })
// For threads of a server that wait long: unlike one in the blocking API, they take no part in
// gRPC's polling, where they would take the server's calls and hand them on to yet another thread.
template <typename Start>
grpc::Status Await(Start start) {
  grpc::Status result;
  absl::Notification finished;
  start(std::function<void(grpc::Status)>([&](grpc::Status status) {
    result = std::move(status);
    finished.Notify();
  }));
  finished.WaitForNotification();
  return result;
}

// One unary call of a generated stub, in a context that has its deadline and its caller:
//   Call(stub.get(), &RegistryService::Stub::GetTask, request, context)
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(Stub* stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              const Request& request, grpc::ClientContext& context) {
  Response response;
  const grpc::Status status = (stub->*method)(&context, request, &response);
  if (!status.ok()) return FromGrpc(status);
  return response;
}

}  // namespace minsheng::platform::rpc

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_CHANNEL_H_
