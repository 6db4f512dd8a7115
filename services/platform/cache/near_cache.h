// The first tier: answers kept in this process, least recently used dropped first.
//
// One value per id, at one stamp; an older stamp never replaces a newer one. Owned by Cache.
// Thread-safe: sharded, one short lock per call. Nothing fails: what does not fit is not kept.
#ifndef MINSHENG_SERVICES_PLATFORM_CACHE_NEAR_CACHE_H_
#define MINSHENG_SERVICES_PLATFORM_CACHE_NEAR_CACHE_H_

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "services/platform/cache/slot.h"

namespace minsheng::platform {

class NearCache {
 public:
  using Value = std::shared_ptr<const std::string>;

  // Counted per entry besides id and value: list and table nodes, allocator slack.
  static constexpr size_t kEntryOverheadBytes = 192;

  // `bytes_max` bounds ids, values and overhead together. It is split over up to 16 shards of at
  // least 1 MiB (a smaller cache has one); a single entry larger than its shard is not kept.
  explicit NearCache(size_t bytes_max);

  // The value stored at exactly `stamp`, or null.
  Value Get(absl::string_view id, const CacheStamp& stamp);

  // Keeps `value`, unless a newer stamp of `id` is held.
  void Put(absl::string_view id, const CacheStamp& stamp, Value value);

  void Forget(absl::string_view id);

  size_t bytes() const;

 private:
  struct Entry {
    std::string id;
    CacheStamp stamp;
    Value value;

    size_t bytes() const { return id.size() + value->size() + kEntryOverheadBytes; }
  };
  using Entries = std::list<Entry>;

  struct Shard {
    mutable std::mutex mutex;
    Entries entries;                                                  // most recently used first
    absl::flat_hash_map<absl::string_view, Entries::iterator> index;  // views into `entries`
    size_t bytes = 0;
  };

  Shard& ShardOf(absl::string_view id);
  void Insert(Shard& shard, Entry entry);
  static void Erase(Shard& shard, Entries::iterator entry);

  std::vector<Shard> shards_;
  const size_t shard_bytes_max_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CACHE_NEAR_CACHE_H_
