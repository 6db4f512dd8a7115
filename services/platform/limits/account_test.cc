#include "services/platform/limits/account.h"

#include <gtest/gtest.h>

#include "services/platform/limits/account_table.h"

namespace minsheng::platform {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr Limit kLimit{{100, 50}, 3, 4};
constexpr bool kWrites = true;
constexpr LimiterTime kNow{1'000 * kSecond, 20'000 * 86'400 * kSecond};  // 08:00 in China

TEST(Account, CallsAtATime) {
  Account account(0);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(account.Begin(kLimit, false, kNow).exceeded, Exceeded::kNothing);
  }
  EXPECT_EQ(account.Begin(kLimit, false, kNow).exceeded, Exceeded::kCallsAtATime);
  EXPECT_FALSE(account.idle());
  account.End();
  EXPECT_EQ(account.Begin(kLimit, false, kNow).exceeded, Exceeded::kNothing);
}

TEST(Account, ARefusedCallCostsNothing) {
  Account account(0);
  for (int i = 0; i < 3; ++i) ASSERT_EQ(account.Begin(kLimit, false, kNow).wait, 0);
  for (int i = 0; i < 1'000; ++i) ASSERT_GT(account.Begin(kLimit, false, kNow).wait, 0);
  for (int i = 0; i < 47; ++i) {
    account.End();
    ASSERT_EQ(account.Begin(kLimit, false, kNow).wait, 0) << i;
  }
  account.End();
  EXPECT_EQ(account.Begin(kLimit, false, kNow).exceeded, Exceeded::kCallsPerSecond);
}

TEST(Account, WritesPerDayOfChina) {
  Account account(0);
  const auto write = [&](LimiterTime now) {
    const Verdict verdict = account.Begin(kLimit, kWrites, now);
    if (verdict.exceeded == Exceeded::kNothing) account.End();
    return verdict;
  };
  for (int i = 0; i < 4; ++i) ASSERT_EQ(write(kNow).exceeded, Exceeded::kNothing);
  const Verdict refused = write(kNow);
  EXPECT_EQ(refused.exceeded, Exceeded::kWritesPerDay);
  EXPECT_EQ(refused.wait, 16 * 3'600 * kSecond);
  EXPECT_EQ(account.Begin(kLimit, !kWrites, kNow).exceeded, Exceeded::kNothing);
  EXPECT_EQ(write({kNow.steady, kNow.wall + refused.wait - 1}).exceeded, Exceeded::kWritesPerDay);
  EXPECT_EQ(write({kNow.steady, kNow.wall + refused.wait}).exceeded, Exceeded::kNothing);
}

// One exchange: what is told, and the counters that come back.
Account::Spent Exchange(Account& account, int64_t calls_total, int64_t writes_total,
                        int64_t steady) {
  const Account::Spent spent = account.TakeSpent();
  account.Told(kLimit, spent, calls_total, writes_total, steady);
  return spent;
}

int64_t Free(Account& account, LimiterTime now) {
  int64_t free = 0;
  while (account.Begin(kLimit, false, now).exceeded == Exceeded::kNothing) {
    account.End();
    ++free;
  }
  return free;
}

TEST(Account, WhatOthersSpendIsTakenOff) {
  Account account(0);
  ASSERT_EQ(account.Begin(kLimit, false, kNow).wait, 0);
  account.End();
  EXPECT_EQ(Exchange(account, 1'000, 0, kNow.steady).calls, 1);  // the first look: nothing is known
  Exchange(account, 1'030, 0, kNow.steady);
  EXPECT_EQ(Free(account, kNow), 50 - 1 - 30);
  EXPECT_EQ(account.TakeSpent().calls, 19);
}

TEST(Account, ACounterThatIsLostOrWasNotReadTakesNothingOff) {
  Account account(0);
  Exchange(account, 1'000, 0, kNow.steady);
  Exchange(account, 3, 0, kNow.steady);    // flushed
  Exchange(account, -1, -1, kNow.steady);  // no counter
  Exchange(account, 5'000, 0, kNow.steady);
  account.NotTold(account.TakeSpent());
  Exchange(account, 9'000, 0, kNow.steady);
  Exchange(account, 9'040, 0, kNow.steady + 2 * kSecond);  // too long ago to matter
  EXPECT_EQ(Free(account, kNow), 50);
}

TEST(Account, WritesOfOthersCountForTheDayAndLeaveASixteenth) {
  Account account(0);
  constexpr Limit kDaily{{1'000'000, 1'000'000}, 10, 160};
  const auto writes = [&](LimiterTime now) {
    int64_t count = 0;
    while (account.Begin(kDaily, kWrites, now).exceeded == Exceeded::kNothing) {
      account.End();
      ++count;
    }
    return count;
  };
  ASSERT_EQ(account.Begin(kDaily, kWrites, kNow).wait, 0);
  account.End();
  const Account::Spent spent = account.TakeSpent();
  EXPECT_EQ(spent.writes, 1);
  account.Told(kDaily, spent, 0, INT64_MAX, kNow.steady);
  EXPECT_EQ(writes(kNow), 9);
  // A counter at its end is only that; the undefined-behaviour sanitizer watches.
  account.Told(kDaily, account.TakeSpent(), INT64_MAX, -1, kNow.steady);
  account.Told(kDaily, account.TakeSpent(), -1, -1, kNow.steady);
  account.Told(kDaily, account.TakeSpent(), INT64_MAX, -1, kNow.steady);
  const LimiterTime tomorrow{kNow.steady + 86'400 * kSecond, kNow.wall + 86'400 * kSecond};
  account.NotTold(account.TakeSpent());
  EXPECT_EQ(writes(tomorrow), 160);
}

TEST(AccountTable, ForgetsTheOldestThatIsIdle) {
  AccountTable table(16 * 4);
  const auto touch = [&](const std::string& key) {
    return table.With(
        key, [] { return Account(0); },
        [](Account& account) { account.Begin(kLimit, false, kNow); });
  };
  ASSERT_TRUE(touch("runs"));
  for (int i = 0; i < 10'000; ++i) {
    const std::string key = std::to_string(i);
    if (touch(key)) table.Find(key, [](Account& account) { account.End(); });
  }
  EXPECT_LE(table.size(), 64);
  EXPECT_GE(table.size(), 32);
  bool there = false;
  table.Find("runs", [&](Account&) { there = true; });
  EXPECT_TRUE(there);
}

TEST(AccountTable, HasNoRoomWhenAllRun) {
  AccountTable table(16);
  int refused = 0;
  for (int i = 0; i < 1'000; ++i) {
    refused += !table.With(
        std::to_string(i), [] { return Account(0); },
        [](Account& account) { account.Begin(kLimit, false, kNow); });
  }
  EXPECT_EQ(refused, 1'000 - 16);
}

TEST(AccountTable, TellsOfThoseThatWereTouchedOnce) {
  AccountTable table(1'000);
  const auto touched = [&] {
    int count = 0;
    table.ForTouched([&](const std::string&, Account& account) {
      account.TakeSpent();
      ++count;
    });
    return count;
  };
  for (int i = 0; i < 100; ++i) {
    table.With(
        std::to_string(i), [] { return Account(0); },
        [](Account& account) { account.Begin(kLimit, false, kNow); });
  }
  EXPECT_EQ(touched(), 100);
  EXPECT_EQ(touched(), 0);
  table.With(
      "7", [] { return Account(0); }, [](Account& account) { account.Begin(kLimit, false, kNow); });
  EXPECT_EQ(touched(), 1);
}

}  // namespace
}  // namespace minsheng::platform
