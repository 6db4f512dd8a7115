// A circuit breaker: after some failures in a row nobody tries for a while, then one caller probes
// for all.
//
// Thread-safe. The instants are the caller's, of the steady clock, so that tests need no waiting.
#ifndef MINSHENG_SERVICES_PLATFORM_CACHE_BREAKER_H_
#define MINSHENG_SERVICES_PLATFORM_CACHE_BREAKER_H_

#include <chrono>
#include <functional>
#include <mutex>

#include "absl/time/time.h"

namespace minsheng::platform {

class Breaker {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  enum class Pass { kRefused, kNormal, kProbe };

  // Opens after `failures_max` (at least 1) consecutive failures and probes once per `pause`.
  // `on_change(open)` is called under the lock, in order.
  Breaker(int failures_max, absl::Duration pause, std::function<void(bool open)> on_change);

  // Each pass that is not kRefused must be given back by exactly one Leave.
  Pass Enter(Instant now);

  // A normal pass that ends after the breaker has opened says nothing any more; only the probe
  // closes it.
  void Leave(Pass pass, bool succeeded, Instant now);

 private:
  void Open(Instant now);
  void Close();

  const int failures_max_;
  const std::chrono::nanoseconds pause_;
  const std::function<void(bool)> on_change_;

  std::mutex mutex_;
  int failures_ = 0;
  bool open_ = false;
  bool probing_ = false;
  Instant next_probe_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CACHE_BREAKER_H_
