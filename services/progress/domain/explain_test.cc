#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/progress/domain/assess.h"
#include "services/progress/domain/test_tasks.h"

namespace minsheng::progress {
namespace {

using test::At;
using test::Day;
using test::Q;
using test::TestTask;
using enum TargetKind;

std::string Explained(const TestTask& task, absl::string_view day) {
  return Explain(task.input(), Assess(task.input(), At(day)));
}

TestTask Road() {
  TestTask task;
  Target& road = task.Add(kCount, "120");
  road.indicator = "改造农村公路";
  road.unit = "公里";
  return task;
}

TEST(ExplainTest, AheadOfTheTimeCurve) {
  TestTask task;
  Target& starts = task.Add(kCount, "41");
  starts.unit = "个";
  task.Report("2024-06", {"20"});
  EXPECT_EQ(Explained(task, "2024-07-01"),
            "数据截至6月底。6月底计划进度 40.0%（默认时间进度，第4/10个月），"
            "实际 48.8%（20/41个），快于计划 8.8 个百分点，判为超序时。");
}

TEST(ExplainTest, BehindSaysWhatIsMissing) {
  TestTask task = Road();
  task.Report("2024-06", {"36"});
  EXPECT_EQ(Explained(task, "2024-07-01"),
            "数据截至6月底。6月底计划进度 40.0%（默认时间进度，第4/10个月），"
            "实际 30.0%（36/120公里），慢于计划 10.0 个百分点，判为滞后；"
            "至少再完成 12 公里即达到时间进度。");
}

TEST(ExplainTest, WhatIsMissingIsRoundedUpToThePlaceOfTheNumbers) {
  TestTask task = Road();
  task.targets[0].value = Q("41");
  task.Report("2024-06", {"16"});
  EXPECT_THAT(Explained(task, "2024-07-01"), ::testing::HasSubstr("至少再完成 1 公里"));
  task.facts[0].measures[0].value = Q("16.2");
  EXPECT_THAT(Explained(task, "2024-07-01"), ::testing::HasSubstr("至少再完成 0.2 公里"));
}

TEST(ExplainTest, ARoundedGapDoesNotHideTheThreshold) {
  TestTask task = Road();
  task.Report("2024-06", {"36.01"});
  EXPECT_THAT(Explained(task, "2024-07-01"),
              ::testing::HasSubstr("慢于计划 10.0 个百分点（实际略小于该数），判为略慢"));
  task.facts[0].measures[0].value = Q("11.99");
  EXPECT_THAT(Explained(task, "2024-07-01"),
              ::testing::HasSubstr("慢于计划 30.0 个百分点（实际略大于该数），判为严重滞后"));
  task.facts[0].measures[0].value = Q("48.01");
  EXPECT_THAT(Explained(task, "2024-07-01"),
              ::testing::HasSubstr("快于计划 0.0 个百分点（实际略大于该数），判为超序时"));
}

TEST(ExplainTest, OnMilestones) {
  TestTask task = Road();
  task.Milestone("2024-06-30", "30");
  task.Report("2024-06", {"36"});
  EXPECT_EQ(Explained(task, "2024-07-01"),
            "数据截至6月底。6月底计划进度 30.0%（节点计划第1版），"
            "实际 30.0%（36/120公里），与计划持平，判为按序时。");
}

TEST(ExplainTest, CarriedAndOldFacts) {
  TestTask task = Road();
  task.Report("2024-08", {"72"});
  EXPECT_EQ(Explained(task, "2024-10-01"),
            "数据截至8月底（9月无可用数据）。8月底计划进度 60.0%（默认时间进度，第6/10个月），"
            "实际 60.0%（72/120公里），与计划持平，判为按序时。");
  EXPECT_EQ(Explained(task, "2024-11-01"),
            "数据截至8月底。应评周期为10月，数据已隔两期以上，判为灰；补报后恢复评定。"
            "8月底计划进度 60.0%（默认时间进度，第6/10个月），实际 60.0%（72/120公里），"
            "与计划持平，判为灰。");
}

TEST(ExplainTest, AValueOfAnEarlierPeriod) {
  TestTask task = Road();
  task.Report("2024-08", {"72"});
  task.Report("2024-09");
  EXPECT_THAT(Explained(task, "2024-10-01"), ::testing::HasSubstr("（72/120公里，8月所报）"));
}

TEST(ExplainTest, WithoutFacts) {
  EXPECT_EQ(Explained(Road(), "2024-05-01"),
            "截至4月底没有可用的报送数据，判为灰；报送后即可评定。"
            "4月底计划进度 20.0%（默认时间进度，第2/10个月），尚未填报过数值，判为灰；"
            "填报后即可评定。");
}

TEST(ExplainTest, Overdue) {
  TestTask task = Road();
  task.Report("2024-12", {"114"});
  EXPECT_EQ(Explained(task, "2025-01-01"),
            "数据截至12月底。12月底计划进度 100.0%（默认时间进度，第10/10个月），"
            "实际 95.0%（114/120公里），慢于计划 5.0 个百分点，"
            "已超过要求的12月31日，逾期未完成，判为严重滞后；至少再完成 6 公里即转为已完成。");
}

TEST(ExplainTest, NotStarted) {
  TestTask task = Road();
  task.Milestone("2024-12-31", "100");
  task.ThePlan().starts_on = Day("2024-04-20");
  task.Report("2024-06", {"0"});
  EXPECT_EQ(Explained(task, "2024-07-01"),
            "数据截至6月底。6月底计划进度 0.0%（节点计划第1版），实际 0.0%（0/120公里），"
            "与计划持平；计划4月20日开工，已连续3个月未开工，判为严重滞后；"
            "填报开工日期或完成量后解除此项。");
}

TEST(ExplainTest, Coverage) {
  TestTask task;
  task.Add(kCoverage, "50").base = Q("40");
  task.Report("2024-07", {"8"});
  EXPECT_EQ(Explained(task, "2024-08-01"),
            "数据截至7月底。7月底计划进度 50.0%（默认时间进度，第5/10个月），"
            "实际 40.0%（已覆盖 8，占基数 40 的 20.0%，目标 50.0%），慢于计划 10.0 个百分点，"
            "判为滞后；至少再覆盖 2 即达到时间进度。");
}

TEST(ExplainTest, Events) {
  TestTask task;
  task.Add(kEvent);
  task.Milestone("2024-06-30", "50");
  task.Report("2024-06").measures = {{1, Quantity(), WorkStage::kPreparation}};
  EXPECT_EQ(Explained(task, "2024-07-01"),
            "数据截至6月底。6月底计划进度 50.0%（节点计划第1版），实际 15.0%（形象进度：前期），"
            "慢于计划 35.0 个百分点，判为严重滞后；形象进度达到“过半”（60%）即达到节点计划。");
}

TEST(ExplainTest, Levels) {
  TestTask task;
  Target& level = task.Add(kLevel, "3.7");
  level.baseline = Q("3.2");
  level.survey_days = {Day("2024-06-10")};
  task.Report("2024-06", {"3.6"});
  EXPECT_EQ(Explained(task, "2024-07-01"),
            "数据截至6月底。6月底计划进度 100.0%（测评按目标值全额要求），"
            "实际 80.0%（测评值 3.6，目标 3.7，基线 3.2），慢于计划 20.0 个百分点，判为滞后；"
            "测评值达到 3.7 即达到目标。");
}

TEST(ExplainTest, LevelsBeyondABound) {
  TestTask task;
  Target& level = task.Add(kLevel, "85.1");
  level.comparator = Comparator::kMoreThan;
  level.survey_days = {Day("2024-06-10")};
  task.Report("2024-06", {"85.1"});
  EXPECT_EQ(Explained(task, "2024-07-01"),
            "数据截至6月底。6月底计划进度 100.0%（测评按目标值全额要求），"
            "实际 0.0%（测评值 85.1，目标高于 85.1），慢于计划 100.0 个百分点，判为严重滞后；"
            "测评值高于 85.1 即达到目标。");
}

TEST(ExplainTest, Completed) {
  TestTask task = Road();
  task.Report("2024-06", {"126"}).recorded_at = At("2024-06-12");
  EXPECT_EQ(Explained(task, "2024-06-12"),
            "数据截至6月底。全部目标均已达到，6月12日报送完成（要求12月31日前），"
            "提前完成并超额，待核实。6月底计划进度 40.0%（默认时间进度，第4/10个月），"
            "实际 105.0%（126/120公里），快于计划 60.0 个百分点，达到目标，判为已完成。");
}

TEST(ExplainTest, UnratedNamesTheReasonAndTheRemedy) {
  TestTask parks;
  parks.Add(kCount, "2").unit = "座";
  parks.Report("2024-04", {"1"});
  EXPECT_EQ(Explained(parks, "2024-05-01"),
            "数据截至4月底。实际 50.0%（1/2座），不评（未报节点计划），节点计划经批准后评定。");
  EXPECT_EQ(Explained(parks, "2024-03-20"),
            "首个报送周期2024年3月尚未结束，自2024年4月1日起评定。");
  EXPECT_EQ(Explained(TestTask(), "2024-05-01"), "本任务没有目标，不评。");
}

TEST(ExplainTest, SeveralTargetsAndAPart) {
  TestTask task = Road();
  Target& villages = task.Add(kCount, "80");
  villages.indicator = "通村公路";
  villages.unit = "公里";
  villages.part_of = 1;
  task.Add(kQualitative).indicator = "群众满意";
  task.Report("2024-04", {"19", "15"});
  EXPECT_EQ(
      Explained(task, "2024-05-01"),
      "数据截至4月底。目标1“改造农村公路”：4月底计划进度 20.0%（默认时间进度，第2/10个月），"
      "实际 15.8%（19/120公里），慢于计划 4.2 个百分点，判为略慢；至少再完成 5 公里即达到时间进度。"
      "其中目标2“通村公路”：4月底计划进度 20.0%（默认时间进度，第2/10个月），"
      "实际 18.8%（15/80公里），慢于计划 1.3 个百分点，判为略慢；"
      "至少再完成 1 公里即达到时间进度（只列示，不影响任务）。"
      "目标3“群众满意”：不评（定性），可由清单主管部门人工研判。"
      "任务按目标1“改造农村公路”判为略慢。");
}

TEST(ExplainTest, AllRatedDoneButOneUnrated) {
  TestTask task = Road();
  task.Add(kQualitative);
  task.Report("2024-04", {"120"});
  EXPECT_THAT(Explained(task, "2024-05-01"),
              ::testing::EndsWith("已评目标均已完成，尚有目标不评，任务判为超序时。"));
}

TEST(ExplainTest, TheClosingPeriod) {
  TestTask task = Road();
  task.targets[0].due_on = Day("2025-02-28");
  task.Report("2024-final", {"100"});
  EXPECT_THAT(Explained(task, "2025-01-16"),
              ::testing::StartsWith("数据截至决算期末。决算期末计划进度 83.3%"));
}

}  // namespace
}  // namespace minsheng::progress
