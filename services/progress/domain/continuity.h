// What a target of last year leaves to the one that goes on from it.
//
// A pure function of facts that the caller has already cut to what was known at the instant. Exact.
// Thread-safe (no state).
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_CONTINUITY_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_CONTINUITY_H_

#include <optional>

#include "services/progress/domain/assess.h"

namespace minsheng::progress {

struct Remainder {
  // Coverage: percent of the base. None for events, qualitative targets and services.
  std::optional<Quantity> promised;
  // The newest figure, of whatever period. Coverage: how many of the base; events: the percent of
  // their stage. None when no accepted report states it.
  std::optional<Quantity> reached;
  std::optional<Period> reached_period;
  // promised − reached, 0 at least: counts that are to reach a number, once there is a figure.
  std::optional<Quantity> unfinished;
  // Promised share − reached share of the base, 0 at least: coverage with a base and a figure.
  std::optional<Ratio> unfinished_share;
  // Levels: what was reached, as the baseline of this year's target.
  std::optional<Quantity> baseline;
};

// `target` is one of `before`, last year's task.
Remainder RemainderOf(const TaskInput& before, const Target& target);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_CONTINUITY_H_
