// The proto's enums in Chinese, and back from what people type: the Chinese word, the English name
// with or without its prefix, in any case.
#ifndef MINSHENG_TOOLS_CLI_WORDS_H_
#define MINSHENG_TOOLS_CLI_WORDS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "minsheng/common/v1/money.pb.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "tools/cli/table.h"

namespace minsheng::cli {

std::string LightWord(progress::v1::Light light);
Colour LightColour(progress::v1::Light light);
// "滞后" in its colour.
Cell LightCell(progress::v1::Light light);
absl::StatusOr<progress::v1::Light> ParseLight(absl::string_view text);

std::string ReportingWord(progress::v1::ReportingState state);
Colour ReportingColour(progress::v1::ReportingState state);
absl::StatusOr<progress::v1::ReportingState> ParseReporting(absl::string_view text);

std::string UnratedWord(progress::v1::UnratedReason reason);

std::string WorkStageWord(progress::v1::WorkStage stage);
// 前期, 开工, 过半, 完工, 验收 or the English names; nullopt for anything else.
absl::optional<progress::v1::WorkStage> ParseWorkStage(absl::string_view text);

// 正常, 有困难; empty is unspecified.
absl::StatusOr<progress::v1::SelfRating> ParseSelfRating(absl::string_view text);

std::string ProgramStateWord(registry::v1::ProgramState state);
std::string PlanStateWord(registry::v1::PlanState state);
std::string SeverityWord(registry::v1::Severity severity);
Colour SeverityColour(registry::v1::Severity severity);
std::string TargetKindWord(registry::v1::TargetKind kind);
// "≥ 41 个", "完成", "全部".
std::string GoalWords(const registry::v1::Target& target);

// In 万元, exact, without the unit: "55219.1"; "—" when absent.
std::string ShowWanYuan(bool present, const common::v1::Money& money);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_WORDS_H_
