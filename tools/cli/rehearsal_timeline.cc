// What a sample's rows do, and when.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "minsheng/progress/v1/progress.grpc.pb.h"
#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/names.h"
#include "tools/cli/rehearsal.h"

namespace minsheng::cli {

using progress::v1::ExemptReportRequest;
using progress::v1::ProgressService;
using progress::v1::RecordJudgementRequest;
using progress::v1::ReturnReportRequest;
using progress::v1::SubmitReportRequest;
using registry::v1::ApprovePlanRequest;
using registry::v1::FilePlanRequest;
using registry::v1::ListPlanRevisionsRequest;
using registry::v1::RegistryService;

std::vector<Rehearsal::Entry> Rehearsal::Timeline() {
  std::vector<Entry> entries;
  for (const PlanRow& plan : sample_.plans) AddPlan(plan, entries);
  for (const ReportRow& report : sample_.reports) AddReport(report, entries);
  for (const ActionRow& action : sample_.actions) AddAction(action, entries);
  entries.erase(std::remove_if(entries.begin(), entries.end(),
                               [this](const Entry& entry) { return entry.at > to_; }),
                entries.end());
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.at < b.at; });
  return entries;
}

void Rehearsal::AddPlan(const PlanRow& plan, std::vector<Entry>& entries) {
  const std::string label = absl::StrCat("plans.csv 第", plan.row, "行 ", plan.task);
  entries.push_back({*plan.filed_at, &cli_.registry(), absl::StrCat(label, " 报送计划"),
                     [this, &plan] { return File(plan); }});
  if (!plan.approved_at) return;
  entries.push_back({*plan.approved_at, &cli_.registry(), absl::StrCat(label, " 批准计划"),
                     [this, &plan] { return Approve(plan); }});
}

void Rehearsal::AddReport(const ReportRow& report, std::vector<Entry>& entries) {
  entries.push_back({*report.filed_at, &cli_.progress(),
                     absl::StrCat("reports.csv 第", report.row, "行 ", report.task, " ",
                                  report.request.period(), " 月报"),
                     [this, &report] { return Submit(report); }});
}

void Rehearsal::AddAction(const ActionRow& action, std::vector<Entry>& entries) {
  entries.push_back({action.at, &cli_.progress(),
                     absl::StrCat("actions.csv 第", action.row, "行 ", action.task),
                     [this, &action] { return Act(action); }});
}

absl::Status Rehearsal::File(const PlanRow& plan) {
  FilePlanRequest request;
  request.set_parent(TaskName(plan.task));
  *request.mutable_revision() = plan.revision;
  request.set_request_id(DerivedRequestId(*plan.filed_at, request));
  return cli_.registry()
      .Call(&RegistryService::Stub::FilePlan, request, cli_.As(kReporter, leads_[request.parent()]))
      .status();
}

// The newest revision, unless it is approved already (by an earlier run that was interrupted here):
// then empty.
absl::StatusOr<std::string> Rehearsal::RevisionToApprove(const PlanRow& plan) {
  ListPlanRevisionsRequest request;
  request.set_parent(TaskName(plan.task));
  ASSIGN_OR_RETURN(const auto list,
                   cli_.registry().ListAll(&RegistryService::Stub::ListPlanRevisions, request));
  if (list.revisions().empty()) return absl::NotFoundError("没有可批准的计划");
  const auto& newest = *list.revisions().rbegin();
  return newest.state() == registry::v1::PLAN_STATE_FILED ? newest.name() : "";
}

absl::Status Rehearsal::Approve(const PlanRow& plan) {
  ApprovePlanRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), RevisionToApprove(plan));
  if (request.name().empty()) return absl::OkStatus();
  request.set_document_number(plan.document_number);
  request.set_request_id(DerivedRequestId(*plan.approved_at, request));
  return cli_.registry().Call(&RegistryService::Stub::ApprovePlan, request, ListOffice()).status();
}

absl::Status Rehearsal::Submit(const ReportRow& report) {
  SubmitReportRequest request = report.request;
  request.set_parent(TaskName(report.task));
  request.set_request_id(DerivedRequestId(*report.filed_at, request));
  const auto caller = report.request.report().received_on().empty()
                          ? cli_.As(kReporter, report.unit)
                          : ListOffice();
  return cli_.progress().Call(&ProgressService::Stub::SubmitReport, request, caller).status();
}

absl::Status Rehearsal::Act(const ActionRow& action) {
  const std::string task = TaskName(action.task);
  const auto send = [&](auto method, auto request) {
    request.set_request_id(DerivedRequestId(action.at, request));
    return cli_.progress().Call(method, request, ListOffice()).status();
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

}  // namespace minsheng::cli
