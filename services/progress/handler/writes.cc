#include <map>

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/progress/handler/handler.h"
#include "services/progress/names.h"
#include "services/progress/render/render.h"

namespace minsheng::progress {

using platform::Committed;
using platform::Error;
using platform::Fact;
using platform::Transaction;

namespace {

constexpr int kBatchMax = 1000;
constexpr char kListOffice[] = "list_office";

template <typename Payload>
Payload PayloadOf(const platform::Event& event) {
  Payload payload;
  event.payload().UnpackTo(&payload);
  return payload;
}

absl::Status CheckText(absl::string_view field, absl::string_view text) {
  if (!text.empty()) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_MISSING",
               absl::StrCat(field, "：不能为空，请填写原因"), {{"field", field}});
}

absl::Status CheckWithin(const std::string& program, const std::string& task) {
  if (ProgramOf(task) == program) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "BAD_NAME",
               absl::StrCat("parent：", task, " 不是 ", program, " 的任务"), {{"field", "parent"}});
}

absl::StatusOr<Period> ReadPeriod(absl::string_view field, absl::string_view text) {
  auto period = Period::Parse(text);
  if (period.ok()) return period;
  return Error(
      absl::StatusCode::kInvalidArgument, "BAD_PERIOD",
      absl::StrCat(field, "：“", text.substr(0, 40), "”不是报送期，应写作 2024-06 或 2024-final"),
      {{"field", field}});
}

absl::Status CheckInSpan(const PeriodSpan& span, const Period& period) {
  if (span.Contains(period)) return absl::OkStatus();
  return Error(absl::StatusCode::kOutOfRange, "PERIOD_OUTSIDE",
               absl::StrCat("period：", period.ToString(), " 不在 ", span.first.ToString(), " 至 ",
                            span.last.ToString(), " 之间"),
               {{"field", "period"}});
}

absl::StatusOr<ReportDraft> DraftOf(const v1::SubmitReportRequest& request) {
  ReportDraft draft;
  ASSIGN_OR_RETURN(draft.period, ReadPeriod("period", request.period()));
  draft.nothing_to_report = request.report().nothing_to_report();
  draft.correction_reason = request.report().correction_reason();
  ASSIGN_OR_RETURN(draft.started_on, ReadDay("started_on", request.report().started_on()));
  ASSIGN_OR_RETURN(draft.measures, ReadMeasures(request.report()));
  return draft;
}

// Who may say when a report came in: paper in hand is known to the list office alone.
absl::StatusOr<absl::CivilDay> ReceivedOn(const platform::CallContext& context,
                                          const v1::Report& report, absl::Time now) {
  ASSIGN_OR_RETURN(const auto given, ReadDay("received_on", report.received_on()));
  const absl::CivilDay today = DayOf(now);
  if (!given) return today;
  if (context.principal.role != kListOffice) {
    return Error(absl::StatusCode::kPermissionDenied, "ROLE_NOT_ALLOWED",
                 "received_on：收到日期只能由清单主管部门填写", {{"field", "received_on"}});
  }
  if (*given <= today) return *given;
  return Error(absl::StatusCode::kInvalidArgument, "RECEIVED_IN_FUTURE",
               "received_on：收到日期不能晚于今天", {{"field", "received_on"}});
}

// The newest version of a period's report, which must not be returned already.
absl::StatusOr<v1::Report> NewestOf(const TaskRecord& record, const Period& period,
                                    const std::string& name) {
  const auto it = record.reports.find(period);
  if (it == record.reports.end() || it->second.empty()) {
    return Error(absl::StatusCode::kNotFound, "NOT_FOUND",
                 absl::StrCat("there is no report ", name), {{"name", name}});
  }
  return it->second.back();
}

}  // namespace

// Checks one report against its task and gives it its name, version and times; `record` then holds
// it.
absl::StatusOr<v1::Report> Handler::Accept(const Context& context,
                                           const v1::SubmitReportRequest& request,
                                           TaskRecord& record, absl::Time now) const {
  RETURN_IF_ERROR(platform::RequireOwnUnit(context, request.parent(), record.task.lead_units(),
                                           record.task.cooperating_units(), platform::kToWrite));
  ASSIGN_OR_RETURN(const ReportDraft draft, DraftOf(request));
  RETURN_IF_ERROR(CheckReport(record.span, record.targets, record.facts, draft, now));
  ASSIGN_OR_RETURN(const absl::CivilDay received_on, ReceivedOn(context, request.report(), now));
  ASSIGN_OR_RETURN(const absl::CivilDay due_on, DueDay(draft.period, parts_.working_days));

  v1::Report report = request.report();
  const int version = static_cast<int>(record.reports[draft.period].size()) + 1;
  report.set_name(ReportName(request.parent(), draft.period.ToString(), version));
  report.set_version(version);
  report.set_received_on(absl::FormatCivilTime(received_on));
  report.set_late(received_on > due_on);
  *report.mutable_record_time() = platform::ToTimestamp(now);
  report.clear_return_reason();
  report.clear_return_time();
  RETURN_IF_ERROR(record.Add(draft.period, report));
  return report;
}

