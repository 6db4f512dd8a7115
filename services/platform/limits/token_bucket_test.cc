#include "services/platform/limits/token_bucket.h"

#include <gtest/gtest.h>

#include <random>

namespace minsheng::platform {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kSecond = 1'000 * kMs;

// How many of `tries` at one instant may begin.
int64_t TakeMany(TokenBucket& bucket, const Rate& rate, int64_t tries, int64_t now) {
  int64_t taken = 0;
  for (int64_t i = 0; i < tries; ++i) taken += bucket.Take(rate, now) == 0;
  return taken;
}

TEST(TokenBucket, ByTable) {
  constexpr Rate kRate{10, 5};
  struct Step {
    int64_t at_ms, tries, taken;
  };
  TokenBucket bucket;
  for (const Step& step : std::initializer_list<Step>{
           {1'000, 7, 5},   // a burst
           {1'050, 1, 0},   // half a call has flowed in
           {1'100, 2, 1},   // a whole one
           {1'400, 9, 3},   // three more
           {60'000, 9, 5},  // never more than a burst
       }) {
    EXPECT_EQ(TakeMany(bucket, kRate, step.tries, step.at_ms * kMs), step.taken) << step.at_ms;
  }
}

TEST(TokenBucket, SaysWhenTheCallMayBegin) {
  constexpr Rate kRate{10, 1};
  TokenBucket bucket;
  ASSERT_EQ(bucket.Take(kRate, kSecond), 0);
  EXPECT_EQ(bucket.Take(kRate, kSecond + 30 * kMs), 70 * kMs);
  EXPECT_GT(bucket.Take(kRate, kSecond + 100 * kMs - 1), 0);
  EXPECT_EQ(bucket.Take(kRate, kSecond + 100 * kMs), 0);
}

class TokenBucketProperty : public testing::Test {
 protected:
  const unsigned seed_ = std::random_device()();
  std::mt19937 random_{seed_};

  int64_t Uniform(int64_t from, int64_t to) {
    return std::uniform_int_distribution<int64_t>(from, to)(random_);
  }
};

// Over any stretch of time: at most a burst and what flowed in, and, when it is asked for without
// end, no less.
TEST_F(TokenBucketProperty, LetsInTheBurstAndTheRate) {
  SCOPED_TRACE(seed_);
  for (int round = 0; round < 300; ++round) {
    const Rate rate{Uniform(1, 50'000), Uniform(1, 200)};
    TokenBucket bucket;
    int64_t now = Uniform(kSecond, 1'000'000 * kSecond), taken = 0;
    const int64_t begin = now;
    for (int step = 0; step < 200; ++step) {
      taken += TakeMany(bucket, rate, Uniform(0, 2 * rate.burst), now);
      now += Uniform(0, kSecond / 100);
    }
    taken += TakeMany(bucket, rate, 2 * rate.burst, now);
    const int64_t flowed = (now - begin) * rate.calls_per_second / kSecond;
    ASSERT_LE(taken, rate.burst + flowed + 1);
  }
}

TEST_F(TokenBucketProperty, AskedWithoutEndItGivesTheWholeRate) {
  SCOPED_TRACE(seed_);
  for (int round = 0; round < 50; ++round) {
    const Rate rate{Uniform(1, 20'000), Uniform(1, 200)};
    TokenBucket bucket;
    int64_t now = Uniform(kSecond, 1'000'000 * kSecond), taken = 0;
    const int64_t end = now + kSecond;
    while (now <= end) {
      const int64_t wait = bucket.Take(rate, now);
      taken += wait == 0;
      now += wait;
    }
    EXPECT_GE(taken * 1'001 / 1'000, rate.burst + rate.calls_per_second - 1);
  }
}

// Whatever others say, a sixteenth stays; and what they spent is not let in here.
TEST_F(TokenBucketProperty, OthersTakeTheirPartAndNoMore) {
  SCOPED_TRACE(seed_);
  for (int round = 0; round < 200; ++round) {
    const Rate rate{Uniform(100, 10'000), Uniform(1, 1'000)};
    TokenBucket bucket;
    int64_t now = 1'000 * kSecond, taken = 0, elsewhere = 0;
    const bool garbage = round % 2 == 0;
    constexpr int kSteps = 100;
    for (int step = 0; step < kSteps; ++step) {
      const int64_t said =
          garbage ? Uniform(INT64_MIN, INT64_MAX) : Uniform(0, rate.calls_per_second / 20);
      bucket.TakeElsewhere(rate, said, now);
      elsewhere += garbage ? 0 : said;
      // Whoever is told to wait does, and calls again.
      const int64_t next = now + kSecond / 10;
      for (int64_t at = now; at < next;) {
        const int64_t wait = bucket.Take(rate, at);
        taken += wait == 0;
        at += wait;
      }
      now = next;
    }
    const int64_t flowed = rate.calls_per_second * kSteps / 10;
    EXPECT_GE(taken, flowed / 16 * 9 / 10 - 2);
    EXPECT_LE(taken, rate.burst + flowed + 1);
    if (!garbage) {
      EXPECT_LE(taken + elsewhere, 2 * rate.burst + flowed + rate.calls_per_second / 10 + 2);
    }
  }
}

TEST(TokenBucket, WhatOthersSpentInABurstIsWorkedOff) {
  constexpr Rate kRate{100, 100};
  TokenBucket bucket;
  ASSERT_EQ(TakeMany(bucket, kRate, 1'000, kSecond), 100);
  bucket.TakeElsewhere(kRate, 100, kSecond);
  int64_t taken = 0;
  for (int64_t now = kSecond; now <= 2 * kSecond; now += kSecond / 10) {
    bucket.TakeElsewhere(kRate, 0, now);
    taken += TakeMany(bucket, kRate, 1'000, now);
  }
  EXPECT_LE(taken, 100 / 16 + 1);
}

}  // namespace
}  // namespace minsheng::platform
