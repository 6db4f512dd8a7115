#include "services/progress/domain/assess.h"

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/progress/domain/test_tasks.h"

namespace minsheng::progress {

void PrintTo(Light light, std::ostream* os) { *os << LightName(light); }
void PrintTo(UnratedReason reason, std::ostream* os) { *os << ReasonName(reason); }

namespace {

using test::At;
using test::Day;
using test::P;
using test::Q;
using test::TestTask;
using enum TargetKind;

Assessment Judge(const TestTask& task, absl::Time instant) { return Assess(task.input(), instant); }

Assessment Judge(const TestTask& task, absl::string_view day) { return Judge(task, At(day)); }

Light LightOn(const TestTask& task, absl::string_view day) { return Judge(task, day).light; }

UnratedReason ReasonOn(const TestTask& task, absl::string_view day) {
  return Judge(task, day).reason;
}

// vectors.md V14.

TestTask Road() {
  TestTask task;
  task.Add(kCount, "120").unit = "公里";
  task.Add(kCount, "80").part_of = 1;
  return task;
}

TestTask TwoParks() {
  TestTask task;
  task.Add(kCount, "2");
  return task;
}

TestTask TwoParksPlanned() {
  TestTask task = TwoParks();
  task.Milestone("2024-09-30", "50");
  task.Milestone("2024-11-30", "100");
  return task;
}

TestTask FiveCounts() {
  TestTask task;
  for (const char* value : {"3", "15", "400", "30", "81"}) task.Add(kCount, value);
  return task;
}

TestTask Coverage() {
  TestTask task;
  Target& target = task.Add(kCoverage, "50");
  target.stretch = Q("100");
  target.base = Q("40");
  return task;
}

TestTask OneCount(absl::string_view value) {
  TestTask task;
  task.Add(kCount, value);
  return task;
}

TestTask Event() {
  TestTask task;
  task.Add(kEvent).comparator = Comparator::kDone;
  return task;
}

TestTask With(TestTask task, absl::string_view period, const std::vector<std::string>& values) {
  task.Report(period, values);
  return task;
}

TestTask WithStage(TestTask task, absl::string_view period, WorkStage stage) {
  task.Report(period).measures.push_back({1, Quantity(), stage});
  return task;
}

struct Vector {
  const char* id;
  TestTask task;
  const char* day;
  Light light;
  const char* gap;  // of target 1 in percentage points, two decimals; "" when none
};

TestTask LevelSurveyedInNovember() {
  TestTask task;
  task.Add(kLevel, "3.7").survey_days = {Day("2024-11-30")};
  return task;
}

TestTask TwoToilets() {
  TestTask task = OneCount("2");
  task.Milestone("2024-06-30", "100");
  task.Report("2024-06", {"2"}).recorded_at = At("2024-06-12");
  return task;
}

TestTask StagedEvent() {
  TestTask task = Event();
  task.Milestone("2024-06-30", "30");
  task.Milestone("2024-12-31", "100");
  return WithStage(task, "2024-06", WorkStage::kPreparation);
}

TestTask Qualitative() {
  TestTask task;
  task.Add(kQualitative);
  return task;
}

TestTask Starts() {
  TestTask task = OneCount("41");
  task.targets[0].stage = Stage::kStart;
  return With(task, "2024-06", {"20"});
}

std::vector<Vector> Vectors() {
  const TestTask road = With(Road(), "2024-04", {"19", "15"});
  const TestTask road_may = With(road, "2024-05", {"40", "40"});
  const TestTask five_aug = With(FiveCounts(), "2024-08", {"3", "15", "0", "30", "81"});
  const TestTask five_dec = With(five_aug, "2024-12", {"3", "15", "380", "30", "81"});
  const TestTask half = With(OneCount("500"), "2024-08", {"250"});
  using enum Light;
  return {
      {"a", road, "2024-05-01", kSlightlyBehind, "-4.17"},
      {"b", road_may, "2024-05-25", kSlightlyBehind, "-4.17"},
      {"c", road_may, "2024-06-01", kAhead, "3.33"},
      {"d", With(TwoParks(), "2024-04", {"0"}), "2024-05-01", kUnrated, ""},
      {"e", With(TwoParksPlanned(), "2024-09", {"1"}), "2024-10-01", kOnSchedule, "0.00"},
      {"f", With(TwoParksPlanned(), "2024-09", {"0"}), "2024-10-01", kSeverelyBehind, "-50.00"},
      {"g", five_aug, "2024-09-01", kSeverelyBehind, ""},
      {"h", five_dec, "2025-01-01", kSeverelyBehind, ""},
      {"i", LevelSurveyedInNovember(), "2024-07-01", kUnrated, ""},
      {"j", With(Coverage(), "2024-07", {"8"}), "2024-08-01", kBehind, "-10.00"},
      {"k", With(Coverage(), "2024-07", {"4"}), "2024-08-01", kBehind, "-30.00"},
      {"l", With(Coverage(), "2024-07", {"3.98"}), "2024-08-01", kSeverelyBehind, "-30.10"},
      {"m", half, "2024-10-01", kBehind, "-10.00"},
      {"n", half, "2024-11-01", kStale, "-10.00"},
      {"o", TwoToilets(), "2024-06-12", kCompleted, "0.00"},
      {"p", StagedEvent(), "2024-07-01", kBehind, "-15.00"},
      {"q", With(Qualitative(), "2024-06", {}), "2024-07-01", kUnrated, ""},
      {"r", Starts(), "2024-07-01", kAhead, "8.78"},
      {"s", With(Road(), "2024-03", {"1", "1"}), "2024-03-20", kUnrated, ""},
  };
}

TEST(V14Test, EveryTaskHasItsLight) {
  for (const Vector& row : Vectors()) {
    const Assessment assessment = Judge(row.task, row.day);
    EXPECT_EQ(assessment.light, row.light) << "V14 " << row.id;
    const auto& gap = assessment.targets[0].gap;
    if (*row.gap) {
      EXPECT_EQ(gap.value().ToPercent(2), row.gap) << "V14 " << row.id;
    }
    EXPECT_EQ(LightAt(row.task.input(), At(row.day)), row.light) << "V14 " << row.id;
  }
}

TEST(V14Test, A_APartHasItsOwnLightAndNoSay) {
  const Assessment a = Judge(With(Road(), "2024-04", {"19", "15"}), "2024-05-01");
  EXPECT_EQ(a.targets[0].actual->ToPercent(2), "15.83");
  EXPECT_EQ(a.targets[1].actual->ToPercent(2), "18.75");
  EXPECT_EQ(a.targets[1].gap->ToPercent(2), "-1.25");
  EXPECT_TRUE(a.targets[1].is_part);
  EXPECT_EQ(a.targets[1].light, Light::kSlightlyBehind);
  EXPECT_EQ(a.deciding_target, 1);
}

TEST(V14Test, B_AReportFiledEarlyWaitsForItsMonthsEnd) {
  TestTask task = With(Road(), "2024-04", {"19", "15"});
  task.Report("2024-05", {"40", "40"}).recorded_at = At("2024-05-20");
  EXPECT_EQ(Judge(task, "2024-05-25").facts_as_of, P("2024-04"));
  EXPECT_EQ(Judge(task, "2024-05-25").valid_until, At("2024-06-01"));
  EXPECT_EQ(Judge(task, At("2024-06-01") - absl::Nanoseconds(1)).light, Light::kSlightlyBehind);
}

TEST(V14Test, D_I_Q_S_SayWhyTheyAreUnrated) {
  EXPECT_EQ(ReasonOn(With(TwoParks(), "2024-04", {"0"}), "2024-05-01"), UnratedReason::kNoPlan);
  EXPECT_EQ(ReasonOn(LevelSurveyedInNovember(), "2024-07-01"), UnratedReason::kNotSurveyed);
  EXPECT_EQ(ReasonOn(Qualitative(), "2024-07-01"), UnratedReason::kQualitative);
  EXPECT_EQ(ReasonOn(Road(), "2024-03-20"), UnratedReason::kNotBegun);
}

TEST(V14Test, G_H_TheWorstTargetDecides) {
  const TestTask august = With(FiveCounts(), "2024-08", {"3", "15", "0", "30", "81"});
  EXPECT_EQ(Judge(august, "2024-09-01").deciding_target, 3);
  const TestTask december = With(august, "2024-12", {"3", "15", "380", "30", "81"});
  EXPECT_EQ(Judge(december, "2025-01-01").targets[2].verdict, Verdict::kOverdue);
  EXPECT_EQ(Judge(december, "2025-01-01").targets[2].gap->ToPercent(), "-5.0");
}

TEST(V14Test, M_N_FactsAreCarriedOnceAndThenStale) {
  const TestTask task = With(OneCount("500"), "2024-08", {"250"});
  const Assessment carried = Judge(task, "2024-10-01");
  EXPECT_EQ(carried.facts_as_of, P("2024-08"));
  EXPECT_EQ(carried.judged, P("2024-09"));
  EXPECT_FALSE(carried.facts_current);
  EXPECT_EQ(carried.targets[0].planned->ToPercent(), "60.0");
  EXPECT_EQ(Judge(task, At("2024-11-01") - absl::Nanoseconds(1)).light, Light::kBehind);
}

TEST(V14Test, O_EarlyCompletionIsSeenAtOnce) {
  const Assessment o = Judge(TwoToilets(), "2024-06-12");
  EXPECT_EQ(o.completed_on, Day("2024-06-12"));
  EXPECT_EQ(o.timing, Timing::kEarly);
  EXPECT_TRUE(o.facts_current);
  EXPECT_EQ(o.deciding_target, 0);
  EXPECT_EQ(LightOn(TwoToilets(), "2025-06-01"), Light::kCompleted);
}

TEST(V14Test, T_AProjectTakesItsWorstRatedTask) {
  using enum Light;
  EXPECT_EQ(WorstOf({kAhead, kBehind, kUnrated}), kBehind);
  EXPECT_EQ(WorstOf({kUnrated, kUnrated}), kUnrated);
  EXPECT_EQ(WorstOf({}), kUnrated);
  EXPECT_EQ(WorstOf({kCompleted, kCompleted}), kCompleted);
  EXPECT_EQ(WorstOf({kCompleted, kUnrated}), kAhead);
  EXPECT_EQ(WorstOf({kCompleted, kOnSchedule}), kOnSchedule);
  EXPECT_EQ(WorstOf({kStale, kSlightlyBehind}), kStale);
  EXPECT_EQ(WorstOf({kStale, kBehind}), kBehind);
}

// vectors.md V8, Yinchuan; the light between 0 and 10 points is ours.

struct GapRow {
  const char* actual;
  Light light;
};

TEST(GapTest, YinchuansPoints) {
  const std::vector<GapRow> rows = {
      {"50", Light::kOnSchedule},
      {"45", Light::kSlightlyBehind},
      {"40", Light::kBehind},
      {"20", Light::kBehind},
      {"19.99", Light::kSeverelyBehind},
      {"40.0001", Light::kSlightlyBehind},
      {"49.9999", Light::kSlightlyBehind},
      {"50.0001", Light::kAhead},
      {"20.0001", Light::kBehind},
      {"19.999999", Light::kSeverelyBehind},
      {"0", Light::kSeverelyBehind},
      {"99.999999", Light::kAhead},
      {"100", Light::kCompleted},
      {"130", Light::kCompleted},
  };
  for (const GapRow& row : rows) {
    TestTask task = OneCount("100");
    task.Milestone("2024-06-30", "50");
    task.Report("2024-06", {row.actual});
    EXPECT_EQ(LightOn(task, "2024-07-01"), row.light) << row.actual;
  }
}

TEST(GapTest, ThirdsAreNotRounded) {
  TestTask task = OneCount("30");
  task.Milestone("2024-06-30", "43.333333");
  task.Report("2024-06", {"10"});
  EXPECT_EQ(LightOn(task, "2024-07-01"), Light::kSlightlyBehind);
  task.plan->milestones[0].percent = Q("43.333334");
  EXPECT_EQ(LightOn(task, "2024-07-01"), Light::kBehind);
}

// Rated or not.

TEST(RatedTest, ACountOfTenIsRatedByTime) {
  EXPECT_EQ(LightOn(With(OneCount("10"), "2024-04", {"2"}), "2024-05-01"), Light::kOnSchedule);
  EXPECT_EQ(ReasonOn(With(OneCount("9.99"), "2024-04", {"2"}), "2024-05-01"),
            UnratedReason::kNoPlan);
}

TEST(RatedTest, APlanWithoutMilestonesLeavesTheTimeCurve) {
  TestTask task = With(OneCount("10"), "2024-04", {"2"});
  task.ThePlan();
  const Assessment a = Judge(task, "2024-05-01");
  EXPECT_EQ(a.targets[0].plan_source, PlanSource::kTimeCurve);
  EXPECT_EQ(a.plan_revision, 1);
}

TEST(RatedTest, OwnMilestonesComeBeforeTheTasks) {
  TestTask task;
  task.Add(kCount, "10");
  task.Add(kCount, "10");
  task.Milestone("2024-04-30", "50");
  task.Milestone("2024-04-30", "10", 2);
  task.Report("2024-04", {"5", "1"});
  const Assessment a = Judge(task, "2024-05-01");
  EXPECT_EQ(a.targets[0].planned, Ratio(1, 2));
  EXPECT_EQ(a.targets[1].planned, Ratio(1, 10));
}

TEST(RatedTest, MilestonesStepOnTheirDay) {
  TestTask task = OneCount("2");
  task.Milestone("2024-06-30", "50");
  task.Milestone("2024-07-01", "100");
  task.Report("2024-05", {"0"});
  EXPECT_EQ(Judge(task, "2024-06-01").targets[0].planned, Ratio());
  task.Report("2024-06", {"1"});
  EXPECT_EQ(Judge(task, "2024-07-01").targets[0].planned, Ratio(1, 2));
}

TEST(RatedTest, ThePlansStartMovesTheCurve) {
  TestTask task = OneCount("100");
  task.ThePlan().starts_on = Day("2024-07-10");
  task.Report("2024-06", {"1"});
  EXPECT_EQ(Judge(task, "2024-07-01").targets[0].planned, Ratio());
  task.Report("2024-07", {"2"});
  EXPECT_EQ(Judge(task, "2024-08-01").targets[0].planned, Ratio(1, 6));
}

TEST(RatedTest, TheDueMonthEndsTheCurve) {
  TestTask task = OneCount("100");
  task.targets[0].due_on = Day("2024-06-15");
  task.Report("2024-05", {"75"});
  EXPECT_EQ(Judge(task, "2024-06-01").targets[0].planned, Ratio(3, 4));
  EXPECT_EQ(LightOn(task, "2024-06-01"), Light::kOnSchedule);
  task.Report("2024-08", {"100"}).recorded_at = At("2024-09-02");
  EXPECT_EQ(Judge(task, "2024-09-02").targets[0].planned, Ratio(1, 1));
}

TEST(RatedTest, AWindowThatEndsBeforeItBeginsIsItsLastMonth) {
  TestTask task = OneCount("100");
  task.targets[0].due_on = Day("2024-02-29");
  task.Report("2024-03", {"1"});
  EXPECT_EQ(Judge(task, "2024-04-01").targets[0].planned, Ratio(1, 1));
}

TEST(RatedTest, CoverageNeedsItsBase) {
  TestTask task = With(Coverage(), "2024-07", {"8"});
  task.targets[0].base.reset();
  EXPECT_EQ(ReasonOn(task, "2024-08-01"), UnratedReason::kNoBase);
  EXPECT_EQ(ReasonOn(task, "2025-02-01"), UnratedReason::kNoBase);
  task.targets[0].base = Quantity();
  EXPECT_EQ(ReasonOn(task, "2024-08-01"), UnratedReason::kNoBase);
}

TEST(RatedTest, CoverageOfAllIsTheWholeBase) {
  TestTask task = With(Coverage(), "2024-07", {"20"});
  task.targets[0].comparator = Comparator::kAll;
  EXPECT_EQ(Judge(task, "2024-08-01").targets[0].actual, Ratio(1, 2));
  EXPECT_EQ(LightOn(task, "2024-08-01"), Light::kOnSchedule);
  EXPECT_EQ(LightOn(With(task, "2024-08", {"40"}), "2024-08-31"), Light::kCompleted);
}

TEST(RatedTest, EventsAndSmallCountsAreRatedOnceOverdue) {
  TestTask event = WithStage(Event(), "2024-12", WorkStage::kBuilt);
  EXPECT_EQ(ReasonOn(event, "2024-12-31"), UnratedReason::kNoPlan);
  EXPECT_EQ(LightOn(event, "2025-01-01"), Light::kSeverelyBehind);
  EXPECT_EQ(LightOn(With(TwoParks(), "2024-12", {"1"}), "2025-01-01"), Light::kSeverelyBehind);
}

TEST(RatedTest, EventStagesArePercents) {
  const std::vector<std::pair<WorkStage, int>> rows = {
      {WorkStage::kNone, 0},     {WorkStage::kPreparation, 15}, {WorkStage::kStarted, 30},
      {WorkStage::kHalfway, 60}, {WorkStage::kBuilt, 90},       {WorkStage::kAccepted, 100}};
  for (const auto& [stage, percent] : rows) {
    const Assessment a = Judge(WithStage(Event(), "2024-06", stage), "2024-07-01");
    EXPECT_EQ(a.targets[0].actual, Ratio(percent, 100));
  }
}

TEST(RatedTest, OverdueWithoutFactsDoesNotRate) {
  TestTask task = TwoParks();
  EXPECT_EQ(ReasonOn(task, "2025-01-01"), UnratedReason::kNoPlan);
  EXPECT_EQ(ReasonOn(With(task, "2024-12", {}), "2025-01-01"), UnratedReason::kNoPlan);
}

TEST(RatedTest, AFrequencyIsRatedOnceMetOrDue) {
  TestTask task;
  task.Add(kFrequency, "2").due_on = Day("2024-09-30");
  task.Add(kQualitative);
  task.Report("2024-08", {"1"});
  EXPECT_EQ(ReasonOn(task, "2024-09-01"), UnratedReason::kNotDue);
  EXPECT_EQ(LightOn(task, "2024-09-30"), Light::kUnrated);
  EXPECT_EQ(LightOn(task, "2024-10-01"), Light::kSeverelyBehind);
  EXPECT_EQ(LightOn(With(task, "2024-09", {"3"}), "2024-10-01"), Light::kOnSchedule);
  EXPECT_EQ(Judge(With(task, "2024-09", {"3"}), "2024-10-01").targets[0].actual, Ratio(1, 1));
}

TEST(RatedTest, AServiceIsNeverRated) {
  TestTask task;
  task.Add(kService, "5");
  EXPECT_EQ(ReasonOn(With(task, "2024-12", {"5"}), "2025-02-01"), UnratedReason::kQualitative);
  EXPECT_EQ(ReasonOn(TestTask(), "2025-02-01"), UnratedReason::kQualitative);
}

TEST(RatedTest, TheFirstGoalsReasonIsTheTasks) {
  TestTask task;
  task.Add(kCount, "2");
  task.Add(kQualitative);
  EXPECT_EQ(ReasonOn(task, "2024-07-01"), UnratedReason::kNoPlan);
  std::swap(task.targets[0].kind, task.targets[1].kind);
  EXPECT_EQ(ReasonOn(task, "2024-07-01"), UnratedReason::kQualitative);
}

TEST(RatedTest, ATargetOfNothingIsNotReachedByNothing) {
  EXPECT_EQ(ReasonOn(With(OneCount("0"), "2024-06", {"0"}), "2024-07-01"), UnratedReason::kNoPlan);
}

// Levels.

TestTask Level(absl::string_view value, absl::string_view baseline, absl::string_view stated) {
  TestTask task;
  Target& target = task.Add(kLevel, value);
  target.survey_days = {Day("2024-06-10")};
  if (!baseline.empty()) target.baseline = Q(baseline);
  task.Report("2024-06", {std::string(stated)});
  return task;
}

TEST(LevelTest, IsMeasuredFromItsBaseline) {
  struct Row {
    const char *value, *baseline, *stated, *percent;
    Light light;
  };
  const std::vector<Row> rows = {
      {"4", "3", "3.9", "90.0", Light::kBehind},
      {"4", "3", "3.95", "95.0", Light::kSlightlyBehind},
      {"4", "3", "3.7", "70.0", Light::kBehind},
      {"4", "3", "3.69", "69.0", Light::kSeverelyBehind},
      {"4", "3", "2", "0.0", Light::kSeverelyBehind},
      {"4", "3", "5", "100.0", Light::kCompleted},
      {"4", "4", "3.9", "0.0", Light::kSeverelyBehind},
      {"4", "4", "4", "100.0", Light::kCompleted},
      {"4", "5", "3.9", "0.0", Light::kSeverelyBehind},
      {"4", "", "3", "75.0", Light::kBehind},
      {"4", "", "8", "100.0", Light::kCompleted},
  };
  for (const Row& row : rows) {
    const Assessment a = Judge(Level(row.value, row.baseline, row.stated), "2024-07-01");
    const std::string name = absl::StrCat(row.value, " from ", row.baseline, " at ", row.stated);
    EXPECT_EQ(a.targets[0].actual->ToPercent(), row.percent) << name;
    EXPECT_EQ(a.light, row.light) << name;
  }
}

TEST(LevelTest, LowerIsBetterIsMetOrNot) {
  TestTask met = Level("5", "8", "5");
  met.targets[0].comparator = Comparator::kAtMost;
  EXPECT_EQ(LightOn(met, "2024-07-01"), Light::kCompleted);
  TestTask missed = Level("5", "8", "5.01");
  missed.targets[0].comparator = Comparator::kAtMost;
  EXPECT_EQ(LightOn(missed, "2024-07-01"), Light::kSeverelyBehind);
  EXPECT_EQ(Judge(missed, "2024-07-01").targets[0].actual, Ratio());
}

TEST(LevelTest, ABoundThatIsNotEnoughItselfIsMetOrNot) {
  struct Row {
    Comparator comparator;
    const char* stated;
    Light light;
  };
  const std::vector<Row> rows = {
      {Comparator::kMoreThan, "85.1", Light::kSeverelyBehind},
      {Comparator::kMoreThan, "85.100001", Light::kCompleted},
      {Comparator::kLessThan, "85.1", Light::kSeverelyBehind},
      {Comparator::kLessThan, "85.099999", Light::kCompleted},
  };
  for (const Row& row : rows) {
    TestTask task = Level("85.1", "80", row.stated);
    task.targets[0].comparator = row.comparator;
    const Assessment a = Judge(task, "2024-07-01");
    EXPECT_EQ(a.light, row.light) << row.stated;
    EXPECT_EQ(a.targets[0].actual->ToPercent(), row.light == Light::kCompleted ? "100.0" : "0.0");
  }
}

TEST(LevelTest, IsUnratedBetweenSurveys) {
  TestTask task = With(Level("4", "3", "3.95"), "2024-07", {""});
  EXPECT_EQ(LightOn(task, "2024-07-01"), Light::kSlightlyBehind);
  EXPECT_EQ(ReasonOn(task, "2024-08-01"), UnratedReason::kNotSurveyed);
  task.targets[0].due_on = Day("2024-07-31");
  EXPECT_EQ(LightOn(task, "2024-08-01"), Light::kSeverelyBehind);
}

TEST(LevelTest, WithoutSurveyDaysTheDueDayIsOne) {
  TestTask task = Level("4", "3", "3.95");
  task.targets[0].survey_days.clear();
  EXPECT_EQ(ReasonOn(task, "2024-07-01"), UnratedReason::kNotSurveyed);
  task.targets[0].due_on = Day("2024-06-30");
  EXPECT_EQ(Judge(task, "2024-07-01").targets[0].verdict, Verdict::kOverdue);
}

TEST(LevelTest, ASurveyWithoutAValueIsStale) {
  TestTask task = LevelSurveyedInNovember();
  task.Report("2024-11");
  EXPECT_EQ(LightOn(task, "2024-12-01"), Light::kStale);
  EXPECT_EQ(Judge(task, "2024-12-01").deciding_target, 1);
}

TEST(LevelTest, AReachedLevelIsKeptBetweenSurveysWhileOthersAreUnrated) {
  TestTask task = Level("4", "3", "4.2");
  task.Add(kQualitative);
  EXPECT_EQ(LightOn(task, "2024-07-01"), Light::kOnSchedule);
  EXPECT_EQ(LightOn(With(task, "2024-07", {}), "2024-08-01"), Light::kOnSchedule);
}

// Overdue, not started, stale.

TEST(OverdueTest, BeginsTheDayAfterTheDueDay) {
  TestTask task = OneCount("100");
  task.targets[0].due_on = Day("2024-06-15");
  task.Report("2024-05", {"99"});
  EXPECT_EQ(Judge(task, At("2024-06-16") - absl::Nanoseconds(1)).light, Light::kAhead);
  EXPECT_EQ(LightOn(task, "2024-06-16"), Light::kSeverelyBehind);
  EXPECT_EQ(Judge(task, "2024-06-01").valid_until, At("2024-06-16"));
}

TEST(OverdueTest, TheTargetsDayComesBeforeThePlansBeforeTheYears) {
  TestTask task = With(OneCount("100"), "2024-05", {"1"});
  EXPECT_EQ(Judge(task, "2024-06-01").targets[0].due_on, Day("2024-12-31"));
  task.ThePlan().due_on = Day("2024-10-31");
  EXPECT_EQ(Judge(task, "2024-06-01").targets[0].due_on, Day("2024-10-31"));
  task.targets[0].due_on = Day("2024-11-30");
  EXPECT_EQ(Judge(task, "2024-06-01").targets[0].due_on, Day("2024-11-30"));
}

TestTask PlannedStart(absl::string_view day) {
  TestTask task = OneCount("100");
  task.ThePlan().starts_on = Day(day);
  return task;
}

TEST(NotStartedTest, IsYellowTwiceAndThenRed) {
  TestTask task = PlannedStart("2024-04-20");
  task.Milestone("2024-12-31", "100");
  const std::vector<std::pair<const char*, Light>> rows = {{"2024-03", Light::kOnSchedule},
                                                           {"2024-04", Light::kBehind},
                                                           {"2024-05", Light::kBehind},
                                                           {"2024-06", Light::kSeverelyBehind}};
  for (const auto& [period, light] : rows) {
    task.Report(period, {"0"});
    const Assessment a = Judge(task, P(period).End());
    EXPECT_EQ(a.light, light) << period;
    EXPECT_EQ(a.targets[0].verdict == Verdict::kNotStarted, light != Light::kOnSchedule);
  }
}

TEST(NotStartedTest, IsAFloorUnderAWorseGap) {
  TestTask task = PlannedStart("2024-04-20");
  task.Milestone("2024-04-30", "40");
  task.Report("2024-04", {"0"});
  EXPECT_EQ(LightOn(task, "2024-05-01"), Light::kSeverelyBehind);
  EXPECT_EQ(Judge(task, "2024-05-01").targets[0].verdict, Verdict::kByGap);
}

TEST(NotStartedTest, AStartedOnDayOrAnyValueLiftsIt) {
  TestTask task = PlannedStart("2024-04-20");
  task.Milestone("2024-12-31", "100");
  task.Report("2024-04", {"0"}).started_on = Day("2024-04-30");
  EXPECT_EQ(LightOn(task, "2024-05-01"), Light::kOnSchedule);
  task.facts[0].started_on = Day("2024-05-01");
  EXPECT_EQ(LightOn(task, "2024-05-01"), Light::kBehind);
  task.facts[0].started_on.reset();
  task.facts[0].measures[0].value = Q("0.1");
  EXPECT_EQ(LightOn(task, "2024-05-01"), Light::kAhead);
}

TEST(NotStartedTest, AStartIsCarriedByLaterReports) {
  TestTask task = PlannedStart("2024-04-20");
  task.Milestone("2024-12-31", "100");
  task.Report("2024-04", {"0"}).started_on = Day("2024-04-25");
  task.Report("2024-05");
  EXPECT_EQ(LightOn(task, "2024-06-01"), Light::kOnSchedule);
}

TEST(NotStartedTest, HasNoSayInPartsAndUnratedGoals) {
  TestTask task;
  task.Add(kCount, "2");
  task.Add(kCount, "100").part_of = 1;
  task.ThePlan().starts_on = Day("2024-04-20");
  task.Milestone("2024-12-31", "100", 2);
  task.Report("2024-04", {"0", "0"});
  EXPECT_EQ(ReasonOn(task, "2024-05-01"), UnratedReason::kNoPlan);
  EXPECT_EQ(Judge(task, "2024-05-01").targets[1].light, Light::kOnSchedule);
}

TEST(StaleTest, WithoutAnyReport) {
  EXPECT_EQ(LightOn(Road(), "2024-04-01"), Light::kStale);
  EXPECT_EQ(Judge(Road(), "2024-04-01").facts_as_of, std::nullopt);
  EXPECT_TRUE(Judge(Road(), "2024-04-01").facts_current);
  EXPECT_EQ(LightOn(Road(), "2025-06-01"), Light::kStale);
}

TEST(StaleTest, WhenARatedGoalWasNeverStated) {
  TestTask task;
  task.Add(kCount, "100");
  task.Add(kCount, "100");
  task.Report("2024-04", {"0"});
  const Assessment a = Judge(task, "2024-05-01");
  EXPECT_EQ(a.light, Light::kStale);
  EXPECT_EQ(a.deciding_target, 2);
  EXPECT_EQ(a.targets[0].light, Light::kBehind);
}

TEST(StaleTest, AReportOfNoProgressIsAReportAndCarriesValues) {
  TestTask task = With(OneCount("500"), "2024-08", {"250"});
  task.Report("2024-09");
  const Assessment a = Judge(task, "2024-11-01");
  EXPECT_EQ(a.light, Light::kBehind);
  EXPECT_EQ(a.facts_as_of, P("2024-09"));
  EXPECT_EQ(a.targets[0].stated_period, P("2024-08"));
  EXPECT_EQ(a.targets[0].gap->ToPercent(), "-20.0");
}

TEST(StaleTest, AReachedTargetStaysReachedInAStaleTask) {
  TestTask task;
  task.Add(kCount, "10");
  task.Add(kCount, "10");
  task.Report("2024-04", {"10", "3"});
  const Assessment a = Judge(task, "2024-08-01");
  EXPECT_EQ(a.light, Light::kStale);
  EXPECT_EQ(a.deciding_target, 0);
  EXPECT_EQ(a.targets[0].light, Light::kCompleted);
  EXPECT_EQ(a.targets[1].light, Light::kStale);
}

TEST(StaleTest, TheClosingPeriodFollowsDecember) {
  TestTask task = OneCount("500");
  task.targets[0].due_on = Day("2025-06-30");
  task.Report("2024-11", {"490"});
  EXPECT_EQ(LightOn(task, "2025-01-15"), Light::kAhead);
  EXPECT_EQ(LightOn(task, "2025-01-16"), Light::kStale);
}

// Completion, final period.

TEST(CompletedTest, TimingIsByTheLatestDueDayOfTheGoals) {
  TestTask task;
  task.Add(kCount, "10").due_on = Day("2024-06-30");
  task.Add(kCount, "10").due_on = Day("2024-07-31");
  Target& part = task.Add(kCount, "5");
  part.part_of = 1;
  part.due_on = Day("2024-12-31");
  task.Report("2024-07", {"10", "10"});
  const std::vector<std::pair<const char*, Timing>> rows = {{"2024-07-30", Timing::kEarly},
                                                            {"2024-07-31", Timing::kOnTime},
                                                            {"2024-08-01", Timing::kLate}};
  for (const auto& [day, timing] : rows) {
    task.facts[0].recorded_at = At(day) + absl::Hours(23);
    EXPECT_EQ(Judge(task, "2024-08-02").timing, timing) << day;
    EXPECT_EQ(Judge(task, "2024-08-02").completed_on, Day(day));
  }
}

TEST(CompletedTest, CountsFromTheFirstOfTheUnbrokenRun) {
  TestTask task = OneCount("10");
  task.Report("2024-04", {"10"});
  task.Report("2024-05", {"9"});
  task.Report("2024-06", {"10"});
  task.Report("2024-07");
  task.Report("2024-08", {"12"});
  const Assessment a = Judge(task, "2024-09-01");
  EXPECT_EQ(a.light, Light::kCompleted);
  EXPECT_EQ(a.completed_on, Day("2024-06-30"));
  EXPECT_TRUE(a.exceeded);
}

TEST(CompletedTest, APartHasNoSay) {
  const Assessment a = Judge(With(Road(), "2024-05", {"120", "10"}), "2024-06-01");
  EXPECT_EQ(a.light, Light::kCompleted);
  EXPECT_EQ(a.targets[1].light, Light::kBehind);
  EXPECT_FALSE(a.exceeded);
}

TEST(CompletedTest, NeedsEveryGoalAlsoTheUnrateable) {
  TestTask task = With(OneCount("10"), "2024-05", {"10"});
  task.Add(kQualitative);
  EXPECT_EQ(LightOn(task, "2024-06-01"), Light::kAhead);
  EXPECT_EQ(Judge(task, "2024-06-01").deciding_target, 0);
  task.facts[0].period = P("2024-12");
  EXPECT_EQ(LightOn(task, "2025-01-01"), Light::kOnSchedule);
}

TEST(CompletedTest, ASmallCountNeedsNoPlanToBeCompleted) {
  const Assessment a = Judge(With(TwoParks(), "2024-05", {"2"}), "2024-05-20");
  EXPECT_EQ(a.light, Light::kCompleted);
  EXPECT_EQ(a.targets[0].light, Light::kCompleted);
  EXPECT_EQ(a.targets[0].reason, UnratedReason::kNone);
}

TEST(CompletedTest, IsSeenBeforeTheFirstPeriodEnds) {
  EXPECT_EQ(LightOn(With(OneCount("10"), "2024-03", {"10"}), "2024-03-20"), Light::kCompleted);
}

TEST(CompletedTest, ALevelThatFellAgainIsNotCompleted) {
  TestTask task = With(Level("4", "3", "4"), "2024-07", {"3.9"});
  EXPECT_EQ(LightOn(task, "2024-08-01"), Light::kUnrated);
  EXPECT_EQ(Judge(task, "2024-07-10").light, Light::kCompleted);
  EXPECT_EQ(Judge(task, "2024-07-10").completed_on, Day("2024-06-30"));
}

TEST(FinalPeriodTest, IsJudgedByDecembersPlan) {
  TestTask task = OneCount("500");
  task.targets[0].due_on = Day("2025-03-31");
  task.Report("2024-final", {"400"});
  const Assessment a = Judge(task, "2025-01-16");
  EXPECT_EQ(a.judged, P("2024-final"));
  EXPECT_EQ(a.targets[0].planned, Ratio(10, 13));
  EXPECT_EQ(a.light, Light::kAhead);
  EXPECT_EQ(a.valid_until, At("2025-04-01"));
  EXPECT_EQ(Judge(task, "2025-04-01").light, Light::kSeverelyBehind);
  EXPECT_EQ(Judge(task, "2025-04-01").valid_until, absl::InfiniteFuture());
}

TEST(FinalPeriodTest, AReportFiledInJanuaryCompletesAtOnceAndLate) {
  TestTask task = OneCount("500");
  task.Report("2024-12", {"499"});
  task.Report("2024-final", {"500"}).recorded_at = At("2025-01-08");
  EXPECT_EQ(LightOn(task, "2025-01-08"), Light::kCompleted);
  EXPECT_EQ(Judge(task, "2025-01-08").timing, Timing::kLate);
}

TEST(LightsFromTest, StepsThroughAYearWithoutReports) {
  const TestTask task = With(OneCount("500"), "2024-08", {"250"});
  const std::vector<LightStep> expected = {
      {At("2024-09-10"), Light::kBehind, false},
      {At("2024-10-01"), Light::kBehind, true},
      {At("2024-11-01"), Light::kStale, true},
  };
  EXPECT_EQ(LightsFrom(task.input(), At("2024-09-10")), expected);
}

TEST(NamesTest, AreThoseOfTheProtosAndOfTheField) {
  EXPECT_EQ(LightName(Light::kOnSchedule), "ON_SCHEDULE");
  EXPECT_EQ(LightWord(Light::kOnSchedule), "按序时");
  EXPECT_EQ(ReasonName(UnratedReason::kNoPlan), "NO_PLAN");
  EXPECT_EQ(ReasonWord(UnratedReason::kNoPlan), "未报节点计划");
  for (int light = 0; light < kLightCount; ++light) {
    EXPECT_NE(LightName(static_cast<Light>(light)), "");
    EXPECT_NE(LightWord(static_cast<Light>(light)), "");
  }
}

}  // namespace
}  // namespace minsheng::progress
