// notice export: the list in store as a file in the notice's own form.
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "services/registry/exports/list_csv.h"
#include "services/registry/exports/list_sheet.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"
#include "tools/cli/json.h"

namespace minsheng::cli {
namespace {

using registry::StoredList;
using registry::v1::GetProgramRequest;
using registry::v1::ListProjectsRequest;
using registry::v1::ListTasksRequest;
using registry::v1::ListUnitsRequest;
using registry::v1::RegistryService;

struct ExportArgs {
  std::string to;
  bool force = false;
};

template <typename Items>
auto VectorOf(const Items& items) {
  return std::vector<typename Items::value_type>(items.begin(), items.end());
}

absl::StatusOr<StoredList> Fetch(Cli& cli) {
  StoredList list;
  GetProgramRequest get;
  ASSIGN_OR_RETURN(*get.mutable_name(), cli.Program());
  ASSIGN_OR_RETURN(const auto program,
                   cli.registry().Call(&RegistryService::Stub::GetProgram, get));
  list.program = program.program();

  ListProjectsRequest projects;
  projects.set_parent(get.name());
  ASSIGN_OR_RETURN(const auto listed_projects,
                   cli.registry().ListAll(&RegistryService::Stub::ListProjects, projects));
  list.projects = VectorOf(listed_projects.projects());

  ListTasksRequest tasks;
  tasks.set_parent(get.name());
  ASSIGN_OR_RETURN(const auto listed_tasks,
                   cli.registry().ListAll(&RegistryService::Stub::ListTasks, tasks));
  list.tasks = VectorOf(listed_tasks.tasks());

  ListUnitsRequest units;
  units.set_parent(get.name().substr(0, get.name().find("/programs/")));
  ASSIGN_OR_RETURN(const auto listed_units,
                   cli.registry().ListAll(&RegistryService::Stub::ListUnits, units));
  list.units = VectorOf(listed_units.units());
  return list;
}

absl::StatusOr<std::string> BytesOf(const StoredList& list, const std::string& path) {
  const std::string lower = absl::AsciiStrToLower(path);
  if (absl::EndsWith(lower, ".csv")) return registry::ListCsv(list);
  return registry::ListSheet(list);
}

absl::Status CheckForm(const std::string& path) {
  const std::string lower = absl::AsciiStrToLower(path);
  if (absl::EndsWith(lower, ".xlsx") || absl::EndsWith(lower, ".csv")) return absl::OkStatus();
  return UsageError(absl::StrCat("--to ", path, "：文件名请以 .xlsx 或 .csv 结尾"));
}

absl::Status ExportNotice(Cli& cli, const ExportArgs& args) {
  RETURN_IF_ERROR(CheckForm(args.to));
  ASSIGN_OR_RETURN(const StoredList list, Fetch(cli));
  ASSIGN_OR_RETURN(const std::string bytes, BytesOf(list, args.to));
  RETURN_IF_ERROR(WriteOut(args.to, bytes, args.force));
  if (cli.json()) {
    cli.out() << ToJson(JsonParts{{"file", JsonQuoted(args.to)},
                                  {"program", JsonQuoted(list.program.name())},
                                  {"projects", absl::StrCat(list.projects.size())},
                                  {"tasks", absl::StrCat(list.tasks.size())}});
    return absl::OkStatus();
  }
  cli.out() << "已写入 " << args.to << "：" << list.program.title() << "，" << list.projects.size()
            << "个项目，" << list.tasks.size() << "项任务\n";
  return absl::OkStatus();
}

}  // namespace

void AddNoticeExport(CLI::App& notice, Cli& cli) {
  auto args = std::make_shared<ExportArgs>();
  CLI::App* command =
      notice.add_subcommand("export", "Write the list as a file in the notice's own form");
  command->add_option("--to", args->to, "the file, .xlsx or .csv")->required();
  command->add_flag("--force", args->force, "replace a file that is there");
  cli.OnRun(command, [args](Cli& c) { return ExportNotice(c, *args); });
}

}  // namespace minsheng::cli
