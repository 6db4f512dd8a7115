// report workbook: for each lead unit an .xlsx in which it fills in its monthly reports.
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "minsheng/progress/v1/progress.grpc.pb.h"
#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "services/progress/exports/report_workbook.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"
#include "tools/cli/json.h"
#include "tools/cli/report_rows.h"

namespace minsheng::cli {
namespace {

using progress::ReportingUnit;
using progress::v1::ListReportsRequest;
using progress::v1::ProgressService;
using registry::v1::GetProgramRequest;
using registry::v1::ListTasksRequest;
using registry::v1::RegistryService;
using registry::v1::Task;

struct WorkbookArgs {
  std::string period;
  std::vector<std::string> units;
  std::string to;
  bool force = false;
};

// A form to fill in, without its reports.
struct Forms {
  registry::v1::Program program;
  std::vector<std::string> units;  // in the list's order
  std::map<std::string, std::vector<Task>> tasks;
};

absl::StatusOr<Forms> FormsOf(Cli& cli) {
  Forms forms;
  GetProgramRequest get;
  ASSIGN_OR_RETURN(*get.mutable_name(), cli.Program());
  ASSIGN_OR_RETURN(const auto program,
                   cli.registry().Call(&RegistryService::Stub::GetProgram, get));
  forms.program = program.program();
  ListTasksRequest request;
  request.set_parent(get.name());
  ASSIGN_OR_RETURN(const auto list,
                   cli.registry().ListAll(&RegistryService::Stub::ListTasks, request));
  for (const Task& task : list.tasks()) {
    if (task.removed() || task.lead_units().empty()) continue;
    std::vector<Task>& of_unit = forms.tasks[task.lead_units(0)];
    if (of_unit.empty()) forms.units.push_back(task.lead_units(0));
    of_unit.push_back(task);
  }
  return forms;
}

absl::StatusOr<std::vector<std::string>> Wanted(const Forms& forms,
                                                const std::vector<std::string>& units) {
  if (forms.units.empty()) {
    return Failure("NO_LEAD_UNITS", "清单中没有任何有牵头单位的任务，没有表可做");
  }
  for (const std::string& unit : units) {
    if (forms.tasks.count(unit) != 0) continue;
    return Failure("NO_LEAD_UNITS", absl::StrCat("“", unit, "”没有第一牵头的任务；牵头单位有：",
                                                 absl::StrJoin(forms.units, "、")));
  }
  return units.empty() ? forms.units : units;
}

// The program's reports by the unit that leads their task.
using ReportsByUnit = std::map<std::string, std::vector<progress::v1::Report>>;

absl::StatusOr<ReportsByUnit> ReportsOf(Cli& cli, const Forms& forms) {
  std::map<std::string, std::string> unit_of;
  for (const auto& [unit, tasks] : forms.tasks) {
    for (const Task& task : tasks) unit_of[task.name()] = unit;
  }
  ListReportsRequest request;
  request.set_parent(forms.program.name());
  ASSIGN_OR_RETURN(const auto list,
                   cli.progress().ListAll(&ProgressService::Stub::ListReports, request));
  ReportsByUnit reports;
  for (const auto& report : list.reports()) {
    const std::string task = report.name().substr(0, report.name().find("/reports/"));
    reports[unit_of[task]].push_back(report);
  }
  return reports;
}

std::string PathOf(const WorkbookArgs& args, const std::string& unit) {
  const std::string name = absl::StrReplaceAll(unit, {{"/", "／"}});
  return absl::StrCat(args.to, "/", args.period, "-", name, ".xlsx");
}

absl::Status MakeFolder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return absl::OkStatus();
  return Failure("FILE_UNWRITABLE", absl::StrCat("建不了文件夹 ", folder, "：", error.message()));
}

// Of several none is written when one is there already.
absl::Status CheckFree(const WorkbookArgs& args, const std::vector<std::string>& units) {
  for (const std::string& unit : units) {
    std::error_code ignored;
    const std::string path = PathOf(args, unit);
    if (!args.force && std::filesystem::exists(path, ignored)) {
      return Failure("FILE_EXISTS", absl::StrCat(path, " 已经存在，什么也没有写"));
    }
  }
  return absl::OkStatus();
}

absl::Status WriteWorkbooks(Cli& cli, const WorkbookArgs& args) {
  RETURN_IF_ERROR(CheckPeriod(args.period));
  ASSIGN_OR_RETURN(const Forms forms, FormsOf(cli));
  ASSIGN_OR_RETURN(const std::vector<std::string> units, Wanted(forms, args.units));
  ASSIGN_OR_RETURN(ReportsByUnit reports, ReportsOf(cli, forms));
  RETURN_IF_ERROR(MakeFolder(args.to));
  RETURN_IF_ERROR(CheckFree(args, units));
  std::vector<std::string> files;
  for (const std::string& unit : units) {
    const std::vector<Task>& tasks = forms.tasks.at(unit);
    ASSIGN_OR_RETURN(const std::string bytes,
                     progress::ReportWorkbook({.program = forms.program,
                                               .unit = unit,
                                               .period = args.period,
                                               .tasks = tasks,
                                               .reports = std::move(reports[unit])}));
    RETURN_IF_ERROR(WriteOut(PathOf(args, unit), bytes, args.force));
    files.push_back(JsonQuoted(PathOf(args, unit)));
    if (!cli.json()) cli.out() << PathOf(args, unit) << "  " << tasks.size() << "项任务\n";
  }
  if (cli.json()) {
    cli.out() << ToJson(JsonParts{{"files", absl::StrCat("[", absl::StrJoin(files, ", "), "]")}});
  } else {
    cli.out() << "已写入" << files.size()
              << "个单位的月报表。填好后用 minsheng report import 导入。\n";
  }
  return absl::OkStatus();
}

}  // namespace

void AddReportWorkbook(CLI::App& report, Cli& cli) {
  auto args = std::make_shared<WorkbookArgs>();
  CLI::App* command = report.add_subcommand(
      "workbook", "For each lead unit a workbook to fill in for a period (.xlsx)");
  command->add_option("--period", args->period, "2024-06 or 2024-final")->required();
  command->add_option("--unit", args->units, "only this lead unit's (may be repeated)")
      ->allow_extra_args(false);
  command->add_option("--to", args->to, "the folder")->required();
  command->add_flag("--force", args->force, "replace files that are there");
  cli.OnRun(command, [args](Cli& c) { return WriteWorkbooks(c, *args); });
}

}  // namespace minsheng::cli
