#include "services/platform/journal/journal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>

#include "absl/time/clock.h"
#include "minsheng/common/v1/clock.pb.h"
#include "services/platform/base/error.h"
#include "services/platform/base/time.h"
#include "services/platform/database/engine.h"
#include "services/platform/journal/verify.h"

namespace minsheng::platform {
namespace {

using common::v1::ClockAdvanced;

constexpr char kWords[] = "CREATE TABLE words (position BIGINT PRIMARY KEY, word TEXT NOT NULL)";
const Migration kSchema[] = {{1, kJournalSchema}, {2, kAccessSchema}, {3, kWords}};

absl::Status Project(Session& session, const Event& event) {
  return session.Execute("INSERT INTO words (position, word) VALUES ($1, $2)",
                         {event.position(), event.subject()});
}

// What every engine must do.
class JournalTest : public testing::TestWithParam<std::string> {
 protected:
  JournalTest() : clock_(absl::FromUnixSeconds(1'710'000'000)) { Open(); }

  void Open() {
    journal_.reset();
    database_.reset();
    database_ = *engine_.Open(kSchema);
    journal_ = *Journal::Open(
        {database_.get(), &clock_, Project, [this](Session&, const CommitNotice& notice) {
           committed_ += static_cast<int>(notice.events.size());
           return absl::OkStatus();
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
    ASSERT_TRUE(engine_.Run(sql).ok());
    Open();
  }

  const Engine engine_{GetParam()};
  FrozenClock clock_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Journal> journal_;
  std::atomic<int> committed_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Engines, JournalTest, testing::ValuesIn(Engine::Names()),
                         [](const auto& engine) { return engine.param; });

TEST_P(JournalTest, AppendsProjectsAndSurvivesReopening) {
  ASSERT_TRUE(Say("one", Origin("r1")).ok());
  ASSERT_TRUE(Say("two", Origin("r2")).ok());
  const LogHead before = journal_->head();
  EXPECT_EQ(before.position, 2);
  EXPECT_EQ(committed_, 2);
  Open();
  EXPECT_EQ(journal_->head().hash, before.hash);
  EXPECT_TRUE(Verify().findings.empty());
}

TEST_P(JournalTest, TheSameRequestIsAnsweredAgainAndOtherContentRefused) {
  const auto first = Say("one", Origin("r1"));
  const auto again = Say("one", Origin("r1"));
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->events.at(0).hash(), first->events.at(0).hash());
  EXPECT_EQ(ReasonOf(Say("one", Origin("r1", "other")).status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(journal_->head().position, 1);
}

TEST_P(JournalTest, ARefusedWriteLeavesNothingAndDoesNotUseUpItsId) {
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

TEST_P(JournalTest, ManyWritersShareCommitsAndKeepTheChain) {
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

TEST_P(JournalTest, AClockFarBehindIsRefusedAndALittleIsBridged) {
  ASSERT_TRUE(Say("one", Origin("r1")).ok());
  clock_.Set(clock_.Now() - absl::Seconds(1));
  const auto bridged = Say("two", Origin("r2"));
  ASSERT_TRUE(bridged.ok());
  EXPECT_GT(FromTimestamp(bridged->events.at(0).recorded_at()), clock_.Now());
  clock_.Set(clock_.Now() - absl::Hours(1));
  EXPECT_EQ(ReasonOf(Say("three", Origin("r3")).status()), "CLOCK_MOVED_BACK");
}

TEST_P(JournalTest, AnExpiredDeadlineStoresNothing) {
  WriteOrigin origin = Origin("r1");
  origin.deadline = absl::Now() - absl::Seconds(1);
  EXPECT_EQ(Say("one", origin).status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(journal_->head().position, 0);
}

TEST_P(JournalTest, VerifyNamesEveryKindOfTampering) {
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

// SQLite takes a text for a number, and sorts it behind all of them: it comes after every position.
TEST_P(JournalTest, VerifyEndsWhateverStandsForAPosition) {
  if (engine_.is_postgres()) GTEST_SKIP() << "PostgreSQL keeps its types";
  for (const char* word : {"one", "two", "three"}) ASSERT_TRUE(Say(word, Origin(word)).ok());
  for (const char* position : {"'x'", "2.5", "'3x'"}) {
    Tamper(absl::StrCat("UPDATE events SET position = ", position, " WHERE position = 3"));
    EXPECT_FALSE(Verify().findings.empty()) << position;
    Tamper(absl::StrCat("UPDATE events SET position = 3 WHERE position = ", position));
  }
  EXPECT_TRUE(Verify().findings.empty());
}

TEST_P(JournalTest, SubscribersHearOfCommits) {
  int heard = 0;
  auto subscription = journal_->Subscribe([&] { ++heard; });
  ASSERT_TRUE(Say("one", Origin("r1")).ok());
  subscription.reset();
  ASSERT_TRUE(Say("two", Origin("r2")).ok());
  EXPECT_EQ(heard, 1);
}

// The slow one's group ends with it; the others keep their place and come in groups of their own.
TEST_P(JournalTest, ASlowWriteDoesNotHoldBackTheAnswersOfItsGroup) {
  journal_.reset();
  std::atomic<int> groups = 0;
  journal_ = *Journal::Open({database_.get(), &clock_, Project, nullptr,
                             [&](size_t, absl::Duration, bool) { ++groups; }});
  constexpr int kWriters = 4;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&, i] {
      const auto slow = [&](Transaction&) -> absl::StatusOr<std::vector<Fact>> {
        absl::SleepFor(Journal::kGroupTimeMax);
        std::vector<Fact> facts;
        facts.push_back(Fact::Of("slow", ClockAdvanced()));
        return facts;
      };
      EXPECT_TRUE(journal_->Write(Origin(std::to_string(i)), slow).ok());
    });
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(groups, kWriters);
  const VerifyResult result = Verify();
  EXPECT_EQ(result.events, kWriters);
  EXPECT_TRUE(result.findings.empty());
}

// --- several processes on one database: each a journal of its own

class Replica {
 public:
  Replica(const Engine& engine, const Clock& clock) : database_(*engine.Open(kSchema)) {
    journal_ = *Journal::Open(
        {database_.get(), &clock, Project, [this](Session&, const CommitNotice& notice) {
           std::lock_guard lock(mutex_);
           for (const Event& event : notice.events) noticed_.push_back(event.position());
           return absl::OkStatus();
         }});
    journal_->WatchOthers();
  }

  absl::StatusOr<Committed> Say(const std::string& word) {
    WriteOrigin origin;
    origin.method = "Test/Write";
    origin.request_id = word;
    return journal_->Write(origin, [&](Transaction&) -> absl::StatusOr<std::vector<Fact>> {
      std::vector<Fact> facts;
      facts.push_back(Fact::Of(word, ClockAdvanced()));
      return facts;
    });
  }
  // As a client does: asks again until there is an answer.
  void SayUntilAnswered(const std::string& word) {
    while (true) {
      const auto said = Say(word);
      if (said.ok()) return;
      ASSERT_TRUE(absl::IsUnavailable(said.status())) << said.status();
    }
  }
  std::vector<int64_t> noticed() {
    std::lock_guard lock(mutex_);
    return noticed_;
  }
  Database& database() { return *database_; }
  Journal& journal() { return *journal_; }

 private:
  std::unique_ptr<Database> database_;
  std::mutex mutex_;
  std::vector<int64_t> noticed_;
  std::unique_ptr<Journal> journal_;
};

// Reads on from where it is, as a follower does.
std::vector<Event> Follow(Database& database, int64_t until) {
  std::vector<Event> all;
  while (std::ssize(all) < until) {
    EXPECT_TRUE(database
                    .Read([&](Session& session) {
                      auto events = ReadEvents(session, std::ssize(all), 1000);
                      if (events.ok()) all.insert(all.end(), events->begin(), events->end());
                      return events.status();
                    })
                    .ok());
  }
  return all;
}

class ReplicasTest : public testing::TestWithParam<std::string> {
 protected:
  static constexpr int kThreads = 4, kEach = 40, kAll = 2 * kThreads * kEach;

  void WriteThroughBoth() {
    std::vector<std::thread> threads;
    for (int t = 0; t < 2 * kThreads; ++t) {
      threads.emplace_back([this, t] {
        for (int i = 0; i < kEach; ++i) {
          (t % 2 == 0 ? one_ : two_).SayUntilAnswered(std::to_string(t) + "/" + std::to_string(i));
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }
  void ExpectWhole() {
    VerifyResult result;
    ASSERT_TRUE(one_.database()
                    .Read([&](Session& session) {
                      auto verified =
                          VerifyLog(session, {kSchema, Project, {{"words", "position"}}, {}, {}});
                      if (verified.ok()) result = *std::move(verified);
                      return verified.status();
                    })
                    .ok());
    EXPECT_EQ(result.events, kAll);
    EXPECT_EQ(result.findings, std::vector<std::string>());
  }
  // Everything, once, in order.
  static void ExpectNoticed(Replica& replica) {
    while (std::ssize(replica.noticed()) < kAll) std::this_thread::yield();
    std::vector<int64_t> expected(kAll);
    for (int i = 0; i < kAll; ++i) expected[static_cast<size_t>(i)] = i + 1;
    EXPECT_EQ(replica.noticed(), expected);
  }

  const Engine engine_{GetParam()};
  SystemClock clock_;
  Replica one_{engine_, clock_};
  Replica two_{engine_, clock_};
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ReplicasTest);
INSTANTIATE_TEST_SUITE_P(Engines, ReplicasTest, testing::ValuesIn([] {
                           auto names = Engine::Names();
                           names.erase(names.begin());
                           return names;
                         }()),
                         [](const auto& engine) { return engine.param; });

TEST_P(ReplicasTest, PositionsAreGapFreeAndNoReaderSkipsALateCommitter) {
  std::vector<Event> read;
  std::thread reader([&] { read = Follow(two_.database(), kAll); });
  WriteThroughBoth();
  reader.join();
  for (int i = 0; i < kAll; ++i) EXPECT_EQ(read.at(static_cast<size_t>(i)).position(), i + 1);
  ExpectNoticed(one_);
  ExpectNoticed(two_);
  ExpectWhole();
}

TEST_P(ReplicasTest, ARequestThatOneAnsweredTheOtherAnswersAgain) {
  const auto first = one_.Say("word");
  const auto again = two_.Say("word");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->events.at(0).hash(), first->events.at(0).hash());
}

TEST_P(ReplicasTest, NothingIsLostOrDoubledWhenConnectionsAreCutUnderLoad) {
  std::atomic<bool> done = false;
  std::thread cutter([&] {
    while (!done) {
      EXPECT_TRUE(engine_
                      .Run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                           " WHERE pid <> pg_backend_pid() AND application_name ="
                           " current_setting('application_name')")
                      .ok());
    }
  });
  WriteThroughBoth();
  done = true;
  cutter.join();
  ExpectWhole();
  for (Replica* replica : {&one_, &two_}) {
    std::set<int64_t> noticed;
    while (std::ssize(noticed) < kAll) {
      for (const int64_t position : replica->noticed()) noticed.insert(position);
    }
  }
}

}  // namespace
}  // namespace minsheng::platform
