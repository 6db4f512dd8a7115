// What is generated, read back by the programs' own readers and judged by the domains' own checks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/progress/domain/reporting.h"
#include "services/registry/domain/compile.h"
#include "services/registry/domain/compile_testing.h"
#include "services/registry/domain/corrections.h"
#include "services/registry/domain/notice.h"
#include "services/registry/domain/plan.h"
#include "services/registry/domain/targets.h"
#include "services/registry/reader/reader.h"
#include "tools/cli/files.h"
#include "tools/cli/generate/districts.h"
#include "tools/cli/generate/list.h"
#include "tools/cli/generate/random.h"
#include "tools/cli/generated_files.h"
#include "tools/cli/load.h"
#include "tools/cli/sample.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

namespace fs = std::filesystem;

using generate::DistrictNumbered;
using generate::List;
using generate::Options;
using generate::Random;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

constexpr const char* kFiles[] = {"program.json", "list.csv",    "corrections.tsv",
                                  "plans.csv",    "reports.csv", "actions.csv"};

// A district's folder, written for one test.
struct Written {
  std::string folder;
  GeneratedSize size;
};

Written Write(const Options& options, int64_t index) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const std::string out =
      absl::StrCat(testing::TempDir(), "/generated-", test->name(), "-", options.seed);
  EXPECT_TRUE(PrepareFolder(out, /*force=*/true).ok());
  const List list(options, index);
  const auto size = WriteDistrict(list, out);
  EXPECT_TRUE(size.ok()) << size.status();
  return {absl::StrCat(out, "/", GeneratedFolderName(list)), size.value_or(GeneratedSize())};
}

std::string HashOf(const std::string& folder) {
  platform::Hasher hasher;
  for (const char* file : kFiles) hasher.Add(*ReadFile(absl::StrCat(folder, "/", file)));
  return absl::BytesToHexString(hasher.Finish());
}

registry::Notice NoticeIn(const std::string& folder) {
  const auto document = registry::ReadDocument(*ReadFile(folder + "/list.csv"));
  EXPECT_TRUE(document.ok()) << document.status();
  const auto corrections =
      registry::ParseCorrections(*ReadFile(folder + "/corrections.tsv"), "corrections.tsv");
  EXPECT_TRUE(corrections.ok()) << corrections.status();
  registry::ParseOptions options;
  options.corrections = *corrections;
  auto notice = registry::ParseNotice(*document, "list.csv", options);
  EXPECT_TRUE(notice.ok()) << notice.status();
  return *std::move(notice);
}

using TargetsByTask = std::map<std::string, std::vector<registry::TargetRow>>;

TargetsByTask TargetsIn(const std::string& folder) {
  TargetsByTask targets;
  for (const auto& project : NoticeIn(folder).projects) {
    for (const auto& task : project.tasks) {
      auto& rows = targets[registry::TaskId(project, task)];
      for (const auto& target : task.compiled.targets) rows.push_back(target.row);
    }
  }
  return targets;
}

Sample SampleIn(const std::string& folder) {
  auto sample = ReadSample(folder);
  EXPECT_TRUE(sample.ok()) << sample.status();
  return *std::move(sample);
}

std::vector<Options> SeveralOptions() {
  std::vector<Options> all;
  for (uint64_t seed = 1; seed <= 12; ++seed) all.push_back({.seed = seed});
  all.push_back({.seed = 21, .projects = 1});
  all.push_back({.seed = 22, .projects = 2, .tasks_per_project = 30});
  all.push_back({.seed = 23, .projects = 300, .first_month = 3});
  all.push_back({.seed = 24, .year = 2026, .projects = 60, .first_month = 12});
  all.push_back({.seed = 25, .year = 2025, .projects = 60, .months = 6});
  all.push_back({.seed = 26, .projects = 12, .tasks_per_project = 120});
  return all;
}

TEST(RandomTest, IsSplitMix64) {
  // The first outputs of the published algorithm from state 1234567.
  Random random(1234567);
  EXPECT_EQ(random.Next(), 6457827717110365317U);
  EXPECT_EQ(random.Next(), 3203168211198807973U);
  EXPECT_EQ(random.Next(), 9817491932198370423U);
}

