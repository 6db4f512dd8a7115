#include "services/platform/limits/account.h"

#include <algorithm>

namespace minsheng::platform {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kDay = 86'400 * kSecond;
constexpr int64_t kChina = 8 * 3'600 * kSecond;
// When one of the running calls ends is not known.
constexpr int64_t kWaitForAnEnd = kSecond / 10;
// What others spent longer ago has flowed in again.
constexpr int64_t kElsewhereMatters = kSecond;

}  // namespace

int64_t DayOf(int64_t wall) { return (wall + kChina) / kDay; }

Verdict Account::Begin(const Limit& limit, bool writes, LimiterTime now) {
  touched_ = true;
  if (running_ >= limit.at_a_time) return {Exceeded::kCallsAtATime, kWaitForAnEnd};
  if (writes) {
    TurnDay(DayOf(now.wall));
    if (writes_ + writes_elsewhere_ >= limit.writes_per_day) {
      return {Exceeded::kWritesPerDay, (day_ + 1) * kDay - kChina - now.wall};
    }
  }
  const int64_t wait = calls_.Take(limit.rate, now.steady);
  if (wait > 0) return {Exceeded::kCallsPerSecond, wait};
  ++running_;
  ++calls_untold_;
  if (writes) ++writes_;
  return {};
}

void Account::End() { --running_; }

void Account::TurnDay(int64_t day) {
  if (day == day_) return;
  day_ = day;
  writes_ = writes_told_ = writes_elsewhere_ = 0;
}

Account::Spent Account::TakeSpent() {
  const Spent spent{calls_untold_, writes_ - writes_told_, day_};
  touched_ = false;
  calls_untold_ = 0;
  writes_told_ = writes_;
  return spent;
}

void Account::Told(const Limit& limit, const Spent& spent, int64_t calls_total,
                   int64_t writes_total, int64_t steady_now) {
  // A counter that was lost begins anew, below what was seen: then nothing is known of others.
  if (calls_total >= 0 && calls_total_ >= 0 && steady_now - told_at_ <= kElsewhereMatters) {
    const int64_t elsewhere = calls_total - spent.calls - calls_total_;
    calls_.TakeElsewhere(limit.rate, std::max<int64_t>(elsewhere, 0), steady_now);
  }
  calls_total_ = calls_total;
  told_at_ = steady_now;
  if (spent.day != day_ || writes_total < 0) return;
  constexpr int64_t kKept = TokenBucket::kKeptPart;
  // As with the calls, a part stays for this process whatever the counter says.
  const int64_t most = limit.writes_per_day - (limit.writes_per_day + kKept - 1) / kKept;
  writes_elsewhere_ = std::clamp<int64_t>(writes_total - writes_told_, writes_elsewhere_, most);
}

void Account::NotTold(const Spent& spent) {
  calls_total_ = -1;
  if (spent.day == day_) writes_told_ -= spent.writes;
}

}  // namespace minsheng::platform
