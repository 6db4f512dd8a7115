// How often one caller may call: a bucket of `burst` calls that refills at `calls_per_second`.
//
// Pure; the time is an argument, in nanoseconds of any clock that does not run backwards. Whole
// numbers only: what is kept is the instant at which the bucket is full again (the generic cell
// rate algorithm, ITU-T I.371), and each call moves it by one interval. Not thread-safe.
#ifndef MINSHENG_SERVICES_PLATFORM_LIMITS_TOKEN_BUCKET_H_
#define MINSHENG_SERVICES_PLATFORM_LIMITS_TOKEN_BUCKET_H_

#include <cstdint>

namespace minsheng::platform {

struct Rate {
  static constexpr int64_t kMax = 1'000'000;

  int64_t calls_per_second = 1;  // 1 to kMax
  int64_t burst = 1;             // 1 to kMax
};

class TokenBucket {
 public:
  // Of what flows in, this part stays for the callers of this process, whatever other processes
  // are said to have let in: a foreign counter may hold anything.
  static constexpr int64_t kKeptPart = 16;

  // 0 when a call may begin, which is then counted; else after how many nanoseconds one may, and
  // nothing changes.
  int64_t Take(const Rate& rate, int64_t now);

  // Calls that other processes have let in since the last time: first from what the bucket holds,
  // then from what flows in until the next time, but for the part that stays; what is left waits,
  // at most a burst of it.
  void TakeElsewhere(const Rate& rate, int64_t calls, int64_t now);

  // How many calls may begin at once.
  int64_t Available(const Rate& rate, int64_t now) const;

 private:
  int64_t full_at_ = 0;
  int64_t owed_ = 0;          // nanoseconds of calls elsewhere that are not taken off yet
  int64_t kept_ = 0;          // of what the bucket holds, what others cannot take
  int64_t elsewhere_at_ = 0;  // the last TakeElsewhere
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_LIMITS_TOKEN_BUCKET_H_
