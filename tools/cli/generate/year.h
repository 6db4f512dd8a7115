// The year of a generated task: its plans, its reports, and what the list office did about them.
// Pure.
//
// Plausible, and within what the services accept: values never fall without a reason, coverage
// stays within its base, nothing starts in the future. Filing days need no calendar of holidays:
// what is on time is filed by the 28th, what is late after any moved due day.
#ifndef MINSHENG_TOOLS_CLI_GENERATE_YEAR_H_
#define MINSHENG_TOOLS_CLI_GENERATE_YEAR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "tools/cli/generate/list.h"

namespace minsheng::generate {

struct MilestoneRow {
  absl::CivilDay on;
  int percent = 0;  // cumulative
  int target = 0;   // 0: of the whole task
  std::string text;
};

// A revision of a task's plan. Times are of Asia/Shanghai.
struct Plan {
  absl::CivilMinute filed_at;
  std::optional<absl::CivilMinute> approved_at;
  std::optional<absl::CivilDay> starts_on;
  std::optional<absl::CivilDay> due_on;
  std::vector<MilestoneRow> milestones;
  std::string post;
  std::string reason;
  std::string document_number;
};

// A version of a period's report, with its cells as reports.csv has them.
struct Report {
  int period = 0;  // counted from the first
  absl::CivilMinute filed_at;
  std::string measures;
  std::optional<absl::CivilDay> started_on;
  std::string completed_investment;
  std::string progress_text;
  std::string problems;
  std::string next_step;
  std::string self_rating;
  bool nothing_to_report = false;
  std::string correction_reason;
  std::optional<absl::CivilDay> received_on;
};

struct Action {
  absl::CivilMinute at;
  std::string action;  // return, exempt, judge
  int period = -1;     // none for judge
  std::string reason;
  std::string light;                       // judge
  std::optional<absl::CivilDay> valid_to;  // judge
};

struct Year {
  std::vector<Plan> plans;
  std::vector<Report> reports;  // by period, then by filing
  std::vector<Action> actions;
};

// With plans alone when the options want no reports.
Year YearOf(const List& list, const Task& task);

// Periods that are reported, the closing one included.
int PeriodCount(const Options& options);
std::string PeriodName(const Options& options, int period);  // 2024-06, 2024-final

}  // namespace minsheng::generate

#endif  // MINSHENG_TOOLS_CLI_GENERATE_YEAR_H_
