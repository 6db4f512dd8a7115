#include "services/progress/domain/board.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/progress/domain/test_tasks.h"

namespace minsheng::progress {
namespace {

using test::At;
using test::Random;
using test::Seed;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

int64_t TasksOf(const Tally& tally, Light light) { return tally.tasks[static_cast<size_t>(light)]; }

int64_t ProjectsOf(const Tally& tally, Light light) {
  return tally.projects[static_cast<size_t>(light)];
}

std::vector<LightStep> Always(Light light, bool carried = false) {
  return {{At("2024-04-01"), light, carried}};
}

std::vector<LightStep> BehindFromJune() {
  return {{At("2024-04-01"), Light::kAhead, false},
          {At("2024-05-01"), Light::kAhead, true},
          {At("2024-06-01"), Light::kBehind, true}};
}

TEST(BoardTest, AnUnknownSliceIsAllZero) {
  Board board;
  EXPECT_EQ(board.At("s", At("2024-04-01")), Tally());
  EXPECT_THAT(board.All(At("2024-04-01")), IsEmpty());
  EXPECT_EQ(board.NextChange(), absl::InfiniteFuture());
}

TEST(BoardTest, CountsChangeWhenTheirInstantComes) {
  Board board;
  board.Put({"s", "p", "t"}, BehindFromJune());
  EXPECT_EQ(TasksOf(board.At("s", At("2024-04-01")), Light::kAhead), 1);
  EXPECT_EQ(board.At("s", At("2024-04-30")).carried, 0);
  EXPECT_EQ(board.NextChange(), At("2024-05-01"));
  EXPECT_EQ(board.At("s", At("2024-05-01")).carried, 1);
  EXPECT_EQ(board.At("s", At("2024-05-01")).carried_projects, 1);
  const Tally before = board.At("s", At("2024-06-01") - absl::Nanoseconds(1));
  EXPECT_EQ(TasksOf(before, Light::kAhead), 1);
  const Tally after = board.At("s", At("2024-06-01"));
  EXPECT_EQ(TasksOf(after, Light::kBehind), 1);
  EXPECT_EQ(ProjectsOf(after, Light::kBehind), 1);
  EXPECT_EQ(after.carried, 0);
  EXPECT_EQ(board.NextChange(), absl::InfiniteFuture());
}

TEST(BoardTest, AnEarlierInstantAnswersAsTheLatestSeen) {
  Board board;
  board.Put({"s", "p", "t"}, BehindFromJune());
  const Tally june = board.At("s", At("2024-06-01"));
  EXPECT_EQ(board.At("s", At("2024-04-01")), june);
}

TEST(BoardTest, AProjectTakesItsWorstTaskAlsoLater) {
  Board board;
  board.Put({"s", "p", "1"}, BehindFromJune());
  board.Put({"s", "p", "2"}, Always(Light::kSlightlyBehind));
  board.Put({"s", "p", "3"}, Always(Light::kUnrated));
  EXPECT_EQ(ProjectsOf(board.At("s", At("2024-04-01")), Light::kSlightlyBehind), 1);
  EXPECT_EQ(ProjectsOf(board.At("s", At("2024-06-01")), Light::kBehind), 1);
  board.Remove("1");
  EXPECT_EQ(ProjectsOf(board.At("s", At("2024-06-01")), Light::kSlightlyBehind), 1);
  board.Remove("2");
  EXPECT_EQ(ProjectsOf(board.At("s", At("2024-06-01")), Light::kUnrated), 1);
  board.Remove("3");
  EXPECT_EQ(board.At("s", At("2024-06-01")), Tally());
}

TEST(BoardTest, ACarriedProjectIsOnTrackWithACarriedTask) {
  Board board;
  board.Put({"s", "p", "1"}, Always(Light::kOnSchedule, true));
  board.Put({"s", "p", "2"}, Always(Light::kAhead, false));
  EXPECT_EQ(board.At("s", At("2024-05-01")).carried_projects, 1);
  board.Put({"s", "p", "2"}, Always(Light::kSlightlyBehind, true));
  EXPECT_EQ(board.At("s", At("2024-05-01")).carried_projects, 0);
  EXPECT_EQ(board.At("s", At("2024-05-01")).carried, 1);
}

TEST(BoardTest, PutReplacesAndMovesBetweenSlices) {
  Board board;
  board.Put({"a", "p", "t"}, BehindFromJune());
  board.Put({"b", "q", "t"}, Always(Light::kCompleted));
  EXPECT_EQ(board.task_count(), 1);
  const auto all = board.All(At("2024-04-02"));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].first, "b");
  EXPECT_EQ(TasksOf(all[0].second, Light::kCompleted), 1);
  EXPECT_EQ(board.NextChange(), absl::InfiniteFuture());
}

TEST(BoardTest, PuttingNoStepsRemoves) {
  Board board;
  board.Put({"s", "p", "t"}, BehindFromJune());
  board.Put({"s", "p", "t"}, {});
  EXPECT_EQ(board.task_count(), 0);
  EXPECT_THAT(board.All(At("2024-04-01")), IsEmpty());
}

TEST(BoardTest, StepsThatHavePassedWhenPutCountAtOnce) {
  Board board;
  board.At("s", At("2024-07-01"));
  board.Put({"s", "p", "t"}, BehindFromJune());
  EXPECT_EQ(TasksOf(board.At("s", At("2024-07-01")), Light::kBehind), 1);
  board.Remove("t");
  EXPECT_EQ(board.At("s", At("2024-07-01")), Tally());
}

