// The reporting status of a task for a period (RULES.md §5), beside the light and never mixed with
// it. Pure.
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_REPORTING_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_REPORTING_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/progress/domain/assess.h"
#include "services/progress/domain/period.h"

namespace minsheng::progress {

enum class ReportingState {
  kNotDue = 0,
  kOnTime,
  kLate,
  kMissing,
  kNothingToReport,
  kExempt,
  kReturned
};
inline constexpr int kReportingStateCount = 7;

// A version of a report as far as its status needs it, known at the instant asked; ascending by
// version.
struct ReportVersion {
  int version = 0;
  absl::CivilDay received_on;
  bool nothing_to_report = false;
  bool returned = false;
};

struct ReportingInput {
  Period period;
  absl::CivilDay due_on;
  absl::Span<const ReportVersion> versions;
  bool exempted = false;
  std::optional<absl::CivilDay> completed_on;  // of the task, when completed
};

ReportingState ReportingStateAt(const ReportingInput& input, absl::Time instant);

absl::string_view ReportingStateName(ReportingState state);  // ON_TIME
absl::string_view ReportingStateWord(ReportingState state);  // 已报

// What a new report says, as far as it is checked against what is known.
struct ReportDraft {
  Period period;
  bool nothing_to_report = false;
  std::optional<absl::CivilDay> started_on;
  std::string correction_reason;
  std::vector<Measure> measures;
};

// The checks on a report against the task and its accepted facts, in this order, each with the
// payloads "minsheng/reason" and "minsheng/field" ("period", "measures[2].value", …) and a message
// in Chinese that names the field and says what to do:
//   OUT_OF_RANGE         PERIOD_BEFORE_FIRST (also the closing period of an earlier year),
//                        PERIOD_NOT_BEGUN, PERIOD_AFTER_LAST
//   INVALID_ARGUMENT     UNKNOWN_TARGET, TARGET_STATED_TWICE, NEGATIVE_VALUE,
//                        STAGE_MISSING (an event without a stage, or a stage for another kind),
//                        ABOVE_BASE (coverage beyond its base),
//                        MEASURE_MISSING (a report of progress after which a count, coverage or
//                        event goal would never have been stated, in whatever period),
//                        NOTHING_BUT_MEASURES (nothing_to_report with measures; or neither, unless
//                        no goal is a count, coverage or event),
//                        STARTED_IN_FUTURE
//   FAILED_PRECONDITION  BELOW_LAST (a value or stage below the one stated for the nearest earlier
//                        period, or above the one stated for the nearest later period, without a
//                        correction_reason)
// `facts` are the accepted ones by period; those of draft.period, when present, are being replaced
// and not compared with, except that a lower value than the replaced version's needs a
// correction_reason as well. Level targets may fall freely.
absl::Status CheckReport(const PeriodSpan& span, absl::Span<const Target> targets,
                         absl::Span<const Facts> facts, const ReportDraft& draft, absl::Time now);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_REPORTING_H_
