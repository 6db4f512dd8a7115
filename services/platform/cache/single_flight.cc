#include "services/platform/cache/single_flight.h"

#include <condition_variable>
#include <utility>

#include "absl/cleanup/cleanup.h"

namespace minsheng::platform {

class SingleFlight::Flight {
 public:
  void Land(Result result) {
    {
      const std::lock_guard lock(mutex_);
      result_ = std::move(result);
      landed_ = true;
    }
    landed_changed_.notify_all();
  }

  Result Wait() {
    std::unique_lock lock(mutex_);
    landed_changed_.wait(lock, [this] { return landed_; });
    return result_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable landed_changed_;
  bool landed_ = false;
  Result result_;
};

namespace {

bool IsOfTheOtherCaller(const absl::Status& status) {
  return absl::IsCancelled(status) || absl::IsDeadlineExceeded(status);
}

}  // namespace

SingleFlight::Result SingleFlight::Do(const std::string& id, absl::FunctionRef<Result()> load) {
  std::unique_lock lock(mutex_);
  const auto [entry, is_leader] = flights_.try_emplace(id);
  if (is_leader) entry->second = std::make_shared<Flight>();
  const std::shared_ptr<Flight> flight = entry->second;
  lock.unlock();
  if (is_leader) return Lead(id, *flight, load);

  Result shared = flight->Wait();
  return IsOfTheOtherCaller(shared.status()) ? load() : shared;
}

SingleFlight::Result SingleFlight::Lead(const std::string& id, Flight& flight,
                                        absl::FunctionRef<Result()> load) {
  // Lands also when a load breaks the rule and throws: nobody may wait for ever.
  Result result = absl::CancelledError("the load did not end");
  const absl::Cleanup land = [&] {
    {
      const std::lock_guard lock(mutex_);
      flights_.erase(id);
    }
    flight.Land(result);
  };
  result = load();
  return result;
}

}  // namespace minsheng::platform
