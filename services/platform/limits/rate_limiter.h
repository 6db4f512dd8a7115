// How much one caller may ask of a service: calls per second with a burst, calls at a time, writes
// per day, by the table in role_limits.cc.
//
// A caller is a principal (district, role, unit, post; for the public each credential), or, when
// nobody knows who calls, the address the call comes from (of IPv6 its network of 64 bits).
// Memory is bounded: kAccountsMax of each, at most AccountTable::kAccountBytesMax bytes an account;
// beyond it the least recently used account is forgotten. Unknown callers never push out known
// ones.
//
// minsheng_rate_limited_total{service,role} counts what was refused; role also none (a word that
// is no role), unknown (not identified).
#ifndef MINSHENG_SERVICES_PLATFORM_LIMITS_RATE_LIMITER_H_
#define MINSHENG_SERVICES_PLATFORM_LIMITS_RATE_LIMITER_H_

#include <array>
#include <memory>
#include <string>

#include "prometheus/counter.h"
#include "prometheus/registry.h"
#include "services/platform/access/guard.h"
#include "services/platform/limits/account_table.h"
#include "services/platform/limits/role_limits.h"
#include "services/platform/limits/shared_spending.h"

namespace minsheng::platform {

// Thread-safe. Begin and End take less than a microsecond and wait for nothing.
class RateLimiter final : public Limiter {
 public:
  static constexpr size_t kAccountsMax = 8'192;
  static constexpr size_t kBytesMax = 2 * kAccountsMax * AccountTable::kAccountBytesMax;  // 8 MiB

  struct Options {
    std::string service;
    RoleLimits limits = {};
    bool believed = false;   // callers say who they are: all have the limit "believed"
    std::string redis = {};  // shared with the service's other processes; empty: each its own
  };

  RateLimiter(Options options, prometheus::Registry& metrics);

  // RESOURCE_EXHAUSTED RATE_LIMITED with "limit" (calls_per_second, calls_at_a_time,
  // writes_per_day, callers) and "retry_after_ms".
  absl::Status Begin(const Principal* caller, absl::string_view origin, bool writes) override;
  void End(const Principal* caller, absl::string_view origin) override;

 private:
  uint8_t KindOf(const Principal* caller) const;
  const Limit& LimitOf(uint8_t kind) const;

  const Options options_;
  AccountTable known_{kAccountsMax};
  AccountTable unknown_{kAccountsMax};
  std::array<prometheus::Counter*, kBelievedCallers> limited_;
  std::unique_ptr<SharedSpending> shared_known_, shared_unknown_;  // end before the tables
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_LIMITS_RATE_LIMITER_H_
