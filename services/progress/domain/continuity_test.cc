#include "services/progress/domain/continuity.h"

#include <gtest/gtest.h>

#include "services/progress/domain/test_tasks.h"

namespace minsheng::progress {
namespace {

using test::Q;
using test::TestTask;

std::string Text(const std::optional<Quantity>& quantity) {
  return quantity ? quantity->ToString() : "";
}

Remainder Of(const TestTask& task) { return RemainderOf(task.input(), task.targets.front()); }

TEST(ContinuityTest, ACountLeavesWhatIsMissing) {
  TestTask task;
  task.Add(TargetKind::kCount, "30");
  task.Report("2024-06", {"12"});
  task.Report("2024-12", {"29.7"});
  const Remainder remainder = Of(task);
  EXPECT_EQ(Text(remainder.promised), "30");
  EXPECT_EQ(Text(remainder.reached), "29.7");
  EXPECT_EQ(remainder.reached_period, test::P("2024-12"));
  EXPECT_EQ(Text(remainder.unfinished), "0.3");
  EXPECT_EQ(remainder.unfinished_share, std::nullopt);
  EXPECT_EQ(remainder.baseline, std::nullopt);
}

TEST(ContinuityTest, ExactAtTheBounds) {
  TestTask task;
  task.Add(TargetKind::kCount, "1000000000000");
  task.Report("2024-12", {"0.000001"});
  EXPECT_EQ(Text(Of(task).unfinished), "999999999999.999999");
}

TEST(ContinuityTest, MoreThanPromisedLeavesNothing) {
  TestTask task;
  task.Add(TargetKind::kCount, "30");
  task.Report("2024-12", {"31"});
  EXPECT_EQ(Text(Of(task).unfinished), "0");
}

TEST(ContinuityTest, TheNewestFigureCountsThoughLaterReportsAreSilent) {
  TestTask task;
  task.Add(TargetKind::kCount, "30");
  task.Report("2024-06", {"12"});
  task.Report("2024-final");
  EXPECT_EQ(Text(Of(task).reached), "12");
  EXPECT_EQ(Of(task).reached_period, test::P("2024-06"));
}

TEST(ContinuityTest, WithoutAFigureNothingIsKnownOfWhatIsLeft) {
  TestTask task;
  task.Add(TargetKind::kCount, "30");
  task.Report("2024-06");
  const Remainder remainder = Of(task);
  EXPECT_EQ(Text(remainder.promised), "30");
  EXPECT_EQ(remainder.reached, std::nullopt);
  EXPECT_EQ(remainder.reached_period, std::nullopt);
  EXPECT_EQ(remainder.unfinished, std::nullopt);
}

TEST(ContinuityTest, AFigureOfZeroIsAFigure) {
  TestTask task;
  task.Add(TargetKind::kCount, "30");
  task.Report("2024-06", {"0"});
  EXPECT_EQ(Text(Of(task).reached), "0");
  EXPECT_EQ(Text(Of(task).unfinished), "30");
}

TEST(ContinuityTest, ABoundNotToBePassedLeavesNothingToDo) {
  TestTask task;
  task.Add(TargetKind::kCount, "5").comparator = Comparator::kAtMost;
  task.Report("2024-12", {"3"});
  EXPECT_EQ(Text(Of(task).promised), "5");
  EXPECT_EQ(Of(task).unfinished, std::nullopt);
}

TEST(ContinuityTest, CoverageLeavesAShareOfItsBase) {
  TestTask task;
  Target& target = task.Add(TargetKind::kCoverage, "95");
  target.base = Q("44");
  task.Report("2024-12", {"40"});
  const Remainder remainder = Of(task);
  EXPECT_EQ(Text(remainder.promised), "95");
  EXPECT_EQ(Text(remainder.reached), "40");
  EXPECT_EQ(remainder.unfinished, std::nullopt);
  EXPECT_EQ(remainder.unfinished_share, Ratio(9, 220));  // 95/100 − 40/44
  task.Report("2024-final", {"43"});
  EXPECT_EQ(Of(task).unfinished_share, Ratio());
}

TEST(ContinuityTest, CoverageOfAllPromisesTheWholeBase) {
  TestTask task;
  Target& target = task.Add(TargetKind::kCoverage);
  target.comparator = Comparator::kAll;
  target.base = Q("44");
  task.Report("2024-12", {"40"});
  EXPECT_EQ(Text(Of(task).promised), "100");
  EXPECT_EQ(Of(task).unfinished_share, Ratio(1, 11));
  task.Report("2024-final", {"44"});
  EXPECT_EQ(Of(task).unfinished_share, Ratio());
}

TEST(ContinuityTest, CoverageWithoutABaseHasNoShare) {
  TestTask task;
  task.Add(TargetKind::kCoverage, "95");
  task.Report("2024-12", {"40"});
  EXPECT_EQ(Of(task).unfinished_share, std::nullopt);
  task.targets.front().base = Q("0");
  EXPECT_EQ(Of(task).unfinished_share, std::nullopt);
}

TEST(ContinuityTest, ALevelIsTheNextBaseline) {
  TestTask task;
  task.Add(TargetKind::kLevel, "90");
  EXPECT_EQ(Of(task).baseline, std::nullopt);
  task.Report("2024-12", {"87.5"});
  EXPECT_EQ(Text(Of(task).baseline), "87.5");
  EXPECT_EQ(Of(task).unfinished, std::nullopt);
}

TEST(ContinuityTest, WorksReachAStage) {
  TestTask task;
  task.Add(TargetKind::kEvent);
  task.Report("2024-12").measures.push_back({1, Quantity(), WorkStage::kHalfway});
  const Remainder remainder = Of(task);
  EXPECT_EQ(remainder.promised, std::nullopt);
  EXPECT_EQ(Text(remainder.reached), "60");
  EXPECT_EQ(remainder.unfinished, std::nullopt);
}

TEST(ContinuityTest, OtherKindsHaveNoDifference) {
  for (const TargetKind kind :
       {TargetKind::kFrequency, TargetKind::kQualitative, TargetKind::kService}) {
    TestTask task;
    task.Add(kind, "4");
    task.Report("2024-12", {"3"});
    const Remainder remainder = Of(task);
    EXPECT_EQ(Text(remainder.promised), kind == TargetKind::kFrequency ? "4" : "");
    EXPECT_EQ(Text(remainder.reached), "3");
    EXPECT_EQ(remainder.unfinished, std::nullopt);
    EXPECT_EQ(remainder.unfinished_share, std::nullopt);
    EXPECT_EQ(remainder.baseline, std::nullopt);
  }
}

}  // namespace
}  // namespace minsheng::progress
