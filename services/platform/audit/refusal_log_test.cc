#include "services/platform/audit/refusal_log.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/platform/base/time.h"
#include "services/platform/database/engine.h"
#include "services/platform/journal/verify.h"

namespace minsheng::platform {
namespace {

constexpr char kMethod[] = "minsheng.registry.v1.RegistryService/PublishProgram";
constexpr char kOrigin[] = "10.0.0.7";
const Migration kSchema[] = {{1, kJournalSchema}, {2, kAccessSchema}};

Principal Reporter(const std::string& unit) {
  return {"联络员", unit, "reporter", "500156", "token:7"};
}

class RefusalLogTest : public testing::TestWithParam<std::string> {
 protected:
  RefusalLogTest() {
    database_ = *engine_.Open(kSchema);
    journal_ = *Journal::Open({database_.get(), &clock_, nullptr, nullptr});
  }
  std::unique_ptr<RefusalLog> Start(absl::Duration minute = absl::Hours(1)) {
    return std::make_unique<RefusalLog>(
        RefusalLog::Options{"registry", journal_.get(), &clock_, &metrics_, minute});
  }
  std::vector<Refusal> Rows() {
    std::vector<Refusal> rows;
    EXPECT_TRUE(database_
                    ->Read([&](Session& session) {
                      rows = *ReadRefusals(session, 0, 1'000'000);
                      return absl::OkStatus();
                    })
                    .ok());
    return rows;
  }
  std::vector<Refusal> WaitForRows(size_t wanted) {
    const absl::Time end = absl::Now() + absl::Seconds(20);
    while (Rows().size() < wanted && absl::Now() < end) absl::SleepFor(absl::Milliseconds(20));
    return Rows();
  }
  std::vector<std::string> Findings() {
    std::vector<std::string> findings;
    VerifyPlan plan;
    plan.migrations = kSchema;
    EXPECT_TRUE(database_
                    ->Read([&](Session& session) {
                      findings = VerifyLog(session, plan)->findings;
                      return absl::OkStatus();
                    })
                    .ok());
    return findings;
  }
  absl::Status Change(const std::string& sql) {
    return journal_->Apply(
        [&](Transaction& transaction) { return transaction.session.Execute(sql); });
  }
  static int64_t Sum(const std::vector<Refusal>& rows) {
    int64_t sum = 0;
    for (const Refusal& row : rows) sum += row.count();
    return sum;
  }

