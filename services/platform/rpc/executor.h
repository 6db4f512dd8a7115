// A bounded pool of threads for handlers that may block: gRPC's own two polling threads never do.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_EXECUTOR_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_EXECUTOR_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/time/time.h"

namespace minsheng::platform {

// Thread-safe. Threads start when all others are busy, up to the bound. The destructor runs what is
// queued, then joins.
class Executor {
 public:
  static constexpr size_t kThreadsMax = 96;
  static constexpr size_t kQueueMax = 1024;
  // While what is next has waited longer than this, the work comes faster than it is done: more of
  // it would only wait in vain.
  static constexpr absl::Duration kWaitMax = absl::Milliseconds(200);

  explicit Executor(size_t threads_max = kThreadsMax) : threads_max_(threads_max) {}
  ~Executor();

  // False when the queue is full, or stands longer than kWaitMax: refuse early.
  [[nodiscard]] bool Run(std::function<void()> task);

  struct Load {
    size_t busy = 0;  // threads that run a task
    size_t queued = 0;
  };
  Load load() const;
  size_t threads_max() const { return threads_max_; }

 private:
  struct Queued {
    absl::Time since;
    std::function<void()> task;
  };

  void Loop();

  const size_t threads_max_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Queued> queue_;
  std::vector<std::thread> threads_;
  size_t idle_ = 0;
  bool stopping_ = false;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_EXECUTOR_H_
