// A TCP server on a free port of loopback that answers anything with the same bytes, fast or one at
// a time, for tests of clients that must survive it.
//
// Owner: the test. Serves one connection after the other on its own thread: reads once, answers,
// closes.
#ifndef MINSHENG_SERVICES_PLATFORM_TESTING_GARBAGE_SERVER_H_
#define MINSHENG_SERVICES_PLATFORM_TESTING_GARBAGE_SERVER_H_

#include <atomic>
#include <string>
#include <thread>

#include "absl/time/time.h"

namespace minsheng::platform {

class GarbageServer {
 public:
  // `pause` > 0: one byte per pause.
  explicit GarbageServer(std::string answer, absl::Duration pause = absl::ZeroDuration());
  ~GarbageServer();
  GarbageServer(const GarbageServer&) = delete;
  GarbageServer& operator=(const GarbageServer&) = delete;

  std::string address() const;  // "127.0.0.1:port"

 private:
  void Serve();
  void Answer(int connection) const;

  const std::string answer_;
  const absl::Duration pause_;
  const int listener_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_TESTING_GARBAGE_SERVER_H_
