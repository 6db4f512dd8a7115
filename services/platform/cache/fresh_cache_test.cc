#include "services/platform/cache/fresh_cache.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "services/platform/cache/test_support.h"

namespace minsheng::platform {
namespace {

constexpr size_t kBytesMax = 1 << 20;
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

FreshCache::Options Plain() {
  FreshCache::Options options;
  options.service = "test";
  options.bytes_max = kBytesMax;
  options.sample_every = 0;
  return options;
}

class FreshCacheTest : public testing::Test {
 protected:
  static std::string Read(FreshCache& cache, const std::string& name, absl::Time now = kNow) {
    const auto answer = cache.Get(name, now);
    return answer ? std::string(answer->bytes()) : "(none)";
  }
  static void Fill(FreshCache& cache, const std::string& name, const std::string& answer,
                   FreshCache::Validity validity = {}) {
    cache.Put(cache.Begin(name), name, answer, validity);
  }
  double Stale() const { return Metric(registry_, "minsheng_cache_stale_total", {}); }

  prometheus::Registry registry_;
};

TEST_F(FreshCacheTest, KeepsAnAnswerUntilItsNameIsDropped) {
  FreshCache cache(Plain(), registry_);
  EXPECT_EQ(Read(cache, "a"), "(none)");
  Fill(cache, "a", "one");
  EXPECT_EQ(Read(cache, "a"), "one");
  EXPECT_EQ(Read(cache, "b"), "(none)");

  cache.Drop("a");
  EXPECT_EQ(Read(cache, "a"), "(none)");
  Fill(cache, "a", "two");
  EXPECT_EQ(Read(cache, "a"), "two");
}

TEST_F(FreshCacheTest, DropAllDropsEveryName) {
  FreshCache cache(Plain(), registry_);
  Fill(cache, "a", "one");
  Fill(cache, "b", "one");
  cache.DropAll();
  EXPECT_EQ(Read(cache, "a"), "(none)");
  EXPECT_EQ(Read(cache, "b"), "(none)");
}

TEST_F(FreshCacheTest, RefusesAFillerThatBeganBeforeADrop) {
  FreshCache cache(Plain(), registry_);
  const auto before_drop = cache.Begin("a");
  cache.Drop("a");
  const auto before_drop_all = cache.Begin("a");
  cache.DropAll();
  cache.Put(before_drop, "a", "old", {});
  cache.Put(before_drop_all, "a", "old", {});
  EXPECT_EQ(Read(cache, "a"), "(none)");

  Fill(cache, "a", "new");
  cache.Put(before_drop, "a", "old", {});
  EXPECT_EQ(Read(cache, "a"), "new");
}

TEST_F(FreshCacheTest, AnswersOnlyWithinItsValidity) {
  FreshCache cache(Plain(), registry_);
  Fill(cache, "a", "one", {kNow, kNow + absl::Seconds(1)});
  EXPECT_EQ(Read(cache, "a", kNow - absl::Microseconds(1)), "(none)");
  EXPECT_EQ(Read(cache, "a", kNow), "one");
  EXPECT_EQ(Read(cache, "a", kNow + absl::Seconds(1) - absl::Microseconds(1)), "one");
  EXPECT_EQ(Read(cache, "a", kNow + absl::Seconds(1)), "(none)");
}

TEST_F(FreshCacheTest, IsBounded) {
  FreshCache cache(Plain(), registry_);
  const std::string large(1000, 'x');
  for (int i = 0; i < 2000; ++i) Fill(cache, absl::StrCat("name", i), large);
  int held = 0;
  for (int i = 0; i < 2000; ++i) held += cache.Get(absl::StrCat("name", i), kNow).has_value();
  EXPECT_GT(held, 500);
  EXPECT_LE(held, static_cast<int>(kBytesMax / large.size()));
  EXPECT_EQ(Read(cache, "name1999"), large);
}

TEST_F(FreshCacheTest, KeepsNothingWithoutRoom) {
  FreshCache::Options options = Plain();
  options.bytes_max = 0;
  FreshCache cache(options, registry_);
  Fill(cache, "a", "one");
  EXPECT_EQ(Read(cache, "a"), "(none)");
}

TEST_F(FreshCacheTest, AnAnswerOutlivesItsDrop) {
  FreshCache cache(Plain(), registry_);
  Fill(cache, "a", "one");
  const auto answer = cache.Get("a", kNow);
  ASSERT_TRUE(answer.has_value());
  cache.Drop("a");
  Fill(cache, "a", "two");
  EXPECT_EQ(answer->bytes(), "one");
}

TEST_F(FreshCacheTest, CountsHitsMissesAndFills) {
  FreshCache cache(Plain(), registry_);
  Read(cache, "a");
  Fill(cache, "a", "one");
  Read(cache, "a");
  Read(cache, "a");
  EXPECT_EQ(Requests(registry_, "near", "miss"), 1);
  EXPECT_EQ(Requests(registry_, "near", "hit"), 2);
  EXPECT_EQ(Requests(registry_, "store", "hit"), 1);
}

TEST_F(FreshCacheTest, EveryNthHitGoesToTheStore) {
  FreshCache::Options options = Plain();
  options.sample_every = 3;
  FreshCache cache(options, registry_);
  Fill(cache, "a", "one");
  EXPECT_EQ(Read(cache, "a"), "one");
  EXPECT_EQ(Read(cache, "a"), "one");
  EXPECT_EQ(Read(cache, "a"), "(none)");
  EXPECT_EQ(Read(cache, "a"), "one");
}

TEST_F(FreshCacheTest, ADifferenceThatNoDropExplainsIsStale) {
  FreshCache::Options options = Plain();
  options.doubt_max = absl::ZeroDuration();
  FreshCache cache(options, registry_);
  Fill(cache, "a", "one");
  Fill(cache, "a", "one");
  Fill(cache, "a", "two");  // in doubt
  EXPECT_EQ(Read(cache, "a"), "two");
  EXPECT_EQ(Stale(), 0);
  Fill(cache, "b", "one");
  EXPECT_EQ(Stale(), 1);
}

TEST_F(FreshCacheTest, ADifferenceThatADropExplainsIsNone) {
  FreshCache::Options options = Plain();
  options.doubt_max = absl::ZeroDuration();
  FreshCache cache(options, registry_);
  Fill(cache, "a", "one");
  Fill(cache, "a", "two");  // read after a commit …
  cache.Drop("a");          // … that is announced now
  Fill(cache, "b", "one");
  EXPECT_EQ(Stale(), 0);
}

TEST_F(FreshCacheTest, AnswersOfOtherTimesAreNotCompared) {
  FreshCache::Options options = Plain();
  options.doubt_max = absl::ZeroDuration();
  FreshCache cache(options, registry_);
  Fill(cache, "a", "May", {kNow, kNow + absl::Seconds(1)});
  Fill(cache, "a", "June", {kNow + absl::Seconds(1), absl::InfiniteFuture()});
  Fill(cache, "b", "one");
  EXPECT_EQ(Stale(), 0);
}

}  // namespace
}  // namespace minsheng::platform
