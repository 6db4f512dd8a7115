#include "services/progress/domain/reporting.h"

#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/progress/domain/test_tasks.h"

namespace minsheng::progress {
namespace {

using test::At;
using test::Day;
using test::P;
using test::Q;
using test::TestTask;
using enum TargetKind;

constexpr absl::Duration kNoon = absl::Hours(12);

ReportingInput June(absl::Span<const ReportVersion> versions) {
  return {P("2024-06"), Day("2024-07-01"), versions, false, std::nullopt};
}

ReportingState StateOf(const std::vector<ReportVersion>& versions, absl::string_view day) {
  return ReportingStateAt(June(versions), At(day) + kNoon);
}

TEST(ReportingStateTest, TheWholeDueDayCounts) {
  EXPECT_EQ(StateOf({}, "2024-06-15"), ReportingState::kNotDue);
  EXPECT_EQ(ReportingStateAt(June({}), At("2024-07-02") - absl::Nanoseconds(1)),
            ReportingState::kNotDue);
  EXPECT_EQ(ReportingStateAt(June({}), At("2024-07-02")), ReportingState::kMissing);
}

TEST(ReportingStateTest, V14_M_SeptemberIsMissingFromOctober) {
  const ReportingInput september{P("2024-09"), Day("2024-09-30"), {}, false, std::nullopt};
  EXPECT_EQ(ReportingStateAt(september, At("2024-10-01")), ReportingState::kMissing);
}

TEST(ReportingStateTest, IsOnTimeByTheReceivedDay) {
  EXPECT_EQ(StateOf({{1, Day("2024-07-01")}}, "2024-07-03"), ReportingState::kOnTime);
  EXPECT_EQ(StateOf({{1, Day("2024-07-02")}}, "2024-07-03"), ReportingState::kLate);
}

TEST(ReportingStateTest, ACorrectionKeepsTheFirstVersionsDay) {
  EXPECT_EQ(StateOf({{1, Day("2024-06-28")}, {2, Day("2024-07-05")}}, "2024-07-06"),
            ReportingState::kOnTime);
}

TEST(ReportingStateTest, AReturnedVersionDoesNotCount) {
  const ReportVersion returned{1, Day("2024-06-28"), false, true};
  EXPECT_EQ(StateOf({returned}, "2024-07-06"), ReportingState::kReturned);
  EXPECT_EQ(StateOf({returned, {2, Day("2024-07-05")}}, "2024-07-06"), ReportingState::kLate);
  EXPECT_EQ(StateOf({returned, {2, Day("2024-07-01")}}, "2024-07-06"), ReportingState::kOnTime);
}

TEST(ReportingStateTest, NothingToReportIsAnAnswerOfTheNewestVersion) {
  EXPECT_EQ(StateOf({{1, Day("2024-07-05"), true}}, "2024-07-06"),
            ReportingState::kNothingToReport);
  EXPECT_EQ(StateOf({{1, Day("2024-06-28"), true}, {2, Day("2024-06-29")}}, "2024-07-06"),
            ReportingState::kOnTime);
}

TEST(ReportingStateTest, AnExemptOrCompletedTaskOwesNone) {
  ReportingInput input = June({});
  input.completed_on = Day("2024-07-01");
  EXPECT_EQ(ReportingStateAt(input, At("2024-06-12")), ReportingState::kExempt);
  input.completed_on = Day("2024-07-02");
  EXPECT_EQ(ReportingStateAt(input, At("2024-07-03")), ReportingState::kMissing);
  input.exempted = true;
  EXPECT_EQ(ReportingStateAt(input, At("2024-07-03")), ReportingState::kExempt);
}

TEST(ReportingStateTest, HasANameAndAWord) {
  EXPECT_EQ(ReportingStateName(ReportingState::kNothingToReport), "NOTHING_TO_REPORT");
  EXPECT_EQ(ReportingStateWord(ReportingState::kLate), "迟报");
  for (int state = 0; state < kReportingStateCount; ++state) {
    EXPECT_NE(ReportingStateName(static_cast<ReportingState>(state)), "");
    EXPECT_NE(ReportingStateWord(static_cast<ReportingState>(state)), "");
  }
}

// CheckReport.

// Targets: 1 count, 2 coverage of 40, 3 event, 4 level, 5 qualitative.
TestTask Mixed() {
  TestTask task;
  task.Add(kCount, "120").indicator = "改造管网";
  task.targets.back().unit = "公里";
  task.Add(kCoverage, "50").base = Q("40");
  task.Add(kEvent);
  task.Add(kLevel, "3.7");
  task.Add(kQualitative);
  return task;
}

std::vector<Measure> FullMeasures() {
  return {{1, Q("10")}, {2, Q("20")}, {3, Quantity(), WorkStage::kHalfway}, {4, Q("3")}};
}

TestTask WithMay() {
  TestTask task = Mixed();
  task.Report("2024-05").measures = FullMeasures();
  return task;
}

ReportDraft Draft(absl::string_view period, std::vector<Measure> measures) {
  ReportDraft draft;
  draft.period = P(period);
  draft.measures = std::move(measures);
  return draft;
}

absl::Status CheckAt(const TestTask& task, const ReportDraft& draft, absl::string_view day) {
  return CheckReport(task.span, task.targets, task.facts, draft, At(day) + kNoon);
}

std::string Payload(const absl::Status& status, absl::string_view url) {
  return std::string(status.GetPayload(url).value_or(absl::Cord()));
}

// "REASON field", or "OK".
std::string Answer(const TestTask& task, const ReportDraft& draft,
                   absl::string_view day = "2024-07-10") {
  const absl::Status status = CheckAt(task, draft, day);
  if (status.ok()) return "OK";
  EXPECT_NE(status.message(), "");
  return absl::StrCat(Payload(status, "minsheng/reason"), " ", Payload(status, "minsheng/field"));
}

TEST(CheckReportTest, AcceptsAFullFirstReportAndAPartialSecond) {
  EXPECT_EQ(Answer(Mixed(), Draft("2024-05", FullMeasures())), "OK");
  EXPECT_EQ(Answer(WithMay(), Draft("2024-06", {{1, Q("10")}})), "OK");
}

TEST(CheckReportTest, PeriodsOpenWithTheirMonth) {
  const TestTask task = WithMay();
  const std::vector<Measure> more = {{1, Q("12")}};
  EXPECT_EQ(Answer(task, Draft("2024-02", more)), "PERIOD_BEFORE_FIRST period");
  EXPECT_EQ(Answer(task, Draft("2024-08", more)), "PERIOD_NOT_BEGUN period");
  EXPECT_EQ(Answer(task, Draft("2024-07", more), "2024-07-01"), "OK");
  EXPECT_EQ(Answer(task, Draft("2025-01", more), "2025-02-01"), "PERIOD_AFTER_LAST period");
  EXPECT_EQ(Answer(task, Draft("2024-final", more), "2024-12-31"), "PERIOD_NOT_BEGUN period");
  EXPECT_EQ(Answer(task, Draft("2024-final", more), "2025-01-01"), "OK");
  EXPECT_EQ(CheckAt(task, Draft("2024-02", more), "2024-07-10").code(),
            absl::StatusCode::kOutOfRange);
}

TEST(CheckReportTest, AnEarlierYearsClosingPeriodIsNone) {
  TestTask task = WithMay();
  task.span = PeriodSpan::Of(2024, Day("2023-11-20"));
  EXPECT_EQ(Answer(task, Draft("2023-final", {{1, Q("1")}})), "PERIOD_BEFORE_FIRST period");
  EXPECT_EQ(Answer(task, Draft("2023-12", {{1, Q("1")}})), "OK");
}

TEST(CheckReportTest, TargetsAreKnownAndStatedOnce) {
  EXPECT_EQ(Answer(WithMay(), Draft("2024-06", {{1, Q("10")}, {9, Q("1")}})),
            "UNKNOWN_TARGET measures[1].target");
  EXPECT_EQ(Answer(WithMay(), Draft("2024-06", {{1, Q("10")}, {2, Q("20")}, {1, Q("11")}})),
            "TARGET_STATED_TWICE measures[2].target");
}

TEST(CheckReportTest, ValuesStayWithinTheirBounds) {
  EXPECT_EQ(Answer(WithMay(), Draft("2024-06", {{1, Q("-0.1")}})),
            "NEGATIVE_VALUE measures[0].value");
  EXPECT_EQ(Answer(WithMay(), Draft("2024-06", {{2, Q("40")}})), "OK");
  EXPECT_EQ(Answer(WithMay(), Draft("2024-06", {{2, Q("40.5")}})), "ABOVE_BASE measures[0].value");
}

TEST(CheckReportTest, OnlyEventsHaveStages) {
  EXPECT_EQ(Answer(WithMay(), Draft("2024-06", {{3, Q("60")}})), "STAGE_MISSING measures[0].stage");
  EXPECT_EQ(Answer(WithMay(), Draft("2024-06", {{1, Q("10"), WorkStage::kBuilt}})),
            "STAGE_MISSING measures[0].stage");
}

TEST(CheckReportTest, TheFirstReportStatesEveryGoal) {
  std::vector<Measure> measures = FullMeasures();
  measures.erase(measures.begin() + 1);
  EXPECT_EQ(Answer(Mixed(), Draft("2024-05", measures)), "MEASURE_MISSING measures");
  EXPECT_EQ(Answer(Mixed(), Draft("2024-05", {})), "MEASURE_MISSING measures");
  EXPECT_EQ(Answer(WithMay(), Draft("2024-05", measures)), "MEASURE_MISSING measures");
}

TEST(CheckReportTest, LevelsAndPartsMayComeLater) {
  TestTask task = Mixed();
  Target& part = task.Add(kCount, "80");
  part.part_of = 1;
  std::vector<Measure> measures = FullMeasures();
  measures.pop_back();
  EXPECT_EQ(Answer(task, Draft("2024-05", measures)), "OK");
}

TEST(CheckReportTest, NothingToReportStatesNothing) {
  ReportDraft draft = Draft("2024-06", {});
  EXPECT_EQ(Answer(WithMay(), draft), "NOTHING_BUT_MEASURES measures");
  draft.nothing_to_report = true;
  EXPECT_EQ(Answer(WithMay(), draft), "OK");
  EXPECT_EQ(Answer(Mixed(), draft), "OK");
  draft.measures = {{1, Q("10")}};
  EXPECT_EQ(Answer(WithMay(), draft), "NOTHING_BUT_MEASURES nothing_to_report");
}

TEST(CheckReportTest, ATaskThatIsOnlySurveyedReportsWithoutMeasures) {
  TestTask task;
  task.Add(kLevel);
  EXPECT_EQ(Answer(task, Draft("2024-06", {})), "OK");
}

TEST(CheckReportTest, AQualitativeTaskReportsWithoutMeasures) {
  TestTask task;
  task.Add(kQualitative);
  EXPECT_EQ(Answer(task, Draft("2024-06", {})), "OK");
}

TEST(CheckReportTest, WorkHasNotStartedTomorrow) {
  ReportDraft draft = Draft("2024-06", {{1, Q("10")}});
  draft.started_on = Day("2024-07-10");
  EXPECT_EQ(Answer(WithMay(), draft), "OK");
  draft.started_on = Day("2024-07-11");
  EXPECT_EQ(Answer(WithMay(), draft), "STARTED_IN_FUTURE started_on");
}

TEST(CheckReportTest, CumulativeValuesDoNotFall) {
  EXPECT_EQ(Answer(WithMay(), Draft("2024-06", {{1, Q("9.9")}})), "BELOW_LAST measures[0].value");
  EXPECT_EQ(Answer(WithMay(), Draft("2024-04", {{1, Q("10.1")}})), "BELOW_LAST measures[0].value");
  EXPECT_EQ(Answer(WithMay(), Draft("2024-06", {{3, Quantity(), WorkStage::kStarted}})),
            "BELOW_LAST measures[0].stage");
  EXPECT_EQ(CheckAt(WithMay(), Draft("2024-06", {{1, Q("9.9")}}), "2024-07-10").code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(CheckReportTest, TheNearestPeriodThatStatesTheTargetIsCompared) {
  TestTask task = WithMay();
  task.Report("2024-06").measures = {{2, Q("30")}};
  EXPECT_EQ(Answer(task, Draft("2024-07", {{1, Q("9")}})), "BELOW_LAST measures[0].value");
  EXPECT_EQ(Answer(task, Draft("2024-07", {{1, Q("10")}, {2, Q("29")}})),
            "BELOW_LAST measures[1].value");
  EXPECT_EQ(Answer(task, Draft("2024-07", {{2, Q("30")}})), "OK");
}

TEST(CheckReportTest, AReplacedVersionIsNotUndercutSilently) {
  TestTask task = WithMay();
  task.Report("2024-06").measures = {{1, Q("15")}};
  EXPECT_EQ(Answer(task, Draft("2024-06", {{1, Q("14")}})), "BELOW_LAST measures[0].value");
  EXPECT_EQ(Answer(task, Draft("2024-06", {{1, Q("16")}})), "OK");
}

TEST(CheckReportTest, AReasonLetsAValueFallAndLevelsNeedNone) {
  ReportDraft draft = Draft("2024-06", {{1, Q("9")}});
  draft.correction_reason = "重复统计";
  EXPECT_EQ(Answer(WithMay(), draft), "OK");
  EXPECT_EQ(Answer(WithMay(), Draft("2024-06", {{4, Q("2.5")}})), "OK");
}

TEST(CheckReportTest, TellsOfficialsWhatToDo) {
  EXPECT_EQ(CheckAt(WithMay(), Draft("2024-06", {{1, Q("9")}}), "2024-07-10").message(),
            "目标1“改造管网” 填报为 9公里，低于2024年5月已报的 10公里；累计数只增不减，"
            "请更正数值，确需更正的请填写更正理由。");
  EXPECT_EQ(CheckAt(WithMay(), Draft("2024-08", {}), "2024-07-10").message(),
            "报送周期 2024年8月 尚未开始，请于 2024年8月1日 起报送。");
}

}  // namespace
}  // namespace minsheng::progress
