// Accepts connections for a gRPC server.
//
// gRPC 1.51's own listener ends for good when the process runs out of file descriptors, and limits
// nobody: whoever opens enough connections takes the service away. This one waits until there are
// descriptors again, keeps some for files and databases, and gives one origin at most half, and not
// more new ones a second than gRPC can look at beside its calls.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_LISTENER_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_LISTENER_H_

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/platform/limits/token_bucket.h"

namespace minsheng::platform::rpc {

class Listener {
 public:
  // Descriptors that connections leave free.
  static constexpr size_t kDescriptorsKept = 256;
  // However many descriptors the system grants: each connection takes memory as well.
  static constexpr size_t kConnectionsMax = 10'000;
  // New connections of one origin; those beyond are closed at once.
  static constexpr Rate kNewConnections = {.calls_per_second = 300, .burst = 1000};

  // Takes over the descriptor of a connection; called in the listener's thread.
  using Take = std::function<void(int fd)>;

  // "127.0.0.1:50051", "[::1]:0", "localhost:1", "unix:/path". UNAVAILABLE when it cannot listen
  // there.
  static absl::StatusOr<std::unique_ptr<Listener>> Open(absl::string_view address);
  ~Listener();

  int port() const { return port_; }  // 1 for a unix socket
  void Start(Take take);
  // Accepts no more.
  void Stop();

 private:
  static constexpr size_t kOriginsMin = 1024;

  struct Connection {
    ino_t socket;  // a descriptor with another one is another connection's
    std::string origin;
  };
  struct Origin {
    size_t connections = 0;
    TokenBucket opened;
  };

  explicit Listener(int fd);
  void Loop();
  // False when none waits.
  bool Accept();
  // Whether this origin may have one more, which then counts as opened.
  bool Admit(const std::string& origin);
  void Remember(int fd, const std::string& origin);
  void Forget(std::unordered_map<int, Connection>::iterator connection);
  void ForgetClosed();
  void ForgetOrigins();

  const int fd_;
  int port_ = 0;
  size_t connections_max_ = 0;
  Take take_;
  std::unordered_map<int, Connection> connections_;
  std::unordered_map<std::string, Origin> origins_;
  size_t forget_origins_at_ = kOriginsMin;
  absl::Time looked_ = absl::InfinitePast();
  std::thread thread_;
};

}  // namespace minsheng::platform::rpc

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_LISTENER_H_
