#include "services/platform/cache/redis_tier.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "absl/random/random.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace minsheng::platform {
namespace {

constexpr absl::string_view kLeaseMs = "200";
constexpr absl::Duration kWaitMax = absl::Milliseconds(30);
constexpr absl::Duration kWaitStep = absl::Milliseconds(2);

// KEYS: value, lease. ARGV: stamp digits, sealed value, ttl in ms, sha1 of known poison, lease
// token. Without a sealed value only the lease is given back. A key of another type, or not in our
// form, is overwritten.
constexpr absl::string_view kStoreScript = R"lua(
if ARGV[2] ~= '' then
  local old = redis.pcall('GET', KEYS[1])
  local newer = type(old) == 'string' and string.sub(old, 1, 4) == 'MSC1'
      and string.sub(old, 5, 44) > ARGV[1]
  if not newer or redis.sha1hex(old) == ARGV[4] then
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  end
end
if ARGV[5] ~= '' and redis.pcall('GET', KEYS[2]) == ARGV[5] then
  redis.call('DEL', KEYS[2])
end
return 1
)lua";

bool IsError(const RedisReply& reply, absl::string_view code) {
  return reply.type == RedisReply::Type::kError && absl::StartsWith(reply.text, code);
}

// Replies that say something about the data; every other error says that Redis is of no use now.
bool IsAnswer(const RedisReply& reply) {
  return reply.type != RedisReply::Type::kError || IsError(reply, "WRONGTYPE") ||
         IsError(reply, "NOSCRIPT");
}

std::string LeaseKey(const CacheSlot& slot) {
  return absl::StrCat("lease:", StampDigits(slot.stamp), ":", slot.id);
}

absl::BitGen& Random() {
  thread_local absl::BitGen generator;
  return generator;
}

std::string NewToken() {
  return absl::StrCat(absl::Hex(absl::Uniform<uint64_t>(Random()), absl::kZeroPad16),
                      absl::Hex(absl::Uniform<uint64_t>(Random()), absl::kZeroPad16));
}

std::string TtlMs(absl::Duration ttl, absl::Duration ttl_max) {
  const absl::Duration jittered = ttl * absl::Uniform(Random(), 0.9, 1.1);
  return absl::StrCat(std::max<int64_t>(absl::ToInt64Milliseconds(std::min(jittered, ttl_max)), 1));
}

}  // namespace

RedisTier::RedisTier(Options options)
    : ttl_(options.ttl),
      envelope_(std::move(options.hmac_key)),
      store_sha1_(Sha1Hex(kStoreScript)),
      pool_(std::move(options.pool)),
      breaker_(options.breaker_failures, options.breaker_pause, std::move(options.on_breaker)) {}

RedisTier::Visit RedisTier::Find(const CacheSlot& slot) {
  Visit visit;
  Read(slot, visit);
  if (visit.found == Found::kHit || visit.found == Found::kDown || visit.newer) return visit;

  TakeLease(slot, visit);
  if (visit.found != Found::kDown && visit.lease.empty()) AwaitHolder(slot, visit);
  return visit;
}

bool RedisTier::Store(const CacheSlot& slot, Visit& visit, absl::string_view answer,
                      absl::Duration ttl_max) {
  if (visit.found == Found::kDown) return false;
  if (visit.newer) return true;
  const bool fits = answer.size() <= kAnswerBytesMax;
  if (!fits && visit.lease.empty()) return true;

  const std::string sealed = fits ? envelope_.Seal(slot.id, slot.stamp, answer) : "";
  const auto reply = RunStoreScript({slot.id, LeaseKey(slot), StampDigits(slot.stamp), sealed,
                                     TtlMs(ttl_, ttl_max), visit.poison_sha1, visit.lease});
  if (!reply.ok()) visit.found = Found::kDown;
  return reply.ok();
}

void RedisTier::Release(const CacheSlot& slot, Visit& visit) {
  if (visit.found == Found::kDown || visit.lease.empty()) return;
  RunStoreScript({slot.id, LeaseKey(slot), "", "", "", "", visit.lease}).IgnoreError();
}

absl::StatusOr<RedisReply> RedisTier::Run(absl::Span<const absl::string_view> argv) {
  const Breaker::Pass pass = breaker_.Enter(std::chrono::steady_clock::now());
  if (pass == Breaker::Pass::kRefused) return absl::UnavailableError("the breaker is open");

  absl::StatusOr<RedisReply> reply = pool_.Command(argv);
  const bool succeeded = reply.ok() && IsAnswer(*reply);
  breaker_.Leave(pass, succeeded, std::chrono::steady_clock::now());
  if (reply.ok() && !succeeded) return absl::UnavailableError(reply->text);
  return reply;
}

absl::StatusOr<RedisReply> RedisTier::RunStoreScript(
    absl::Span<const absl::string_view> arguments) {
  std::vector<absl::string_view> argv = {"EVALSHA", store_sha1_, "2"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  absl::StatusOr<RedisReply> reply = Run(argv);
  if (!reply.ok() || !IsError(*reply, "NOSCRIPT")) return reply;

  argv[0] = "EVAL";
  argv[1] = kStoreScript;
  return Run(argv);
}

void RedisTier::Read(const CacheSlot& slot, Visit& visit) {
  const auto reply = Run({"GET", slot.id});
  if (!reply.ok()) {
    visit.found = Found::kDown;
    return;
  }
  Judge(slot, *reply, visit);
}

void RedisTier::TakeLease(const CacheSlot& slot, Visit& visit) {
  std::string token = NewToken();
  const auto reply = Run({"SET", LeaseKey(slot), token, "NX", "PX", kLeaseMs});
  if (!reply.ok()) {
    visit.found = Found::kDown;
  } else if (reply->type == RedisReply::Type::kString) {
    visit.lease = std::move(token);
  }
}

void RedisTier::AwaitHolder(const CacheSlot& slot, Visit& visit) {
  const std::string lease_key = LeaseKey(slot);
  const absl::Time deadline = absl::Now() + kWaitMax;
  while (visit.found != Found::kHit && !visit.newer && absl::Now() < deadline) {
    absl::SleepFor(kWaitStep);
    const auto reply = Run({"MGET", slot.id, lease_key});
    if (!reply.ok() || reply->items.size() != 2) {
      visit.found = Found::kDown;
      return;
    }
    Judge(slot, reply->items[0], visit);
    if (reply->items[1].type == RedisReply::Type::kNil) return;
  }
}

void RedisTier::Judge(const CacheSlot& slot, const RedisReply& reply, Visit& visit) const {
  if (reply.type == RedisReply::Type::kNil) return;
  const std::optional<Envelope::Opened> opened = envelope_.Open(slot.id, reply.text);
  if (!opened.has_value() || reply.type != RedisReply::Type::kString) {
    visit.found = Found::kPoisoned;
    visit.poison_sha1 = Sha1Hex(reply.text);
    return;
  }
  const std::string wanted = StampDigits(slot.stamp);
  visit.newer = opened->stamp_digits > wanted;
  if (opened->stamp_digits == wanted) {
    visit.found = Found::kHit;
    visit.answer = std::string(opened->answer);
  }
}

}  // namespace minsheng::platform
