#include "services/platform/runtime/vitals.h"

#include <stdlib.h>

#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/platform/clock/clock.h"
#include "services/platform/database/database.h"

namespace minsheng::platform {
namespace {

class VitalsTest : public testing::Test {
 protected:
  VitalsTest() {
    std::string pattern = testing::TempDir() + "/vitals.XXXXXX";
    folder_ = mkdtemp(pattern.data());
    executor_ = std::make_unique<Executor>();
    vitals_ =
        std::make_unique<Vitals>("test", std::vector<const Executor*>{executor_.get()}, registry_);
    database_ = *OpenSqlite(folder_ + "/state.db", {{1, kJournalSchema}, {2, kAccessSchema}});
    Journal::Options options;
    options.database = database_.get();
    options.clock = &clock_;
    options.projector = [](Session&, const Event&) { return absl::OkStatus(); };
    options.measure = [this](size_t writes, absl::Duration taken, bool committed) {
      vitals_->CountGroup(writes, taken, committed);
    };
    journal_ = *Journal::Open(std::move(options));
    vitals_->Watch(*journal_);
  }
  ~VitalsTest() override {
    executor_.reset();
    journal_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  // "minsheng_queue_length handlers" → value, of gauges, counters and histograms' counts.
  double Value(const std::string& key) {
    std::map<std::string, double> values;
    std::vector<prometheus::MetricFamily> families = vitals_->Collect();
    for (auto& family : registry_.Collect()) families.push_back(std::move(family));
    for (const auto& family : families) {
      for (const auto& metric : family.metric) {
        std::string name = family.name;
        for (const auto& label : metric.label) {
          if (label.name != "service") absl::StrAppend(&name, " ", label.value);
        }
        values[name] = metric.gauge.value + metric.counter.value +
                       static_cast<double>(metric.histogram.sample_count);
      }
    }
    EXPECT_TRUE(values.contains(key)) << key;
    return values[key];
  }

  void WaitFor(const std::string& key, double wanted) {
    const absl::Time end = absl::Now() + absl::Seconds(10);
    while (Value(key) != wanted && absl::Now() < end) std::this_thread::yield();
    EXPECT_EQ(Value(key), wanted) << key;
  }

  SystemClock clock_;
  prometheus::Registry registry_;
  std::string folder_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<Vitals> vitals_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Journal> journal_;
};

TEST_F(VitalsTest, EverySeriesIsThereFromTheStart) {
  EXPECT_EQ(Value("minsheng_queue_length handlers"), 0);
  EXPECT_EQ(Value("minsheng_queue_length journal"), 0);
  EXPECT_EQ(Value("minsheng_queue_max handlers"), Executor::kQueueMax);
  EXPECT_EQ(Value("minsheng_queue_max journal"), Journal::kQueueMax);
  EXPECT_EQ(Value("minsheng_handler_threads_busy"), 0);
  EXPECT_EQ(Value("minsheng_handler_threads_max"), Executor::kThreadsMax);
  EXPECT_EQ(Value("minsheng_database_up"), 1);
  EXPECT_EQ(Value("minsheng_journal_commits_total ok"), 0);
  EXPECT_EQ(Value("minsheng_journal_commits_total error"), 0);
  EXPECT_EQ(Value("minsheng_journal_commit_seconds"), 0);
  EXPECT_EQ(Value("minsheng_journal_group_size"), 0);
  EXPECT_GT(Value("minsheng_process_cpu_seconds_total"), 0);
  EXPECT_GT(Value("minsheng_process_resident_bytes"), 1 << 20);
  EXPECT_LE(Value("minsheng_process_start_time_seconds"),
            absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
}

TEST_F(VitalsTest, ThreadsAndQueueOfTheHandlers) {
  std::promise<void> open;
  const std::shared_future<void> gate = open.get_future().share();
  for (size_t i = 0; i < Executor::kThreadsMax + 5; ++i) {
    ASSERT_TRUE(executor_->Run([gate] { gate.wait(); }));
  }
  WaitFor("minsheng_handler_threads_busy", Executor::kThreadsMax);
  WaitFor("minsheng_queue_length handlers", 5);
  open.set_value();
  WaitFor("minsheng_queue_length handlers", 0);
  WaitFor("minsheng_handler_threads_busy", 0);
}

TEST_F(VitalsTest, WritesWaitInTheJournalsQueueAndShareACommit) {
  std::promise<void> begun, open;
  std::vector<std::thread> writers;
  writers.emplace_back([&] {
    EXPECT_TRUE(journal_
                    ->Apply([&](Transaction&) {
                      begun.set_value();
                      open.get_future().wait();
                      return absl::OkStatus();
                    })
                    .ok());
  });
  begun.get_future().wait();
  for (int i = 0; i < 3; ++i) {
    writers.emplace_back(
        [&] { EXPECT_TRUE(journal_->Apply([](Transaction&) { return absl::OkStatus(); }).ok()); });
  }
  WaitFor("minsheng_queue_length journal", 3);
  open.set_value();
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(Value("minsheng_queue_length journal"), 0);
  EXPECT_EQ(Value("minsheng_journal_commits_total ok"), 2);
  EXPECT_EQ(Value("minsheng_journal_group_size"), 2);
}

TEST_F(VitalsTest, AFailedCommitShowsUntilOneSucceeds) {
  const auto change = [&](absl::string_view sql) {
    return journal_->Apply([sql](Transaction& t) { return t.session.Execute(sql); });
  };
  ASSERT_TRUE(change("SELECT 1").ok());
  EXPECT_FALSE(change("ROLLBACK").ok());  // takes the group's transaction away
  EXPECT_EQ(Value("minsheng_database_up"), 0);
  EXPECT_EQ(Value("minsheng_journal_commits_total error"), 1);
  EXPECT_EQ(Value("minsheng_journal_commits_total ok"), 1);
  EXPECT_TRUE(change("SELECT 1").ok());
  EXPECT_EQ(Value("minsheng_database_up"), 1);
  EXPECT_EQ(Value("minsheng_journal_commits_total ok"), 2);
  EXPECT_EQ(Value("minsheng_journal_commit_seconds"), 3);
}

}  // namespace
}  // namespace minsheng::platform
