// The counts kept task by task against a recount of the tables, over random histories.
#include "services/progress/overview/overview.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "prometheus/metric_family.h"
#include "services/platform/base/time.h"
#include "services/progress/domain/test_tasks.h"
#include "services/progress/migrations/migrations.h"
#include "services/progress/names.h"
#include "services/progress/store/project.h"

namespace minsheng::progress {
namespace {

using platform::Event;
using platform::Session;
using test::At;
using test::Day;
using test::Random;
using test::Seed;

constexpr char kProgram[] = "districts/500156/programs/2024";
constexpr int kTasks = 14;

// Weekends are none.
absl::StatusOr<bool> WorkingDay(absl::CivilDay day) {
  return absl::GetWeekday(day) != absl::Weekday::saturday &&
         absl::GetWeekday(day) != absl::Weekday::sunday;
}

absl::StatusOr<bool> NoCalendarFor2025(absl::CivilDay day) {
  if (day.year() == 2025) return absl::FailedPreconditionError("no calendar");
  return WorkingDay(day);
}

std::string TaskName(int64_t i) {
  return absl::StrCat(kProgram, "/projects/g", i % 2, "-", i / 3, "/tasks/", i);
}

// Tables, an overview that follows them, and a clock that stands until it is moved.
class Site {
 public:
  explicit Site(WorkingDays working_days = WorkingDay)
      : working_days_(working_days), overview_(clock_, working_days) {
    std::vector<platform::Migration> migrations{{1, platform::kJournalSchema}};
    for (const auto& migration : Migrations()) migrations.push_back(migration);
    session_ = platform::OpenScratch(migrations).value();
  }

  Session& session() { return *session_; }
  Overview& overview() { return overview_; }
  absl::Time now() const { return clock_.Now(); }
  void MoveTo(absl::Time time) { clock_.Set(std::max(time, now())); }

  // Records facts and tells the overview of them in one commit.
  template <typename Payload>
  void Own(const std::string& subject, const Payload& payload) {
    Event& event = Add(subject, payload, notice_.events);
    ASSERT_TRUE(Project(*session_, event).ok());
  }
  template <typename Payload>
  void Registry(const std::string& subject, const Payload& payload) {
    Event& event = Add(subject, payload, notice_.peer_events);
    ASSERT_TRUE(ProjectRegistry(*session_, event).ok());
  }
  absl::Status Refresh() {
    const platform::CommitNotice notice = std::exchange(notice_, {});
    return overview_.Refresh(*session_, notice);
  }
  void Commit() { ASSERT_TRUE(Refresh().ok()); }

  Recount Recounted(absl::Time instant) {
    return RecountProgram(*session_, kProgram, working_days_, instant).value();
  }

 private:
  template <typename Payload>
  Event& Add(const std::string& subject, const Payload& payload, std::vector<Event>& events) {
    Event& event = events.emplace_back();
    event.set_position(++position_);
    event.set_subject(subject);
    *event.mutable_recorded_at() = platform::ToTimestamp(now());
    event.mutable_payload()->PackFrom(payload);
    return event;
  }

