// What the rules say about one target: actual, planned, rated or not, its light (RULES.md §3, §4).
//
// Internal to the folder: assess.cc puts a task together from it, explain.cc says the same in
// words. Pure; thread-safe (no state).
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_TARGET_RULES_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_TARGET_RULES_H_

#include <optional>

#include "absl/time/civil_time.h"
#include "services/progress/domain/assess.h"

namespace minsheng::progress {

inline constexpr int kNoFacts = -1;

// How a task is looked at: which facts, which month's plan, which day.
struct Viewpoint {
  const TaskInput* input = nullptr;
  absl::CivilDay today;             // the civil day of the instant, for due days
  absl::CivilDay due_on;            // of the targets without a due day of their own
  Period period;                    // at whose month's end the plan is read
  int facts = kNoFacts;             // index of the newest facts that count
  bool facts_old = false;           // two or more periods before the judged one
  Light floor = Light::kCompleted;  // no goal is better than this unless reached: not started
};

struct Stated {
  const Measure* measure;
  const Facts* facts;
};
// What the facts at `facts` state about a target, carried from earlier ones where they are silent.
std::optional<Stated> LastStated(const TaskInput& input, int facts, int target);

// The plan's due day, else the year's last day: for targets without one of their own.
absl::CivilDay TaskDueDay(const TaskInput& input);
absl::CivilDay TargetDueDay(const TaskInput& input, const Target& target);
absl::CivilDay LatestGoalDueDay(const TaskInput& input);

// Never for qualitative targets and services, nor for coverage without a base.
std::optional<Ratio> ActualShare(const Target& target, const Measure& measure);
// 15, 30, 60, 90, 100; 0 for none.
Quantity StagePercent(WorkStage stage);
// The part of its base that a coverage target asks for.
Ratio CoverageShare(const Target& target);

// The facts at `facts` show every goal reached; false without goals.
bool GoalsReached(const TaskInput& input, int facts);

// Months of the time curve up to the month of `due_on`: planned = elapsed / length.
struct TimeWindow {
  int64_t elapsed;  // 0..length
  int64_t length;   // at least 1
};
TimeWindow TimeWindowAt(const TaskInput& input, absl::CivilDay due_on, const Period& period);

// Months from the planned start's month to `period`'s, both counted; 0 when the work has started or
// no start was planned by then.
int64_t MonthsNotStarted(const TaskInput& input, int facts, const Period& period);

TargetAssessment AssessTarget(const Viewpoint& at, const Target& target);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_TARGET_RULES_H_
