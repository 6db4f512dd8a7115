// Tasks for the folder's tests: written short, owned in one place, or drawn at random.
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_TEST_TASKS_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_TEST_TASKS_H_

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "services/progress/domain/assess.h"

namespace minsheng::progress::test {

inline absl::CivilDay Day(absl::string_view text) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(text, &day)) std::abort();
  return day;
}

// 00:00 of a day in Shanghai: "2024-05-01".
inline absl::Time At(absl::string_view day) { return StartOf(Day(day)); }

inline Period P(absl::string_view text) { return Period::Parse(text).value(); }
inline Quantity Q(absl::string_view text) { return Quantity::Parse(text).value(); }

struct TestTask {
  PeriodSpan span = PeriodSpan::Of(2024, absl::CivilDay(2024, 3, 15));
  std::vector<Target> targets;
  std::optional<Plan> plan;
  std::vector<Facts> facts;

  TaskInput input() const { return {span, targets, plan ? &*plan : nullptr, facts}; }

  Target& Add(TargetKind kind, absl::string_view value = "0") {
    Target target;
    target.number = static_cast<int>(targets.size()) + 1;
    target.kind = kind;
    target.value = Q(value);
    targets.push_back(target);
    return targets.back();
  }

  // The values of targets 1, 2, …; "" states nothing of one. Recorded at noon of the last day.
  Facts& Report(absl::string_view period, const std::vector<std::string>& values = {}) {
    Facts report;
    report.period = P(period);
    report.recorded_at = report.period.End() - absl::Hours(12);
    for (size_t i = 0; i < values.size(); ++i) {
      if (!values[i].empty()) report.measures.push_back({static_cast<int>(i) + 1, Q(values[i])});
    }
    facts.push_back(report);
    return facts.back();
  }

  Plan& ThePlan() {
    if (!plan) plan = Plan{1, {}, {}, {}};
    return *plan;
  }

  void Milestone(absl::string_view day, absl::string_view percent, int target = 0) {
    ThePlan().milestones.push_back({Day(day), Q(percent), target});
  }
};

// The seed of the random tests: MINSHENG_TEST_SEED, else a fixed one.
inline uint64_t Seed() {
  uint64_t seed = 20240315;
  const char* given = std::getenv("MINSHENG_TEST_SEED");
  if (given && !absl::SimpleAtoi(given, &seed)) std::abort();
  return seed;
}

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  int64_t Between(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(engine_);
  }
  bool OneIn(int64_t n) { return Between(1, n) == 1; }
  uint64_t Bits() { return engine_(); }
  template <typename T>
  const T& Of(const std::vector<T>& from) {
    return from[static_cast<size_t>(Between(0, static_cast<int64_t>(from.size()) - 1))];
  }

 private:
  std::mt19937_64 engine_;
};

inline absl::CivilDay RandomDay(Random& random) {
  return absl::CivilDay(2024, 2, 1) + random.Between(0, 400);
}

inline absl::Time RandomInstant(Random& random) {
  const absl::Time midnight = StartOf(RandomDay(random));
  if (random.OneIn(2)) return midnight;
  return midnight + absl::Seconds(random.Between(-1, 86400));
}

inline Quantity RandomValue(Random& random) {
  if (random.OneIn(8)) return Quantity();
  if (random.OneIn(4)) return Quantity::FromMicros(random.Between(0, 20'000'000));
  return Quantity::FromInt(random.Between(0, 20));
}

inline Target RandomTarget(Random& random, int number) {
  Target target;
  target.number = number;
  target.kind = static_cast<TargetKind>(random.Between(0, 6));
  target.comparator = static_cast<Comparator>(random.Between(0, 5));
  target.stage = random.OneIn(4) ? Stage::kStart : Stage::kFinish;
  target.unit = "座";
  target.value = RandomValue(random);
  if (number > 1 && random.OneIn(5)) target.part_of = 1;
  if (random.OneIn(2)) target.base = RandomValue(random);
  if (random.OneIn(2)) target.baseline = RandomValue(random);
  for (int i = 0; random.OneIn(2) && i < 3; ++i) target.survey_days.push_back(RandomDay(random));
  if (random.OneIn(2)) target.due_on = RandomDay(random);
  return target;
}

inline Plan RandomPlan(Random& random, int targets) {
  Plan plan;
  plan.revision = static_cast<int>(random.Between(1, 3));
  for (absl::CivilDay day(2024, 3, 1); random.OneIn(2) || random.OneIn(2);
       day += random.Between(0, 90)) {
    const int target = random.OneIn(2) ? 0 : static_cast<int>(random.Between(1, targets));
    plan.milestones.push_back({day, Quantity::FromInt(random.Between(0, 100)), target});
  }
  if (random.OneIn(2)) plan.starts_on = RandomDay(random);
  if (random.OneIn(2)) plan.due_on = RandomDay(random);
  return plan;
}

inline Facts RandomFacts(Random& random, const Period& period, int targets) {
  Facts facts;
  facts.period = period;
  facts.recorded_at = period.Begin() + absl::Hours(random.Between(0, 60 * 24));
  if (random.OneIn(3)) facts.started_on = RandomDay(random);
  for (int target = 1; target <= targets; ++target) {
    if (random.OneIn(4)) continue;
    facts.measures.push_back(
        {target, RandomValue(random), static_cast<WorkStage>(random.Between(0, 5))});
  }
  return facts;
}

inline TestTask RandomTask(Random& random) {
  TestTask task;
  if (random.OneIn(8)) task.span = PeriodSpan::Of(2024, absl::CivilDay(2023, 11, 20));
  const int targets = static_cast<int>(random.Between(0, 5));
  for (int i = 1; i <= targets; ++i) task.targets.push_back(RandomTarget(random, i));
  if (targets > 0 && random.OneIn(2)) task.plan = RandomPlan(random, targets);
  const int64_t silence = random.Between(1, 6);
  for (std::optional<Period> p = task.span.first; p; p = p->Next()) {
    if (!task.span.Contains(*p)) p = Period::Month(absl::CivilMonth(2024, 1));
    if (!random.OneIn(silence)) task.facts.push_back(RandomFacts(random, *p, targets));
  }
  return task;
}

}  // namespace minsheng::progress::test

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_TEST_TASKS_H_