  const Engine engine_{GetParam()};
  FrozenClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  prometheus::Registry metrics_{prometheus::Registry::InsertBehavior::Merge};
  std::unique_ptr<Database> database_;
  std::unique_ptr<Journal> journal_;
};
INSTANTIATE_TEST_SUITE_P(Engines, RefusalLogTest, testing::ValuesIn(Engine::Names()),
                         [](const auto& engine) { return engine.param; });

TEST_P(RefusalLogTest, OneEntryPerCallerOriginMethodAndReason) {
  const Principal one = Reporter("区交通局"), other = Reporter("区教委");
  const auto log = Start();
  for (int i = 0; i < 5; ++i) log->Note(&one, kOrigin, kMethod, "WRONG_UNIT");
  clock_.Set(clock_.Now() + absl::Seconds(9));
  log->Note(&one, kOrigin, kMethod, "WRONG_UNIT");
  log->Note(&other, kOrigin, kMethod, "WRONG_UNIT");
  log->Note(&one, "10.0.0.8", kMethod, "WRONG_UNIT");
  log->Note(&one, kOrigin, "other", "WRONG_UNIT");
  log->Note(&one, kOrigin, kMethod, "ROLE_NOT_ALLOWED");
  ASSERT_TRUE(log->Flush().ok());
  const auto rows = Rows();
  ASSERT_EQ(rows.size(), 5);
  EXPECT_EQ(Sum(rows), 10);
  const auto six =
      std::find_if(rows.begin(), rows.end(), [](const Refusal& row) { return row.count() == 6; });
  ASSERT_NE(six, rows.end());
  EXPECT_EQ(six->actor().unit(), "区交通局");
  EXPECT_EQ(six->actor().district(), "500156");
  EXPECT_EQ(six->actor().credential(), "token:7");
  EXPECT_EQ(six->method(), kMethod);
  EXPECT_EQ(FromTimestamp(six->last_time()) - FromTimestamp(six->first_time()), absl::Seconds(9));
}

TEST_P(RefusalLogTest, UnknownCallersAreToldApartByOriginAlone) {
  const auto log = Start();
  for (int i = 0; i < 9; ++i) log->Note(nullptr, kOrigin, kMethod, "TOKEN_MISSING");
  ASSERT_TRUE(log->Flush().ok());
  ASSERT_EQ(Rows().size(), 1);
  EXPECT_EQ(Rows()[0].count(), 9);
  EXPECT_EQ(Rows()[0].actor().role(), "");
}

TEST_P(RefusalLogTest, AFirstAttemptIsWrittenBeforeItsMinuteEndsAndTheRestAtItsEnd) {
  const Principal one = Reporter("区交通局");
  const auto log = Start();
  log->Note(&one, kOrigin, kMethod, "WRONG_UNIT");
  ASSERT_EQ(WaitForRows(1).size(), 1);
  for (int i = 0; i < 7; ++i) log->Note(&one, kOrigin, kMethod, "WRONG_UNIT");
  absl::SleepFor(2 * RefusalLog::kEarlyAfter);
  EXPECT_EQ(Rows().size(), 1);
  ASSERT_TRUE(log->Flush().ok());
  ASSERT_EQ(Rows().size(), 2);
  EXPECT_EQ(Sum(Rows()), 8);
}

TEST_P(RefusalLogTest, EachMinuteIsWrittenByItself) {
  const auto log = Start(absl::Milliseconds(50));
  log->Note(nullptr, kOrigin, kMethod, "TOKEN_MISSING");
  ASSERT_EQ(WaitForRows(1).size(), 1);
  log->Note(nullptr, kOrigin, kMethod, "TOKEN_MISSING");
  EXPECT_EQ(WaitForRows(2).size(), 2);
}

TEST_P(RefusalLogTest, AFloodOfDifferentAttemptsFillsNoMoreThanItsBound) {
  const auto log = Start();
  for (int i = 0; i < 20'000; ++i) {
    log->Note(nullptr, absl::StrCat("fd00::", i), kMethod, i % 2 ? "TOKEN_MISSING" : "UNHEARD_OF");
  }
  ASSERT_TRUE(log->Flush().ok());
  const auto rows = Rows();
  EXPECT_LE(rows.size(), RefusalLog::kEntriesMax + RefusalLog::kEarlyMax + 2);
  EXPECT_EQ(Sum(rows), 20'000);
  int64_t rest = 0;
  for (const Refusal& row : rows) {
    if (row.method() != "*") continue;
    EXPECT_EQ(row.origin(), "");
    EXPECT_TRUE(row.reason() == "TOKEN_MISSING" || row.reason() == "OTHER") << row.reason();
    rest += row.count();
  }
  EXPECT_EQ(rest, 20'000 - static_cast<int64_t>(RefusalLog::kEntriesMax) / 2);
  // The next minute has room again, until the day's is used up.
  log->Note(nullptr, "fd00::1", kMethod, "TOKEN_MISSING");
  ASSERT_TRUE(log->Flush().ok());
  EXPECT_EQ(Rows().back().origin(), "fd00::1");
}

TEST_P(RefusalLogTest, ADaysEntriesAreBounded) {
  const auto log = Start();
  size_t minutes = 0;
  for (int64_t i = 0; i < RefusalLog::kEntriesPerDayMax + 600; ++i) {
    log->Note(nullptr, absl::StrCat("fd00::", i), kMethod, "TOKEN_MISSING");
    if (i % 200 != 199) continue;
    ASSERT_TRUE(log->Flush().ok());
    ++minutes;
  }
  ASSERT_TRUE(log->Flush().ok());
  const auto rows = Rows();
  EXPECT_LE(rows.size(), static_cast<size_t>(RefusalLog::kEntriesPerDayMax) + minutes);
  EXPECT_EQ(rows.back().method(), "*");
  EXPECT_EQ(Sum(rows), RefusalLog::kEntriesPerDayMax + 600);
}

TEST_P(RefusalLogTest, UnknownCallersCannotHideKnownOnes) {
  const Principal insider = Reporter("区交通局");
  const auto log = Start();
  const auto named = [&] {
    log->Note(&insider, kOrigin, kMethod, "WRONG_UNIT");
    EXPECT_TRUE(log->Flush().ok());
    const auto rows = Rows();
    return std::count_if(rows.begin(), rows.end(), [](const Refusal& row) {
      return row.actor().unit() == "区交通局" && row.method() == kMethod;
    });
  };
  int origins = 0;
  const auto flood = [&](int64_t count) {
    for (int64_t i = 0; i < count; ++i) {
      log->Note(nullptr, absl::StrCat("fd00::", ++origins), kMethod, "TOKEN_MISSING");
    }
  };
  flood(2 * int64_t{RefusalLog::kEntriesMax});
  EXPECT_EQ(named(), 1) << "in the minute of a flood";
  for (int64_t i = 0; i < RefusalLog::kEntriesPerDayMax / 100 + 2; ++i) {
    flood(100);
    ASSERT_TRUE(log->Flush().ok());
  }
  EXPECT_EQ(named(), 2) << "on the day of a flood";
}

TEST_P(RefusalLogTest, WhatCallersSayOfThemselvesIsCutAndMadeText) {
  Principal strange = Reporter(std::string("a\0b\nc\xff", 6) + std::string(1000, 'x'));
  const auto log = Start();
  log->Note(&strange, kOrigin, kMethod, "WRONG_UNIT");
  ASSERT_TRUE(log->Flush().ok());
  ASSERT_EQ(Rows().size(), 1);
  EXPECT_EQ(Rows()[0].actor().unit().substr(0, 7), "a?b?c?x");
  EXPECT_EQ(Rows()[0].actor().unit().size(), RefusalLog::kTextMax);
}

TEST_P(RefusalLogTest, TheEndWritesWhatIsLeft) {
  Start()->Note(nullptr, kOrigin, kMethod, "TOKEN_MISSING");
  EXPECT_EQ(Rows().size(), 1);
}

TEST_P(RefusalLogTest, SeveralProcessesMakeOneChain) {
  const auto other_database = engine_.is_postgres() ? *engine_.Open(kSchema) : nullptr;
  const auto other_journal =
      other_database ? *Journal::Open({other_database.get(), &clock_, nullptr, nullptr}) : nullptr;
  const auto log = Start();
  RefusalLog other({"registry", other_journal ? other_journal.get() : journal_.get(), &clock_,
                    &metrics_, absl::Hours(1)});
  std::thread second([&] {
    for (int i = 0; i < 40; ++i) {
      other.Note(nullptr, kOrigin, kMethod, "TOKEN_EXPIRED");
      ASSERT_TRUE(other.Flush().ok());
    }
  });
  for (int i = 0; i < 40; ++i) {
    log->Note(nullptr, kOrigin, kMethod, "TOKEN_MISSING");
    ASSERT_TRUE(log->Flush().ok());
  }
  second.join();
  EXPECT_EQ(Sum(Rows()), 80);
  EXPECT_EQ(Findings(), std::vector<std::string>());
}

TEST_P(RefusalLogTest, AChangedALostAndAnEarlierEntryAreNamed) {
  const auto log = Start();
  for (int i = 0; i < 9; ++i) {
    log->Note(nullptr, kOrigin, kMethod, "TOKEN_MISSING");
    ASSERT_TRUE(log->Flush().ok());
  }
  ASSERT_EQ(Findings(), std::vector<std::string>());
  ASSERT_TRUE(Change("UPDATE refusals SET count = 2 WHERE position = 4").ok());
  ASSERT_FALSE(Findings().empty());
  EXPECT_TRUE(Findings()[0].starts_with("refusal 4 (")) << Findings()[0];
  ASSERT_TRUE(Change("UPDATE refusals SET count = 1 WHERE position = 4").ok());
  ASSERT_TRUE(Change("UPDATE refusals SET position = 0 WHERE position = 7").ok());
  ASSERT_GE(Findings().size(), 2);
  EXPECT_EQ(Findings()[0], "refusal 0 stands before the first position");
  EXPECT_EQ(Findings()[1], "refusal 7 is missing: the next one is 8");
}

TEST_P(RefusalLogTest, EveryReasonHasItsCounterFromTheStart) {
  const auto log = Start();
  log->Note(nullptr, kOrigin, kMethod, "TOKEN_MISSING");
  log->Note(nullptr, kOrigin, kMethod, "UNHEARD_OF");
  const auto families = metrics_.Collect();
  ASSERT_EQ(families.size(), 1);
  EXPECT_EQ(families[0].metric.size(), RefusalLog::kReasons.size());
  double counted = 0;
  for (const auto& metric : families[0].metric) counted += metric.counter.value;
  EXPECT_EQ(counted, 2);
}

}  // namespace
}  // namespace minsheng::platform
