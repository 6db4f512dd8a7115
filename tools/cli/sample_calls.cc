#include "tools/cli/sample_calls.h"

#include <functional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "minsheng/progress/v1/progress.grpc.pb.h"
#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/errors.h"
#include "tools/cli/names.h"

namespace minsheng::cli {
namespace {

using progress::v1::ExemptReportRequest;
using progress::v1::GetAssessmentRequest;
using progress::v1::ProgressService;
using progress::v1::RecordJudgementRequest;
using progress::v1::ReturnReportRequest;
using progress::v1::SubmitReportRequest;
using progress::v1::SummarizeProgramRequest;
using registry::v1::ApprovePlanRequest;
using registry::v1::CreateDistrictRequest;
using registry::v1::FilePlanRequest;
using registry::v1::GetProgramRequest;
using registry::v1::ImportProgramRequest;
using registry::v1::ListTasksRequest;
using registry::v1::PublishProgramRequest;
using registry::v1::RegistryService;

constexpr absl::Duration kCatchUpPoll = absl::Milliseconds(20);

// Tries until it is done (true) or fails.
absl::Status Await(absl::Duration patience, const std::string& what,
                   const std::function<absl::StatusOr<bool>()>& done) {
  const absl::Time until = absl::Now() + patience;
  do {
    ASSIGN_OR_RETURN(const bool now, done());
    if (now) return absl::OkStatus();
    absl::SleepFor(kCatchUpPoll);
  } while (absl::Now() < until);
  return Failure("FEED_LAG", absl::StrCat("progress 在", absl::FormatDuration(patience),
                                          "内没有读到 registry 的", what,
                                          "；请查看 progress 的 /healthz 和日志"));
}

}  // namespace

std::string DerivedRequestId(absl::Time at, const google::protobuf::Message& request) {
  platform::Hasher hasher;
  hasher.Add(request.GetTypeName());
  hasher.Add(absl::ToUnixMicros(at));
  hasher.Add(platform::DeterministicBytes(request));
  return absl::StrCat("rehearse-", absl::BytesToHexString(hasher.Finish().substr(0, 16)));
}

SampleCalls::SampleCalls(Cli& cli, const Sample& sample, Patience patience)
    : cli_(cli),
      sample_(sample),
      patience_(patience),
      registry_(cli.registry().With(patience.call)),
      progress_(cli.progress().With(patience.call)) {}

absl::Status SampleCalls::SetUp(absl::Time at) {
  GetProgramRequest get;
  get.set_name(sample_.program());
  auto program = registry_.Call(&RegistryService::Stub::GetProgram, get);
  if (absl::IsNotFound(program.status())) {
    RETURN_IF_ERROR(Import(at));
    program = registry_.Call(&RegistryService::Stub::GetProgram, get);
  }
  RETURN_IF_ERROR(program.status());
  if (program->program().state() == registry::v1::PROGRAM_STATE_DRAFT) {
    RETURN_IF_ERROR(Publish(at, program->program().etag()));
  }
  return LoadTasks();
}

absl::Status SampleCalls::Import(absl::Time at) const {
  CreateDistrictRequest create;
  *create.mutable_district() = sample_.district;
  create.set_request_id(DerivedRequestId(at, create));
  RETURN_IF_ERROR(
      registry_.Call(&RegistryService::Stub::CreateDistrict, create, ListOffice()).status());
  ImportProgramRequest import = sample_.import;
  import.set_request_id(DerivedRequestId(at, import));
  return registry_.Call(&RegistryService::Stub::ImportProgram, import, ListOffice()).status();
}

absl::Status SampleCalls::Publish(absl::Time at, const std::string& etag) const {
  PublishProgramRequest publish;
  publish.set_name(sample_.program());
  publish.set_etag(etag);
  publish.set_request_id(DerivedRequestId(at, publish));
  return registry_.Call(&RegistryService::Stub::PublishProgram, publish, ListOffice()).status();
}

absl::Status SampleCalls::LoadTasks() {
  ListTasksRequest request;
  request.set_parent(sample_.program());
  ASSIGN_OR_RETURN(const auto list, registry_.ListAll(&RegistryService::Stub::ListTasks, request));
  for (const auto& task : list.tasks()) {
    leads_[task.name()] = task.lead_units_size() > 0 ? task.lead_units(0) : "";
    last_task_ = task.name();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> SampleCalls::File(const PlanRow& plan) const {
  FilePlanRequest request;
  request.set_parent(TaskName(plan.task));
  *request.mutable_revision() = plan.revision;
  request.set_request_id(DerivedRequestId(*plan.filed_at, request));
  const auto lead = leads_.find(request.parent());
  ASSIGN_OR_RETURN(const auto response,
                   registry_.Call(&RegistryService::Stub::FilePlan, request,
                                  Reporter(lead == leads_.end() ? "" : lead->second)));
  return response.revision().name();
}

absl::Status SampleCalls::Approve(const PlanRow& plan, const std::string& revision) const {
  ApprovePlanRequest request;
  request.set_name(revision);
  request.set_document_number(plan.document_number);
  request.set_request_id(DerivedRequestId(*plan.approved_at, request));
  return registry_.Call(&RegistryService::Stub::ApprovePlan, request, ListOffice()).status();
}

SubmitReportRequest SampleCalls::RequestOf(const ReportRow& report) const {
  SubmitReportRequest request = report.request;
  request.set_parent(TaskName(report.task));
  return request;
}

absl::Status SampleCalls::Act(const ActionRow& action) const {
  const std::string task = TaskName(action.task);
  const auto send = [&](auto method, auto request) {
    request.set_request_id(DerivedRequestId(action.at, request));
    return progress_.Call(method, request, ListOffice()).status();
  };
  switch (action.kind) {
    case ActionRow::Kind::kReturn: {
      ReturnReportRequest request;
      request.set_name(absl::StrCat(task, "/reports/", action.period));
      request.set_reason(action.reason);
      return send(&ProgressService::Stub::ReturnReport, request);
    }
    case ActionRow::Kind::kExempt: {
      ExemptReportRequest request;
      request.set_parent(task);
      request.set_period(action.period);
      request.set_reason(action.reason);
      return send(&ProgressService::Stub::ExemptReport, request);
    }
    case ActionRow::Kind::kJudge: {
      RecordJudgementRequest request;
      request.set_parent(task);
      request.mutable_judgement()->set_light(action.light);
      request.mutable_judgement()->set_reason(action.reason);
      request.mutable_judgement()->set_valid_to(action.valid_to);
      return send(&ProgressService::Stub::RecordJudgement, request);
    }
  }
  return absl::OkStatus();
}

absl::Status SampleCalls::AwaitTasks() const {
  if (last_task_.empty()) return absl::OkStatus();
  return Await(patience_.catch_up, "任务清单", [this]() -> absl::StatusOr<bool> {
    GetAssessmentRequest request;
    request.set_name(last_task_);
    const auto response = progress_.Call(&ProgressService::Stub::GetAssessment, request);
    if (absl::IsNotFound(response.status())) return false;
    RETURN_IF_ERROR(response.status());
    return true;
  });
}

absl::Status SampleCalls::AwaitPlans(int64_t without_most) const {
  return Await(patience_.catch_up, "节点计划", [this, without_most]() -> absl::StatusOr<bool> {
    SummarizeProgramRequest request;
    request.set_name(sample_.program());
    ASSIGN_OR_RETURN(const auto summary,
                     progress_.Call(&ProgressService::Stub::SummarizeProgram, request));
    return summary.tasks_without_plan() <= without_most;
  });
}

std::string SampleCalls::TaskName(const std::string& given) const {
  if (IsTaskName(given)) return given;
  return TaskNameIn(sample_.program(), given).value_or(given);
}

platform::Principal SampleCalls::ListOffice() const {
  return cli_.As(kListOffice, sample_.import.report_recipient());
}

platform::Principal SampleCalls::Reporter(const std::string& unit) const {
  return cli_.As(kReporter, unit);
}

}  // namespace minsheng::cli