TEST(RandomTest, StreamsDifferAndStayWithinBounds) {
  std::set<uint64_t> firsts;
  for (int64_t a = 0; a < 50; ++a) {
    for (int64_t b = 0; b < 50; ++b) firsts.insert(Random::Of(7, {a, b}).Next());
  }
  EXPECT_EQ(firsts.size(), 2500u);
  Random random(3);
  std::set<int64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.Between(-2, 2));
  EXPECT_THAT(seen, UnorderedElementsAreArray({-2, -1, 0, 1, 2}));
}

TEST(DistrictsTest, CodesAndNamesAreAllDifferentAndNoRealDistricts) {
  std::set<std::string> codes;
  std::set<std::string> names;
  for (int64_t i = 0; i < generate::kDistrictsMax; ++i) {
    const generate::District district = DistrictNumbered(i);
    ASSERT_EQ(district.code.size(), 6u);
    const int prefecture = std::stoi(district.code.substr(2, 2));
    ASSERT_TRUE(prefecture >= 71 && prefecture <= 89) << district.code;
    ASSERT_NE(district.code.substr(4), "00");
    codes.insert(district.code);
    names.insert(district.short_name);
  }
  EXPECT_EQ(codes.size(), static_cast<size_t>(generate::kDistrictsMax));
  EXPECT_EQ(names.size(), codes.size());
}

