// What a task goes on from, on the terminal.
#ifndef MINSHENG_TOOLS_CLI_CONTINUATION_VIEW_H_
#define MINSHENG_TOOLS_CLI_CONTINUATION_VIEW_H_

#include "minsheng/progress/v1/progress.pb.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "tools/cli/cli.h"

namespace minsheng::cli {

// What the link of a task itself says: the promises, without what was reached.
progress::v1::Continuation LinkOf(const registry::v1::Task& task);

// Last year's task and, target by target, what was promised, reached and left.
void ShowContinuation(const Cli& cli, const registry::v1::Task& task,
                      const progress::v1::Continuation& continuation);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_CONTINUATION_VIEW_H_
