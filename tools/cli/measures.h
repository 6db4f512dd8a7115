// How far targets are, as people write it: "1=19; 2=开工".
#ifndef MINSHENG_TOOLS_CLI_MEASURES_H_
#define MINSHENG_TOOLS_CLI_MEASURES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "minsheng/progress/v1/progress.pb.h"

namespace minsheng::cli {

// "1=19", "2=15.5" or, for works, "1=开工" (前期, 开工, 过半, 完工, 验收). Usage error for anything
// else.
absl::StatusOr<progress::v1::Measure> ParseMeasure(absl::string_view text);

// Measures separated by ; or ；. Blank text gives none; a target given twice is a usage error.
absl::StatusOr<std::vector<progress::v1::Measure>> ParseMeasures(absl::string_view text);

// "1=19; 2=开工".
std::string ShowMeasures(const progress::v1::Report& report);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_MEASURES_H_
