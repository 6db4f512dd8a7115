// How fast tasks are judged, on one core: 100,000 tasks like those of a district's list, each with
// a plan and monthly reports, at the twelve month ends of their year.
//
//   judge_bench [TASKS] [ROUNDS]        rows of JSON, the best of ROUNDS in seconds of the core:
//   {"name", "value", "unit"}
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "absl/strings/numbers.h"
#include "services/progress/domain/assess.h"

namespace minsheng::progress {
namespace {

constexpr int kYear = 2024;
constexpr int kFirstMonth = 3;

struct BenchTask {
  PeriodSpan span = PeriodSpan::Of(kYear, absl::CivilDay(kYear, kFirstMonth, 15));
  std::vector<Target> targets;
  Plan plan;
  bool planned = false;
  std::vector<Facts> facts;

  TaskInput input() const { return {span, targets, planned ? &plan : nullptr, facts}; }
};

class Maker {
 public:
  BenchTask Make() {
    BenchTask task;
    const int targets = static_cast<int>(Between(1, 3));
    for (int i = 1; i <= targets; ++i) task.targets.push_back(MakeTarget(i));
    task.planned = Between(1, 10) > 2;
    if (task.planned) task.plan = MakePlan();
    const int64_t pace = Between(50, 120);  // percent of the planned speed
    for (int month = kFirstMonth; month <= 12; ++month) {
      if (Between(1, 12) > 1) task.facts.push_back(MakeFacts(task, month, pace));
    }
    return task;
  }

 private:
  int64_t Between(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random_);
  }

  Target MakeTarget(int number) {
    constexpr TargetKind kKinds[] = {
        TargetKind::kCount, TargetKind::kCount,     TargetKind::kCount,
        TargetKind::kEvent, TargetKind::kCoverage,  TargetKind::kLevel,
        TargetKind::kEvent, TargetKind::kFrequency, TargetKind::kCount};
    Target target;
    target.number = number;
    target.kind = kKinds[Between(0, 8)];
    target.value = Quantity::FromInt(target.kind == TargetKind::kCoverage ? Between(80, 100)
                                                                          : Between(1, 2000));
    if (target.kind == TargetKind::kCoverage) target.base = Quantity::FromInt(Between(100, 9000));
    if (Between(1, 4) == 1) target.due_on = absl::CivilDay(kYear, Between(6, 12), Between(1, 28));
    return target;
  }

  Plan MakePlan() {
    Plan plan;
    plan.revision = 1;
    plan.starts_on = absl::CivilDay(kYear, Between(3, 5), 1);
    for (const int quarter : {1, 2, 3, 4}) {
      const absl::CivilDay end = absl::CivilDay(absl::CivilMonth(kYear, 1) + 3 * quarter) - 1;
      plan.milestones.push_back({end, Quantity::FromInt(25 * quarter), 0});
    }
    return plan;
  }

  Facts MakeFacts(const BenchTask& task, int month, int64_t pace) {
    Facts facts;
    facts.period = Period::Month(absl::CivilMonth(kYear, month));
    facts.recorded_at = facts.period.End() - absl::Hours(48);
    facts.started_on = absl::CivilDay(kYear, 4, 1);
    for (const Target& target : task.targets) {
      const int64_t whole = target.base ? target.base->micros() : target.value.micros();
      Measure measure;
      measure.target = target.number;
      measure.value = Quantity::FromMicros(whole / 1200 * month * pace);
      measure.stage = static_cast<WorkStage>(std::min<int64_t>(5, month * pace / 240));
      facts.measures.push_back(measure);
    }
    return facts;
  }

  std::mt19937_64 random_{20240315};
};

std::vector<absl::Time> MonthEnds() {
  std::vector<absl::Time> ends;
  for (int month = 1; month <= 12; ++month) {
    ends.push_back(Period::Month(absl::CivilMonth(kYear, month)).End());
  }
  return ends;
}

// What the lights add up to: so that nothing is optimised away, and two builds can be compared.
int64_t g_sum = 0;

void Report(const char* name, double value, const char* unit) {
  std::printf("{\"name\": \"%s\", \"value\": %.10g, \"unit\": \"%s\"}\n", name, value, unit);
}

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

void Measure(const char* name, int rounds, const std::function<int64_t()>& body) {
  double best = std::numeric_limits<double>::infinity();
  for (int round = 0; round < rounds; ++round) {
    const double start = CpuSeconds();
    g_sum = body();
    best = std::min(best, CpuSeconds() - start);
  }
  Report(name, best, "cpu_s");
}

int Main(int argc, char** argv) {
  int count = 100'000, rounds = 5;
  if ((argc > 1 && !absl::SimpleAtoi(argv[1], &count)) ||
      (argc > 2 && !absl::SimpleAtoi(argv[2], &rounds)) || argc > 3 || count < 1 || rounds < 1) {
    std::fprintf(stderr, "usage: judge_bench [TASKS] [ROUNDS]\n");
    return 2;
  }
  Maker maker;
  std::vector<BenchTask> tasks;
  for (int i = 0; i < count; ++i) tasks.push_back(maker.Make());
  const std::vector<absl::Time> ends = MonthEnds();
  Report("tasks", count, "tasks");
  const auto each = [&](const std::function<int64_t(const TaskInput&, absl::Time)>& judge) {
    int64_t sum = 0;
    for (const BenchTask& task : tasks) {
      for (const absl::Time end : ends) sum += judge(task.input(), end);
    }
    return sum;
  };

  Measure("light_at_12_months", rounds, [&] {
    return each([](const TaskInput& input, absl::Time at) {
      return static_cast<int64_t>(LightAt(input, at));
    });
  });
  Report("sum_of_lights", static_cast<double>(g_sum), "lights");
  Measure("assess_12_months", rounds, [&] {
    return each([](const TaskInput& input, absl::Time at) {
      return static_cast<int64_t>(Assess(input, at, false).light);
    });
  });
  Report("sum_of_assessed_lights", static_cast<double>(g_sum), "lights");
  Measure("lights_from_spring", rounds, [&] {
    int64_t steps = 0;
    for (const BenchTask& task : tasks) {
      steps += std::ssize(LightsFrom(task.input(), ends[kFirstMonth - 1]));
    }
    return steps;
  });
  Report("sum_of_steps", static_cast<double>(g_sum), "steps");
  return 0;
}

}  // namespace
}  // namespace minsheng::progress

int main(int argc, char** argv) { return minsheng::progress::Main(argc, argv); }
