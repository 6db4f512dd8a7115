// tasks list, tasks get.
#include <memory>

#include "absl/strings/str_join.h"
#include "minsheng/progress/v1/progress.grpc.pb.h"
#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "tools/cli/commands.h"
#include "tools/cli/continuation_view.h"
#include "tools/cli/names.h"
#include "tools/cli/notice_view.h"
#include "tools/cli/times.h"
#include "tools/cli/words.h"

namespace minsheng::cli {
namespace {

using registry::v1::GetTaskRequest;
using registry::v1::ListTasksRequest;
using registry::v1::RegistryService;
using registry::v1::Task;

struct ListArgs {
  std::string lead_unit;
  std::string unit;
  std::string group;
};

absl::Status ListTasks(Cli& cli, const ListArgs& args) {
  ListTasksRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), cli.Program());
  request.set_lead_unit(args.lead_unit);
  request.set_unit(args.unit);
  request.set_group(args.group);
  ASSIGN_OR_RETURN(const auto list,
                   cli.registry().ListAll(&RegistryService::Stub::ListTasks, request));
  if (cli.json()) {
    cli.PrintJson(list);
  } else {
    ShowTasks(cli, list.tasks());
  }
  return absl::OkStatus();
}

void ShowTargets(const Cli& cli, const Task& task) {
  Table table({{"目标", Align::kRight},
               {"类型"},
               {"指标", Align::kLeft, 40},
               {"要求"},
               {"力争"},
               {"基数"},
               {"期限"},
               {"测评日"},
               {"说明", Align::kLeft, 40}});
  for (const auto& target : task.targets()) {
    std::string indicator = target.indicator();
    if (target.part_of() > 0)
      indicator += "（其中，属目标" + std::to_string(target.part_of()) + "）";
    if (target.stage() == registry::v1::TARGET_STAGE_START) indicator += "（计开工）";
    table.Add({static_cast<int64_t>(target.number()), TargetKindWord(target.kind()), indicator,
               GoalWords(target), target.stretch(), target.base(), target.due_on(),
               absl::StrJoin(target.survey_days(), "、"), target.note()});
  }
  cli.Print(table);
}

void ShowTask(const Cli& cli, const Task& task) {
  std::ostream& out = cli.out();
  out << Coloured(ShortTask(task.name()) + "  " + task.project_title(), Colour::kBold, cli.colour())
      << (task.removed() ? "（已移出清单）" : "") << '\n';
  out << task.content() << '\n';
  out << "总投资 " << ShowWanYuan(task.has_planned_investment(), task.planned_investment())
      << " 万元\n";
  out << "牵头单位 " << absl::StrJoin(task.lead_units(), "、") << '\n';
  out << "协作单位 " << absl::StrJoin(task.cooperating_units(), "、") << '\n';
  for (const auto& [label, words] : task.attributes()) out << label << " " << words << '\n';
  out << '\n';
  ShowTargets(cli, task);
}

// What progress does not know, of a list that is no longer or not yet in force, is the link alone.
absl::Status ShowWhatItContinues(Cli& cli, const GetTaskRequest& of, const Task& task) {
  progress::v1::GetContinuationRequest request;
  request.set_name(task.name());
  if (of.has_as_of()) *request.mutable_as_of() = of.as_of();
  const auto response =
      cli.progress().Call(&progress::v1::ProgressService::Stub::GetContinuation, request);
  if (!response.ok() && !absl::IsNotFound(response.status())) return response.status();
  ShowContinuation(cli, task, response.ok() ? response->continuation() : LinkOf(task));
  return absl::OkStatus();
}

struct GetArgs {
  std::string task;
  std::string as_of;
};

absl::Status GetTask(Cli& cli, const GetArgs& args) {
  GetTaskRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), cli.Task(args.task));
  if (!args.as_of.empty()) {
    ASSIGN_OR_RETURN(const absl::Time as_of, ParseInstant(args.as_of));
    *request.mutable_as_of() = platform::ToTimestamp(as_of);
  }
  ASSIGN_OR_RETURN(const auto response,
                   cli.registry().Call(&RegistryService::Stub::GetTask, request));
  if (cli.json()) {
    cli.PrintJson(response);
    return absl::OkStatus();
  }
  ShowTask(cli, response.task());
  if (!response.task().has_continues()) return absl::OkStatus();
  return ShowWhatItContinues(cli, request, response.task());
}

}  // namespace

void AddTaskCommands(CLI::App& app, Cli& cli) {
  CLI::App* tasks = AddGroup(app, "tasks", "The tasks of the list (任务)");
  auto list_args = std::make_shared<ListArgs>();
  CLI::App* list = tasks->add_subcommand("list", "Tasks in the list's order");
  list->add_option("--lead-unit", list_args->lead_unit, "only what this unit leads (牵头)");
  list->add_option("--unit", list_args->unit, "only what this unit leads or cooperates in");
  list->add_option("--group", list_args->group, "municipal or district");
  cli.OnRun(list, [list_args](Cli& c) { return ListTasks(c, *list_args); });

  auto get_args = std::make_shared<GetArgs>();
  CLI::App* get = tasks->add_subcommand("get", "One task with its targets");
  get->add_option("TASK", get_args->task)->required();
  get->add_option("--as-of", get_args->as_of, "what was known then");
  cli.OnRun(get, [get_args](Cli& c) { return GetTask(c, *get_args); });
}

}  // namespace minsheng::cli
