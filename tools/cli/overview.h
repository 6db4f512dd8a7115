// The overview of a program on the terminal.
#ifndef MINSHENG_TOOLS_CLI_OVERVIEW_H_
#define MINSHENG_TOOLS_CLI_OVERVIEW_H_

#include <vector>

#include "absl/types/optional.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "tools/cli/cli.h"

namespace minsheng::cli {

struct Overview {
  absl::optional<registry::v1::Program>
      program;  // titles only: without the registry the rest still stands
  progress::v1::SummarizeProgramResponse summary;
  std::vector<progress::v1::Assessment> lagging;  // worst first
};

// Headline, counts by light, reports, what lags, and where to look next.
void ShowOverview(const Cli& cli, const Overview& overview);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_OVERVIEW_H_