  platform::FrozenClock clock_{At("2024-03-20")};
  const WorkingDays working_days_;
  std::unique_ptr<Session> session_;
  Overview overview_;
  platform::CommitNotice notice_;
  int64_t position_ = 0;
};

void PutProgram(Site& site, const std::string& issued_on, int groups,
                registry::v1::ProgramState state = registry::v1::PROGRAM_STATE_PUBLISHED) {
  registry::v1::ProgramPublished fact;
  fact.mutable_program()->set_name(kProgram);
  fact.mutable_program()->set_state(state);
  fact.mutable_program()->set_issued_on(issued_on);
  for (int i = 0; i < groups; ++i)
    fact.mutable_program()->add_groups()->set_id(absl::StrCat("g", i));
  site.Registry(kProgram, fact);
}

std::string DayText(Random& random) { return absl::FormatCivilTime(test::RandomDay(random)); }

void FillTarget(Random& random, registry::v1::Target& target) {
  constexpr registry::v1::TargetKind kKinds[] = {
      registry::v1::TARGET_KIND_COUNT,     registry::v1::TARGET_KIND_COUNT,
      registry::v1::TARGET_KIND_EVENT,     registry::v1::TARGET_KIND_LEVEL,
      registry::v1::TARGET_KIND_FREQUENCY, registry::v1::TARGET_KIND_QUALITATIVE};
  target.set_kind(random.OneIn(3) ? kKinds[random.Between(0, 5)] : kKinds[0]);
  target.set_value(absl::StrCat(random.Between(1, random.OneIn(2) ? 4 : 30)));
  if (random.OneIn(3)) target.set_due_on(DayText(random));
}

void PutTask(Random& random, int64_t i, Site& site, bool removed = false) {
  registry::v1::TaskPut fact;
  registry::v1::Task& task = *fact.mutable_task();
  task.set_name(TaskName(i));
  task.set_group(absl::StrCat("g", i % 2));
  task.set_ordinal(static_cast<int32_t>(i));
  task.set_removed(removed);
  if (!random.OneIn(6)) task.add_lead_units(absl::StrCat("unit", random.Between(1, 4)));
  for (int number = 1; number <= 1 + random.Between(0, 1); ++number) {
    registry::v1::Target& target = *task.add_targets();
    target.set_number(number);
    FillTarget(random, target);
  }
  site.Registry(task.name(), fact);
}

void ApprovePlan(Random& random, int64_t i, Site& site) {
  registry::v1::PlanApproved fact;
  fact.mutable_revision()->set_name(absl::StrCat(TaskName(i), "/plans/1"));
  if (random.OneIn(2)) fact.mutable_revision()->set_starts_on(DayText(random));
  if (random.OneIn(2)) fact.mutable_revision()->set_due_on(DayText(random));
  for (const char* day : {"2024-04-30", "2024-08-31", "2024-12-31"}) {
    registry::v1::Milestone& milestone = *fact.mutable_revision()->add_milestones();
    milestone.set_due_on(day);
    milestone.set_percent(absl::StrCat(random.Between(0, 100)));
  }
  site.Registry(TaskName(i), fact);
}

std::string RandomPeriod(Random& random, absl::Time now) {
  const int64_t month = std::clamp<int64_t>(DayOf(now).month() + random.Between(-3, 1), 3, 13);
  return month == 13 || DayOf(now).year() > 2024
             ? "2024-final"
             : absl::StrCat("2024-", month < 10 ? "0" : "", month);
}

int64_t VersionOf(Site& site, const std::string& task, const std::string& period) {
  return platform::QueryInt(site.session(),
                            "SELECT COUNT(*) FROM reports WHERE task = $1 AND period = $2",
                            {task, period})
      .value();
}

void Report(Random& random, int64_t i, Site& site) {
  const std::string task = TaskName(i), period = RandomPeriod(random, site.now());
  const int version = static_cast<int>(VersionOf(site, task, period)) + 1;
  v1::ReportSubmitted fact;
  v1::Report& report = *fact.mutable_report();
  report.set_name(ReportName(task, period, version));
  report.set_version(version);
  report.set_nothing_to_report(random.OneIn(5));
  report.set_received_on(absl::FormatCivilTime(DayOf(site.now()) - random.Between(0, 3)));
  *report.mutable_record_time() = platform::ToTimestamp(site.now());
  for (int target = 1; target <= 2 && !report.nothing_to_report(); ++target) {
    v1::Measure& measure = *report.add_measures();
    measure.set_target(target);
    measure.set_value(absl::StrCat(random.Between(0, random.OneIn(2) ? 5 : 30)));
    measure.set_work_stage(static_cast<v1::WorkStage>(random.Between(0, 5)));
  }
  site.Own(task, fact);
}

void Return(Random& random, int64_t i, Site& site) {
  const std::string task = TaskName(i), period = RandomPeriod(random, site.now());
  const int64_t version = VersionOf(site, task, period);
  const auto returned = platform::QueryInt(
      site.session(),
      "SELECT COUNT(*) FROM report_returns WHERE task = $1 AND period = $2 AND version = $3",
      {task, period, version});
  if (version == 0 || *returned > 0) return;
  v1::ReportReturned fact;
  fact.set_name(ReportName(task, period));
  fact.set_version(static_cast<int32_t>(version));
  fact.set_reason("r");
  site.Own(task, fact);
}

void Exempt(Random& random, int64_t i, Site& site) {
  v1::ReportExempted fact;
  fact.set_parent(TaskName(i));
  fact.set_period(RandomPeriod(random, site.now()));
  fact.set_reason("r");
  const auto exempted = platform::QueryInt(
      site.session(), "SELECT COUNT(*) FROM exemptions WHERE task = $1 AND period = $2",
      {fact.parent(), fact.period()});
  if (*exempted == 0) site.Own(fact.parent(), fact);
}

void Change(Random& random, Site& site) {
  const int64_t task = random.Between(1, kTasks);
  switch (random.Between(0, 11)) {
    case 0:
      return PutTask(random, task, site, random.OneIn(3));
    case 1:
      return ApprovePlan(random, task, site);
    case 2:
      return Return(random, task, site);
    case 3:
      return Exempt(random, task, site);
    case 4:
      return PutProgram(site, random.OneIn(2) ? "2024-03-15" : "2024-02-11", 2);
    default:
      return Report(random, task, site);
  }
}

v1::SummarizeProgramResponse Summary(const Recount& recount, absl::Time instant) {
  return RenderSummary(kProgram, recount, instant);
}

// What the metrics say of the units.
std::map<std::string, double> UnitReports(const Overview& overview) {
  std::map<std::string, double> values;
  for (const auto& family : overview.Collect()) {
    if (family.name != "minsheng_unit_reports") continue;
    for (const auto& metric : family.metric) {
      values[absl::StrCat(metric.label[1].value, " ", metric.label[2].value)] = metric.gauge.value;
    }
  }
  return values;
}

std::map<std::string, double> UnitReports(const Recount& recount) {
  std::map<std::string, double> values;
  for (const auto& [unit, counts] : recount.by_unit) {
    for (size_t i = 0; i < counts.size(); ++i) {
      const auto state = ReportingStateName(static_cast<ReportingState>(i));
      values[absl::StrCat(unit, " ", state)] = static_cast<double>(counts[i]);
    }
  }
  return values;
}

void ExpectSame(Site& site) {
  const auto kept = site.overview().Now(kProgram);
  ASSERT_TRUE(kept.ok()) << kept.status();
  const Recount recounted = site.Recounted(site.now());
  EXPECT_EQ(Summary(*kept, site.now()).DebugString(), Summary(recounted, site.now()).DebugString());
  EXPECT_EQ(UnitReports(site.overview()), UnitReports(recounted)) << site.now();
}

void Publish(Random& random, Site& site) {
  PutProgram(site, "2024-03-15", 2);
  for (int i = 1; i <= kTasks; ++i) PutTask(random, i, site);
  site.Commit();
}

TEST(OverviewPropertyTest, CountsEqualARecountAtEveryInstant) {
  SCOPED_TRACE(::testing::Message() << "MINSHENG_TEST_SEED=" << Seed());
  Random random(Seed());
  for (int round = 0; round < 25 && !HasFailure(); ++round) {
    Site site;
    Publish(random, site);
    while (site.now() < At("2025-03-01") && !HasFailure()) {
      for (int64_t i = random.Between(0, 6); i > 0; --i) Change(random, site);
      site.Commit();
      ExpectSame(site);
      const absl::Time next = site.overview().Now(kProgram)->valid_until;
      site.MoveTo(random.OneIn(3) && next != absl::InfiniteFuture()
                      ? next - absl::Microseconds(random.Between(0, 1))
                      : site.now() + absl::Hours(random.Between(1, 24 * 20)));
      ExpectSame(site);
    }
  }
}

// Nothing differs before valid_until, and something does then: a recount says so.
TEST(OverviewPropertyTest, HoldsUntilValidUntilAndNoLonger) {
  SCOPED_TRACE(::testing::Message() << "MINSHENG_TEST_SEED=" << Seed());
  Random random(Seed());
  const auto shown = [](Site& site, absl::Time instant) {
    v1::SummarizeProgramResponse summary = Summary(site.Recounted(instant), site.now());
    summary.clear_valid_until();
    return summary.DebugString();
  };
  for (int round = 0; round < 60 && !HasFailure(); ++round) {
    Site site;
    Publish(random, site);
    for (int i = 0; i < 60; ++i) {
      site.MoveTo(site.now() + absl::Hours(random.Between(0, 24 * 8)));
      Change(random, site);
    }
    site.Commit();
    for (int i = 0; i < 12; ++i) {
      const absl::Time next = site.overview().Now(kProgram)->valid_until;
      const absl::Time end = std::min(next, At("2026-06-01"));
      const std::string now = shown(site, site.now());
      EXPECT_EQ(shown(site, site.now() + (end - site.now()) / 2), now) << site.now();
      EXPECT_EQ(shown(site, end - absl::Microseconds(1)), now) << site.now();
      if (next == absl::InfiniteFuture()) break;
      EXPECT_NE(shown(site, next), now) << site.now();
      site.MoveTo(next);
    }
  }
}

TEST(OverviewPropertyTest, LoadingEqualsRefreshing) {
  SCOPED_TRACE(::testing::Message() << "MINSHENG_TEST_SEED=" << Seed());
  Random random(Seed());
  for (int round = 0; round < 20 && !HasFailure(); ++round) {
    Site site;
    Publish(random, site);
    for (int i = 0; i < 60; ++i) {
      site.MoveTo(site.now() + absl::Hours(random.Between(0, 24 * 8)));
      Change(random, site);
    }
    site.Commit();
    const auto refreshed = Summary(*site.overview().Now(kProgram), site.now()).DebugString();
    ASSERT_TRUE(site.overview().Load(site.session()).ok());
    EXPECT_EQ(Summary(*site.overview().Now(kProgram), site.now()).DebugString(), refreshed);
    ExpectSame(site);
  }
}

TEST(OverviewTest, AProgramCountsOnceItIsPublished) {
  Random random(Seed());
  Site site;
  PutProgram(site, "2024-03-15", 2, registry::v1::PROGRAM_STATE_DRAFT);
  for (int i = 1; i <= kTasks; ++i) PutTask(random, i, site);
  site.Commit();
  EXPECT_TRUE(absl::IsNotFound(site.overview().Now(kProgram).status()));
  PutProgram(site, "2024-03-15", 2);
  site.Commit();
  ExpectSame(site);
  PutProgram(site, "2024-03-15", 2, registry::v1::PROGRAM_STATE_DRAFT);
  site.Commit();
  EXPECT_TRUE(absl::IsNotFound(site.overview().Now(kProgram).status()));
}

// What could not be read is read at the next commit.
TEST(OverviewTest, AFailedRefreshIsMadeUpFor) {
  Random random(Seed());
  Site site;
  Publish(random, site);
  ASSERT_TRUE(site.session().ExecuteScript("ALTER TABLE judgements RENAME TO away").ok());
  Report(random, 3, site);
  EXPECT_FALSE(site.Refresh().ok());
  ASSERT_TRUE(site.session().ExecuteScript("ALTER TABLE away RENAME TO judgements").ok());
  site.Commit();
  ExpectSame(site);
}

TEST(OverviewTest, WithoutACalendarForTheLastPeriodTheOthersAreCounted) {
  Random random(Seed());
  Site site(NoCalendarFor2025);
  Publish(random, site);
  site.MoveTo(At("2024-12-20"));
  ExpectSame(site);
  site.MoveTo(At("2025-01-02"));
  EXPECT_EQ(site.overview().Now(kProgram).status().message(), "no calendar");
}

}  // namespace
}  // namespace minsheng::progress
