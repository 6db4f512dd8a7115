#include "services/progress/domain/board.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/progress/domain/test_tasks.h"

namespace minsheng::progress {
namespace {

using test::At;
using test::Random;
using test::Seed;

int64_t TasksOf(const Tally& tally, Light light) { return tally.tasks[static_cast<size_t>(light)]; }

int64_t ProjectsOf(const Tally& tally, Light light) {
  return tally.projects[static_cast<size_t>(light)];
}

// The number of a name; a board knows no names.
Id N(const std::string& name) {
  static std::map<std::string, Id> numbers;
  return numbers.try_emplace(name, static_cast<Id>(numbers.size())).first->second;
}

Board::Key Key(const std::string& slice, const std::string& project, const std::string& task) {
  return {N("slice " + slice), N("project " + project), N("task " + task)};
}

Tally TallyOf(Board& board, const std::string& slice, absl::Time now) {
  return board.At(N("slice " + slice), now);
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
  EXPECT_EQ(TallyOf(board, "s", At("2024-04-01")), Tally());
  EXPECT_EQ(board.NextChange(), absl::InfiniteFuture());
}

TEST(BoardTest, CountsChangeWhenTheirInstantComes) {
  Board board;
  board.Put(Key("s", "p", "t"), BehindFromJune());
  EXPECT_EQ(TasksOf(TallyOf(board, "s", At("2024-04-01")), Light::kAhead), 1);
  EXPECT_EQ(TallyOf(board, "s", At("2024-04-30")).carried, 0);
  EXPECT_EQ(board.NextChange(), At("2024-05-01"));
  EXPECT_EQ(TallyOf(board, "s", At("2024-05-01")).carried, 1);
  EXPECT_EQ(TallyOf(board, "s", At("2024-05-01")).carried_projects, 1);
  const Tally before = TallyOf(board, "s", At("2024-06-01") - absl::Nanoseconds(1));
  EXPECT_EQ(TasksOf(before, Light::kAhead), 1);
  const Tally after = TallyOf(board, "s", At("2024-06-01"));
  EXPECT_EQ(TasksOf(after, Light::kBehind), 1);
  EXPECT_EQ(ProjectsOf(after, Light::kBehind), 1);
  EXPECT_EQ(after.carried, 0);
  EXPECT_EQ(board.NextChange(), absl::InfiniteFuture());
}

TEST(BoardTest, AnEarlierInstantAnswersAsTheLatestSeen) {
  Board board;
  board.Put(Key("s", "p", "t"), BehindFromJune());
  const Tally june = TallyOf(board, "s", At("2024-06-01"));
  EXPECT_EQ(TallyOf(board, "s", At("2024-04-01")), june);
}

TEST(BoardTest, AProjectTakesItsWorstTaskAlsoLater) {
  Board board;
  board.Put(Key("s", "p", "1"), BehindFromJune());
  board.Put(Key("s", "p", "2"), Always(Light::kSlightlyBehind));
  board.Put(Key("s", "p", "3"), Always(Light::kUnrated));
  EXPECT_EQ(ProjectsOf(TallyOf(board, "s", At("2024-04-01")), Light::kSlightlyBehind), 1);
  EXPECT_EQ(ProjectsOf(TallyOf(board, "s", At("2024-06-01")), Light::kBehind), 1);
  board.Remove(N("task 1"));
  EXPECT_EQ(ProjectsOf(TallyOf(board, "s", At("2024-06-01")), Light::kSlightlyBehind), 1);
  board.Remove(N("task 2"));
  EXPECT_EQ(ProjectsOf(TallyOf(board, "s", At("2024-06-01")), Light::kUnrated), 1);
  board.Remove(N("task 3"));
  EXPECT_EQ(TallyOf(board, "s", At("2024-06-01")), Tally());
}

TEST(BoardTest, ACarriedProjectIsOnTrackWithACarriedTask) {
  Board board;
  board.Put(Key("s", "p", "1"), Always(Light::kOnSchedule, true));
  board.Put(Key("s", "p", "2"), Always(Light::kAhead, false));
  EXPECT_EQ(TallyOf(board, "s", At("2024-05-01")).carried_projects, 1);
  board.Put(Key("s", "p", "2"), Always(Light::kSlightlyBehind, true));
  EXPECT_EQ(TallyOf(board, "s", At("2024-05-01")).carried_projects, 0);
  EXPECT_EQ(TallyOf(board, "s", At("2024-05-01")).carried, 1);
}

TEST(BoardTest, PutReplacesAndMovesBetweenSlices) {
  Board board;
  board.Put(Key("a", "p", "t"), BehindFromJune());
  board.Put(Key("b", "q", "t"), Always(Light::kCompleted));
  EXPECT_EQ(board.task_count(), 1);
  EXPECT_EQ(TallyOf(board, "a", At("2024-04-02")), Tally());
  EXPECT_EQ(TasksOf(TallyOf(board, "b", At("2024-04-02")), Light::kCompleted), 1);
  EXPECT_EQ(board.NextChange(), absl::InfiniteFuture());
}

TEST(BoardTest, AProjectMovesWithATaskOfIt) {
  Board board;
  board.Put(Key("a", "p", "1"), BehindFromJune());
  board.Put(Key("b", "p", "2"), Always(Light::kCompleted));
  EXPECT_EQ(TallyOf(board, "a", At("2024-06-01")), Tally());
  EXPECT_EQ(TasksOf(TallyOf(board, "b", At("2024-06-01")), Light::kBehind), 1);
  EXPECT_EQ(ProjectsOf(TallyOf(board, "b", At("2024-06-01")), Light::kBehind), 1);
}

TEST(BoardTest, PuttingNoStepsRemoves) {
  Board board;
  board.Put(Key("s", "p", "t"), BehindFromJune());
  board.Put(Key("s", "p", "t"), {});
  EXPECT_EQ(board.task_count(), 0);
  EXPECT_EQ(TallyOf(board, "s", At("2024-04-01")), Tally());
}

TEST(BoardTest, StepsThatHavePassedWhenPutCountAtOnce) {
  Board board;
  TallyOf(board, "s", At("2024-07-01"));
  board.Put(Key("s", "p", "t"), BehindFromJune());
  EXPECT_EQ(TasksOf(TallyOf(board, "s", At("2024-07-01")), Light::kBehind), 1);
  board.Remove(N("task t"));
  EXPECT_EQ(TallyOf(board, "s", At("2024-07-01")), Tally());
}

// Against a recount.

struct Name {
  std::string slice, project, task;
};
struct Known {
  Name key;
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

Name RandomName(Random& random) {
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
  const Name key = RandomName(random);
  if (random.OneIn(4)) {
    board.Remove(N("task " + key.task));
    model.erase(key.task);
    return;
  }
  const std::vector<LightStep> steps = RandomSteps(random, now);
  board.Put(Key(key.slice, key.project, key.task), steps);
  model[key.task] = {key, steps};
}

void ExpectSame(Board& board, const Model& model, absl::Time now) {
  int64_t tasks = 0;
  std::set<std::string> projects;
  for (const auto& [name, known] : model) projects.insert(known.key.project);
  int64_t counted_projects = 0;
  for (const std::string slice : {"slice1", "slice2", "slice3"}) {
    const Tally tally = TallyOf(board, slice, now);
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

std::vector<Tally> All(Board& board, absl::Time now) {
  return {TallyOf(board, "slice1", now), TallyOf(board, "slice2", now),
          TallyOf(board, "slice3", now)};
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
    auto tallies = All(board, now);
    for (absl::Time next = board.NextChange(); next != absl::InfiniteFuture();
         next = board.NextChange()) {
      EXPECT_EQ(All(board, next - absl::Nanoseconds(1)), tallies) << next;
      EXPECT_NE(All(board, next), tallies) << next;
      tallies = All(board, next);
    }
  }
}

}  // namespace
}  // namespace minsheng::progress
