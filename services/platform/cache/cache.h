// The cache of derived answers: a near cache in this process, then Redis, then the store.
//
// It is never the truth. An answer comes from the cache only if it was stored for exactly the kind,
// name, version, validity and epoch that is asked for, and, from Redis, only if its HMAC-SHA256
// over all of these is right. Whatever happens to Redis (flushed, refused, hung, poisoned, replaced
// by something that speaks garbage) costs bounded time and then the fill answers; no failure of
// Redis reaches the caller.
//
// Owner: the service's app.cc makes one per process; the registry, `epoch` and `on_write_failed`
// must outlive it. Thread-safety: all methods may be called from any thread. No lock is held while
// a fill or a callback runs. Failure codes: Get returns only what the fill returned.
//
// What Redis may cost one Get: a call turns away from Redis at its first failed command, so a hung
// Redis costs one operation_timeout, and none while the breaker is open. A Redis that answers every
// command just in time costs at most five (look, lease, poll, write, write with the script's text),
// plus ~30 ms when another process fills the same cold key. A host *name* is resolved by the system
// at each connect, with its own timeouts: configure an address or a socket path.
#ifndef MINSHENG_SERVICES_PLATFORM_CACHE_CACHE_H_
#define MINSHENG_SERVICES_PLATFORM_CACHE_CACHE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace prometheus {
class Registry;
}

namespace minsheng::platform {

class CacheMetrics;
class NearCache;
class RedisTier;
class SingleFlight;
struct CacheSlot;

class Cache {
 public:
  // Names what is cached. The views need to live for the call only.
  struct Key {
    absl::string_view kind;  // "summary", "overview", …; any bytes
    absl::string_view name;  // which one; any bytes
    int64_t version = 0;     // of the state the answer is derived from, e.g. the journal's position
    // The instant from which the answer differs without any new input (design.md §8). It is part of
    // the identity: an answer is used only for the same valid_until and only before it, so a clock
    // that runs behind is no hazard. A function of the state and the instant; never "now plus five
    // minutes", which would never hit.
    absl::Time valid_until = absl::InfiniteFuture();
  };

  // Makes the answer for exactly Key::version and Key::valid_until. A fill that reads the newest
  // state must take the version from the same transaction, or it poisons the cache by its own hand.
  // Called on the thread that called Get, at most once per Get.
  using FillFn = absl::FunctionRef<absl::StatusOr<std::string>()>;

  struct Options {
    std::string service;        // metric label and part of every key
    std::string redis;          // "host:port" or "unix:/path"; empty = Redis off
    size_t near_bytes_max = 0;  // keys, values and overhead; 0 = near cache off
    // Shared by the replicas of a service. Empty = Redis off, for an unsigned value could not be
    // told from a forged one; a configuration with Redis and without a key should be refused by its
    // owner.
    std::string hmac_key;
    absl::Duration operation_timeout = absl::Milliseconds(20);  // one command, connecting included
    absl::Duration ttl = absl::Hours(1);  // in Redis, jittered by ±10 %; the near cache has none
    int breaker_failures = 3;             // consecutive failed commands that open the breaker
    absl::Duration breaker_pause = absl::Seconds(1);  // then one command probes
    std::function<int64_t()> epoch;                   // part of every key, near ones too; null = 0
    // Called, at most once a second and on a thread in Get, after an answer could not be written to
    // Redis because Redis failed or the breaker is open. The owner bumps the epoch that it keeps in
    // its database.
    std::function<void()> on_write_failed;
    // Every n-th hit is compared with the fill, which wins; 0 = never.
    uint32_t sample_every = 1024;
  };

  // Connects to nothing: Redis may come up later.
  Cache(Options options, prometheus::Registry& registry);
  ~Cache();
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  // The answer for exactly `key` at the instant `now` (the service's clock; it decides validity
  // only, never timeouts). Concurrent misses of one key in this process share one fill and its
  // result, error included, except CANCELLED and DEADLINE_EXCEEDED, which belong to the caller who
  // filled. Errors of a fill are never cached. From valid_until on nothing is read or stored, the
  // fill answers.
  absl::StatusOr<std::string> Get(const Key& key, FillFn fill, absl::Time now);

  // Drops what the near cache of this process holds for kind and name. Redis keeps its copy: the
  // version decides.
  void Forget(absl::string_view kind, absl::string_view name);

  // False when switched off by the options; says nothing about its health.
  bool redis_enabled() const { return redis_ != nullptr; }

 private:
  CacheSlot SlotFor(const Key& key) const;
  std::string IdOf(absl::string_view kind, absl::string_view name) const;
  absl::StatusOr<std::string> Load(const CacheSlot& slot, FillFn fill, absl::Time now);
  absl::StatusOr<std::string> LoadThroughRedis(const CacheSlot& slot, FillFn fill, absl::Time now);
  std::shared_ptr<const std::string> FindNear(const CacheSlot& slot);
  void KeepNear(const CacheSlot& slot, const std::string& value);
  absl::StatusOr<std::string> Fill(FillFn fill);
  bool SampleIsDue();
  bool CheckSample(FillFn fill, std::string& value);
  void Correct(const CacheSlot& slot, const std::string& value, absl::Time now);
  void WriteFailed();

  const Options options_;
  const std::string id_prefix_;
  const std::unique_ptr<CacheMetrics> metrics_;
  const std::unique_ptr<NearCache> near_;   // null = off
  const std::unique_ptr<RedisTier> redis_;  // null = off
  const std::unique_ptr<SingleFlight> flights_;
  std::atomic<uint64_t> hits_{0};
  std::atomic<int64_t> write_failure_reported_ns_;  // on the steady clock
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CACHE_CACHE_H_
