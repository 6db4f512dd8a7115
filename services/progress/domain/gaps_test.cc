#include "services/progress/domain/gaps.h"

#include <algorithm>
#include <map>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/progress/domain/test_tasks.h"

namespace minsheng::progress {
namespace {

using test::At;
using test::Random;
using test::RandomTask;
using test::Seed;
using test::TestTask;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

// 400 by December, so a tenth a month from March on.
TestTask Counted() {
  TestTask task;
  task.Add(TargetKind::kCount, "400");
  task.Report("2024-03", {"40"});
  task.Report("2024-05", {"40"});
  return task;
}

std::vector<GapStep> GapsOf(const TestTask& task, absl::Time from) {
  return GapsAlong(task.input(), LightsFrom(task.input(), from));
}

TEST(GapsAlongTest, IsTheShownGapOfTheDecidingTargetAndNothingWhileItIsGrey) {
  const TestTask task = Counted();
  EXPECT_THAT(GapsOf(task, At("2024-04-01")),
              ElementsAre(GapStep{At("2024-04-01"), 0}, GapStep{At("2024-06-01"), -200},
                          GapStep{At("2024-08-01"), 0}));
}

TEST(GapsAlongTest, AgreesWithTheAssessmentOfEveryDay) {
  Random random(Seed());
  int behind = 0;
  for (int i = 0; i < 60; ++i) {
    const TestTask task = RandomTask(random);
    const std::vector<GapStep> steps = GapsOf(task, At("2024-03-01"));
    for (absl::CivilDay day(2024, 3, 1); day < absl::CivilDay(2025, 4, 1); ++day) {
      const absl::Time at = StartOf(day);
      const auto next = std::find_if(steps.begin() + 1, steps.end(),
                                     [&](const GapStep& step) { return step.from > at; });
      ASSERT_EQ(std::prev(next)->tenths, ShownGap(Assess(task.input(), at)))
          << "seed " << Seed() << ", task " << i << ", " << absl::FormatCivilTime(day);
      behind += std::prev(next)->tenths < 0 ? 1 : 0;
    }
  }
  EXPECT_GT(behind, 100);
}

TEST(GapBoardTest, TheWorstOfAUnitsTasksAsTheTimeComes) {
  GapBoard board;
  constexpr Id kA = 7, kB = 9;
  EXPECT_THAT(board.Worst(At("2024-04-01")), IsEmpty());
  board.Put(kA, 1, {{At("2024-04-01"), 0}, {At("2024-06-01"), -200}});
  board.Put(kA, 2, {{At("2024-04-01"), -100}, {At("2024-07-01"), 0}});
  board.Put(kB, 3, {{At("2024-04-01"), 0}});
  EXPECT_THAT(board.Worst(At("2024-05-31")), ElementsAre(Pair(kA, -100), Pair(kB, 0)));
  EXPECT_THAT(board.Worst(At("2024-06-01")), ElementsAre(Pair(kA, -200), Pair(kB, 0)));
  board.Put(kB, 1, {{At("2024-06-01"), -5}});
  EXPECT_THAT(board.Worst(At("2024-07-01")), ElementsAre(Pair(kA, 0), Pair(kB, -5)));
  board.Remove(2);
  EXPECT_THAT(board.Worst(At("2024-07-01")), ElementsAre(Pair(kB, -5)));
}

TEST(GapBoardTest, AgreesWithACountOfAllWhateverIsPutAndRemoved) {
  Random random(Seed());
  GapBoard board;
  std::map<Id, std::pair<Id, std::vector<GapStep>>> known;  // task → unit, steps
  absl::Time now = At("2024-03-01");
  for (int i = 0; i < 3000; ++i) {
    if (random.OneIn(20)) now += absl::Hours(random.Between(1, 100));
    const Id task = static_cast<Id>(random.Between(1, 30));
    if (random.OneIn(5)) {
      board.Remove(task);
      known.erase(task);
    } else {
      std::vector<GapStep> steps;
      absl::Time from = now;
      for (int64_t n = random.Between(1, 4); n > 0; --n) {
        steps.push_back({from, static_cast<int>(-random.Between(0, 9))});
        from += absl::Hours(random.Between(1, 400));
      }
      const Id unit = static_cast<Id>(random.Between(1, 5));
      board.Put(unit, task, steps);
      known[task] = {unit, steps};
    }
    std::map<Id, int> worst;
    for (const auto& [name, of] : known) {
      int tenths = of.second.front().tenths;
      for (const GapStep& step : of.second) tenths = step.from <= now ? step.tenths : tenths;
      const auto it = worst.try_emplace(of.first, 0).first;
      it->second = std::min(it->second, tenths);
    }
    const auto found = board.Worst(now);
    ASSERT_EQ((std::map<Id, int>(found.begin(), found.end())), worst)
        << "seed " << Seed() << ", step " << i;
  }
}

}  // namespace
}  // namespace minsheng::progress
