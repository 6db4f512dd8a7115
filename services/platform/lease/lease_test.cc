#include "services/platform/lease/lease.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/database/engine.h"

namespace minsheng::platform {
namespace {

constexpr Migration kSchema[] = {{1, kJournalSchema},
                                 {2, kAccessSchema},
                                 {3, kLeaseSchema},
                                 {4, "CREATE TABLE done (tick BIGINT PRIMARY KEY, token BIGINT)"}};
constexpr char kDuty[] = "reminders";

// Two processes on one PostgreSQL database; on SQLite, two holders in one process.
class LeaseTest : public testing::TestWithParam<std::string> {
 protected:
  LeaseTest() {
    Open(0);
    if (engine_.is_postgres()) Open(1);
  }
  void Open(size_t i) {
    databases_[i] = *engine_.Open(kSchema);
    journals_[i] = *Journal::Open({databases_[i].get(), &clock_, nullptr, nullptr});
  }
  Journal& journal(size_t i) { return *journals_[engine_.is_postgres() ? i : 0]; }
  // A write of the duty: its next tick.
  absl::Status Tick(size_t i, int64_t token) {
    return journal(i).Apply([&](Transaction& transaction) -> absl::Status {
      RETURN_IF_ERROR(Lease::Check(transaction.session, kDuty, token));
      return transaction.session.Execute(
          "INSERT INTO done (tick, token) SELECT COALESCE(MAX(tick), 0) + 1, $1 FROM done",
          {token});
    });
  }
  std::vector<int64_t> TokensOfTicks() {
    std::vector<int64_t> tokens;
    EXPECT_TRUE(databases_[0]
                    ->Read([&](Session& session) {
                      return session.Query("SELECT token FROM done ORDER BY tick", {},
                                           [&](const Row& row) {
                                             tokens.push_back(row.Int(0));
                                             return absl::OkStatus();
                                           });
                    })
                    .ok());
    return tokens;
  }

  const Engine engine_{GetParam()};
  SystemClock clock_;
  std::unique_ptr<Database> databases_[2];
  std::unique_ptr<Journal> journals_[2];
};
INSTANTIATE_TEST_SUITE_P(Engines, LeaseTest, testing::ValuesIn(Engine::Names()),
                         [](const auto& engine) { return engine.param; });

TEST_P(LeaseTest, OneHoldsItUntilItLetsGo) {
  Lease second(journal(1), kDuty, absl::Hours(1));
  {
    Lease first(journal(0), kDuty, absl::Hours(1));
    EXPECT_EQ(**first.Hold(), 1);
    EXPECT_EQ(**first.Hold(), 1);
    EXPECT_EQ(*second.Hold(), std::nullopt);
  }
  EXPECT_EQ(**second.Hold(), 2);
}

TEST_P(LeaseTest, AfterItsTermItIsTakenAndTheFormerHolderWritesNoMore) {
  Lease first(journal(0), kDuty, absl::ZeroDuration()), second(journal(1), kDuty, absl::Hours(1));
  const int64_t old = **first.Hold();
  ASSERT_TRUE(Tick(0, old).ok());
  const int64_t token = **second.Hold();
  EXPECT_EQ(ReasonOf(Tick(0, old)), "LEASE_LOST");
  EXPECT_TRUE(Tick(1, token).ok());
  EXPECT_EQ(*first.Hold(), std::nullopt);
}

// Whoever lost the duty writes nothing more, however short the terms: tokens never fall.
TEST_P(LeaseTest, TwoProcessesTakeTurnsAndNeverMix) {
  constexpr int kTicks = 60;
  std::atomic<int> done = 0;
  const auto work = [&](size_t i) {
    Lease lease(journal(i), kDuty, absl::Milliseconds(2));
    while (done < kTicks) {
      const auto token = lease.Hold();
      ASSERT_TRUE(token.ok()) << token.status();
      if (!token->has_value()) continue;
      const absl::Status ticked = Tick(i, **token);
      if (ticked.ok()) ++done;
      ASSERT_TRUE(ticked.ok() || ReasonOf(ticked) == "LEASE_LOST") << ticked;
    }
  };
  std::thread other(work, 1);
  work(0);
  other.join();
  const std::vector<int64_t> tokens = TokensOfTicks();
  EXPECT_EQ(std::ssize(tokens), done);
  EXPECT_TRUE(std::is_sorted(tokens.begin(), tokens.end()));
}

}  // namespace
}  // namespace minsheng::platform
