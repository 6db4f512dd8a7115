// The present counts of one published program, kept task by task: what they say costs the same for
// 29 tasks and for a million.
#ifndef MINSHENG_SERVICES_PROGRESS_OVERVIEW_PROGRAM_COUNTS_H_
#define MINSHENG_SERVICES_PROGRESS_OVERVIEW_PROGRAM_COUNTS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/progress/domain/board.h"
#include "services/progress/domain/gaps.h"
#include "services/progress/domain/reporting_board.h"
#include "services/progress/overview/recount.h"
#include "services/progress/store/record.h"

namespace minsheng::progress {

// What a task counts as, from an instant on and with no new input.
struct TaskCounts {
  std::string name;
  std::string group;
  std::string unit;  // the first lead; empty: none
  bool planned = false;
  std::vector<LightStep> lights;
  std::vector<GapStep> gaps;  // none without a unit
  std::vector<ReportingStep> reporting;
};

// Not thread-safe, but for Judge. Counts of an instant before the latest asked are the latest's.
class ProgramCounts {
 public:
  ProgramCounts(const ProgramHead& head, const WorkingDays& working_days);

  // Whether another version of the head leaves what its tasks count as; then it is taken over.
  bool TakeHead(const ProgramHead& head);

  // Judges a task of this program. Looks at nothing that changes: any thread may call it.
  TaskCounts Judge(const TaskRecord& record, absl::Time now) const;
  // Replaces what was known of the task. A few microseconds.
  void Put(const TaskCounts& task);
  void Remove(absl::string_view task);
  // Does now what the next question would do after changes.
  void Settle() { lights_.Settle(); }

  // As RecountProgram counts, without the units. Fails when the calendar has no data for a due day.
  absl::StatusOr<Recount> At(absl::Time now);
  // The reports of the current period by unit, of units that lead a task.
  absl::StatusOr<std::map<std::string, ReportingCounts>> ByUnit(absl::Time now);

  // How far behind the worst task of each first lead is, in tenths of a percentage point (gaps.h).
  std::map<std::string, int> WorstGaps(absl::Time now);

  int64_t task_count() const { return lights_.task_count(); }

 private:
  ReportingStep ReportingFrom(const TaskRecord& record, const LightStep& step) const;

  const PeriodSpan span_;
  std::vector<std::string> groups_;  // in the list's order
  Names slices_;                     // groups, also ones that the list does not show
  Names units_;
  Names projects_;
  Names tasks_;  // under their project
  Board lights_;
  GapBoard gaps_;
  ReportingBoard reporting_;
};

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_OVERVIEW_PROGRAM_COUNTS_H_