TEST(GenerateTest, TheSameSeedGivesTheBytesItAlwaysGave) {
  EXPECT_EQ(HashOf(Write({.seed = 1}, 0).folder),
            "1e7cb60892e14e80a484bc1c375fe622f875afbdbbf84ab9c26eaa4c172c028d");
  EXPECT_EQ(HashOf(Write({.seed = 2, .projects = 40, .tasks_per_project = 3}, 2'843).folder),
            "1cac129666f7a9315d5eeccbdb6035f35716d68e4bcac239fa35df8849e46109");
}

TEST(GenerateTest, AnotherSeedOrDistrictGivesOtherBytes) {
  std::set<std::string> hashes;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    for (int64_t index = 0; index < 3; ++index) {
      hashes.insert(HashOf(Write({.seed = seed}, index).folder));
    }
  }
  EXPECT_EQ(hashes.size(), 9u);
}

// A goal as the compiler of targets should find it.
std::string WordsOf(const generate::Goal& goal) {
  registry::TargetRow row;
  row.no = goal.no;
  row.kind = static_cast<registry::TargetKind>(goal.from->kind);
  row.comparator = static_cast<registry::Comparator>(goal.from->comparator);
  if (goal.value > 0) row.value = generate::Figure(goal.value, goal.from->decimals);
  row.unit = goal.from->unit;
  row.part_of = goal.part_of;
  if (goal.stretch > 0) row.stretch = generate::Figure(goal.stretch, goal.from->decimals);
  if (goal.from->start) row.stage = registry::TargetStage::kStart;
  return absl::StrCat(row.no, " ", registry::RowWords(row));
}

TEST(GenerateTest, EveryGoalIsReadFromItsWords) {
  for (const Options& options : SeveralOptions()) {
    const List list(options, static_cast<int64_t>(options.seed));
    for (int project = 0; project < options.projects; ++project) {
      for (int no = 1; no <= list.TasksOf(project); ++no) {
        const generate::Task task = list.TaskAt(project, no);
        std::vector<std::string> wanted;
        for (const generate::Goal& goal : task.goals) wanted.push_back(WordsOf(goal));
        std::vector<std::string> read;
        const auto compiled = registry::CompileTargets(
            task.content, {list.ProjectName(project), options.year, /*schedule=*/""});
        for (const auto& target : compiled.targets) {
          read.push_back(absl::StrCat(target.row.no, " ", registry::RowWords(target.row)));
        }
        ASSERT_EQ(read, wanted) << "seed " << options.seed << ": " << task.content;
      }
    }
  }
}

TEST(GenerateTest, TheImporterFindsNothingToDoubt) {
  for (const Options& options : SeveralOptions()) {
    const Written written = Write(options, static_cast<int64_t>(options.seed) * 31);
    const registry::Notice notice = NoticeIn(written.folder);
    for (const registry::Diagnostic& diagnostic : notice.diagnostics) {
      EXPECT_EQ(diagnostic.severity, registry::Severity::kInfo)
          << "seed " << options.seed << ": " << diagnostic.code << " " << diagnostic.message;
    }
    EXPECT_EQ(notice.year, options.year);
    EXPECT_EQ(static_cast<int>(notice.projects.size()), options.projects);
    EXPECT_EQ(notice.tally.tasks, written.size.tasks);
    EXPECT_EQ(notice.district_name,
              List(options, static_cast<int64_t>(options.seed) * 31).district().title());
  }
}

TEST(GenerateTest, TheDeclaredTotalsAreTheSumsOfTheRows) {
  const registry::Notice notice = NoticeIn(Write({.seed = 5, .projects = 200}, 0).folder);
  std::map<std::string, int64_t> sums;
  int64_t all = 0;
  for (const registry::NoticeProject& project : notice.projects) {
    for (const registry::NoticeTask& task : project.tasks) {
      sums[project.group] += task.amount_fen.value_or(0);
      all += task.amount_fen.value_or(0);
    }
  }
  ASSERT_EQ(notice.groups.size(), 3u);
  for (const registry::NoticeGroup& group : notice.groups) {
    EXPECT_EQ(group.declared_fen, sums[group.id]) << group.id;
  }
  EXPECT_EQ(notice.declared_fen, all);
}

TEST(GenerateTest, AListHoldsEveryKindOfTargetAndOfTrouble) {
  const Written written = Write({.seed = 1, .projects = 60}, 0);
  std::set<std::string> kinds;
  bool part = false;
  for (const auto& [task, rows] : TargetsIn(written.folder)) {
    for (const registry::TargetRow& row : rows) {
      kinds.insert(absl::StrCat(registry::TargetKindWord(row.kind), " ",
                                registry::ComparatorWord(row.comparator)));
      part = part || row.part_of > 0;
    }
  }
  EXPECT_TRUE(part);
  EXPECT_THAT(kinds, UnorderedElementsAreArray(
                         {"count at_least", "count at_most", "coverage at_least", "coverage all",
                          "level at_least", "level at_most", "frequency at_least",
                          "frequency at_most", "event done", "qualitative ", "service "}));

  bool blank_amount = false;
  bool several_leads = false;
  bool nobody_cooperates = false;
  for (const registry::NoticeProject& project : NoticeIn(written.folder).projects) {
    for (const registry::NoticeTask& task : project.tasks) {
      blank_amount = blank_amount || !task.amount_fen;
      several_leads = several_leads || task.leads.size() > 1;
      nobody_cooperates = nobody_cooperates || task.assists.empty();
    }
  }
  EXPECT_TRUE(blank_amount && several_leads && nobody_cooperates);

  const Sample sample = SampleIn(written.folder);
  std::set<std::string> planned;
  for (const PlanRow& plan : sample.plans) planned.insert(plan.task);
  EXPECT_LT(static_cast<int64_t>(planned.size()), written.size.tasks);
  const auto has = [&](auto holds) {
    return std::any_of(sample.reports.begin(), sample.reports.end(),
                       [&](const ReportRow& row) { return holds(row.request.report()); });
  };
  EXPECT_TRUE(has([](const auto& report) { return report.nothing_to_report(); }));
  EXPECT_TRUE(has([](const auto& report) { return !report.correction_reason().empty(); }));
  EXPECT_TRUE(has([](const auto& report) { return !report.received_on().empty(); }));
  std::set<ActionRow::Kind> actions;
  for (const ActionRow& action : sample.actions) actions.insert(action.kind);
  EXPECT_EQ(actions.size(), 3u);
}

TEST(GenerateTest, RowsStandInOrderOfFiling) {
  const Sample sample = SampleIn(Write({.seed = 3, .projects = 100}, 0).folder);
  EXPECT_TRUE(std::is_sorted(
      sample.reports.begin(), sample.reports.end(),
      [](const ReportRow& a, const ReportRow& b) { return *a.filed_at < *b.filed_at; }));
  EXPECT_TRUE(std::is_sorted(sample.actions.begin(), sample.actions.end(),
                             [](const ActionRow& a, const ActionRow& b) { return a.at < b.at; }));
}

TEST(GenerateTest, EveryPlanMayBeFiled) {
  for (const Options& options : SeveralOptions()) {
    const std::string folder = Write(options, 0).folder;
    std::map<std::string, std::set<int>> targets;
    for (const auto& [task, rows] : TargetsIn(folder)) {
      for (const registry::TargetRow& row : rows) targets[task].insert(row.no);
    }
    const registry::PlanBounds bounds = {
        {}, List(options, 0).issued_on(), absl::CivilDay(options.year, 12, 31)};
    for (const PlanRow& plan : SampleIn(folder).plans) {
      registry::PlanDraft draft{{}, plan.revision.starts_on(), plan.revision.due_on()};
      for (const auto& milestone : plan.revision.milestones()) {
        draft.milestones.push_back({milestone.due_on(), milestone.percent(), milestone.target()});
      }
      registry::PlanBounds own = bounds;
      own.targets = targets[plan.task];
      const absl::Status status = registry::CheckPlan(draft, own);
      EXPECT_TRUE(status.ok()) << "seed " << options.seed << " row " << plan.row << ": " << status;
    }
  }
}

// --- reports against the service's checks --------------------------------------------------------

progress::Quantity QuantityOf(const std::string& text) {
  return progress::Quantity::Parse(text).value_or(progress::Quantity());
}

progress::Target TargetOf(const registry::TargetRow& row) {
  progress::Target target;
  target.number = row.no;
  target.kind = static_cast<progress::TargetKind>(row.kind);
  target.indicator = row.indicator;
  target.part_of = row.part_of;
  if (!row.base.empty()) target.base = QuantityOf(row.base);
  return target;
}

progress::ReportDraft DraftOf(const ReportRow& row) {
  const progress::v1::Report& report = row.request.report();
  progress::ReportDraft draft;
  draft.period = *progress::Period::Parse(row.request.period());
  draft.nothing_to_report = report.nothing_to_report();
  draft.correction_reason = report.correction_reason();
  if (!report.started_on().empty()) draft.started_on = *ParseDay(report.started_on());
  for (const auto& measure : report.measures()) {
    draft.measures.push_back({measure.target(), QuantityOf(measure.value()),
                              static_cast<progress::WorkStage>(measure.work_stage())});
  }
  return draft;
}

// The accepted facts of a task, as reports and returns come in.
class Facts {
 public:
  void Accept(const progress::ReportDraft& draft) {
    by_period_[draft.period] = {draft.period, absl::Time(), draft.started_on, draft.measures};
  }
  void Return(const progress::Period& period) { by_period_.erase(period); }
  std::vector<progress::Facts> All() const {
    std::vector<progress::Facts> all;
    for (const auto& [period, facts] : by_period_) all.push_back(facts);
    return all;
  }

 private:
  std::map<progress::Period, progress::Facts> by_period_;
};

// Offers the rows of `waves`, in that order, as the service would see them at `now` of each row.
void ExpectAccepted(const std::string& folder, const Options& options,
                    const std::vector<LoadWave>& waves, bool at_once) {
  std::map<std::string, std::vector<progress::Target>> targets;
  for (const auto& [task, rows] : TargetsIn(folder)) {
    for (const registry::TargetRow& row : rows) targets[task].push_back(TargetOf(row));
  }
  const auto span = progress::PeriodSpan::Of(options.year, List(options, 0).issued_on());
  std::map<std::string, Facts> facts;
  for (const LoadWave& wave : waves) {
    for (const ReportRow* row : wave.reports) {
      const progress::ReportDraft draft = DraftOf(*row);
      const absl::Time now = at_once ? absl::InfiniteFuture() : *row->filed_at;
      const absl::Status status =
          progress::CheckReport(span, targets[row->task], facts[row->task].All(), draft, now);
      ASSERT_TRUE(status.ok()) << "seed " << options.seed << " row " << row->row << ": " << status;
      facts[row->task].Accept(draft);
    }
    for (const ActionRow* action : wave.actions) {
      if (action->kind != ActionRow::Kind::kReturn) continue;
      facts[action->task].Return(*progress::Period::Parse(action->period));
    }
  }
}

// Every row a wave of its own: as a rehearsal goes.
std::vector<LoadWave> ByTime(const Sample& sample) {
  std::multimap<absl::Time, LoadWave> by_time;
  for (const ReportRow& row : sample.reports) by_time.insert({*row.filed_at, {{&row}, {}}});
  for (const ActionRow& row : sample.actions) by_time.insert({row.at, {{}, {&row}}});
  std::vector<LoadWave> waves;
  for (auto& [at, wave] : by_time) waves.push_back(std::move(wave));
  return waves;
}

TEST(GenerateTest, EveryReportIsAcceptedAtItsTime) {
  for (const Options& options : SeveralOptions()) {
    const std::string folder = Write(options, 0).folder;
    const Sample sample = SampleIn(folder);
    EXPECT_FALSE(sample.reports.empty());
    ExpectAccepted(folder, options, ByTime(sample), /*at_once=*/false);
  }
}

TEST(LoadTest, EveryReportIsAcceptedInWaves) {
  const Options options = {.seed = 9, .projects = 400};
  const std::string folder = Write(options, 0).folder;
  const Sample sample = SampleIn(folder);
  const std::vector<LoadWave> waves = WavesOf(sample);
  EXPECT_GT(waves.size(), 1u);
  size_t reports = 0;
  for (const LoadWave& wave : waves) reports += wave.reports.size();
  EXPECT_EQ(reports, sample.reports.size());
  ExpectAccepted(folder, options, waves, /*at_once=*/true);
}

TEST(LoadTest, AReturnedReportIsSentAgainAfterItsReturn) {
  Sample sample;
  const auto report = [&](const char* task, int day) {
    ReportRow row;
    row.row = static_cast<int>(sample.reports.size()) + 2;
    row.task = task;
    row.filed_at = *ParseInstant(absl::StrCat("2024-03-", day));
    sample.reports.push_back(row);
  };
  report("district-01/1", 25);
  report("district-02/1", 26);
  report("district-01/1", 28);
  ActionRow action;
  action.task = "district-01/1";
  action.at = *ParseInstant("2024-03-27");
  sample.actions = {action};
  const std::vector<LoadWave> waves = WavesOf(sample);
  ASSERT_EQ(waves.size(), 2u);
  EXPECT_EQ(waves[0].reports.size(), 2u);
  EXPECT_EQ(waves[0].actions.size(), 1u);
  ASSERT_EQ(waves[1].reports.size(), 1u);
  EXPECT_EQ(waves[1].reports[0]->row, 4);
  EXPECT_THAT(waves[1].actions, IsEmpty());
}

TEST(GeneratedFilesTest, AFolderTakesItsNameOnlyWhenItIsWhole) {
  const std::string out = testing::TempDir() + "/generated-whole";
  fs::remove_all(out);
  ASSERT_TRUE(PrepareFolder(out, false).ok());
  const List list({.seed = 1}, 0);
  const std::string name = GeneratedFolderName(list);
  // What an interrupted run left.
  fs::create_directory(out + "/" + name + ".partial");
  EXPECT_EQ(platform::ReasonOf(SampleFolders(out).status()), "NO_SAMPLE");
  EXPECT_EQ(platform::ReasonOf(PrepareFolder(out, false)), "FOLDER_NOT_EMPTY");
  ASSERT_TRUE(WriteDistrict(list, out).ok());
  EXPECT_FALSE(fs::exists(out + "/" + name + ".partial"));
  EXPECT_THAT(*SampleFolders(out), testing::ElementsAre(out + "/" + name));
  EXPECT_THAT(*SampleFolders(out + "/" + name), testing::ElementsAre(out + "/" + name));

  // Once more, over a partial folder that has something of its own in it.
  const std::string before = HashOf(out + "/" + name);
  fs::create_directories(out + "/" + name + ".partial/list.csv");
  ASSERT_TRUE(WriteDistrict(list, out).ok());
  EXPECT_EQ(HashOf(out + "/" + name), before);
}

TEST(GeneratedFilesTest, SaysTheSizeItWrote) {
  const Written written = Write({.seed = 4, .projects = 50}, 0);
  int64_t bytes = 0;
  for (const char* file : kFiles) {
    bytes += static_cast<int64_t>(fs::file_size(absl::StrCat(written.folder, "/", file)));
  }
  EXPECT_EQ(written.size.bytes, bytes);
  const Sample sample = SampleIn(written.folder);
  EXPECT_EQ(written.size.reports, static_cast<int64_t>(sample.reports.size()));
  EXPECT_EQ(written.size.plans, static_cast<int64_t>(sample.plans.size()));
  EXPECT_EQ(written.size.actions, static_cast<int64_t>(sample.actions.size()));
  std::size_t read = 0;
  for (const auto& [task, rows] : TargetsIn(written.folder)) read += rows.size();
  EXPECT_EQ(written.size.targets, static_cast<int64_t>(read));
}

}  // namespace
}  // namespace minsheng::cli
