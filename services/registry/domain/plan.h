// What a plan must be before it can be filed. Pure.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_PLAN_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_PLAN_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"

namespace minsheng::registry {

// A milestone as it was written.
struct MilestoneDraft {
  std::string due_on;   // "2024-06-30"
  std::string percent;  // decimal, cumulative
  int target = 0;
};

struct PlanDraft {
  std::vector<MilestoneDraft> milestones;
  std::string starts_on;  // empty: not planned
  std::string due_on;     // empty: the year's end
};

// What the plan must fit: the task's target numbers, and the days it may use.
struct PlanBounds {
  std::set<int> targets;
  absl::CivilDay first;  // the notice's date
  absl::CivilDay last;   // 31 December of the year
};

// INVALID_ARGUMENT, with minsheng/reason and minsheng/field:
//   EMPTY_PLAN         neither a milestone nor a start or due day
//   BAD_DATE           no date, or outside the bounds (a start may be earlier)
//   BAD_PERCENT        no decimal number, or outside 0..100
//   UNKNOWN_TARGET     a target that the task does not have
//   MILESTONES_FALL    cumulative percents of one target that fall as days go on, or two for one
//   day
absl::Status CheckPlan(const PlanDraft& plan, const PlanBounds& bounds);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_PLAN_H_
