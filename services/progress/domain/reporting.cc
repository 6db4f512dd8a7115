#include "services/progress/domain/reporting.h"

#include <algorithm>

namespace minsheng::progress {
namespace {

ReportingState StateOfVersions(absl::Span<const ReportVersion> versions, absl::CivilDay due_on) {
  if (versions.back().returned) return ReportingState::kReturned;
  if (versions.back().nothing_to_report) return ReportingState::kNothingToReport;
  absl::CivilDay earliest = versions.back().received_on;
  for (const ReportVersion& version : versions) {
    if (!version.returned) earliest = std::min(earliest, version.received_on);
  }
  return earliest <= due_on ? ReportingState::kOnTime : ReportingState::kLate;
}

}  // namespace

ReportingState ReportingStateAt(const ReportingInput& input, absl::Time instant) {
  if (!input.versions.empty()) return StateOfVersions(input.versions, input.due_on);
  const bool completed = input.completed_on && *input.completed_on <= input.due_on;
  if (input.exempted || completed) return ReportingState::kExempt;
  return DayOf(instant) <= input.due_on ? ReportingState::kNotDue : ReportingState::kMissing;
}

absl::string_view ReportingStateName(ReportingState state) {
  switch (state) {
    case ReportingState::kNotDue:
      return "NOT_DUE";
    case ReportingState::kOnTime:
      return "ON_TIME";
    case ReportingState::kLate:
      return "LATE";
    case ReportingState::kMissing:
      return "MISSING";
    case ReportingState::kNothingToReport:
      return "NOTHING_TO_REPORT";
    case ReportingState::kExempt:
      return "EXEMPT";
    case ReportingState::kReturned:
      return "RETURNED";
  }
  return "";
}

absl::string_view ReportingStateWord(ReportingState state) {
  switch (state) {
    case ReportingState::kNotDue:
      return "未到期";
    case ReportingState::kOnTime:
      return "已报";
    case ReportingState::kLate:
      return "迟报";
    case ReportingState::kMissing:
      return "未报";
    case ReportingState::kNothingToReport:
      return "无进展";
    case ReportingState::kExempt:
      return "免报";
    case ReportingState::kReturned:
      return "退回";
  }
  return "";
}

}  // namespace minsheng::progress