absl::StatusOr<v1::SubmitReportResponse> Handler::SubmitReport(
    const Context& context, const v1::SubmitReportRequest& request) {
  RETURN_IF_ERROR(CheckName("parent", request.parent(), kTaskPattern));

  ASSIGN_OR_RETURN(
      const Committed committed,
      parts_.journal.Write(OriginOf(context, request),
                           [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
                             ASSIGN_OR_RETURN(TaskRecord record,
                                              LoadTask(transaction.session, request.parent(),
                                                       absl::InfiniteFuture()));
                             v1::ReportSubmitted fact;
                             ASSIGN_OR_RETURN(*fact.mutable_report(),
                                              Accept(context, request, record, transaction.now));
                             std::vector<Fact> facts;
                             facts.push_back(Fact::Of(request.parent(), std::move(fact)));
                             return facts;
                           }));

  v1::SubmitReportResponse response;
  *response.mutable_report() = PayloadOf<v1::ReportSubmitted>(committed.events.front()).report();
  return response;
}

absl::StatusOr<v1::BatchSubmitReportsResponse> Handler::BatchSubmitReports(
    const Context& context, const v1::BatchSubmitReportsRequest& request) {
  RETURN_IF_ERROR(CheckName("parent", request.parent(), kProgramPattern));
  if (request.requests_size() == 0 || request.requests_size() > kBatchMax) {
    return Error(absl::StatusCode::kInvalidArgument, "BATCH_SIZE",
                 absl::StrCat("requests：一次应有 1 至 ", kBatchMax, " 份报告，收到 ",
                              request.requests_size(), " 份"),
                 {{"field", "requests"}});
  }

  ASSIGN_OR_RETURN(
      const Committed committed,
      parts_.journal.Write(
          OriginOf(context, request),
          [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
            std::map<std::string, TaskRecord> records;
            std::vector<Fact> facts;
            for (int i = 0; i < request.requests_size(); ++i) {
              const v1::SubmitReportRequest& one = request.requests(i);
              const auto accept = [&]() -> absl::Status {
                RETURN_IF_ERROR(CheckName("parent", one.parent(), kTaskPattern));
                RETURN_IF_ERROR(CheckWithin(request.parent(), one.parent()));
                auto it = records.find(one.parent());
                if (it == records.end()) {
                  ASSIGN_OR_RETURN(TaskRecord record, LoadTask(transaction.session, one.parent(),
                                                               absl::InfiniteFuture()));
                  it = records.emplace(one.parent(), std::move(record)).first;
                }
                v1::ReportSubmitted fact;
                ASSIGN_OR_RETURN(*fact.mutable_report(),
                                 Accept(context, one, it->second, transaction.now));
                facts.push_back(Fact::Of(one.parent(), std::move(fact)));
                return absl::OkStatus();
              };
              if (const absl::Status status = accept(); !status.ok()) {
                return platform::Prefixed(status, absl::StrCat("requests[", i, "] (", one.parent(),
                                                               " ", one.period(), ")："));
              }
            }
            return facts;
          }));

  v1::BatchSubmitReportsResponse response;
  for (const platform::Event& event : committed.events) {
    *response.add_reports() = PayloadOf<v1::ReportSubmitted>(event).report();
  }
  return response;
}

