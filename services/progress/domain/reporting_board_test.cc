#include "services/progress/domain/reporting_board.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <vector>

#include "gtest/gtest.h"
#include "services/progress/domain/test_tasks.h"

namespace minsheng::progress {
namespace {

using test::At;
using test::Day;
using test::P;
using test::Random;
using test::Seed;

using State = ReportingState;

const PeriodSpan kSpan = PeriodSpan::Of(2024, Day("2024-03-15"));

absl::StatusOr<bool> EveryDayWorks(absl::CivilDay) { return true; }

absl::StatusOr<bool> NoCalendarFor2025(absl::CivilDay day) {
  if (day.year() == 2025) return absl::FailedPreconditionError("no calendar");
  return true;
}

ReportingBoard NewBoard() { return ReportingBoard(DueDays(kSpan, EveryDayWorks)); }

// Open in every period but those given.
ReportingStep StepOf(const std::map<Period, State>& states, absl::Time from = absl::Time()) {
  const DueDays due_days(kSpan, EveryDayWorks);
  ReportingStep step{from, std::vector<State>(due_days.size(), State::kNotDue)};
  for (const auto& [period, state] : states) step.states[due_days.IndexOf(period)] = state;
  return step;
}

int64_t CountOf(ReportingBoard& board, const char* period, State state, absl::Time now) {
  return board.At(P(period), now)->counts[static_cast<size_t>(state)];
}

TEST(DueDaysTest, AreNumberedFromTheFirstPeriod) {
  const DueDays due_days(kSpan, EveryDayWorks);
  ASSERT_EQ(due_days.size(), 11u);
  EXPECT_EQ(due_days.IndexOf(P("2024-03")), 0u);
  EXPECT_EQ(due_days.IndexOf(P("2024-12")), 9u);
  EXPECT_EQ(due_days.IndexOf(P("2024-final")), 10u);
  EXPECT_EQ(*due_days[0], Day("2024-03-30"));
  EXPECT_EQ(*due_days[10], Day("2025-01-15"));
}

TEST(ReportingBoardTest, AnEmptyOneCountsNothing) {
  ReportingBoard board = NewBoard();
  EXPECT_EQ(board.At(P("2024-04"), At("2024-04-10"))->counts, ReportingCounts{});
  EXPECT_EQ(board.At(P("2024-04"), At("2024-04-10"))->due_on, Day("2024-04-30"));
  EXPECT_TRUE(board.ByUnit(P("2024-04"), At("2024-04-10"))->empty());
  EXPECT_EQ(board.NextChange(At("2024-04-10")), At("2024-05-01"));
}

TEST(ReportingBoardTest, OpenOnesAreMissingOnceTheDueDayHasEnded) {
  ReportingBoard board = NewBoard();
  board.Put({.task = 0, .unit = 1}, {StepOf({})});
  board.Put({.task = 1, .unit = 1}, {StepOf({{P("2024-03"), State::kOnTime}})});
  const absl::Time end = At("2024-03-31");
  EXPECT_EQ(board.NextChange(At("2024-03-20")), end);
  EXPECT_EQ(CountOf(board, "2024-03", State::kNotDue, end - absl::Nanoseconds(1)), 1);
  EXPECT_EQ(CountOf(board, "2024-03", State::kMissing, end - absl::Nanoseconds(1)), 0);
  EXPECT_EQ(CountOf(board, "2024-03", State::kMissing, end), 1);
  EXPECT_EQ(CountOf(board, "2024-03", State::kNotDue, end), 0);
  EXPECT_EQ(CountOf(board, "2024-03", State::kOnTime, end), 1);
  EXPECT_EQ(board.NextChange(end), At("2024-04-01"));
}

TEST(ReportingBoardTest, ADueDayThatNothingHangsOnIsNoChange) {
  ReportingBoard board = NewBoard();
  board.Put({.task = 0}, {StepOf({{P("2024-03"), State::kExempt}})});
  EXPECT_EQ(board.NextChange(At("2024-03-20")), At("2024-04-01"));
}

TEST(ReportingBoardTest, TheLastPeriodsChangeLast) {
  ReportingBoard board = NewBoard();
  board.Put({.task = 0}, {StepOf({})});
  EXPECT_EQ(board.NextChange(At("2024-12-31")), At("2025-01-01"));
  EXPECT_EQ(board.NextChange(At("2025-01-01")), At("2025-01-16"));
  EXPECT_EQ(board.NextChange(At("2025-01-16")), absl::InfiniteFuture());
}

TEST(ReportingBoardTest, UnitsAreCountedApart) {
  ReportingBoard board = NewBoard();
  board.Put({.task = 0, .unit = 0}, {StepOf({{P("2024-04"), State::kLate}})});
  board.Put({.task = 1, .unit = 2}, {StepOf({{P("2024-04"), State::kReturned}})});
  board.Put({.task = 2}, {StepOf({{P("2024-04"), State::kExempt}})});
  const auto by_unit = board.ByUnit(P("2024-04"), At("2024-05-10"));
  ASSERT_EQ(by_unit->size(), 3u);
  EXPECT_EQ((*by_unit)[0][static_cast<size_t>(State::kLate)], 1);
  EXPECT_EQ((*by_unit)[1], ReportingCounts{});
  EXPECT_EQ((*by_unit)[2][static_cast<size_t>(State::kReturned)], 1);
  EXPECT_EQ(CountOf(board, "2024-04", State::kExempt, At("2024-05-10")), 1);
  EXPECT_EQ(board.task_count(), 3);
}

TEST(ReportingBoardTest, PutReplacesAndRemoveForgets) {
  ReportingBoard board = NewBoard();
  board.Put({.task = 5, .unit = 0, .planned = false}, {StepOf({})});
  EXPECT_EQ(board.tasks_without_plan(), 1);
  board.Put({.task = 5, .unit = 1, .planned = true}, {StepOf({{P("2024-04"), State::kOnTime}})});
  EXPECT_EQ(board.tasks_without_plan(), 0);
  EXPECT_EQ(board.task_count(), 1);
  EXPECT_EQ((*board.ByUnit(P("2024-04"), At("2024-04-10")))[0], ReportingCounts{});
  EXPECT_EQ(CountOf(board, "2024-04", State::kOnTime, At("2024-04-10")), 1);
  board.Remove(5);
  board.Remove(5);
  board.Remove(77);
  EXPECT_EQ(board.At(P("2024-04"), At("2024-04-10"))->counts, ReportingCounts{});
  EXPECT_EQ(board.task_count(), 0);
  EXPECT_EQ(board.tasks_without_plan(), 0);
}

TEST(ReportingBoardTest, ALaterStepHoldsFromItsInstant) {
  ReportingBoard board = NewBoard();
  board.Put({.task = 0, .unit = 0},
            {StepOf({{P("2024-05"), State::kExempt}}), StepOf({}, At("2024-06-01"))});
  const absl::Time before = At("2024-06-01") - absl::Nanoseconds(1);
  EXPECT_EQ(CountOf(board, "2024-05", State::kExempt, before), 1);
  EXPECT_EQ(CountOf(board, "2024-05", State::kExempt, At("2024-06-01")), 0);
  EXPECT_EQ(CountOf(board, "2024-05", State::kMissing, At("2024-06-01")), 1);
  board.Remove(0);
  EXPECT_EQ(board.At(P("2024-05"), At("2024-06-01"))->counts, ReportingCounts{});
}

TEST(ReportingBoardTest, ALaterStepIsANextChange) {
  ReportingBoard board = NewBoard();
  board.Put({.task = 0}, {StepOf({{P("2024-05"), State::kExempt}}), StepOf({}, At("2024-05-10"))});
  EXPECT_EQ(board.NextChange(At("2024-05-02")), At("2024-05-10"));
  EXPECT_EQ(board.NextChange(At("2024-05-10")), At("2024-05-31"));
}

TEST(ReportingBoardTest, APeriodWithoutADueDayCannotBeCounted) {
  ReportingBoard board(DueDays(kSpan, NoCalendarFor2025));
  board.Put({.task = 0}, {StepOf({})});
  EXPECT_TRUE(board.At(P("2024-12"), At("2024-12-10")).ok());
  EXPECT_EQ(board.At(P("2024-final"), At("2025-01-10")).status().message(), "no calendar");
  EXPECT_FALSE(board.ByUnit(P("2024-final"), At("2025-01-10")).ok());
  EXPECT_EQ(board.NextChange(At("2025-01-10")), At("2025-01-16"));
}

TEST(NextPeriodChangeTest, IsWhenTheCurrentOrTheJudgedPeriodChanges) {
  Random random(Seed());
  for (int i = 0; i < 2000; ++i) {
    const absl::Time now = test::RandomInstant(random);
    const absl::Time next = NextPeriodChange(kSpan, now);
    ASSERT_GT(next, now);
    const auto same = [&](absl::Time later) {
      return kSpan.CurrentAt(later) == kSpan.CurrentAt(now) &&
             kSpan.JudgedAt(later) == kSpan.JudgedAt(now);
    };
    const absl::Time end = std::min(next, At("2026-01-01"));
    EXPECT_TRUE(same(now + (end - now) / 2)) << now;
    EXPECT_TRUE(same(end - absl::Nanoseconds(1))) << now;
    EXPECT_TRUE(next == absl::InfiniteFuture() || !same(next)) << now;
  }
}

// Against a recount.

struct Known {
  ReportingBoard::Key key;
  std::vector<ReportingStep> steps;
};
using Model = std::map<Id, Known>;

const ReportingStep& InForce(const Known& known, absl::Time now) {
  const auto later = std::find_if(known.steps.begin() + 1, known.steps.end(),
                                  [&](const ReportingStep& step) { return step.from > now; });
  return *std::prev(later);
}

State StateAt(const Known& known, const DueDays& due_days, size_t period, absl::Time now) {
  const State state = InForce(known, now).states[period];
  if (state != State::kNotDue) return state;
  return now < StartOf(*due_days[period] + 1) ? State::kNotDue : State::kMissing;
}

ReportingCounts Recount(const Model& model, const DueDays& due_days, size_t period, absl::Time now,
                        std::optional<Id> unit) {
  ReportingCounts counts{};
  for (const auto& [task, known] : model) {
    if (unit && known.key.unit != *unit) continue;
    ++counts[static_cast<size_t>(StateAt(known, due_days, period, now))];
  }
  return counts;
}

std::vector<ReportingStep> RandomSteps(Random& random, absl::Time now) {
  constexpr State kStates[] = {State::kNotDue,  State::kNotDue,          State::kOnTime,
                               State::kLate,    State::kNothingToReport, State::kExempt,
                               State::kReturned};
  std::vector<ReportingStep> steps;
  do {
    ReportingStep step{now, {}};
    for (size_t i = 0; i < 11; ++i) step.states.push_back(kStates[random.Between(0, 6)]);
    steps.push_back(step);
    now += absl::Hours(24 * random.Between(1, 60));
  } while (random.OneIn(4));
  return steps;
}

void ChangeBoth(Random& random, absl::Time now, ReportingBoard& board, Model& model) {
  const auto task = static_cast<Id>(random.Between(0, 30));
  if (random.OneIn(4)) {
    board.Remove(task);
    model.erase(task);
    return;
  }
  Known known{
      {task, random.OneIn(5) ? kNoId : static_cast<Id>(random.Between(0, 3)), random.OneIn(2)},
      RandomSteps(random, now)};
  board.Put(known.key, known.steps);
  model[task] = std::move(known);
}

void ExpectSame(ReportingBoard& board, const Model& model, absl::Time now) {
  const DueDays& due_days = board.due_days();
  for (const char* name : {"2024-03", "2024-06", "2024-07", "2024-12", "2024-final"}) {
    const size_t period = due_days.IndexOf(P(name));
    EXPECT_EQ(board.At(P(name), now)->counts, Recount(model, due_days, period, now, std::nullopt))
        << name << " at " << now;
    const auto by_unit = board.ByUnit(P(name), now);
    for (Id unit = 0; unit < by_unit->size(); ++unit) {
      EXPECT_EQ((*by_unit)[unit], Recount(model, due_days, period, now, unit)) << name << unit;
    }
  }
  EXPECT_EQ(board.task_count(), static_cast<int64_t>(model.size()));
  EXPECT_EQ(board.tasks_without_plan(),
            std::count_if(model.begin(), model.end(),
                          [](const auto& known) { return !known.second.key.planned; }));
}

TEST(ReportingBoardPropertyTest, CountsEqualARecount) {
  SCOPED_TRACE(::testing::Message() << "MINSHENG_TEST_SEED=" << Seed());
  Random random(Seed());
  for (int round = 0; round < 40 && !HasFailure(); ++round) {
    ReportingBoard board = NewBoard();
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

// What a summary shows of the reporting: the current and the previous period's counts.
std::vector<ReportingCounts> Shown(ReportingBoard& board, absl::Time now) {
  const Period current = kSpan.CurrentAt(now);
  std::vector<ReportingCounts> shown{board.At(current, now)->counts};
  const auto previous = current.Previous();
  if (kSpan.Contains(*previous)) shown.push_back(board.At(*previous, now)->counts);
  return shown;
}

TEST(ReportingBoardPropertyTest, NextChangeIsWhenWhatIsShownChanges) {
  SCOPED_TRACE(::testing::Message() << "MINSHENG_TEST_SEED=" << Seed());
  Random random(Seed());
  for (int round = 0; round < 60 && !HasFailure(); ++round) {
    ReportingBoard board = NewBoard();
    Model model;
    absl::Time now = At("2024-03-20");
    for (int i = 0; i < 20; ++i) ChangeBoth(random, now, board, model);
    for (absl::Time next = board.NextChange(now); next != absl::InfiniteFuture();
         next = board.NextChange(now)) {
      ASSERT_GT(next, now);
      const auto before = Shown(board, now);
      EXPECT_EQ(Shown(board, next - absl::Nanoseconds(1)), before) << next;
      EXPECT_TRUE(next == NextPeriodChange(kSpan, now) || Shown(board, next) != before) << next;
      now = next;
    }
  }
}

}  // namespace
}  // namespace minsheng::progress
