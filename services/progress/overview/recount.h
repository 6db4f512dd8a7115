// The counts of one program at one instant, taken from what is known of it: lights, reporting,
// plans.
#ifndef MINSHENG_SERVICES_PROGRESS_OVERVIEW_RECOUNT_H_
#define MINSHENG_SERVICES_PROGRESS_OVERVIEW_RECOUNT_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "services/progress/domain/board.h"
#include "services/progress/domain/reporting_board.h"
#include "services/progress/store/record.h"

namespace minsheng::progress {

struct GroupTally {
  std::string group;
  Tally tally;
};

struct Recount {
  std::vector<GroupTally> groups;  // in the list's order
  std::optional<Period> judged;
  PeriodCounts current;
  std::optional<PeriodCounts> previous;            // none in the first period
  std::map<std::string, ReportingCounts> by_unit;  // current period, by first lead
  std::map<std::string, int> worst_gaps;  // tenths of a point, by first lead; for /metrics alone
  int64_t tasks_without_plan = 0;
  // The next instant at which any of it but by_unit differs with no new input.
  absl::Time valid_until = absl::InfiniteFuture();
};

// Counts everything anew, task by task, as it was known at an instant. NOT_FOUND UNKNOWN_PROGRAM;
// fails when the calendar has no data for a due day.
absl::StatusOr<Recount> RecountProgram(platform::Session& session, const std::string& program,
                                       const WorkingDays& working_days, absl::Time instant);

// The answer in the proto's words; `instant` is what was asked.
v1::SummarizeProgramResponse RenderSummary(const std::string& program, const Recount& recount,
                                           absl::Time instant);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_OVERVIEW_RECOUNT_H_
