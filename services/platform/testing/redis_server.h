// A real redis-server for tests: own temporary folder, a unix socket and a free port on loopback,
// nothing persisted.
//
// Owner: the test. Not thread-safe, except Kill. The server is ended by Stop, by the destructor,
// or, if the test dies, by the kernel when the *thread* that called Start ends: call Start from the
// test's main thread. Failure codes: NOT_FOUND (no redis-server installed), UNAVAILABLE (it did not
// come up).
#ifndef MINSHENG_SERVICES_PLATFORM_TESTING_REDIS_SERVER_H_
#define MINSHENG_SERVICES_PLATFORM_TESTING_REDIS_SERVER_H_

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"

namespace minsheng::platform {

class RedisServer {
 public:
  RedisServer();
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  // Starts an empty server and returns when it answers. After Stop or Kill(SIGKILL) it comes back
  // at the same addresses.
  absl::Status Start();

  // Ends it at once and reaps it. Harmless when it does not run.
  void Stop();

  // SIGSTOP hangs it (connections are still accepted by the kernel), SIGCONT resumes it, SIGKILL is
  // Stop. Returns from SIGSTOP and SIGKILL when the kernel has carried them out.
  void Kill(int signal);

  std::string address() const;       // "127.0.0.1:port"
  std::string unix_address() const;  // "unix:/path"

 private:
  absl::Status Launch();
  absl::Status AwaitAnswer();
  absl::Status StillRuns();

  std::string folder_;
  int port_ = 0;
  pid_t pid_ = 0;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_TESTING_REDIS_SERVER_H_
