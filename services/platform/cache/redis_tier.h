// The second tier: answers in Redis, shared by the processes of a service.
//
// Trusts nothing that it reads: the envelope decides. One cold key is filled once over all
// processes, as far as a short lease can see to that. Owned by Cache. Thread-safe. Nothing fails:
// what goes wrong is kDown, and after it the same visit does not go to Redis again.
#ifndef MINSHENG_SERVICES_PLATFORM_CACHE_REDIS_TIER_H_
#define MINSHENG_SERVICES_PLATFORM_CACHE_REDIS_TIER_H_

#include <cstddef>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/platform/cache/breaker.h"
#include "services/platform/cache/envelope.h"
#include "services/platform/cache/redis.h"
#include "services/platform/cache/slot.h"

namespace minsheng::platform {

class RedisTier {
 public:
  // Larger answers stay out of Redis.
  static constexpr size_t kAnswerBytesMax = size_t{1} << 20;

  struct Options {
    RedisPool::Options pool;
    std::string hmac_key;  // not empty
    absl::Duration ttl;    // jittered by ±10 %
    int breaker_failures = 3;
    absl::Duration breaker_pause;
    std::function<void(bool open)> on_breaker;
  };

  enum class Found { kHit, kMiss, kPoisoned, kDown };

  // One Get's dealings with Redis.
  struct Visit {
    Found found = Found::kMiss;
    std::string answer;  // of kHit
    bool newer =
        false;          // a newer stamp is there: there is nothing to wait for and nothing to write
    std::string lease;  // token, if this visit is the one that fills
    std::string poison_sha1;  // of the bytes that did not open, which Store may replace
  };

  explicit RedisTier(Options options);

  // Looks for exactly `slot`. On a miss takes the lease, or waits (about 30 ms at most) for its
  // holder's answer.
  Visit Find(const CacheSlot& slot);

  // Writes unless a newer stamp is there, and gives the lease back. `ttl_max` bounds the life of
  // the entry. False if Redis failed.
  bool Store(const CacheSlot& slot, Visit& visit, absl::string_view answer, absl::Duration ttl_max);

  // Gives the lease back without an answer.
  void Release(const CacheSlot& slot, Visit& visit);

 private:
  absl::StatusOr<RedisReply> Run(absl::Span<const absl::string_view> argv);
  absl::StatusOr<RedisReply> RunStoreScript(absl::Span<const absl::string_view> arguments);
  void Read(const CacheSlot& slot, Visit& visit);
  void TakeLease(const CacheSlot& slot, Visit& visit);
  void AwaitHolder(const CacheSlot& slot, Visit& visit);
  void Judge(const CacheSlot& slot, const RedisReply& reply, Visit& visit) const;

  const absl::Duration ttl_;
  const Envelope envelope_;
  const std::string store_sha1_;
  RedisPool pool_;
  Breaker breaker_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CACHE_REDIS_TIER_H_
