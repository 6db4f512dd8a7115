#include <csignal>
#include <iostream>

#include "tools/cli/commands.h"
#include "tools/cli/errors.h"

namespace {

constexpr char kDescription[] =
    "Minsheng (民生实事): the yearly list of livelihood projects, its plans, monthly reports and "
    "lights.";
constexpr char kFooter[] =
    "TASK is municipal-11/2 or a task's whole name; PERIOD is 2024-06 or 2024-final; times are "
    "2024-10-01\n"
    "(00:00 Asia/Shanghai) or RFC 3339. Common options (--output json, --program …) go anywhere: "
    "minsheng --help.\n"
    "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 an audit found differences.";

void AddCommands(CLI::App& app, minsheng::cli::Cli& cli) {
  using namespace minsheng::cli;
  AddStatusCommand(app, cli);
  AddAssessmentCommands(app, cli);
  AddNoticeCommands(app, cli);
  AddProgramCommands(app, cli);
  AddTaskCommands(app, cli);
  AddPlanCommands(app, cli);
  AddReportCommands(app, cli);
  AddJudgeCommand(app, cli);
  AddFeedCommands(app, cli);
  AddAuditCommands(app, cli);
  AddTokenCommands(app, cli);
  AddBackupCommands(app, cli);
  AddCertsCommands(app, cli);
  AddClockCommands(app, cli);
  AddRehearseCommand(app, cli);
  AddGenerateCommand(app, cli);
  AddLoadCommand(app, cli);
}

int Main(int argc, char** argv) {
  CLI::App app(kDescription, "minsheng");
  app.footer(kFooter);
  app.require_subcommand(1);
  app.fallthrough();
  minsheng::cli::Cli cli(app);
  AddCommands(app, cli);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? minsheng::cli::kExitOk : minsheng::cli::kExitUsage;
  }
  const absl::Status status = cli.Run();
  std::cout.flush();
  if (!status.ok()) minsheng::cli::PrintError(std::cerr, status);
  return minsheng::cli::ExitCodeOf(status);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_DFL);
  return Main(argc, argv);
}
