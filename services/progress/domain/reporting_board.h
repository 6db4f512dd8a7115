// The counts of a program's reporting status, right at every instant without a sweep (RULES.md §5).
//
// A task's status in a period hangs on its versions, its exemption and its completion; where none
// of them decides, it is open: NOT_DUE until the due day ends, then MISSING. So the board keeps,
// per unit and period, counts in which open ones stand as NOT_DUE, and says MISSING of them when it
// is asked after the due day. Derived state: rebuilt from the facts at start, never stored. Not
// thread-safe: the caller guards it.
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_REPORTING_BOARD_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_REPORTING_BOARD_H_

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/progress/domain/interned.h"
#include "services/progress/domain/period.h"
#include "services/progress/domain/reporting.h"

namespace minsheng::progress {

using ReportingCounts = std::array<int64_t, kReportingStateCount>;

// A period's reports by status.
struct PeriodCounts {
  Period period;
  absl::CivilDay due_on;
  ReportingCounts counts{};
};

// The periods of a span by number, each with its due day, or why there is none.
class DueDays {
 public:
  DueDays(const PeriodSpan& span, const WorkingDays& working_days);

  const PeriodSpan& span() const { return span_; }
  size_t size() const { return due_on_.size(); }
  // The number of a period of the span, from 0.
  size_t IndexOf(const Period& period) const;
  const absl::StatusOr<absl::CivilDay>& operator[](size_t index) const { return due_on_[index]; }

 private:
  PeriodSpan span_;
  std::vector<absl::StatusOr<absl::CivilDay>> due_on_;
};

// A task's status in every period of the span, in force from an instant on: as ReportingStateAt
// gives it before any due day, so that open ones are NOT_DUE. Those of a period without a due day
// are not looked at.
struct ReportingStep {
  absl::Time from;
  std::vector<ReportingState> states;
  friend bool operator==(const ReportingStep&, const ReportingStep&) = default;
};

// Instants given to a board never move back between calls: an earlier one answers as the latest
// seen, except that due days are looked at as asked.
class ReportingBoard {
 public:
  struct Key {
    Id task = 0;           // small numbers that the caller gives: the board keeps arrays by them
    Id unit = kNoId;       // the first lead; kNoId: none
    bool planned = false;  // has an approved plan
  };

  explicit ReportingBoard(DueDays due_days);

  const DueDays& due_days() const { return due_days_; }

  // Puts a task, replacing what was known of it. The first step holds at once; a second one only
  // where time alone completes a task or undoes it. No steps remove the task. O(periods).
  void Put(const Key& key, absl::Span<const ReportingStep> steps);
  void Remove(Id task);

  // The counts of a period of the span. Fails when it has no due day.
  absl::StatusOr<PeriodCounts> At(const Period& period, absl::Time now);
  // The same by unit, up to the largest number put.
  absl::StatusOr<std::vector<ReportingCounts>> ByUnit(const Period& period, absl::Time now);

  int64_t task_count() const { return task_count_; }
  int64_t tasks_without_plan() const { return without_plan_; }

  // The next instant after `now` at which the counts of the current or the previous period, or
  // which periods these are, differ with no new input; InfiniteFuture when none.
  absl::Time NextChange(absl::Time now);

 private:
  struct Task {
    uint32_t unit : 31 = 0;  // 0: none; the caller's plus one
    uint32_t planned : 1 = 0;
    Id steps = kNoId;  // kNoId: no such task
  };
  // How many more tasks of a unit (0: all) have a status in a period.
  struct Slot {
    uint32_t unit;
    uint32_t period;
    uint32_t state;
    template <typename H>
    friend H AbslHashValue(H h, const Slot& slot) {
      return H::combine(std::move(h), slot.unit, slot.period, slot.state);
    }
    friend bool operator==(const Slot&, const Slot&) = default;
  };
  using Change = absl::flat_hash_map<Slot, int64_t>;

  Id HoldSteps(absl::Span<const ReportingStep> steps);
  void Count(const Task& task, int sign);
  void CountStates(uint32_t unit, Sequences::Words states, int sign);
  void CountChange(uint32_t unit, absl::Time at, Sequences::Words states, int sign);
  void Advance(absl::Time now);
  // The counts kept, open ones as they stand at `now`.
  ReportingCounts CountsAt(uint32_t unit, size_t period, absl::Time now) const;
  ReportingCounts& Kept(uint32_t unit, size_t period);
  bool HasOpen(const Period& period) const;
  // The first pending change before `limit` that bears on one of the periods.
  absl::Time NextPending(absl::Span<const Period> periods, absl::Time limit) const;

  const DueDays due_days_;
  absl::Time seen_ = absl::InfinitePast();
  std::vector<ReportingCounts> counts_;  // by unit, then by period; unit 0 is all tasks
  std::map<absl::Time, Change> changes_;
  std::vector<Task> tasks_;
  int64_t task_count_ = 0;
  int64_t without_plan_ = 0;
  Sequences steps_;  // per step: the instant's number, then the states, eight to a word
  Instants instants_;
};

// The next period to be reported or judged: the next instant at which the current or the judged
// period changes; InfiniteFuture after the last.
absl::Time NextPeriodChange(const PeriodSpan& span, absl::Time now);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_REPORTING_BOARD_H_
