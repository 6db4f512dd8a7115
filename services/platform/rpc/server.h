// A gRPC server: callback services, health, reflection, a graceful end.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_SERVER_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/rpc/listener.h"
#include "services/platform/rpc/service.h"

namespace minsheng::platform::rpc {

// Thread-safe.
class Server {
 public:
  static constexpr int kMessageBytesMax = 32 << 20;

  struct Options {
    std::string address;  // "127.0.0.1:50051"; port 0 picks one
    std::vector<Service*> services;
    std::shared_ptr<grpc::ServerCredentials> credentials = nullptr;  // null: without TLS
    bool authenticated = false;  // callers are identified, not believed
  };

  // INTERNAL when a service has unbound methods; UNAVAILABLE when the port is taken;
  // INVALID_ARGUMENT NOT_LOOPBACK for an address beyond loopback without TLS and authentication.
  static absl::StatusOr<std::unique_ptr<Server>> Start(Options options);
  ~Server();

  int port() const { return listener_->port(); }
  // What the standard health service answers, for every service and for "".
  void SetServing(bool serving);
  // Refuses new calls, lets running ones finish, cuts them off at the deadline. Watchers of the
  // health are not waited for.
  void Drain(absl::Duration patience);

 private:
  explicit Server(std::vector<Service*> services) : services_(std::move(services)) {}
  int Running() const;

  const std::vector<Service*> services_;
  std::unique_ptr<Listener> listener_;  // null once draining
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
};

// True for 127.0.0.0/8, ::1, localhost and unix sockets.
bool IsLoopback(absl::string_view address);

}  // namespace minsheng::platform::rpc

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_SERVER_H_