absl::StatusOr<v1::ReturnReportResponse> Handler::ReturnReport(
    const Context& context, const v1::ReturnReportRequest& request) {
  RETURN_IF_ERROR(CheckName("name", request.name(), kReportPattern));
  RETURN_IF_ERROR(CheckText("reason", request.reason()));
  ASSIGN_OR_RETURN(const Period period,
                   ReadPeriod("name", platform::rpc::LastPart(request.name())));
  const std::string task = TaskOf(request.name());

  v1::Report newest;
  ASSIGN_OR_RETURN(const Committed committed,
                   parts_.journal.Write(
                       OriginOf(context, request),
                       [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
                         ASSIGN_OR_RETURN(
                             const TaskRecord record,
                             LoadTask(transaction.session, task, absl::InfiniteFuture()));
                         ASSIGN_OR_RETURN(newest, NewestOf(record, period, request.name()));
                         if (newest.has_return_time()) {
                           return Error(absl::StatusCode::kFailedPrecondition, "ALREADY_RETURNED",
                                        absl::StrCat(newest.name(), " 已退回，等待重新报送"));
                         }
                         v1::ReportReturned fact;
                         fact.set_name(request.name());
                         fact.set_version(newest.version());
                         fact.set_reason(request.reason());
                         std::vector<Fact> facts;
                         facts.push_back(Fact::Of(task, std::move(fact)));
                         return facts;
                       }));

  const platform::Event& event = committed.events.front();
  v1::ReturnReportResponse response;
  if (committed.repeated) {
    RETURN_IF_ERROR(
        parts_.database.Read(context.deadline, [&](platform::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(const TaskRecord record,
                           LoadTask(session, task, platform::FromTimestamp(event.recorded_at())));
          // Another version may have come at the same instant.
          newest = record.reports.at(period).at(
              static_cast<size_t>(PayloadOf<v1::ReportReturned>(event).version() - 1));
          return absl::OkStatus();
        }));
  }
  *response.mutable_report() = newest;
  *response.mutable_report()->mutable_return_time() = event.recorded_at();
  response.mutable_report()->set_return_reason(request.reason());
  return response;
}

absl::StatusOr<v1::ExemptReportResponse> Handler::ExemptReport(
    const Context& context, const v1::ExemptReportRequest& request) {
  RETURN_IF_ERROR(CheckName("parent", request.parent(), kTaskPattern));
  RETURN_IF_ERROR(CheckText("reason", request.reason()));
  ASSIGN_OR_RETURN(const Period period, ReadPeriod("period", request.period()));

  ASSIGN_OR_RETURN(
      const Committed committed,
      parts_.journal.Write(OriginOf(context, request),
                           [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
                             ASSIGN_OR_RETURN(const TaskRecord record,
                                              LoadTask(transaction.session, request.parent(),
                                                       absl::InfiniteFuture()));
                             RETURN_IF_ERROR(CheckInSpan(record.span, period));
                             if (record.exemptions.contains(period)) {
                               return Error(absl::StatusCode::kFailedPrecondition, "ALREADY_EXEMPT",
                                            absl::StrCat("该任务 ", request.period(), " 已免报"));
                             }
                             v1::ReportExempted fact;
                             fact.set_parent(request.parent());
                             fact.set_period(period.ToString());
                             fact.set_reason(request.reason());
                             std::vector<Fact> facts;
                             facts.push_back(Fact::Of(request.parent(), std::move(fact)));
                             return facts;
                           }));

  const auto fact = PayloadOf<v1::ReportExempted>(committed.events.front());
  v1::ExemptReportResponse response;
  response.set_parent(fact.parent());
  response.set_period(fact.period());
  return response;
}

absl::StatusOr<v1::RecordJudgementResponse> Handler::RecordJudgement(
    const Context& context, const v1::RecordJudgementRequest& request) {
  RETURN_IF_ERROR(CheckName("parent", request.parent(), kTaskPattern));
  RETURN_IF_ERROR(CheckText("judgement.reason", request.judgement().reason()));
  ASSIGN_OR_RETURN(const auto valid_to,
                   ReadDay("judgement.valid_to", request.judgement().valid_to()));
  if (!valid_to || request.judgement().light() == v1::LIGHT_UNSPECIFIED) {
    return Error(absl::StatusCode::kInvalidArgument, "FIELD_MISSING",
                 "judgement：人工研判须写明灯色和有效期（valid_to）", {{"field", "judgement"}});
  }

  ASSIGN_OR_RETURN(
      const Committed committed,
      parts_.journal.Write(
          OriginOf(context, request),
          [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
            RETURN_IF_ERROR(
                LoadTask(transaction.session, request.parent(), absl::InfiniteFuture()).status());
            v1::JudgementRecorded fact;
            fact.set_parent(request.parent());
            *fact.mutable_judgement() = request.judgement();
            fact.mutable_judgement()->set_post(context.principal.post);
            *fact.mutable_judgement()->mutable_record_time() =
                platform::ToTimestamp(transaction.now);
            std::vector<Fact> facts;
            facts.push_back(Fact::Of(request.parent(), std::move(fact)));
            return facts;
          }));

  v1::RecordJudgementResponse response;
  *response.mutable_judgement() =
      PayloadOf<v1::JudgementRecorded>(committed.events.front()).judgement();
  return response;
}

}  // namespace minsheng::progress
