#include "services/platform/rpc/executor.h"

#include "absl/time/clock.h"
#include "services/platform/base/thread.h"

namespace minsheng::platform {

Executor::~Executor() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool Executor::Run(std::function<void()> task) {
  const absl::Time now = absl::Now();
  std::lock_guard lock(mutex_);
  if (stopping_ || queue_.size() >= kQueueMax) return false;
  if (!queue_.empty() && now - queue_.front().since > kWaitMax) return false;
  queue_.push_back({now, std::move(task)});
  if (idle_ < queue_.size() && threads_.size() < threads_max_) {
    threads_.emplace_back([this] { Loop(); });
  }
  work_.notify_one();
  return true;
}

Executor::Load Executor::load() const {
  std::lock_guard lock(mutex_);
  return {threads_.size() - idle_, queue_.size()};
}

void Executor::Loop() {
  NameThisThread("handler");
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    work_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    --idle_;
    if (queue_.empty()) return;
    std::function<void()> task = std::move(queue_.front().task);
    queue_.pop_front();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

}  // namespace minsheng::platform
