// Whole answers by resource name, kept in this process and dropped by the writes that touch them:
// for reads so frequent that even the store is dear, and that must never be older than an
// acknowledged write.
//
//   reader:  if (auto answer = cache.Get(name, now)) …                 never blocks on I/O
//   filler:  ticket = cache.Begin(name); … read the store …; cache.Put(ticket, name, answer,
//   validity) writer:  … commit …; cache.Drop(name), or DropAll(); … acknowledge
//
// A name has a generation, which a Drop makes grow; an answer belongs to the generation that its
// filler took before it began to read. So a slow filler, who read before the write and puts after
// it, puts into a generation that nobody asks for any more. Generations live in a fixed table by
// the name's hash: a Drop also costs its few neighbours their answers, never more.
//
// Every n-th hit is answered as a miss, so that the filler's answer can be compared with the one
// held. A difference may be a commit whose Drop is under way; one that no Drop explains within
// `doubt_max` is counted as stale when the next answer is put. The newer answer is kept either way.
//
// Thread-safe, sharded; nothing fails: what does not fit is not kept. Counts as tier "near" (and
// each Put as a fill of tier "store"), see metrics.h.
#ifndef MINSHENG_SERVICES_PLATFORM_CACHE_FRESH_CACHE_H_
#define MINSHENG_SERVICES_PLATFORM_CACHE_FRESH_CACHE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "prometheus/registry.h"
#include "services/platform/cache/metrics.h"
#include "services/platform/cache/near_cache.h"

namespace minsheng::platform {

class FreshCache {
 public:
  struct Options {
    std::string service;           // metric label
    size_t bytes_max = 0;          // names, answers and overhead; 0 = nothing is kept
    uint32_t sample_every = 1024;  // 0 = never
    absl::Duration doubt_max = absl::Seconds(1);
  };

  // When an answer holds without any write: from the instant it was made for until it would differ.
  struct Validity {
    absl::Time from = absl::InfinitePast();
    absl::Time until = absl::InfiniteFuture();
  };

  // An answer; the bytes live as long as it does.
  class Answer {
   public:
    explicit Answer(NearCache::Value held) : held_(std::move(held)) {}
    absl::string_view bytes() const;

   private:
    NearCache::Value held_;
  };

  // What a filler holds: the generation at which it began.
  struct Ticket {
    int64_t generation = 0;
  };

  // The registry must outlive it.
  FreshCache(Options options, prometheus::Registry& registry);

  // The answer of `name` if it is held, of the present generation, and valid at `now`.
  std::optional<Answer> Get(absl::string_view name, absl::Time now);

  // To be called before the filler's transaction begins.
  Ticket Begin(absl::string_view name) const;
  void Put(Ticket ticket, absl::string_view name, absl::string_view answer, Validity validity);

  // What a writer calls once its commit can be read and before it acknowledges.
  void Drop(absl::string_view name);
  void DropAll();

 private:
  // A held answer that the store contradicted.
  struct Doubt {
    std::string name;
    Ticket ticket;
    absl::Time since;
  };

  bool SampleIsDue();
  void DoubtAnswer(Ticket ticket, absl::string_view name);
  void SettleDoubt();

  const Options options_;
  CacheMetrics metrics_;
  NearCache near_;
  std::vector<std::atomic<int64_t>> generations_;
  std::atomic<int64_t> dropped_all_ = 0;
  std::atomic<uint64_t> hits_ = 0;
  std::mutex doubt_mutex_;
  std::optional<Doubt> doubt_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CACHE_FRESH_CACHE_H_
