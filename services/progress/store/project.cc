#include "services/progress/store/project.h"

#include "absl/strings/str_cat.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/platform/identity/revocations.h"
#include "services/progress/names.h"

namespace minsheng::progress {

using platform::Blob;
using platform::Event;
using platform::Session;

namespace {

int64_t RecordedAt(const Event& event) {
  return platform::ToMicros(platform::FromTimestamp(event.recorded_at()));
}

// "2024-06" of ".../reports/2024-06@2".
std::string PeriodOf(absl::string_view report_name) {
  const absl::string_view last = platform::rpc::LastPart(report_name);
  return std::string(last.substr(0, last.find('@')));
}

absl::Status Keep(Session& session, const Event& event, absl::string_view kind,
                  const std::string& program, const std::string& task,
                  const google::protobuf::Message& message) {
  const std::string body = platform::DeterministicBytes(message);
  return session.Execute(
      "INSERT INTO registry_versions (kind, program, task, position, recorded_at, body)"
      " VALUES ($1,$2,$3,$4,$5,$6)",
      {kind, program, task, event.position(), RecordedAt(event), Blob{body}});
}

absl::Status StoreReport(Session& session, const Event& event, const v1::Report& report) {
  const std::string task = TaskOf(report.name());
  const std::string body = platform::DeterministicBytes(report);
  return session.Execute(
      "INSERT INTO reports (program, task, period, version, recorded_at, body)"
      " VALUES ($1,$2,$3,$4,$5,$6)",
      {ProgramOf(task), task, PeriodOf(report.name()), int64_t{report.version()}, RecordedAt(event),
       Blob{body}});
}

absl::Status StoreReturn(Session& session, const Event& event, const v1::ReportReturned& returned) {
  const std::string task = TaskOf(returned.name());
  return session.Execute(
      "INSERT INTO report_returns (program, task, period, version, recorded_at, reason)"
      " VALUES ($1,$2,$3,$4,$5,$6)",
      {ProgramOf(task), task, PeriodOf(returned.name()), int64_t{returned.version()},
       RecordedAt(event), returned.reason()});
}

absl::Status StoreExemption(Session& session, const Event& event,
                            const v1::ReportExempted& exempted) {
  return session.Execute(
      "INSERT INTO exemptions (program, task, period, recorded_at, reason) VALUES ($1,$2,$3,$4,$5)",
      {ProgramOf(exempted.parent()), exempted.parent(), exempted.period(), RecordedAt(event),
       exempted.reason()});
}

absl::Status StoreJudgement(Session& session, const Event& event,
                            const v1::JudgementRecorded& recorded) {
  const std::string body = platform::DeterministicBytes(recorded.judgement());
  return session.Execute(
      "INSERT INTO judgements (program, task, position, recorded_at, body) VALUES ($1,$2,$3,$4,$5)",
      {ProgramOf(recorded.parent()), recorded.parent(), event.position(), RecordedAt(event),
       Blob{body}});
}

}  // namespace

absl::Status Project(Session& session, const Event& event) {
  const auto& any = event.payload();
  if (v1::ReportSubmitted fact; any.UnpackTo(&fact)) {
    return StoreReport(session, event, fact.report());
  }
  if (v1::ReportReturned fact; any.UnpackTo(&fact)) return StoreReturn(session, event, fact);
  if (v1::ReportExempted fact; any.UnpackTo(&fact)) return StoreExemption(session, event, fact);
  if (v1::JudgementRecorded fact; any.UnpackTo(&fact)) return StoreJudgement(session, event, fact);
  return absl::InternalError(absl::StrCat("no projection for ", any.type_url()));
}

absl::Status ProjectRegistry(Session& session, const Event& event) {
  if (platform::IsRevocation(event)) return platform::ProjectRevocation(session, event);
  const auto& any = event.payload();
  if (registry::v1::TaskPut fact; any.UnpackTo(&fact)) {
    const std::string& task = fact.task().name();
    return Keep(session, event, "task", ProgramOf(task), task, fact.task());
  }
  if (registry::v1::PlanApproved fact; any.UnpackTo(&fact)) {
    const std::string task = TaskOf(fact.revision().name());
    return Keep(session, event, "plan", ProgramOf(task), task, fact.revision());
  }
  if (registry::v1::ProgramImported fact; any.UnpackTo(&fact)) {
    return Keep(session, event, "program", fact.program().name(), "", fact.program());
  }
  if (registry::v1::ProgramPublished fact; any.UnpackTo(&fact)) {
    return Keep(session, event, "program", fact.program().name(), "", fact.program());
  }
  return absl::OkStatus();
}

absl::Status ClearRegistry(Session& session) {
  RETURN_IF_ERROR(platform::ClearRevocations(session));
  return session.Execute("DELETE FROM registry_versions");
}

}  // namespace minsheng::progress
