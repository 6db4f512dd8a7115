#include "services/platform/limits/account_table.h"

#include <iterator>

namespace minsheng::platform {
namespace {

// A caller cannot make a newcomer look through the whole table.
constexpr int kLooksMax = 64;

}  // namespace

bool AccountTable::MakeRoom(Shard& shard) {
  int looks = 0;
  for (auto it = shard.recent.rbegin(); it != shard.recent.rend() && looks < kLooksMax;
       ++it, ++looks) {
    if (!it->account.idle()) continue;
    shard.index.erase(it->key);
    shard.recent.erase(std::next(it).base());
    return true;
  }
  return false;
}

// Each touch moves an account to the front.
void AccountTable::ForTouched(
    absl::FunctionRef<void(const std::string& key, Account& account)> use) {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    for (Entry& entry : shard.recent) {
      if (!entry.account.touched()) break;
      use(entry.key, entry.account);
    }
  }
}

size_t AccountTable::size() const {
  size_t size = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    size += shard.recent.size();
  }
  return size;
}

}  // namespace minsheng::platform