TEST(BoardTest, ClearForgetsEverything) {
  Board board;
  board.Put({"s", "p", "t"}, BehindFromJune());
  board.Clear();
  EXPECT_EQ(board.task_count(), 0);
  EXPECT_EQ(board.At("s", At("2024-06-01")), Tally());
}

TEST(BoardTest, SlicesComeInOrderOfName) {
  Board board;
  for (const char* slice : {"b", "c", "a"}) {
    board.Put({slice, absl::StrCat("p", slice), absl::StrCat("t", slice)}, Always(Light::kAhead));
  }
  Tally one;
  one.tasks[static_cast<size_t>(Light::kAhead)] = 1;
  one.projects[static_cast<size_t>(Light::kAhead)] = 1;
  EXPECT_THAT(board.All(At("2024-04-01")),
              ElementsAre(Pair("a", one), Pair("b", one), Pair("c", one)));
}

// Against a recount.

struct Known {
  Board::Key key;
  std::vector<LightStep> steps;
};
using Model = std::map<std::string, Known>;

const LightStep& InForce(const Known& known, absl::Time now) {
  const auto later = std::find_if(known.steps.begin() + 1, known.steps.end(),
                                  [&](const LightStep& step) { return step.from > now; });
  return *std::prev(later);
}

bool OnTrack(Light light) { return light == Light::kAhead || light == Light::kOnSchedule; }

Tally Recount(const Model& model, const std::string& slice, absl::Time now) {
  Tally tally;
  std::map<std::string, std::vector<Light>> lights;
  std::set<std::string> carried;
  for (const auto& [name, known] : model) {
    if (known.key.slice != slice) continue;
    const LightStep& step = InForce(known, now);
    ++tally.tasks[static_cast<size_t>(step.light)];
    lights[known.key.project].push_back(step.light);
    if (!step.carried || !OnTrack(step.light)) continue;
    ++tally.carried;
    carried.insert(known.key.project);
  }
  for (const auto& [project, of] : lights) {
    ++tally.projects[static_cast<size_t>(WorstOf(of))];
    tally.carried_projects += OnTrack(WorstOf(of)) && carried.contains(project);
  }
  return tally;
}

int64_t Sum(const LightCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), int64_t{0});
}

Board::Key RandomKey(Random& random) {
  const std::string slice = absl::StrCat("slice", random.Between(1, 3));
  return {slice, absl::StrCat(slice, "/", random.Between(1, 6)),
          absl::StrCat("task", random.Between(1, 40))};
}

std::vector<LightStep> RandomSteps(Random& random, absl::Time now) {
  if (random.OneIn(2)) return LightsFrom(test::RandomTask(random).input(), now);
  std::vector<LightStep> steps;
  for (absl::Time from = now; steps.empty() || !random.OneIn(4);
       from += absl::Hours(24 * random.Between(1, 40))) {
    steps.push_back(
        {from, static_cast<Light>(random.Between(0, kLightCount - 1)), random.OneIn(2)});
  }
  return steps;
}

void ChangeBoth(Random& random, absl::Time now, Board& board, Model& model) {
  const Board::Key key = RandomKey(random);
  if (random.OneIn(4)) {
    board.Remove(key.task);
    model.erase(key.task);
    return;
  }
  const std::vector<LightStep> steps = RandomSteps(random, now);
  board.Put(key, steps);
  model[key.task] = {key, steps};
}

void ExpectSame(Board& board, const Model& model, absl::Time now) {
  int64_t tasks = 0;
  std::set<std::string> projects;
  for (const auto& [name, known] : model) projects.insert(known.key.project);
  int64_t counted_projects = 0;
  for (const std::string slice : {"slice1", "slice2", "slice3"}) {
    const Tally tally = board.At(slice, now);
    EXPECT_EQ(tally, Recount(model, slice, now)) << slice << " at " << now;
    tasks += Sum(tally.tasks);
    counted_projects += Sum(tally.projects);
  }
  EXPECT_EQ(tasks, static_cast<int64_t>(model.size()));
  EXPECT_EQ(tasks, board.task_count());
  EXPECT_EQ(counted_projects, static_cast<int64_t>(projects.size()));
}

TEST(BoardPropertyTest, TalliesEqualARecount) {
  SCOPED_TRACE(::testing::Message() << "MINSHENG_TEST_SEED=" << Seed());
  Random random(Seed());
  for (int round = 0; round < 60 && !HasFailure(); ++round) {
    Board board;
    Model model;
    absl::Time now = At("2024-03-20");
    for (int i = 0; i < 120; ++i) {
      now += absl::Hours(random.OneIn(3) ? random.Between(0, 24 * 12) : 0);
      ChangeBoth(random, now, board, model);
      if (random.OneIn(3)) ExpectSame(board, model, now);
    }
    ExpectSame(board, model, now + absl::Hours(24 * 400));
  }
}

// Between two changes nothing changes, and at the next one something does.
TEST(BoardPropertyTest, NextChangeIsWhenTheTalliesChange) {
  SCOPED_TRACE(::testing::Message() << "MINSHENG_TEST_SEED=" << Seed());
  Random random(Seed());
  for (int round = 0; round < 60 && !HasFailure(); ++round) {
    Board board;
    Model model;
    const absl::Time now = At("2024-03-20");
    for (int i = 0; i < 30; ++i) ChangeBoth(random, now, board, model);
    auto tallies = board.All(now);
    for (absl::Time next = board.NextChange(); next != absl::InfiniteFuture();
         next = board.NextChange()) {
      EXPECT_EQ(board.All(next - absl::Nanoseconds(1)), tallies) << next;
      EXPECT_NE(board.All(next), tallies) << next;
      tallies = board.All(next);
    }
  }
}

}  // namespace
}  // namespace minsheng::progress
