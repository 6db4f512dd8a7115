// Tokens that were verified, so that a token costs its signature once and not at every call.
//
// Keyed by the whole token: what is found was verified byte by byte. Bounded: each shard keeps two
// generations, and forgets the older one when the younger is full, so that what is used stays.
#ifndef MINSHENG_SERVICES_PLATFORM_IDENTITY_REMEMBERED_H_
#define MINSHENG_SERVICES_PLATFORM_IDENTITY_REMEMBERED_H_

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "services/platform/access/principal.h"

namespace minsheng::platform {

// Thread-safe.
class RememberedTokens {
 public:
  // All shards and both generations together; the tokens' bytes.
  static constexpr size_t kBytesMax = 8 << 20;

  struct Entry {
    std::shared_ptr<const Principal> principal;
    uint64_t keys = 0;         // the key set's generation before it was verified
    uint64_t revocations = 0;  // that of the revocations before they were looked at
  };

  // The hash is salted per process, so that nobody can aim tokens at one place; and as it covers
  // the whole token, how long a comparison takes tells nothing about a token that is not known.
  std::optional<Entry> Find(absl::string_view token) {
    Shard& shard = ShardOf(token);
    absl::MutexLock lock(&shard.mutex);
    if (const auto it = shard.young.find(token); it != shard.young.end()) return it->second;
    const auto it = shard.old.find(token);
    if (it == shard.old.end()) return std::nullopt;
    const Entry entry = it->second;
    shard.old.erase(it);
    Add(shard, token, entry);
    return entry;
  }
  // Adds it, or gives it another entry.
  void Put(absl::string_view token, const Entry& entry) {
    Shard& shard = ShardOf(token);
    absl::MutexLock lock(&shard.mutex);
    Add(shard, token, entry);
  }

  // How many bytes of tokens are held, for tests.
  size_t bytes() {
    size_t bytes = 0;
    for (Shard& shard : shards_) {
      absl::MutexLock lock(&shard.mutex);
      for (const Map* map : {&shard.young, &shard.old}) {
        for (const auto& [token, entry] : *map) bytes += token.size();
      }
    }
    return bytes;
  }

 private:
  using Map = absl::flat_hash_map<std::string, Entry>;
  struct Shard {
    absl::Mutex mutex;
    Map young, old;
    size_t bytes = 0;  // of the young ones
  };
  static constexpr size_t kShards = 16;
  static constexpr size_t kYoungBytesMax = kBytesMax / kShards / 2;

  Shard& ShardOf(absl::string_view token) {
    return shards_[absl::HashOf(token.substr(token.size() / 2)) % kShards];
  }
  static void Add(Shard& shard, absl::string_view token, const Entry& entry) {
    if (shard.bytes + token.size() > kYoungBytesMax) {
      shard.old = std::exchange(shard.young, {});
      shard.bytes = 0;
    }
    if (shard.young.insert_or_assign(token, entry).second) shard.bytes += token.size();
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_IDENTITY_REMEMBERED_H_
