#include "services/platform/cache/fresh_cache.h"

#include <cstring>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace minsheng::platform {
namespace {

using Tier = CacheMetrics::Tier;
using Result = CacheMetrics::Result;

constexpr size_t kGenerations = 1 << 14;

// What is held: when it holds, in microseconds, then the answer.
struct Span {
  int64_t from_us;
  int64_t until_us;
};

Span SpanOf(const std::string& held) {
  Span span;
  std::memcpy(&span, held.data(), sizeof span);
  return span;
}

std::string Pack(const Span& span, absl::string_view answer) {
  return absl::StrCat(absl::string_view(reinterpret_cast<const char*>(&span), sizeof span), answer);
}

absl::string_view AnswerIn(absl::string_view held) { return held.substr(sizeof(Span)); }

bool Overlap(const Span& a, const Span& b) {
  return a.from_us < b.until_us && b.from_us < a.until_us;
}

}  // namespace

absl::string_view FreshCache::Answer::bytes() const { return AnswerIn(*held_); }

FreshCache::FreshCache(Options options, prometheus::Registry& registry)
    : options_(std::move(options)),
      metrics_(options_.service, registry),
      near_(options_.bytes_max),
      generations_(kGenerations) {}

std::optional<FreshCache::Answer> FreshCache::Get(absl::string_view name, absl::Time now) {
  NearCache::Value held = near_.Get(name, {Begin(name).generation, 0});
  if (held != nullptr) {
    const Span span = SpanOf(*held);
    const int64_t now_us = absl::ToUnixMicros(now);
    if (now_us < span.from_us || now_us >= span.until_us) held = nullptr;
  }
  metrics_.Count(Tier::kNear, held != nullptr ? Result::kHit : Result::kMiss);
  if (held == nullptr || SampleIsDue()) return std::nullopt;
  return Answer(std::move(held));
}

// Both parts only grow: a sum that is still the same means that neither changed.
FreshCache::Ticket FreshCache::Begin(absl::string_view name) const {
  const auto& generation = generations_[absl::HashOf(name) % kGenerations];
  return {generation.load() + dropped_all_.load()};
}

void FreshCache::Put(Ticket ticket, absl::string_view name, absl::string_view answer,
                     Validity validity) {
  metrics_.Count(Tier::kStore, Result::kHit);
  SettleDoubt();
  if (Begin(name).generation != ticket.generation) return;
  const Span span{absl::ToUnixMicros(validity.from), absl::ToUnixMicros(validity.until)};
  const CacheStamp stamp{ticket.generation, 0};
  const NearCache::Value held = near_.Get(name, stamp);
  if (held != nullptr && Overlap(SpanOf(*held), span) && AnswerIn(*held) != answer) {
    DoubtAnswer(ticket, name);
  }
  near_.Put(name, stamp, std::make_shared<const std::string>(Pack(span, answer)));
}

void FreshCache::Drop(absl::string_view name) { ++generations_[absl::HashOf(name) % kGenerations]; }

void FreshCache::DropAll() { ++dropped_all_; }

bool FreshCache::SampleIsDue() {
  if (options_.sample_every == 0) return false;
  return (hits_.fetch_add(1, std::memory_order_relaxed) + 1) % options_.sample_every == 0;
}

void FreshCache::DoubtAnswer(Ticket ticket, absl::string_view name) {
  const std::lock_guard lock(doubt_mutex_);
  if (!doubt_) doubt_ = Doubt{std::string(name), ticket, absl::Now()};
}

void FreshCache::SettleDoubt() {
  const std::lock_guard lock(doubt_mutex_);
  if (!doubt_) return;
  const bool explained = Begin(doubt_->name).generation != doubt_->ticket.generation;
  if (!explained && absl::Now() - doubt_->since < options_.doubt_max) return;
  if (!explained) metrics_.CountStale();
  doubt_.reset();
}

}  // namespace minsheng::platform
