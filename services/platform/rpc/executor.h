// A bounded pool of threads for handlers that may block: gRPC's own two polling threads never do.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_EXECUTOR_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_EXECUTOR_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace minsheng::platform {

// Thread-safe. Threads start when all others are busy, up to the bound. The destructor runs what is
// queued, then joins.
class Executor {
 public:
  static constexpr size_t kThreadsMax = 96;
  static constexpr size_t kQueueMax = 1024;

  ~Executor();

  // False when the queue is full: refuse early.
  [[nodiscard]] bool Run(std::function<void()> task);

  struct Load {
    size_t busy = 0;  // threads that run a task
    size_t queued = 0;
  };
  Load load() const;

 private:
  void Loop();

  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
  size_t idle_ = 0;
  bool stopping_ = false;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_EXECUTOR_H_
