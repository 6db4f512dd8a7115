// Resource names, whole and short.
#ifndef MINSHENG_TOOLS_CLI_NAMES_H_
#define MINSHENG_TOOLS_CLI_NAMES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace minsheng::cli {

// "500156" or "districts/500156" → "districts/500156". Usage error for anything else.
absl::StatusOr<std::string> DistrictName(absl::string_view given);

// "500156/2024" or "districts/500156/programs/2024" → the latter.
absl::StatusOr<std::string> ProgramName(absl::string_view given);

// True for ".../projects/…/tasks/…" in full.
bool IsTaskName(absl::string_view given);

// ("districts/500156/programs/2024", "municipal-11/2") → the task's name.
absl::StatusOr<std::string> TaskNameIn(absl::string_view program, absl::string_view short_name);

// ".../projects/municipal-11/tasks/2/reports/2024-06" → "municipal-11/2"; what is no task's stays
// as it is.
std::string ShortTask(absl::string_view name);

// The program of any name below it; empty when there is none.
std::string ProgramOf(absl::string_view name);

// The last segment: "2024-06", "municipal-11".
std::string LastSegment(absl::string_view name);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_NAMES_H_
