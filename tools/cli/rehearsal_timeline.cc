// What a sample's rows do, and when.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "minsheng/progress/v1/progress.grpc.pb.h"
#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/rehearsal.h"

namespace minsheng::cli {

using progress::v1::ProgressService;
using progress::v1::SubmitReportRequest;
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
                     [this, &plan] { return calls_.File(plan).status(); }});
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
                     [this, &action] { return calls_.Act(action); }});
}

// The newest revision, unless it is approved already (by an earlier run that was interrupted here):
// then empty.
absl::StatusOr<std::string> Rehearsal::RevisionToApprove(const PlanRow& plan) {
  ListPlanRevisionsRequest request;
  request.set_parent(calls_.TaskName(plan.task));
  ASSIGN_OR_RETURN(const auto list,
                   cli_.registry().ListAll(&RegistryService::Stub::ListPlanRevisions, request));
  if (list.revisions().empty()) return absl::NotFoundError("没有可批准的计划");
  const auto& newest = *list.revisions().rbegin();
  return newest.state() == registry::v1::PLAN_STATE_FILED ? newest.name() : "";
}

absl::Status Rehearsal::Approve(const PlanRow& plan) {
  ASSIGN_OR_RETURN(const std::string revision, RevisionToApprove(plan));
  return revision.empty() ? absl::OkStatus() : calls_.Approve(plan, revision);
}

absl::Status Rehearsal::Submit(const ReportRow& report) {
  SubmitReportRequest request = calls_.RequestOf(report);
  request.set_request_id(DerivedRequestId(*report.filed_at, request));
  const auto caller =
      request.report().received_on().empty() ? calls_.Reporter(report.unit) : calls_.ListOffice();
  return cli_.progress().Call(&ProgressService::Stub::SubmitReport, request, caller).status();
}

}  // namespace minsheng::cli
