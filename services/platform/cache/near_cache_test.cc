#include "services/platform/cache/near_cache.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

namespace minsheng::platform {
namespace {

constexpr size_t kEntryBytes = NearCache::kEntryOverheadBytes + 1 + 100;  // id of 1, value of 100

CacheStamp Version(int64_t version) { return {version, 0}; }

NearCache::Value Value(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

NearCache::Value Hundred() { return Value(std::string(100, 'x')); }

TEST(NearCache, AnswersAtExactlyTheStampStored) {
  NearCache cache(1 << 20);
  cache.Put("a", {7, 50}, Value("seven"));

  EXPECT_EQ(*cache.Get("a", {7, 50}), "seven");
  EXPECT_EQ(cache.Get("a", {6, 50}), nullptr);
  EXPECT_EQ(cache.Get("a", {8, 50}), nullptr);
  EXPECT_EQ(cache.Get("a", {7, 51}), nullptr);
  EXPECT_EQ(cache.Get("b", {7, 50}), nullptr);
}

TEST(NearCache, AnOlderStampNeverReplacesANewer) {
  NearCache cache(1 << 20);
  cache.Put("a", {7, 50}, Value("seven"));
  cache.Put("a", {6, 90}, Value("six"));
  cache.Put("a", {7, 49}, Value("seven, earlier"));
  EXPECT_EQ(*cache.Get("a", {7, 50}), "seven");

  cache.Put("a", {8, 0}, Value("eight"));
  EXPECT_EQ(*cache.Get("a", {8, 0}), "eight");
  EXPECT_EQ(cache.Get("a", {7, 50}), nullptr);
}

TEST(NearCache, TheSameStampIsReplaced) {
  NearCache cache(1 << 20);
  cache.Put("a", Version(1), Value("wrong"));
  cache.Put("a", Version(1), Value("right"));
  EXPECT_EQ(*cache.Get("a", Version(1)), "right");
}

TEST(NearCache, DropsTheLeastRecentlyUsedFirst) {
  NearCache cache(3 * kEntryBytes);
  for (const char* id : {"a", "b", "c"}) cache.Put(id, Version(1), Hundred());
  EXPECT_NE(cache.Get("a", Version(1)), nullptr);

  cache.Put("d", Version(1), Hundred());

  EXPECT_EQ(cache.Get("b", Version(1)), nullptr);
  for (const char* id : {"a", "c", "d"}) EXPECT_NE(cache.Get(id, Version(1)), nullptr) << id;
}

TEST(NearCache, StaysWithinItsBytes) {
  constexpr size_t kMax = 8 << 20;
  NearCache cache(kMax);
  for (int i = 0; i < 5000; ++i) {
    cache.Put(absl::StrCat("id", i), Version(i), Value(std::string(5000, 'x')));
    ASSERT_LE(cache.bytes(), kMax);
  }
  EXPECT_GT(cache.bytes(), kMax / 2);
}

TEST(NearCache, WhatDoesNotFitIsNotKeptAndDropsNothing) {
  NearCache cache(2 * kEntryBytes);
  cache.Put("a", Version(1), Hundred());
  cache.Put("b", Version(1), Value(std::string(10000, 'x')));
  EXPECT_NE(cache.Get("a", Version(1)), nullptr);
  EXPECT_EQ(cache.Get("b", Version(1)), nullptr);
}

TEST(NearCache, ForgetsAndCountsBackToZero) {
  NearCache cache(1 << 20);
  cache.Put("a", Version(1), Hundred());
  cache.Forget("a");
  cache.Forget("never there");
  EXPECT_EQ(cache.Get("a", Version(1)), nullptr);
  EXPECT_EQ(cache.bytes(), 0);
}

TEST(NearCache, ThreadsSeeOnlyWhatBelongsToTheStamp) {
  NearCache cache(64 << 10);
  const auto work = [&cache](int seed) {
    for (int i = 0; i < 20000; ++i) {
      const std::string id = absl::StrCat((i * 7 + seed) % 300);
      const int64_t version = i % 50;
      cache.Put(id, Version(version), Value(absl::StrCat(id, "@", version)));
      const auto value = cache.Get(id, Version(version));
      if (value != nullptr) {
        ASSERT_EQ(*value, absl::StrCat(id, "@", version));
      }
    }
  };
  std::vector<std::thread> threads;
  for (int seed = 0; seed < 4; ++seed) threads.emplace_back(work, seed);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace minsheng::platform
