// How far behind the worst task of each unit is, right at every instant without a sweep: like the
// board, it knows when each task's gap will change, and keeps counts per gap. Derived state, never
// stored.
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_GAPS_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_GAPS_H_

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/progress/domain/assess.h"
#include "services/progress/domain/interned.h"

namespace minsheng::progress {

// The gap of the target that decides a task's light, in tenths of a percentage point as shown (one
// decimal, half away from zero), never above 0. 0 also for what is grey, unrated or completed, and
// for a light that no gap decides.
struct GapStep {
  absl::Time from;
  int tenths = 0;
  friend bool operator==(const GapStep&, const GapStep&) = default;
};

int ShownGap(const Assessment& assessment);

// Along the task's lights (LightsFrom) and with no new input: the gaps and the instants at which
// they change, ascending; the first step is at the first light's.
std::vector<GapStep> GapsAlong(const TaskInput& input, absl::Span<const LightStep> lights);

// Units and tasks are the caller's ids. Not thread-safe: the caller guards it.
class GapBoard {
 public:
  // Puts a task's gaps, replacing what was known of it. O(steps of the task).
  void Put(Id unit, Id task, std::vector<GapStep> steps);
  void Remove(Id task);

  // Every unit with a task, and the worst gap of its tasks. `now` never moves back between calls:
  // an earlier instant answers as the latest seen. Amortised O(units).
  std::vector<std::pair<Id, int>> Worst(absl::Time now);

 private:
  using Counts = std::map<int, int64_t>;  // tenths → tasks
  struct Slice {
    absl::Time seen = absl::InfinitePast();  // `current` holds at this instant
    Counts current;
    std::map<absl::Time, Counts> changes;  // after `seen`
    int64_t tasks = 0;
  };
  struct Task {
    Id unit;
    std::vector<GapStep> steps;
  };

  static void Count(Slice& slice, const std::vector<GapStep>& steps, int sign);
  static void Advance(Slice& slice, absl::Time now);

  absl::Time seen_ = absl::InfinitePast();
  std::map<Id, Slice> slices_;  // by unit
  absl::flat_hash_map<Id, Task> tasks_;
};

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_GAPS_H_
