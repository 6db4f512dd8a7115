// plan file, plan approve, plan list.
#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/names.h"
#include "tools/cli/plan_rows.h"
#include "tools/cli/text.h"
#include "tools/cli/times.h"
#include "tools/cli/words.h"

namespace minsheng::cli {
namespace {

using registry::v1::ApprovePlanRequest;
using registry::v1::FilePlanRequest;
using registry::v1::GetTaskRequest;
using registry::v1::ListPlanRevisionsRequest;
using registry::v1::ListPlanRevisionsResponse;
using registry::v1::PlanRevision;
using registry::v1::RegistryService;

struct FileArgs {
  std::string task;
  std::string file;
  std::vector<std::string> milestones;
  std::string starts_on;
  std::string due_on;
  std::string reason;
};

// The one plan in the file that is for the task.
absl::StatusOr<PlanRevision> PlanInFile(const FileArgs& args, const std::string& task) {
  ASSIGN_OR_RETURN(const auto plans, ReadPlans(args.file));
  std::vector<PlanRow> fitting;
  std::copy_if(plans.begin(), plans.end(), std::back_inserter(fitting), [&](const PlanRow& plan) {
    return plan.task.empty() || plan.task == task || plan.task == ShortTask(task);
  });
  if (fitting.size() == 1) return fitting.front().revision;
  if (fitting.empty()) {
    return Failure("NO_PLAN_IN_FILE",
                   absl::StrCat(args.file, " 中没有 ", ShortTask(task), " 的计划"));
  }
  return Failure(
      "SEVERAL_PLANS_IN_FILE",
      absl::StrCat(args.file, " 中有 ", ShortTask(task), " 的", fitting.size(), "版计划（第",
                   fitting[0].row, "行、第", fitting[1].row, "行……）；请每次只留一版"));
}

absl::StatusOr<PlanRevision> PlanOf(const FileArgs& args, const std::string& task) {
  if (args.file.empty() == args.milestones.empty()) {
    return UsageError("请给出计划文件，或用 --milestone 日期:百分数:内容 逐个给出节点");
  }
  PlanRevision revision;
  if (!args.file.empty()) {
    ASSIGN_OR_RETURN(revision, PlanInFile(args, task));
  }
  for (const std::string& text : args.milestones) {
    ASSIGN_OR_RETURN(*revision.add_milestones(), ParseMilestone(text));
  }
  for (const std::string* day : {&args.starts_on, &args.due_on}) {
    if (!day->empty()) RETURN_IF_ERROR(ParseDay(*day).status());
  }
  if (!args.starts_on.empty()) revision.set_starts_on(args.starts_on);
  if (!args.due_on.empty()) revision.set_due_on(args.due_on);
  if (!args.reason.empty()) revision.set_reason(args.reason);
  return revision;
}

void ShowRevision(const Cli& cli, const PlanRevision& revision) {
  std::ostream& out = cli.out();
  out << "第" << LastSegment(revision.name()) << "版  " << PlanStateWord(revision.state())
      << "  报送 " << ShowInstant(revision.file_time()) << "  批准 "
      << ShowInstant(revision.approve_time());
  if (!revision.starts_on().empty()) out << "  开工 " << revision.starts_on();
  if (!revision.due_on().empty()) out << "  完成 " << revision.due_on();
  if (!revision.document_number().empty()) out << "  文号 " << revision.document_number();
  out << '\n';
  if (!revision.reason().empty()) out << "调整原因：" << WithoutControls(revision.reason()) << '\n';
  Table table(
      {{"节点"}, {"计划%", Align::kRight}, {"目标", Align::kRight}, {"内容"}, {"责任岗位"}});
  for (const auto& milestone : revision.milestones()) {
    table.Add({milestone.due_on(), milestone.percent(),
               milestone.target() == 0 ? "全部" : absl::StrCat(milestone.target()),
               milestone.text(), milestone.responsible_post()});
  }
  cli.Print(table);
}

absl::Status FilePlan(Cli& cli, const FileArgs& args) {
  FilePlanRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), cli.Task(args.task));
  ASSIGN_OR_RETURN(*request.mutable_revision(), PlanOf(args, request.parent()));
  request.set_request_id(cli.RequestId());
  GetTaskRequest get;
  get.set_name(request.parent());
  ASSIGN_OR_RETURN(const auto task, cli.registry().Call(&RegistryService::Stub::GetTask, get));
  const std::string lead = task.task().lead_units_size() > 0 ? task.task().lead_units(0) : "";
  ASSIGN_OR_RETURN(const auto response, cli.registry().Call(&RegistryService::Stub::FilePlan,
                                                            request, cli.As(kReporter, lead)));
  if (cli.json()) {
    cli.PrintJson(response);
    return absl::OkStatus();
  }
  ShowRevision(cli, response.revision());
  cli.out() << "已报送，待批准：minsheng plan approve " << ShortTask(request.parent()) << ' '
            << LastSegment(response.revision().name()) << '\n';
  return absl::OkStatus();
}

