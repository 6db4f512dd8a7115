// Concurrent misses of one key in one process share one load.
//
// Owned by Cache. Thread-safe; the lock is not held while a load runs.
#ifndef MINSHENG_SERVICES_PLATFORM_CACHE_SINGLE_FLIGHT_H_
#define MINSHENG_SERVICES_PLATFORM_CACHE_SINGLE_FLIGHT_H_

#include <memory>
#include <mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

namespace minsheng::platform {

class SingleFlight {
 public:
  using Result = absl::StatusOr<std::string>;

  // Runs `load` on this thread, or waits for the call that is running it for the same `id` and
  // returns its result. CANCELLED and DEADLINE_EXCEEDED speak of the other caller's patience: then
  // `load` runs here, on its own.
  Result Do(const std::string& id, absl::FunctionRef<Result()> load);

 private:
  class Flight;

  Result Lead(const std::string& id, Flight& flight, absl::FunctionRef<Result()> load);

  std::mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Flight>> flights_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CACHE_SINGLE_FLIGHT_H_
