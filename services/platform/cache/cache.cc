#include "services/platform/cache/cache.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/platform/cache/metrics.h"
#include "services/platform/cache/near_cache.h"
#include "services/platform/cache/redis_tier.h"
#include "services/platform/cache/single_flight.h"
#include "services/platform/cache/slot.h"

namespace minsheng::platform {
namespace {

using Tier = CacheMetrics::Tier;
using Result = CacheMetrics::Result;

constexpr int64_t kReportPauseNs = 1'000'000'000;

int64_t SteadyNs() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::unique_ptr<NearCache> MakeNear(const Cache::Options& options) {
  if (options.near_bytes_max == 0) return nullptr;
  return std::make_unique<NearCache>(options.near_bytes_max);
}

std::unique_ptr<RedisTier> MakeRedis(const Cache::Options& options, CacheMetrics& metrics) {
  if (options.redis.empty() || options.hmac_key.empty()) return nullptr;
  RedisTier::Options tier;
  tier.pool.address = options.redis;
  tier.pool.timeout = options.operation_timeout;
  tier.hmac_key = options.hmac_key;
  tier.ttl = options.ttl;
  tier.breaker_failures = options.breaker_failures;
  tier.breaker_pause = options.breaker_pause;
  tier.on_breaker = [&metrics](bool open) { metrics.SetBreakerOpen(open); };
  return std::make_unique<RedisTier>(std::move(tier));
}

std::string FlightId(const CacheSlot& slot) {
  return absl::StrCat(StampDigits(slot.stamp), slot.id);
}

Result ResultOf(RedisTier::Found found) {
  switch (found) {
    case RedisTier::Found::kHit:
      return Result::kHit;
    case RedisTier::Found::kMiss:
      return Result::kMiss;
    case RedisTier::Found::kPoisoned:
      return Result::kPoisoned;
    case RedisTier::Found::kDown:
      break;
  }
  return Result::kError;
}

Result ResultOf(const absl::Status& status) {
  if (status.ok()) return Result::kHit;
  return absl::IsNotFound(status) ? Result::kMiss : Result::kError;
}

}  // namespace

Cache::Cache(Options options, prometheus::Registry& registry)
    : options_(std::move(options)),
      id_prefix_(absl::StrCat("minsheng:", options_.service.size(), ":", options_.service, ":")),
      metrics_(std::make_unique<CacheMetrics>(options_.service, registry)),
      near_(MakeNear(options_)),
      redis_(MakeRedis(options_, *metrics_)),
      flights_(std::make_unique<SingleFlight>()),
      write_failure_reported_ns_(SteadyNs() - kReportPauseNs) {}

Cache::~Cache() = default;

absl::StatusOr<std::string> Cache::Get(const Key& key, FillFn fill, absl::Time now) {
  if (now >= key.valid_until) return Fill(fill);

  const CacheSlot slot = SlotFor(key);
  if (const auto near = FindNear(slot)) {
    std::string value = *near;
    if (SampleIsDue() && CheckSample(fill, value)) Correct(slot, value, now);
    return value;
  }
  return flights_->Do(FlightId(slot), [&] { return Load(slot, fill, now); });
}

void Cache::Forget(absl::string_view kind, absl::string_view name) {
  if (near_ != nullptr) near_->Forget(IdOf(kind, name));
}

CacheSlot Cache::SlotFor(const Key& key) const {
  const CacheStamp stamp{key.version, absl::ToUnixMicros(key.valid_until)};
  return {IdOf(key.kind, key.name), stamp, key.valid_until};
}

// Lengths keep "a" + "bc" and "ab" + "c" apart.
std::string Cache::IdOf(absl::string_view kind, absl::string_view name) const {
  const int64_t epoch = options_.epoch ? options_.epoch() : 0;
  return absl::StrCat(id_prefix_, epoch, ":", kind.size(), ":", kind, ":", name);
}

absl::StatusOr<std::string> Cache::Load(const CacheSlot& slot, FillFn fill, absl::Time now) {
  // A flight that landed after this call's look into the near cache has left its answer there.
  if (near_ != nullptr) {
    if (const auto landed = near_->Get(slot.id, slot.stamp)) return *landed;
  }
  absl::StatusOr<std::string> value =
      redis_ == nullptr ? Fill(fill) : LoadThroughRedis(slot, fill, now);
  if (value.ok()) KeepNear(slot, *value);
  return value;
}

absl::StatusOr<std::string> Cache::LoadThroughRedis(const CacheSlot& slot, FillFn fill,
                                                    absl::Time now) {
  RedisTier::Visit visit = redis_->Find(slot);
  metrics_->Count(Tier::kRedis, ResultOf(visit.found));
  absl::StatusOr<std::string> value;
  if (visit.found == RedisTier::Found::kHit) {
    value = std::move(visit.answer);
    if (!SampleIsDue() || !CheckSample(fill, *value)) return value;
  } else {
    value = Fill(fill);
  }
  if (!value.ok()) {
    redis_->Release(slot, visit);
  } else if (!redis_->Store(slot, visit, *value, slot.valid_until - now)) {
    WriteFailed();
  }
  return value;
}

std::shared_ptr<const std::string> Cache::FindNear(const CacheSlot& slot) {
  if (near_ == nullptr) return nullptr;
  auto value = near_->Get(slot.id, slot.stamp);
  metrics_->Count(Tier::kNear, value != nullptr ? Result::kHit : Result::kMiss);
  return value;
}

void Cache::KeepNear(const CacheSlot& slot, const std::string& value) {
  if (near_ == nullptr) return;
  near_->Put(slot.id, slot.stamp, std::make_shared<const std::string>(value));
}

absl::StatusOr<std::string> Cache::Fill(FillFn fill) {
  absl::StatusOr<std::string> value = fill();
  metrics_->Count(Tier::kStore, ResultOf(value.status()));
  return value;
}

bool Cache::SampleIsDue() {
  if (options_.sample_every == 0) return false;
  return (hits_.fetch_add(1, std::memory_order_relaxed) + 1) % options_.sample_every == 0;
}

// True if the cached `value` was wrong; it is replaced. A fill that fails proves nothing.
bool Cache::CheckSample(FillFn fill, std::string& value) {
  absl::StatusOr<std::string> filled = fill();
  if (!filled.ok() || *filled == value) return false;
  metrics_->CountStale();
  value = *std::move(filled);
  return true;
}

void Cache::Correct(const CacheSlot& slot, const std::string& value, absl::Time now) {
  KeepNear(slot, value);
  RedisTier::Visit visit;
  if (redis_ != nullptr && !redis_->Store(slot, visit, value, slot.valid_until - now)) {
    WriteFailed();
  }
}

void Cache::WriteFailed() {
  metrics_->Count(Tier::kRedis, Result::kError);
  int64_t last = write_failure_reported_ns_.load();
  const int64_t now = SteadyNs();
  if (now - last < kReportPauseNs || options_.on_write_failed == nullptr) return;
  if (write_failure_reported_ns_.compare_exchange_strong(last, now)) options_.on_write_failed();
}

}  // namespace minsheng::platform
