// What time it is: the system's, or a rehearsal's, which stands still until it is moved forward.
#ifndef MINSHENG_SERVICES_PLATFORM_CLOCK_CLOCK_H_
#define MINSHENG_SERVICES_PLATFORM_CLOCK_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace minsheng::platform {

// Thread-safe. Whole microseconds, so that an instant survives storing.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::FromUnixMicros(absl::ToUnixMicros(absl::Now())); }
};

// Stands still; Set moves it. Who may move it, and that it never goes back, is decided by the
// journal's ClockAdvanced.
class FrozenClock final : public Clock {
 public:
  explicit FrozenClock(absl::Time start) { Set(start); }
  absl::Time Now() const override { return absl::FromUnixMicros(micros_.load()); }
  void Set(absl::Time time) { micros_.store(absl::ToUnixMicros(time)); }

 private:
  std::atomic<int64_t> micros_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CLOCK_CLOCK_H_
