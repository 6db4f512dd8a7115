// The counts of a program's lights, right at every instant without a sweep.
//
// A task's next lights are known when its inputs are (LightsFrom), so the board keeps, per slice,
// sums per instant and light and applies them when the instant comes: a summary costs the same for
// 29 tasks and for a million, also at midnight of a month's end. Derived state: rebuilt from the
// facts at start, never stored. Not thread-safe: the caller guards it.
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_BOARD_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_BOARD_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/progress/domain/assess.h"

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
  // A slice is what counts are kept for, e.g. (program, group). Ids are opaque to the board.
  struct Key {
    std::string slice;    // "districts/500156/programs/2024/municipal"
    std::string project;  // unique within the board
    std::string task;     // unique within the board
  };

  // Puts a task's lights, replacing what was known of it, also its slice and project. Steps as
  // LightsFrom gives them: the first holds at once, the others from their instants; no steps
  // remove the task. O(steps of the project's tasks).
  void Put(const Key& key, std::vector<LightStep> steps);
  void Remove(absl::string_view task);
  void Clear();

  // The counts of one slice at `now`, or of every slice. `now` never moves back between calls
  // (CHECK-free: an earlier instant answers as the latest seen). All zero for an unknown slice.
  // Amortised O(lights).
  Tally At(absl::string_view slice, absl::Time now);
  // Every slice in order of name, with its tally.
  std::vector<std::pair<std::string, Tally>> All(absl::Time now);

  int64_t task_count() const;
  // The next instant after the latest seen at which any count changes with no new input;
  // InfiniteFuture when none. O(slices).
  absl::Time NextChange() const;

 private:
  enum class Unit { kTask, kProject };
  struct Task {
    std::string slice;
    std::string project;
    std::vector<LightStep> steps;
  };
  struct Project {
    std::vector<Task*> tasks;
    std::vector<LightStep> steps;  // derived from its tasks' steps
  };
  struct Slice {
    absl::Time seen;  // `current` holds at this instant
    Tally current;
    std::map<absl::Time, Tally> changes;  // after `seen`: what is added when the instant comes
    absl::flat_hash_map<std::string, Project> projects;
  };

  static void Bump(Tally& tally, Unit unit, const LightStep& step, int sign);
  static void Count(Slice& slice, Unit unit, const std::vector<LightStep>& steps, int sign);
  static void Rederive(Slice& slice, Project& project);
  void Advance(Slice& slice) const;
  Slice& SliceNamed(const std::string& name);

  absl::Time seen_ = absl::InfinitePast();
  std::map<std::string, Slice, std::less<>> slices_;
  absl::flat_hash_map<std::string, std::unique_ptr<Task>> tasks_;
};

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_BOARD_H_
