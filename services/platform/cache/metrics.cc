#include "services/platform/cache/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

namespace minsheng::platform {
namespace {

constexpr const char* kTierNames[] = {"near", "redis", "store"};
constexpr const char* kResultNames[] = {"hit", "miss", "error", "poisoned"};

prometheus::Counter& StaleCounter(const std::string& service, prometheus::Registry& registry) {
  return prometheus::BuildCounter()
      .Name("minsheng_cache_stale_total")
      .Help("Sampled cache hits that differed from the store")
      .Register(registry)
      .Add({{"service", service}});
}

prometheus::Gauge& BreakerGauge(const std::string& service, prometheus::Registry& registry) {
  return prometheus::BuildGauge()
      .Name("minsheng_cache_breaker_open")
      .Help("1 while the cache has given up on Redis")
      .Register(registry)
      .Add({{"service", service}});
}

}  // namespace

CacheMetrics::CacheMetrics(const std::string& service, prometheus::Registry& registry)
    : stale_(StaleCounter(service, registry)), breaker_open_(BreakerGauge(service, registry)) {
  auto& requests = prometheus::BuildCounter()
                       .Name("minsheng_cache_requests_total")
                       .Help("What each tier of the cache gave")
                       .Register(registry);
  for (size_t tier = 0; tier < kTiers; ++tier) {
    for (size_t result = 0; result < kResults; ++result) {
      requests_[tier][result] = &requests.Add(
          {{"service", service}, {"tier", kTierNames[tier]}, {"result", kResultNames[result]}});
    }
  }
}

void CacheMetrics::Count(Tier tier, Result result) {
  requests_[static_cast<size_t>(tier)][static_cast<size_t>(result)]->Increment();
}

void CacheMetrics::CountStale() { stale_.Increment(); }

void CacheMetrics::SetBreakerOpen(bool open) { breaker_open_.Set(open ? 1 : 0); }

}  // namespace minsheng::platform
