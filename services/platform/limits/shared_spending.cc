#include "services/platform/limits/shared_spending.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/thread.h"
#include "services/platform/cache/envelope.h"
#include "services/platform/log/log.h"

namespace minsheng::platform {
namespace {

constexpr size_t kRowsMax = 512;  // in one command
constexpr size_t kDigestBytes = 16;
constexpr absl::Duration kTimeout = absl::Milliseconds(50);
constexpr int kFailuresMax = 3;
constexpr absl::Duration kPause = absl::Seconds(1);
constexpr absl::string_view kCallsTtlMs = "60000";
constexpr absl::string_view kWritesTtlMs = "172800000";

// ARGV: for each key what to add, and how long it lives in ms. What is no counter is dropped, and
// said with -1.
constexpr absl::string_view kScript = R"lua(
local totals = {}
for i, key in ipairs(KEYS) do
  local total = redis.pcall('INCRBY', key, ARGV[2 * i - 1])
  if type(total) ~= 'number' then
    redis.pcall('DEL', key)
    total = -1
  end
  redis.pcall('PEXPIRE', key, ARGV[2 * i])
  totals[i] = total
end
return totals
)lua";

int64_t SteadyNow() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

// Who calls stands in no foreign store.
std::string Digest(const std::string& key) {
  return absl::BytesToHexString(absl::string_view(Sha256(key)).substr(0, kDigestBytes));
}

bool IsError(const RedisReply& reply, absl::string_view code) {
  return reply.type == RedisReply::Type::kError && absl::StartsWith(reply.text, code);
}

}  // namespace

SharedSpending::SharedSpending(Options options, AccountTable& accounts)
    : options_(std::move(options)),
      accounts_(accounts),
      script_sha1_(Sha1Hex(kScript)),
      pool_({.address = options_.redis, .timeout = kTimeout, .connections_max = 1}),
      breaker_(kFailuresMax, kPause, [](bool) {}),
      thread_([this] { Loop(); }) {}

SharedSpending::~SharedSpending() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void SharedSpending::Loop() {
  NameThisThread("limits");
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, absl::ToChronoMilliseconds(kEvery), [this] { return stopping_; })) {
    lock.unlock();
    Exchange();
    lock.lock();
  }
}

void SharedSpending::Exchange() {
  std::vector<Row> rows;
  accounts_.ForTouched([&](const std::string& key, Account& account) {
    rows.push_back({key, account.TakeSpent()});
  });
  for (size_t first = 0; first < rows.size(); first += kRowsMax) {
    const std::vector<Row> part(
        rows.begin() + static_cast<std::ptrdiff_t>(first),
        rows.begin() + static_cast<std::ptrdiff_t>(std::min(first + kRowsMax, rows.size())));
    const auto totals = Add(part);
    const int64_t now = SteadyNow();
    for (size_t i = 0; i < part.size(); ++i) {
      accounts_.Find(part[i].key, [&](Account& account) {
        if (!totals) return account.NotTold(part[i].spent);
        account.Told(options_.limits->Of(options_.believed ? kBelievedCallers : account.kind()),
                     part[i].spent, (*totals)[2 * i], (*totals)[2 * i + 1], now);
      });
    }
  }
}

std::optional<std::vector<int64_t>> SharedSpending::Add(const std::vector<Row>& rows) {
  std::vector<std::string> keys, arguments;
  for (const Row& row : rows) {
    const std::string own = absl::StrCat("minsheng:limits:", options_.service, ":");
    const std::string digest = Digest(row.key);
    keys.push_back(absl::StrCat(own, "calls:", digest));
    keys.push_back(absl::StrCat(own, "writes:", row.spent.day, ":", digest));
    arguments.push_back(absl::StrCat(row.spent.calls));
    arguments.emplace_back(kCallsTtlMs);
    arguments.push_back(absl::StrCat(row.spent.writes));
    arguments.emplace_back(kWritesTtlMs);
  }
  std::vector<std::string> all = {absl::StrCat(keys.size())};
  all.insert(all.end(), keys.begin(), keys.end());
  all.insert(all.end(), arguments.begin(), arguments.end());

  const Breaker::Pass pass = breaker_.Enter(std::chrono::steady_clock::now());
  if (pass == Breaker::Pass::kRefused) return std::nullopt;
  const auto reply = Run(all);
  const bool answered =
      reply.ok() && reply->type == RedisReply::Type::kArray && reply->items.size() == keys.size();
  breaker_.Leave(pass, answered, std::chrono::steady_clock::now());
  Say(answered);
  if (!answered) return std::nullopt;
  std::vector<int64_t> totals;
  for (const RedisReply& item : reply->items) {
    totals.push_back(item.type == RedisReply::Type::kInteger ? item.integer : -1);
  }
  return totals;
}

// Once when it ends, once when it begins again.
void SharedSpending::Say(bool shared) {
  if (shared == said_shared_) return;
  said_shared_ = shared;
  if (shared) return LogInfo("limits are shared again");
  LogWarning("limits are not shared: Redis does not answer; each process keeps its own");
}

absl::StatusOr<RedisReply> SharedSpending::Run(const std::vector<std::string>& keys_and_arguments) {
  std::vector<absl::string_view> argv = {"EVALSHA", script_sha1_};
  argv.insert(argv.end(), keys_and_arguments.begin(), keys_and_arguments.end());
  auto reply = pool_.Command(argv);
  if (!reply.ok() || !IsError(*reply, "NOSCRIPT")) return reply;
  argv[0] = "EVAL";
  argv[1] = kScript;
  return pool_.Command(argv);
}

}  // namespace minsheng::platform
