// The accounts of all callers, by key, in bounded memory.
//
// Thread-safe: a part of the keys is under one lock. When there is no room, the account that was
// used least recently and has no running call makes room: its bucket had the longest time to fill.
#ifndef MINSHENG_SERVICES_PLATFORM_LIMITS_ACCOUNT_TABLE_H_
#define MINSHENG_SERVICES_PLATFORM_LIMITS_ACCOUNT_TABLE_H_

#include <array>
#include <list>
#include <mutex>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "services/platform/limits/account.h"

namespace minsheng::platform {

class AccountTable {
 public:
  static constexpr size_t kShards = 16;
  static constexpr size_t kKeyBytesMax = 128;  // longer ones come as their hash
  // One account with the longest key, its list node and its place in the map.
  static constexpr size_t kAccountBytesMax = 512;

  explicit AccountTable(size_t accounts_max) : shard_max_((accounts_max + kShards - 1) / kShards) {}

  // Runs `use` on the account of `key`, made by `make()` when there is none. False when there is
  // no room for it: all accounts of its part have running calls.
  template <typename Make, typename Use>
  bool With(absl::string_view key, Make make, Use use) {
    Shard& shard = ShardOf(key);
    const std::lock_guard lock(shard.mutex);
    auto found = shard.index.find(key);
    if (found == shard.index.end()) {
      if (shard.recent.size() >= shard_max_ && !MakeRoom(shard)) return false;
      shard.recent.emplace_front(std::string(key), make());
      shard.index.emplace(shard.recent.front().key, shard.recent.begin());
    } else if (found->second != shard.recent.begin()) {
      shard.recent.splice(shard.recent.begin(), shard.recent, found->second);
    }
    use(shard.recent.front().account);
    return true;
  }

  // The same, when there is one; does not count as a use.
  template <typename Use>
  void Find(absl::string_view key, Use use) {
    Shard& shard = ShardOf(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.index.find(key);
    if (found != shard.index.end()) use(found->second->account);
  }

  // Every account that was asked of since its last TakeSpent.
  void ForTouched(absl::FunctionRef<void(const std::string& key, Account& account)> use);

  size_t size() const;

 private:
  struct Entry {
    Entry(std::string its_key, Account its_account)
        : key(std::move(its_key)), account(its_account) {}
    const std::string key;
    Account account;
  };
  using Entries = std::list<Entry>;
  struct Shard {
    mutable std::mutex mutex;
    Entries recent;  // the most recently used first
    absl::flat_hash_map<absl::string_view, Entries::iterator> index;
  };

  Shard& ShardOf(absl::string_view key) { return shards_[absl::HashOf(key) % kShards]; }
  static bool MakeRoom(Shard& shard);

  const size_t shard_max_;
  std::array<Shard, kShards> shards_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_LIMITS_ACCOUNT_TABLE_H_
