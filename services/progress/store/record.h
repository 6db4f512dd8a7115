// What is known of a task or a program at an instant, read from the tables and ready to be judged.
#ifndef MINSHENG_SERVICES_PROGRESS_STORE_RECORD_H_
#define MINSHENG_SERVICES_PROGRESS_STORE_RECORD_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "services/platform/database/database.h"
#include "services/progress/domain/assess.h"
#include "services/progress/domain/reporting.h"

namespace minsheng::progress {

// The versions of one period's report, oldest first, with their returns filled in.
using Versions = std::vector<v1::Report>;

// One task: what the registry says, what was reported, and both in the words of the domain.
// Copyable; input() points into it.
struct TaskRecord {
  registry::v1::Task task;
  std::map<Period, Versions> reports;
  std::map<Period, std::string> exemptions;  // period → reason
  std::vector<v1::Judgement> judgements;     // as recorded

  PeriodSpan span;
  std::vector<Target> targets;
  std::optional<Plan> plan;
  std::vector<Facts> facts;

  TaskInput input() const;
  // Adds a version that is not stored yet, and its facts.
  absl::Status Add(const Period& period, v1::Report report);
  absl::Status DeriveFacts();
};

// A program without its tasks.
struct ProgramHead {
  registry::v1::Program program;
  PeriodSpan span;
};

struct ProgramRecord : ProgramHead {
  std::vector<TaskRecord> tasks;  // in the list's order, without removed ones
};

// The published program at an instant, with all its tasks or only one (`task` not empty). NOT_FOUND
// UNKNOWN_PROGRAM, UNKNOWN_TASK when it was not known, or not published, by then.
absl::StatusOr<ProgramRecord> LoadProgram(platform::Session& session, const std::string& program,
                                          absl::Time as_of, const std::string& task = "");
absl::StatusOr<ProgramHead> LoadProgramHead(platform::Session& session, const std::string& program,
                                            absl::Time as_of);
// Calls `each` with every task of a program whose head was loaded, in no order that matters, and
// ends with its first error. Holds some thousands of them at a time.
absl::Status ForEachTask(platform::Session& session, const ProgramHead& head, absl::Time as_of,
                         absl::FunctionRef<absl::Status(const TaskRecord&)> each);
// One statement, by index.
absl::StatusOr<TaskRecord> LoadTask(platform::Session& session, const std::string& task,
                                    absl::Time as_of);

// Names of all programs that the registry has told of.
absl::StatusOr<std::vector<std::string>> ListProgramNames(platform::Session& session);

// The judgement shown at an instant: the newest one whose last day has not ended.
const v1::Judgement* JudgementAt(const TaskRecord& record, absl::Time instant);

// The reporting status of a period. `completed_on` as the task's assessment gives it. Fails when
// the calendar has no data.
absl::StatusOr<ReportingState> ReportingOf(const TaskRecord& record, const Period& period,
                                           const std::optional<absl::CivilDay>& completed_on,
                                           const WorkingDays& working_days, absl::Time instant);
absl::StatusOr<ReportingState> ReportingOf(const TaskRecord& record, const Period& period,
                                           const std::optional<absl::CivilDay>& completed_on,
                                           absl::CivilDay due_on, absl::Time instant);

// Measures of a request or a stored report in the domain's words; INVALID_ARGUMENT BAD_NUMBER
// naming the field.
absl::StatusOr<std::vector<Measure>> ReadMeasures(const v1::Report& report);
// "2024-06-30"; INVALID_ARGUMENT BAD_DATE naming the field; empty: nullopt.
absl::StatusOr<std::optional<absl::CivilDay>> ReadDay(absl::string_view field,
                                                      absl::string_view text);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_STORE_RECORD_H_
