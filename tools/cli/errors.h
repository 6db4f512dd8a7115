// What the program says when something went wrong, and its exit codes.
#ifndef MINSHENG_TOOLS_CLI_ERRORS_H_
#define MINSHENG_TOOLS_CLI_ERRORS_H_

#include <ostream>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace minsheng::cli {

enum ExitCode : int { kExitOk = 0, kExitFailed = 1, kExitUsage = 2, kExitDifferences = 3 };

// The command line cannot be meant: exit code 2.
absl::Status UsageError(absl::string_view message);

// Refused or failed: exit code 1. `reason` is shown in brackets.
absl::Status Failure(absl::string_view reason, absl::string_view message);

// An audit found differences: exit code 3.
absl::Status DifferencesError(absl::string_view message);

int ExitCodeOf(const absl::Status& status);

// In Chinese with the English code in brackets: what happened, the figures that came with it, what
// to do.
void PrintError(std::ostream& out, const absl::Status& status);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_ERRORS_H_
