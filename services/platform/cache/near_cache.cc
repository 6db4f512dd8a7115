#include "services/platform/cache/near_cache.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"

namespace minsheng::platform {
namespace {

constexpr size_t kShardsMax = 16;
constexpr size_t kShardBytesMin = size_t{1} << 20;

size_t ShardCount(size_t bytes_max) {
  return std::clamp(bytes_max / kShardBytesMin, size_t{1}, kShardsMax);
}

}  // namespace

NearCache::NearCache(size_t bytes_max)
    : shards_(ShardCount(bytes_max)), shard_bytes_max_(bytes_max / shards_.size()) {}

NearCache::Value NearCache::Get(absl::string_view id, const CacheStamp& stamp) {
  Shard& shard = ShardOf(id);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.index.find(id);
  if (found == shard.index.end() || found->second->stamp != stamp) return nullptr;

  shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
  return found->second->value;
}

void NearCache::Put(absl::string_view id, const CacheStamp& stamp, Value value) {
  Shard& shard = ShardOf(id);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.index.find(id);
  if (found != shard.index.end()) {
    if (found->second->stamp > stamp) return;
    Erase(shard, found->second);
  }
  Insert(shard, Entry{std::string(id), stamp, std::move(value)});
}

void NearCache::Forget(absl::string_view id) {
  Shard& shard = ShardOf(id);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.index.find(id);
  if (found != shard.index.end()) Erase(shard, found->second);
}

size_t NearCache::bytes() const {
  size_t sum = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    sum += shard.bytes;
  }
  return sum;
}

NearCache::Shard& NearCache::ShardOf(absl::string_view id) {
  return shards_[absl::HashOf(id) % shards_.size()];
}

void NearCache::Insert(Shard& shard, Entry entry) {
  const size_t bytes = entry.bytes();
  if (bytes > shard_bytes_max_) return;
  while (shard.bytes + bytes > shard_bytes_max_) Erase(shard, std::prev(shard.entries.end()));

  shard.entries.push_front(std::move(entry));
  shard.index.emplace(shard.entries.front().id, shard.entries.begin());
  shard.bytes += bytes;
}

void NearCache::Erase(Shard& shard, Entries::iterator entry) {
  shard.bytes -= entry->bytes();
  shard.index.erase(entry->id);
  shard.entries.erase(entry);
}

}  // namespace minsheng::platform
