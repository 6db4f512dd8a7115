// A parsed or imported list on the terminal.
#ifndef MINSHENG_TOOLS_CLI_NOTICE_VIEW_H_
#define MINSHENG_TOOLS_CLI_NOTICE_VIEW_H_

#include "minsheng/registry/v1/registry.pb.h"
#include "tools/cli/cli.h"

namespace minsheng::cli {

// Title, figures, groups.
void ShowProgram(const Cli& cli, const registry::v1::Program& program);
// One line per task.
void ShowTasks(const Cli& cli, const google::protobuf::RepeatedPtrField<registry::v1::Task>& tasks);
// The list as people know it, group by group: each task with its targets, its dates, the words that
// no target was read from, and the warnings about it.
void ShowList(const Cli& cli, const registry::v1::ImportProgramResponse& response);
void ShowDiagnostics(const Cli& cli, const registry::v1::ImportProgramResponse& response);
void ShowChanges(const Cli& cli, const registry::v1::ImportProgramResponse& response);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_NOTICE_VIEW_H_
