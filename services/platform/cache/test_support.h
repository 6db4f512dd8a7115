// What the cache's tests share: a client that looks into Redis, and readings of the metrics.
#ifndef MINSHENG_SERVICES_PLATFORM_CACHE_TEST_SUPPORT_H_
#define MINSHENG_SERVICES_PLATFORM_CACHE_TEST_SUPPORT_H_

#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/platform/cache/redis.h"

namespace minsheng::platform {

// Runs commands with patience; an error is a failure of the test.
class RedisClient {
 public:
  explicit RedisClient(std::string address)
      : pool_({.address = std::move(address), .timeout = absl::Seconds(20), .connections_max = 2}) {
  }

  RedisReply Run(absl::Span<const absl::string_view> argv) {
    absl::StatusOr<RedisReply> reply = pool_.Command(argv);
    EXPECT_TRUE(reply.ok()) << argv[0] << ": " << reply.status();
    return reply.ok() ? *std::move(reply) : RedisReply{};
  }

  std::string Get(absl::string_view key) { return Run({"GET", key}).text; }

  std::vector<std::string> Keys(absl::string_view pattern) {
    std::vector<std::string> keys;
    for (const RedisReply& item : Run({"KEYS", pattern}).items) keys.push_back(item.text);
    return keys;
  }

 private:
  RedisPool pool_;
};

// The sum of the series of `name` that carry all of `labels`; -1 if there is none.
inline double Metric(const prometheus::Registry& registry, const std::string& name,
                     const std::map<std::string, std::string>& labels = {}) {
  double sum = -1;
  for (const auto& family : registry.Collect()) {
    if (family.name != name) continue;
    for (const auto& metric : family.metric) {
      size_t matching = 0;
      for (const auto& label : metric.label) {
        const auto wanted = labels.find(label.name);
        if (wanted != labels.end() && wanted->second == label.value) ++matching;
      }
      if (matching != labels.size()) continue;
      sum = std::max(sum, 0.0) + metric.counter.value + metric.gauge.value;
    }
  }
  return sum;
}

inline double Requests(const prometheus::Registry& registry, const std::string& tier,
                       const std::string& result) {
  return Metric(registry, "minsheng_cache_requests_total", {{"tier", tier}, {"result", result}});
}

// Polls; false if `condition` does not come true within half a minute.
template <typename Condition>
bool Await(Condition condition) {
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(1));
  }
  return true;
}

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CACHE_TEST_SUPPORT_H_
