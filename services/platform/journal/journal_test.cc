#include "services/platform/journal/journal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

#include "minsheng/common/v1/clock.pb.h"
#include "services/platform/base/error.h"
#include "services/platform/base/time.h"
#include "services/platform/journal/verify.h"

namespace minsheng::platform {
namespace {

using common::v1::ClockAdvanced;

constexpr char kWords[] = "CREATE TABLE words (position BIGINT PRIMARY KEY, word TEXT NOT NULL)";
const Migration kSchema[] = {{1, kJournalSchema}, {2, kWords}};

absl::Status Project(Session& session, const Event& event) {
  return session.Execute("INSERT INTO words (position, word) VALUES ($1, $2)",
                         {event.position(), event.subject()});
}

class JournalTest : public testing::Test {
 protected:
  JournalTest() : clock_(absl::FromUnixSeconds(1'710'000'000)) {
    std::string pattern = testing::TempDir() + "/journal.XXXXXX";
    folder_ = mkdtemp(pattern.data());
    Open();
  }
  ~JournalTest() override {
    journal_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Open() {
    journal_.reset();
    database_.reset();
    database_ = *OpenSqlite(folder_ + "/state.db", kSchema);
    journal_ = *Journal::Open(
        {database_.get(), &clock_, Project, [this](Session&, const CommitNotice& notice) {
           committed_ += static_cast<int>(notice.events.size());
         }});
  }

  static WriteOrigin Origin(std::string id, std::string content = "c") {
    WriteOrigin origin;
    origin.actor.set_role("reporter");
    origin.method = "Test/Write";
    origin.request_id = std::move(id);
    origin.request_hash = std::move(content);
    return origin;
  }

  absl::StatusOr<Committed> Say(const std::string& word, const WriteOrigin& origin) {
    return journal_->Write(origin, [&](Transaction&) -> absl::StatusOr<std::vector<Fact>> {
      std::vector<Fact> facts;
      facts.push_back(Fact::Of(word, ClockAdvanced()));
      return facts;
    });
  }

  VerifyResult Verify(LogHead anchor = {}) {
    VerifyResult result;
    EXPECT_TRUE(database_
                    ->Read([&](Session& session) {
                      auto verified = VerifyLog(
                          session, {kSchema, Project, {{"words", "position"}}, {}, anchor});
                      if (verified.ok()) result = *std::move(verified);
                      return verified.status();
                    })
                    .ok());
    return result;
  }

  void Tamper(const std::string& sql) {
    journal_.reset();
    database_.reset();
    auto database = *OpenSqlite(folder_ + "/state.db", kSchema);
    ASSERT_TRUE((*database->OpenWriter())->Execute(sql).ok());
    database.reset();
    Open();
  }

  FrozenClock clock_;
  std::string folder_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Journal> journal_;
  std::atomic<int> committed_ = 0;
};

TEST_F(JournalTest, AppendsProjectsAndSurvivesReopening) {
  ASSERT_TRUE(Say("one", Origin("r1")).ok());
  ASSERT_TRUE(Say("two", Origin("r2")).ok());
  const LogHead before = journal_->head();
  EXPECT_EQ(before.position, 2);
  EXPECT_EQ(committed_, 2);
  Open();
  EXPECT_EQ(journal_->head().hash, before.hash);
  EXPECT_TRUE(Verify().findings.empty());
}

TEST_F(JournalTest, TheSameRequestIsAnsweredAgainAndOtherContentRefused) {
  const auto first = Say("one", Origin("r1"));
  const auto again = Say("one", Origin("r1"));
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->events.at(0).hash(), first->events.at(0).hash());
  EXPECT_EQ(ReasonOf(Say("one", Origin("r1", "other")).status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(journal_->head().position, 1);
}

TEST_F(JournalTest, ARefusedWriteLeavesNothingAndDoesNotUseUpItsId) {
  const auto refused = journal_->Write(
      Origin("r1"), [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
        EXPECT_TRUE(
            transaction.session.Execute("INSERT INTO words (position, word) VALUES (9, 'x')").ok());
        return absl::InvalidArgumentError("no");
      });
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(journal_->head().position, 0);
  EXPECT_TRUE(Say("one", Origin("r1", "corrected")).ok());
  EXPECT_TRUE(Verify().findings.empty());
}

TEST_F(JournalTest, ManyWritersShareCommitsAndKeepTheChain) {
  constexpr int kThreads = 8, kEach = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_TRUE(Say("w", Origin(std::to_string(t) + "/" + std::to_string(i))).ok());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const VerifyResult result = Verify();
  EXPECT_EQ(result.events, kThreads * kEach);
  EXPECT_TRUE(result.findings.empty());
}

TEST_F(JournalTest, AClockFarBehindIsRefusedAndALittleIsBridged) {
  ASSERT_TRUE(Say("one", Origin("r1")).ok());
  clock_.Set(clock_.Now() - absl::Seconds(1));
  const auto bridged = Say("two", Origin("r2"));
  ASSERT_TRUE(bridged.ok());
  EXPECT_GT(FromTimestamp(bridged->events.at(0).recorded_at()), clock_.Now());
  clock_.Set(clock_.Now() - absl::Hours(1));
  EXPECT_EQ(ReasonOf(Say("three", Origin("r3")).status()), "CLOCK_MOVED_BACK");
}

TEST_F(JournalTest, AnExpiredDeadlineStoresNothing) {
  WriteOrigin origin = Origin("r1");
  origin.deadline = absl::Now() - absl::Seconds(1);
  EXPECT_EQ(Say("one", origin).status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(journal_->head().position, 0);
}

TEST_F(JournalTest, VerifyNamesEveryKindOfTampering) {
  for (const char* word : {"one", "two", "three"}) ASSERT_TRUE(Say(word, Origin(word)).ok());
  const LogHead anchor = journal_->head();
  EXPECT_TRUE(Verify(anchor).findings.empty());

  Tamper("UPDATE words SET word = 'x' WHERE position = 2");
  EXPECT_NE(Verify().findings.at(0).find("table words, row 2"), std::string::npos);
  Tamper("UPDATE words SET word = 'two' WHERE position = 2");
  Tamper("UPDATE events SET subject = 'x' WHERE position = 2");
  EXPECT_NE(Verify().findings.at(0).find("event 2"), std::string::npos);
  Tamper("UPDATE events SET subject = 'two' WHERE position = 2");
  Tamper("UPDATE requests SET request_hash = 'x' WHERE request_id = 'one'");
  EXPECT_NE(Verify().findings.at(0).find("table requests"), std::string::npos);
  Tamper("UPDATE requests SET request_hash = CAST('c' AS BLOB) WHERE request_id = 'one'");
  EXPECT_TRUE(Verify().findings.empty());
  Tamper("DELETE FROM events WHERE position = 3");
  Tamper("DELETE FROM words WHERE position = 3");
  Tamper("DELETE FROM requests WHERE request_id = 'three'");
  EXPECT_TRUE(Verify().findings.empty());
  EXPECT_NE(Verify(anchor).findings.at(0).find("cut"), std::string::npos);
}

TEST_F(JournalTest, SubscribersHearOfCommits) {
  int heard = 0;
  auto subscription = journal_->Subscribe([&] { ++heard; });
  ASSERT_TRUE(Say("one", Origin("r1")).ok());
  subscription.reset();
  ASSERT_TRUE(Say("two", Origin("r2")).ok());
  EXPECT_EQ(heard, 1);
}

}  // namespace
}  // namespace minsheng::platform
