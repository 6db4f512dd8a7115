// The cache's metrics (design.md §12). All series exist from the start at zero.
//
//   minsheng_cache_requests_total{service,tier,result}   tier near|redis|store, result
//   hit|miss|error|poisoned
//     near: one hit or miss per Get. redis: one of the four per lookup (error: a command failed or
//     the breaker is open), and an error per answer that could not be written. store: one per fill:
//     hit = filled, miss = NOT_FOUND, error = any other failure. A call that shares another's load
//     counts its near miss only.
//   minsheng_cache_stale_total{service}     sampled hits that differed from the fill
//   minsheng_cache_breaker_open{service}    1 while Redis is given up on
//
// Thread-safe. Owned by Cache; the registry must outlive it.
#ifndef MINSHENG_SERVICES_PLATFORM_CACHE_METRICS_H_
#define MINSHENG_SERVICES_PLATFORM_CACHE_METRICS_H_

#include <prometheus/registry.h>

#include <array>
#include <cstddef>
#include <string>

namespace minsheng::platform {

class CacheMetrics {
 public:
  enum class Tier { kNear, kRedis, kStore };
  enum class Result { kHit, kMiss, kError, kPoisoned };

  CacheMetrics(const std::string& service, prometheus::Registry& registry);

  void Count(Tier tier, Result result);
  void CountStale();
  void SetBreakerOpen(bool open);

 private:
  static constexpr size_t kTiers = 3;
  static constexpr size_t kResults = 4;

  std::array<std::array<prometheus::Counter*, kResults>, kTiers> requests_;
  prometheus::Counter& stale_;
  prometheus::Gauge& breaker_open_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CACHE_METRICS_H_
