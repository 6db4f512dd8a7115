#include "services/platform/limits/rate_limiter.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/platform/access/origin.h"
#include "services/platform/access/policy.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"

namespace minsheng::platform {
namespace {

constexpr char kPublicRole[] = "public";
constexpr int64_t kMillisecond = 1'000'000;
constexpr int64_t kWaitForRoom = 1'000 * kMillisecond;

LimiterTime Now() {
  return {std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1),
          absl::GetCurrentTimeNanos()};
}

// Parts are set apart by a byte that no credential can hold.
void WriteKey(const Principal* caller, absl::string_view origin, std::string& key) {
  constexpr absl::string_view kApart("\0", 1);
  key.clear();
  if (caller == nullptr) {
    absl::StrAppend(&key, NetworkOf(origin));
  } else {
    absl::StrAppend(&key, caller->district, kApart, caller->role, kApart, caller->unit, kApart,
                    caller->post);
    if (caller->role == kPublicRole) absl::StrAppend(&key, kApart, caller->credential);
  }
  if (key.size() > AccountTable::kKeyBytesMax) key = Sha256(key);
}

const std::string& KeyOf(const Principal* caller, absl::string_view origin) {
  thread_local std::string key;
  WriteKey(caller, origin, key);
  return key;
}

const char* NameOf(Exceeded exceeded) {
  switch (exceeded) {
    case Exceeded::kCallsAtATime:
      return "calls_at_a_time";
    case Exceeded::kWritesPerDay:
      return "writes_per_day";
    case Exceeded::kRoom:
      return "callers";
    default:
      return "calls_per_second";
  }
}

absl::Status Limited(const Verdict& verdict) {
  const std::string after = absl::StrCat((verdict.wait + kMillisecond - 1) / kMillisecond);
  const char* limit = NameOf(verdict.exceeded);
  return Error(
      absl::StatusCode::kResourceExhausted, "RATE_LIMITED",
      absl::StrCat("the caller asks for more than its ", limit, "; try again in ", after, " ms"),
      {{"limit", limit}, {"retry_after_ms", after}});
}

}  // namespace

RateLimiter::RateLimiter(Options options, prometheus::Registry& metrics)
    : options_(std::move(options)) {
  auto& family = prometheus::BuildCounter()
                     .Name("minsheng_rate_limited_total")
                     .Help("Calls refused because their caller asked for more than its limit.")
                     .Register(metrics);
  for (size_t kind = 0; kind < limited_.size(); ++kind) {
    limited_[kind] = &family.Add({{"service", options_.service}, {"role", CallerKindName(kind)}});
  }
  if (options_.redis.empty()) return;
  const SharedSpending::Options shared{options_.service, options_.redis, &options_.limits,
                                       options_.believed};
  shared_known_ = std::make_unique<SharedSpending>(shared, known_);
  shared_unknown_ = std::make_unique<SharedSpending>(shared, unknown_);
}

absl::Status RateLimiter::Begin(const Principal* caller, absl::string_view origin, bool writes) {
  AccountTable& table = caller == nullptr ? unknown_ : known_;
  Verdict verdict{Exceeded::kRoom, kWaitForRoom};
  uint8_t kind = kUnknownCallers;
  table.With(
      KeyOf(caller, origin), [&] { return Account(KindOf(caller)); },
      [&](Account& account) {
        kind = account.kind();
        verdict = account.Begin(LimitOf(kind), writes, Now());
      });
  if (verdict.exceeded == Exceeded::kNothing) return absl::OkStatus();
  if (verdict.exceeded == Exceeded::kRoom) kind = KindOf(caller);
  limited_[kind]->Increment();
  return Limited(verdict);
}

void RateLimiter::End(const Principal* caller, absl::string_view origin) {
  AccountTable& table = caller == nullptr ? unknown_ : known_;
  table.Find(KeyOf(caller, origin), [](Account& account) { account.End(); });
}

uint8_t RateLimiter::KindOf(const Principal* caller) const {
  return caller == nullptr ? kUnknownCallers : static_cast<uint8_t>(RoleNamed(caller->role));
}

const Limit& RateLimiter::LimitOf(uint8_t kind) const {
  return options_.limits.Of(options_.believed ? kBelievedCallers : kind);
}

}  // namespace minsheng::platform
