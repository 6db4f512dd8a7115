// generate: made-up districts of any number and size, from a seed.
#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/generated_files.h"
#include "tools/cli/json.h"
#include "tools/cli/progress_bar.h"

namespace minsheng::cli {
namespace {

struct GenerateArgs {
  std::string out;
  int64_t districts = 1;
  generate::Options options;
  std::string reports = "on";
  bool force = false;
};

absl::Status Check(const GenerateArgs& args) {
  const generate::Options& options = args.options;
  const int64_t tasks = int64_t{options.projects} * std::max(1, options.tasks_per_project);
  if (tasks > generate::kTasksMax) {
    return UsageError(absl::StrCat("每个区县至多", generate::kTasksMax, "项任务，而 ",
                                   options.projects, "×", options.tasks_per_project, "＝", tasks,
                                   "；请减少 --projects 或 --tasks-per-project，或多生成几个区县"));
  }
  return absl::OkStatus();
}

std::string Seconds(absl::Duration duration) {
  return absl::StrFormat("%.1f", absl::ToDoubleSeconds(duration));
}

void Report(const Cli& cli, const GenerateArgs& args, const GeneratedSize& size,
            absl::Duration took) {
  if (cli.json()) {
    cli.out() << ToJson(JsonParts{{"out", JsonQuoted(args.out)},
                                  {"districts", absl::StrCat(size.districts)},
                                  {"tasks", absl::StrCat(size.tasks)},
                                  {"targets", absl::StrCat(size.targets)},
                                  {"plans", absl::StrCat(size.plans)},
                                  {"reports", absl::StrCat(size.reports)},
                                  {"actions", absl::StrCat(size.actions)},
                                  {"bytes", absl::StrCat(size.bytes)},
                                  {"seconds", Seconds(took)}});
    return;
  }
  Table table({{"区县", Align::kRight},
               {"任务", Align::kRight},
               {"目标", Align::kRight},
               {"计划", Align::kRight},
               {"报告", Align::kRight},
               {"处置", Align::kRight},
               {"字节", Align::kRight},
               {"秒", Align::kRight}});
  table.Add({size.districts, size.tasks, size.targets, size.plans, size.reports, size.actions,
             size.bytes, Seconds(took)});
  cli.Print(table);
  cli.out() << "已写入 " << args.out << "（虚构数据）。装入服务：minsheng load " << args.out
            << '\n';
}

absl::Status Generate(Cli& cli, GenerateArgs args) {
  args.options.reports = args.reports == "on";
  RETURN_IF_ERROR(Check(args));
  RETURN_IF_ERROR(PrepareFolder(args.out, args.force));
  const absl::Time begin = absl::Now();
  ProgressBar bar(cli.json());
  GeneratedSize all;
  for (int64_t i = 0; i < args.districts; ++i) {
    const generate::List list(args.options, i);
    const std::string name = GeneratedFolderName(list);
    bar.Show(i, args.districts, absl::StrCat(name, " ", list.district().title()),
             absl::StrCat(i * 10 / args.districts * 10, "%"));
    ASSIGN_OR_RETURN(const GeneratedSize size, WriteDistrict(list, args.out));
    all.Add(size);
  }
  bar.End();
  Report(cli, args, all, absl::Now() - begin);
  return absl::OkStatus();
}

}  // namespace

void AddGenerateCommand(CLI::App& app, Cli& cli) {
  auto args = std::make_shared<GenerateArgs>();
  generate::Options& options = args->options;
  CLI::App* command = app.add_subcommand(
      "generate", "Make up districts of any number and size, from a seed (生成)");
  command->footer(
      "Writes FOLDER/<code>-<year>/ for each district, in the files of deploy/samples/wulong-2024. "
      "The same\n"
      "options give the same bytes on any machine; district 7 is the same whatever --districts is. "
      "Codes and\n"
      "names are no real district's. To load them: minsheng load FOLDER, or minsheng rehearse "
      "FOLDER/<code>-<year>;\n"
      "a year from January is rehearsed on services made with "
      "--rehearsal_start=2024-01-01T00:00:00+08:00. A list and its targets must fit one message "
      "(32 MiB):\n"
      "100,000 tasks of 20 a project do.");
  command->add_option("--out", args->out, "the folder, new or empty")->required();
  command->add_option("--districts", args->districts, "how many districts")
      ->check(CLI::Range(int64_t{1}, generate::kDistrictsMax))
      ->capture_default_str();
  command->add_option("--projects", options.projects, "projects of each list")
      ->check(CLI::Range(1, generate::kProjectsMax))
      ->capture_default_str();
  command
      ->add_option("--tasks-per-project", options.tasks_per_project,
                   "tasks of each project; default: 1 to 4, mostly 1")
      ->check(CLI::Range(1, generate::kTasksPerProjectMax));
  command->add_option("--year", options.year, "the lists' year")
      ->check(CLI::Range(2000, 2099))
      ->capture_default_str();
  command->add_option("--seed", options.seed, "another seed, other districts")
      ->capture_default_str();
  command
      ->add_option("--first-month", options.first_month, "month of the notices and first reports")
      ->check(CLI::Range(1, 12))
      ->capture_default_str();
  command
      ->add_option("--months", options.months,
                   "months that are reported; when December is, the closing account too")
      ->check(CLI::Range(1, 12))
      ->capture_default_str();
  command->add_option("--reports", args->reports, "on, or off for lists and plans alone")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  command->add_flag("--force", args->force,
                    "write into a folder that is not empty, over districts of the same name");
  cli.OnRun(command, [args](Cli& c) { return Generate(c, *args); });
}

}  // namespace minsheng::cli
