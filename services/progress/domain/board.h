// The counts of a program's lights, right at every instant without a sweep.
//
// A task's next lights are known when its inputs are (LightsFrom), so the board keeps, per slice,
// sums per instant and light and applies them when the instant comes: a summary costs the same for
// 29 tasks and for a million, also at midnight of a month's end. Tasks with the same lights share
// them, so that a task costs a few bytes. Derived state: rebuilt from the facts at start, never
// stored. Not thread-safe: the caller guards it.
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_BOARD_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_BOARD_H_

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/progress/domain/assess.h"
#include "services/progress/domain/interned.h"

namespace minsheng::progress {

using LightCounts = std::array<int64_t, kLightCount>;

struct Tally {
  LightCounts tasks{};
  LightCounts projects{};
  int64_t carried = 0;  // tasks at gap >= 0, not completed, on facts of an earlier period
  int64_t carried_projects =
      0;  // projects likewise: at gap >= 0, and at least one such task in them
  friend bool operator==(const Tally&, const Tally&) = default;
};

class Board {
 public:
  // Small numbers that the caller gives: the board keeps arrays by them.
  struct Key {
    Id slice = 0;    // what counts are kept for, e.g. a program's group
    Id project = 0;  // in one slice: with a task in another one it moves there
    Id task = 0;
  };

  // Puts a task's lights, replacing what was known of it, also its project. Steps as LightsFrom
  // gives them: the first holds at once, the others from their instants; no steps remove the task.
  // O(tasks of the project).
  void Put(const Key& key, absl::Span<const LightStep> steps);
  void Remove(Id task);

  // Derives the lights of the projects whose tasks have changed. Whoever asks for counts does so
  // first; called after many changes, it keeps the next one who asks from paying for them.
  // O(steps of those projects' tasks).
  void Settle();

  // The counts of one slice at `now`. `now` never moves back between calls (CHECK-free: an earlier
  // instant answers as the latest seen). All zero for an unknown slice. Amortised O(lights).
  Tally At(Id slice, absl::Time now);

  int64_t task_count() const { return task_count_; }
  // The next instant after the latest seen at which any count changes with no new input;
  // InfiniteFuture when none. O(slices).
  absl::Time NextChange();

 private:
  enum class Unit { kTask, kProject };
  struct Task {
    Id project = kNoId;
    Id next = kNoId;   // of the same project
    Id steps = kNoId;  // kNoId: no such task
  };
  struct Project {
    Id slice = kNoId;
    Id first = kNoId;  // of its tasks
    Id steps = kNoId;  // derived from its tasks' steps
  };
  struct Slice {
    absl::Time seen = absl::InfinitePast();  // `current` holds at this instant
    Tally current;
    std::map<absl::Time, Tally> changes;  // after `seen`: what is added when the instant comes
  };

  Id HoldSteps(absl::Span<const LightStep> steps);
  void Count(Slice& slice, Unit unit, Id steps, int sign);
  void Derive(Project& project);
  void MoveTo(Id slice, Project& project);
  void MarkChanged(Id project);
  void Advance(Slice& slice) const;
  Slice& SliceAt(Id slice);

  absl::Time seen_ = absl::InfinitePast();
  std::vector<Slice> slices_;
  std::vector<Project> projects_;
  std::vector<Task> tasks_;
  int64_t task_count_ = 0;
  std::vector<Id> changed_;  // projects to be derived
  Sequences steps_;          // each step a word: instant, light, carried
  Instants instants_;
};

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_BOARD_H_
