// What one caller has asked for, and what may be asked next. Pure; not thread-safe.
#ifndef MINSHENG_SERVICES_PLATFORM_LIMITS_ACCOUNT_H_
#define MINSHENG_SERVICES_PLATFORM_LIMITS_ACCOUNT_H_

#include <cstdint>

#include "services/platform/limits/role_limits.h"
#include "services/platform/limits/token_bucket.h"

namespace minsheng::platform {

// Nanoseconds of a steady clock, and of the wall clock for the day's quota.
struct LimiterTime {
  int64_t steady = 0;
  int64_t wall = 0;
};

enum class Exceeded { kNothing, kCallsPerSecond, kCallsAtATime, kWritesPerDay, kRoom };

struct Verdict {
  Exceeded exceeded = Exceeded::kNothing;
  int64_t wait = 0;  // nanoseconds until the same call may begin
};

class Account {
 public:
  // What the other processes have to be told, and what was told.
  struct Spent {
    int64_t calls = 0;
    int64_t writes = 0;
    int64_t day = 0;  // of the writes
  };

  explicit Account(uint8_t kind) : kind_(kind) {}

  uint8_t kind() const { return kind_; }
  bool idle() const { return running_ == 0; }

  // Counts the call unless a limit is exceeded; then nothing changes.
  Verdict Begin(const Limit& limit, bool writes, LimiterTime now);
  void End();

  // Whether anything was asked since the last TakeSpent.
  bool touched() const { return touched_; }
  // What is to be told now. Followed by Told or NotTold.
  Spent TakeSpent();
  // The common counters after they were told: what others added since the last time is taken off.
  // A counter that is negative says nothing.
  void Told(const Limit& limit, const Spent& spent, int64_t calls_total, int64_t writes_total,
            int64_t steady_now);
  // Nobody knows whether they were told: of the calls they never are, of the writes the next time.
  void NotTold(const Spent& spent);

 private:
  void TurnDay(int64_t day);

  TokenBucket calls_;
  int64_t day_ = 0;
  int64_t writes_ = 0;            // of the day, in this process
  int64_t writes_told_ = 0;       // of them
  int64_t writes_elsewhere_ = 0;  // of the day
  int64_t calls_total_ = -1;      // the common counter when last seen; -1: not seen
  int64_t told_at_ = 0;           // the last Told, by the steady clock
  int64_t calls_untold_ = 0;
  int32_t running_ = 0;
  const uint8_t kind_;
  bool touched_ = false;
};

// The civil day in China that an instant of the wall clock falls on, counted from 1970.
int64_t DayOf(int64_t wall);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_LIMITS_ACCOUNT_H_
