// The command groups. Each adds its subcommands to the app and leaves the chosen one's action in
// `cli`, which outlives the app.
#ifndef MINSHENG_TOOLS_CLI_COMMANDS_H_
#define MINSHENG_TOOLS_CLI_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "tools/cli/cli.h"

namespace minsheng::cli {

void AddNoticeCommands(CLI::App& app, Cli& cli);   // notice parse, import, export
void AddProgramCommands(CLI::App& app, Cli& cli);  // district create, program list, program publish
void AddTaskCommands(CLI::App& app, Cli& cli);     // tasks list, tasks get
void AddPlanCommands(CLI::App& app, Cli& cli);     // plan file, plan approve, plan list
void AddReportCommands(CLI::App& app,
                       Cli& cli);  // report submit, workbook, import, list, return, exempt
void AddJudgeCommand(CLI::App& app, Cli& cli);        // judge
void AddStatusCommand(CLI::App& app, Cli& cli);       // status
void AddAssessmentCommands(CLI::App& app, Cli& cli);  // explain, assessments list
void AddFeedCommands(CLI::App& app, Cli& cli);        // feed read
void AddAuditCommands(CLI::App& app, Cli& cli);       // audit verify
void AddTokenCommands(CLI::App& app, Cli& cli);       // token init, create, list, show, revoke
void AddBackupCommands(CLI::App& app, Cli& cli);      // backup, restore
void AddCertsCommands(CLI::App& app, Cli& cli);       // certs init, issue, renew, list, revoke
void AddClockCommands(CLI::App& app, Cli& cli);       // clock show, clock advance
void AddRehearseCommand(CLI::App& app, Cli& cli);     // rehearse
void AddGenerateCommand(CLI::App& app, Cli& cli);     // generate
void AddLoadCommand(CLI::App& app, Cli& cli);         // load

// Parts of a group that have files of their own.
void AddNoticeImport(CLI::App& notice, Cli& cli);
void AddNoticeExport(CLI::App& notice, Cli& cli);
void AddReportImport(CLI::App& report, Cli& cli);
void AddReportWorkbook(CLI::App& report, Cli& cli);
void AddReportDecisions(CLI::App& report, Cli& cli);
void AddRestore(CLI::App& app, Cli& cli);

// A command that only holds others.
inline CLI::App* AddGroup(CLI::App& app, const std::string& name, const std::string& description) {
  CLI::App* group = app.add_subcommand(name, description);
  group->require_subcommand(1);
  return group;
}

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_COMMANDS_H_
