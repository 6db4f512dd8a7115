#include "services/platform/limits/token_bucket.h"

#include <algorithm>

namespace minsheng::platform {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

// Rounded up: never more than the rate.
int64_t Interval(const Rate& rate) {
  return (kSecond + rate.calls_per_second - 1) / rate.calls_per_second;
}

int64_t Depth(const Rate& rate) { return Interval(rate) * rate.burst; }

}  // namespace

int64_t TokenBucket::Take(const Rate& rate, int64_t now) {
  const int64_t full_at = std::max(full_at_, now) + Interval(rate);
  const int64_t wait = full_at - now - Depth(rate);
  if (wait > 0) return wait;
  full_at_ = full_at;
  kept_ = std::max<int64_t>(kept_ - Interval(rate), 0);
  return 0;
}

void TokenBucket::TakeElsewhere(const Rate& rate, int64_t calls, int64_t now) {
  const int64_t depth = Depth(rate);
  const int64_t believable = rate.burst + rate.calls_per_second;
  owed_ += std::clamp<int64_t>(calls, 0, believable) * Interval(rate);

  const int64_t since = elsewhere_at_ == 0 ? now : elsewhere_at_;
  const int64_t flowed = std::clamp<int64_t>(now - since, 0, kSecond);
  kept_ = std::min(kept_ + flowed / kKeptPart, depth);
  const int64_t full_at = std::max(full_at_, now);
  const int64_t above = std::max<int64_t>(now + depth - full_at - kept_, 0);
  const int64_t taken = std::min(owed_, above + flowed - flowed / kKeptPart);
  full_at_ = full_at + taken;
  owed_ = std::min(owed_ - taken, depth);
  elsewhere_at_ = now;
}

int64_t TokenBucket::Available(const Rate& rate, int64_t now) const {
  return std::max<int64_t>(now + Depth(rate) - std::max(full_at_, now), 0) / Interval(rate);
}

}  // namespace minsheng::platform
