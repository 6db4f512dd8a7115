#include <algorithm>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/platform/rpc/page.h"
#include "services/progress/handler/handler.h"
#include "services/progress/handler/instant.h"
#include "services/progress/names.h"
#include "services/progress/render/render.h"

namespace minsheng::progress {

using platform::Error;
using platform::Session;
namespace rpc = platform::rpc;

namespace {

// Where a page begins: an index into the whole list, at the instant of the first page.
struct Cursor {
  absl::Time instant;
  int64_t index = 0;
};

absl::StatusOr<Cursor> ReadCursor(const rpc::Page& page, absl::Time now) {
  Cursor cursor{now, 0};
  if (page.after.empty()) return cursor;
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(page.after, '/');
  int64_t micros = 0;
  if (!absl::SimpleAtoi(parts.first, &micros) || !absl::SimpleAtoi(parts.second, &cursor.index)) {
    return Error(absl::StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN",
                 "page_token is not one of this filter; begin again without it");
  }
  cursor.instant = platform::FromMicros(micros);
  return cursor;
}

// Moves one page of `all` into a response.
template <typename Item, typename Request, typename Add, typename Response>
void FillPage(std::vector<Item> all, const Request& request, const rpc::Page& page,
              const Cursor& cursor, Add add, Response& response) {
  const auto begin = static_cast<size_t>(std::min<int64_t>(cursor.index, std::ssize(all)));
  const size_t end = std::min(all.size(), begin + static_cast<size_t>(page.size));
  for (size_t i = begin; i < end; ++i) *add() = std::move(all[i]);
  if (end < all.size()) {
    response.set_next_page_token(
        rpc::NextPageToken(request, absl::StrCat(platform::ToMicros(cursor.instant), "/", end)));
  }
}

template <typename Repeated, typename Value>
bool IsEmptyOrHolds(const Repeated& values, const Value& value) {
  return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
}

absl::StatusOr<Period> ReportingPeriod(const v1::ListAssessmentsRequest& request,
                                       const PeriodSpan& span, absl::Time instant) {
  const std::string& name = request.reporting_period();
  const Period current = span.CurrentAt(instant);
  if (name.empty() || name == "current") return current;
  if (name == "previous") return current.Previous().value_or(current);
  auto period = Period::Parse(name);
  if (period.ok()) return period;
  return Error(
      absl::StatusCode::kInvalidArgument, "BAD_PERIOD",
      absl::StrCat("reporting_period：“", name.substr(0, 40), "”应为 current、previous 或 2024-06"),
      {{"field", "reporting_period"}});
}

bool IsLedBy(const TaskRecord& record, const std::string& unit) {
  return unit.empty() || IsEmptyOrHolds(record.task.lead_units(), unit);
}

absl::Status RequireOwn(const platform::CallContext& context, const TaskRecord& record) {
  return platform::RequireOwnUnit(context, record.task.name(), record.task.lead_units(),
                                  record.task.cooperating_units(), platform::kToRead);
}

// All versions of a task's reports, or the newest ones of a program's: of the tasks that the caller
// may read.
void CollectReports(const platform::CallContext& context, const ProgramRecord& program,
                    bool all_versions, const std::string& period,
                    std::vector<v1::Report>& reports) {
  for (const TaskRecord& task : program.tasks) {
    if (!RequireOwn(context, task).ok()) continue;
    for (const auto& [key, versions] : task.reports) {
      if (!period.empty() && key.ToString() != period) continue;
      const size_t first = all_versions || versions.empty() ? 0 : versions.size() - 1;
      reports.insert(reports.end(), versions.begin() + static_cast<std::ptrdiff_t>(first),
                     versions.end());
    }
  }
}

absl::Status ContinuesNothing(const TaskRecord& record) {
  return Error(absl::StatusCode::kNotFound, "CONTINUES_NOTHING",
               absl::StrCat(record.task.name(), " goes on from no task of last year's list"),
               {{"name", record.task.name()}});
}

// The task that another one goes on from; nothing when it is in no published list, which is as if
// it were not there for callers who see no drafts.
absl::StatusOr<std::optional<TaskRecord>> LoadBefore(Session& session,
                                                     const platform::CallContext& context,
                                                     const TaskRecord& record, absl::Time instant) {
  if (!record.task.has_continues()) return ContinuesNothing(record);
  auto before = LoadTask(session, record.task.continues().task(), instant);
  if (before.ok()) return std::optional<TaskRecord>(*std::move(before));
  if (!absl::IsNotFound(before.status())) return before.status();
  if (context.scope == platform::Scope::kPublished) return ContinuesNothing(record);
  return std::optional<TaskRecord>();
}

}  // namespace

absl::StatusOr<v1::GetReportResponse> Handler::GetReport(const Context& context,
                                                         const v1::GetReportRequest& request) {
  RETURN_IF_ERROR(CheckName("name", request.name(), kReportPattern));
  ASSIGN_OR_RETURN(const absl::Time instant, InstantOf(request));
  const auto period = Period::Parse(platform::rpc::LastPart(request.name()));
  v1::GetReportResponse response;
  RETURN_IF_ERROR(parts_.database.Read(context.deadline, [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const TaskRecord record, LoadTask(session, TaskOf(request.name()), instant));
    RETURN_IF_ERROR(RequireOwn(context, record));
    const auto it = period.ok() ? record.reports.find(*period) : record.reports.end();
    if (it == record.reports.end() || it->second.empty()) {
      return Error(absl::StatusCode::kNotFound, "NOT_FOUND",
                   absl::StrCat("there is no report ", request.name()), {{"name", request.name()}});
    }
    *response.mutable_report() = it->second.back();
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::GetContinuationResponse> Handler::GetContinuation(
    const Context& context, const v1::GetContinuationRequest& request) {
  RETURN_IF_ERROR(CheckName("name", request.name(), kTaskPattern));
  ASSIGN_OR_RETURN(const absl::Time instant, InstantOf(request));

  v1::GetContinuationResponse response;
  RETURN_IF_ERROR(parts_.database.Read(context.deadline, [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const TaskRecord record, LoadTask(session, request.name(), instant));
    ASSIGN_OR_RETURN(const auto before, LoadBefore(session, context, record, instant));
    *response.mutable_continuation() =
        RenderContinuation(record, before ? &*before : nullptr, instant);
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::ListReportsResponse> Handler::ListReports(
    const Context& context, const v1::ListReportsRequest& request) {
  const bool of_task = CheckName("parent", request.parent(), kTaskPattern).ok();
  if (!of_task) RETURN_IF_ERROR(CheckName("parent", request.parent(), kProgramPattern));
  ASSIGN_OR_RETURN(const absl::Time asked, InstantOf(request));
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(request));
  ASSIGN_OR_RETURN(const Cursor cursor, ReadCursor(page, asked));

  std::vector<v1::Report> reports;
  RETURN_IF_ERROR(parts_.database.Read(context.deadline, [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const ProgramRecord program,
                     LoadProgram(session, ProgramOf(request.parent()), cursor.instant,
                                 of_task ? request.parent() : ""));
    if (of_task && !program.tasks.empty()) {
      RETURN_IF_ERROR(RequireOwn(context, program.tasks.front()));
    }
    CollectReports(context, program, of_task, request.period(), reports);
    return absl::OkStatus();
  }));

  v1::ListReportsResponse response;
  FillPage(
      std::move(reports), request, page, cursor, [&] { return response.add_reports(); }, response);
  return response;
}

absl::StatusOr<v1::ListAssessmentsResponse> Handler::ListAssessments(
    const Context& context, const v1::ListAssessmentsRequest& request) {
  RETURN_IF_ERROR(CheckName("parent", request.parent(), kProgramPattern));
  ASSIGN_OR_RETURN(const absl::Time asked, InstantOf(request));
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(request));
  ASSIGN_OR_RETURN(const Cursor cursor, ReadCursor(page, asked));

  std::vector<v1::Assessment> found;
  RETURN_IF_ERROR(parts_.database.Read(context.deadline, [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const ProgramRecord program,
                     LoadProgram(session, request.parent(), cursor.instant));
    ASSIGN_OR_RETURN(const Period period, ReportingPeriod(request, program.span, cursor.instant));
    for (const TaskRecord& task : program.tasks) {
      if (!IsLedBy(task, request.lead_unit())) continue;
      const Assessment assessment = Assess(task.input(), cursor.instant, false);
      if (!IsEmptyOrHolds(request.lights(), ToProto(assessment.light))) continue;
      ASSIGN_OR_RETURN(
          const ReportingState state,
          ReportingOf(task, period, assessment.completed_on, parts_.working_days, cursor.instant));
      if (!IsEmptyOrHolds(request.reporting_states(), ToProto(state))) continue;
      ASSIGN_OR_RETURN(v1::Assessment rendered,
                       RenderAssessment(task, parts_.working_days, cursor.instant));
      LeaveOutInternal(context, rendered);
      found.push_back(std::move(rendered));
    }
    return absl::OkStatus();
  }));

  v1::ListAssessmentsResponse response;
  FillPage(
      std::move(found), request, page, cursor, [&] { return response.add_assessments(); },
      response);
  return response;
}

absl::StatusOr<v1::SummarizeProgramResponse> Handler::SummarizeAt(const Context& context,
                                                                  const std::string& program,
                                                                  absl::Time instant) {
  v1::SummarizeProgramResponse response;
  RETURN_IF_ERROR(parts_.database.Read(context.deadline, [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const Recount recount,
                     RecountProgram(session, program, parts_.working_days, instant));
    response = RenderSummary(program, recount, instant);
    return absl::OkStatus();
  }));
  return response;
}

// Now: from the overview in memory. An earlier instant: recounted from the facts, which is dear and
// so kept in the cache under the version of the state.
absl::StatusOr<v1::SummarizeProgramResponse> Handler::SummarizeProgram(
    const Context& context, const v1::SummarizeProgramRequest& request) {
  RETURN_IF_ERROR(CheckName("name", request.name(), kProgramPattern));
  ASSIGN_OR_RETURN(const absl::Time instant, InstantOf(request));
  if (!request.has_as_of()) {
    ASSIGN_OR_RETURN(const Recount recount, parts_.overview.Now(request.name()));
    return RenderSummary(request.name(), recount, instant);
  }

  // Of what is asked alone: a request may carry megabytes of fields that nobody knows.
  v1::SummarizeProgramRequest asked;
  asked.set_name(request.name());
  *asked.mutable_as_of() = platform::ToTimestamp(instant);
  platform::Cache::Key key;
  key.kind = "summary";
  const std::string name = platform::DeterministicBytes(asked);
  key.name = name;
  key.version = parts_.overview.version();
  ASSIGN_OR_RETURN(const std::string bytes,
                   parts_.cache.Get(
                       key,
                       [&]() -> absl::StatusOr<std::string> {
                         ASSIGN_OR_RETURN(const auto response,
                                          SummarizeAt(context, request.name(), instant));
                         return platform::DeterministicBytes(response);
                       },
                       parts_.clock.Now()));

  v1::SummarizeProgramResponse response;
  if (!response.ParseFromString(bytes)) return absl::DataLossError("a cached answer is unreadable");
  return response;
}

void Handler::Bind(rpc::Service& service) {
  const auto bind = [&service, this]<typename Request, typename Response>(
                        const char* name, absl::StatusOr<Response> (Handler::*method)(
                                              const Context&, const Request&)) {
    service.Unary<Request, Response>(
        name, rpc::kPooled, [this, method](const Context& context, const Request& request) {
          return (this->*method)(context, request);
        });
  };
  service.Unary<v1::GetAssessmentRequest, v1::GetAssessmentResponse>(
      "GetAssessment", rpc::kPooled,
      [this](const Context& context, const v1::GetAssessmentRequest& request) {
        return GetAssessment(context, request);
      },
      [this](platform::Scope scope, const v1::GetAssessmentRequest& request) {
        return GetAssessmentAtHand(scope, request);
      });
  bind("SubmitReport", &Handler::SubmitReport);
  bind("BatchSubmitReports", &Handler::BatchSubmitReports);
  bind("ReturnReport", &Handler::ReturnReport);
  bind("ExemptReport", &Handler::ExemptReport);
  bind("RecordJudgement", &Handler::RecordJudgement);
  bind("GetReport", &Handler::GetReport);
  bind("GetContinuation", &Handler::GetContinuation);
  bind("ListReports", &Handler::ListReports);
  bind("ListAssessments", &Handler::ListAssessments);
  bind("SummarizeProgram", &Handler::SummarizeProgram);
}

}  // namespace minsheng::progress
