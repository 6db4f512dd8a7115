#include "services/platform/rpc/open_calls.h"

#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "services/platform/base/thread.h"

namespace minsheng::platform::rpc {
namespace {

constexpr absl::Duration kEvery = absl::Milliseconds(500);

}  // namespace

OpenCalls::OpenCalls() : thread_([this] { Loop(); }) {}

OpenCalls::~OpenCalls() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

OpenCalls::Handle OpenCalls::Add(grpc::ServerContextBase& context, absl::Time until) {
  auto call = std::make_shared<Open>();
  call->context = &context;
  call->until = until;
  const std::lock_guard lock(mutex_);
  call->at = calls_.insert(calls_.end(), call);
  return call;
}

void OpenCalls::Remove(const Handle& call) {
  {
    const std::lock_guard lock(mutex_);
    calls_.erase(call->at);
  }
  const std::lock_guard lock(call->mutex);
  call->context = nullptr;
}

void OpenCalls::Loop() {
  NameThisThread("open-calls");
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, absl::ToChronoMilliseconds(kEvery), [this] { return stopping_; })) {
    lock.unlock();
    CutOff(absl::Now());
    lock.lock();
  }
}

void OpenCalls::CutOff(absl::Time now) {
  std::vector<Handle> late;
  {
    const std::lock_guard lock(mutex_);
    for (const Handle& call : calls_) {
      if (call->until > now) continue;
      call->until = absl::InfiniteFuture();
      late.push_back(call);
    }
  }
  for (const Handle& call : late) {
    const std::lock_guard lock(call->mutex);
    if (call->context != nullptr) call->context->TryCancel();
  }
}

}  // namespace minsheng::platform::rpc