absl::StatusOr<ListPlanRevisionsResponse> Revisions(Cli& cli, const std::string& task) {
  ListPlanRevisionsRequest request;
  request.set_parent(task);
  return cli.registry().ListAll(&RegistryService::Stub::ListPlanRevisions, request);
}

struct ApproveArgs {
  std::string task;
  std::string revision;
  std::string document_number;
};

// The revision that is meant: the given one, or the newest that waits.
absl::StatusOr<std::string> RevisionName(Cli& cli, const ApproveArgs& args) {
  if (absl::StrContains(args.task, "/revisions/")) return args.task;
  ASSIGN_OR_RETURN(const std::string task, cli.Task(args.task));
  if (!args.revision.empty()) return absl::StrCat(task, "/revisions/", args.revision);
  ASSIGN_OR_RETURN(const auto list, Revisions(cli, task));
  for (int i = list.revisions_size() - 1; i >= 0; --i) {
    const PlanRevision& revision = list.revisions(i);
    if (revision.state() == registry::v1::PLAN_STATE_FILED) return revision.name();
  }
  return Failure("NO_PLAN_WAITING", absl::StrCat(ShortTask(task), " 没有待批的计划"));
}

absl::Status ApprovePlan(Cli& cli, const ApproveArgs& args) {
  ApprovePlanRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), RevisionName(cli, args));
  request.set_document_number(args.document_number);
  request.set_request_id(cli.RequestId());
  ASSIGN_OR_RETURN(const auto response, cli.registry().Call(&RegistryService::Stub::ApprovePlan,
                                                            request, cli.As(kListOffice)));
  if (cli.json()) {
    cli.PrintJson(response);
  } else {
    ShowRevision(cli, response.revision());
  }
  return absl::OkStatus();
}

absl::Status ListPlans(Cli& cli, const std::string& given) {
  ASSIGN_OR_RETURN(const std::string task, cli.Task(given));
  ASSIGN_OR_RETURN(const auto list, Revisions(cli, task));
  if (cli.json()) {
    cli.PrintJson(list);
    return absl::OkStatus();
  }
  if (list.revisions_size() == 0) cli.out() << ShortTask(task) << " 未报节点计划\n";
  for (int i = 0; i < list.revisions_size(); ++i) {
    if (i > 0) cli.out() << '\n';
    ShowRevision(cli, list.revisions(i));
  }
  return absl::OkStatus();
}

void AddFile(CLI::App& plan, Cli& cli) {
  auto args = std::make_shared<FileArgs>();
  CLI::App* file = plan.add_subcommand("file", "File a task's plan; the list office approves it");
  file->add_option("TASK", args->task)->required();
  file->add_option("FILE", args->file,
                   "CSV: milestone_on, percent, text … (one row per milestone)");
  file->add_option("--milestone", args->milestones,
                   "DATE:PERCENT:TEXT, e.g. 2024-06-30:40:首批完工 (may be repeated)")
      ->allow_extra_args(false);
  file->add_option("--starts-on", args->starts_on, "planned start of the work");
  file->add_option("--due-on", args->due_on, "the task's due day; default: the year's end");
  file->add_option("--reason", args->reason, "why the plan changes");
  cli.OnRun(file, [args](Cli& c) { return FilePlan(c, *args); });
}

void AddApprove(CLI::App& plan, Cli& cli) {
  auto args = std::make_shared<ApproveArgs>();
  CLI::App* approve = plan.add_subcommand("approve", "Approve a filed plan: in force from now on");
  approve->add_option("TASK", args->task, "the task, or a revision's whole name")->required();
  approve->add_option("REVISION", args->revision, "number; default: the newest that waits");
  approve->add_option("--document-number", args->document_number,
                      "文号, needed for a change after the baseline");
  cli.OnRun(approve, [args](Cli& c) { return ApprovePlan(c, *args); });
}

}  // namespace

void AddPlanCommands(CLI::App& app, Cli& cli) {
  CLI::App* plan = AddGroup(app, "plan", "Milestones and their approval (节点计划)");
  AddFile(*plan, cli);
  AddApprove(*plan, cli);
  auto task = std::make_shared<std::string>();
  CLI::App* list = plan->add_subcommand("list", "All revisions of a task's plan, oldest first");
  list->add_option("TASK", *task)->required();
  cli.OnRun(list, [task](Cli& c) { return ListPlans(c, *task); });
}

}  // namespace minsheng::cli
