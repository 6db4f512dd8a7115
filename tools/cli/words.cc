#include "tools/cli/words.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/registry/domain/money.h"
#include "tools/cli/errors.h"

namespace minsheng::cli {
namespace {

namespace pv1 = progress::v1;
namespace rv1 = registry::v1;

template <typename Enum>
struct Word {
  Enum value;
  const char* word;
  Colour colour = Colour::kNone;
};

constexpr Word<pv1::Light> kLights[] = {
    {pv1::LIGHT_COMPLETED, "已完成", Colour::kBlue},
    {pv1::LIGHT_AHEAD, "超序时", Colour::kGreen},
    {pv1::LIGHT_ON_SCHEDULE, "按序时", Colour::kGreen},
    {pv1::LIGHT_SLIGHTLY_BEHIND, "略慢", Colour::kCyan},
    {pv1::LIGHT_BEHIND, "滞后", Colour::kYellow},
    {pv1::LIGHT_SEVERELY_BEHIND, "严重滞后", Colour::kRed},
    {pv1::LIGHT_STALE, "灰", Colour::kGray},
    {pv1::LIGHT_UNRATED, "不评", Colour::kNone},
};

constexpr Word<pv1::ReportingState> kReporting[] = {
    {pv1::REPORTING_STATE_NOT_DUE, "未到期"},
    {pv1::REPORTING_STATE_ON_TIME, "已报", Colour::kGreen},
    {pv1::REPORTING_STATE_LATE, "迟报", Colour::kYellow},
    {pv1::REPORTING_STATE_MISSING, "未报", Colour::kRed},
    {pv1::REPORTING_STATE_NOTHING_TO_REPORT, "无进展", Colour::kCyan},
    {pv1::REPORTING_STATE_EXEMPT, "免报", Colour::kGray},
    {pv1::REPORTING_STATE_RETURNED, "退回", Colour::kYellow},
};

constexpr Word<pv1::UnratedReason> kUnrated[] = {
    {pv1::UNRATED_REASON_NOT_BEGUN, "首期未满"}, {pv1::UNRATED_REASON_NO_PLAN, "未报节点计划"},
    {pv1::UNRATED_REASON_NO_BASE, "未录入基数"}, {pv1::UNRATED_REASON_NOT_SURVEYED, "未到测评时点"},
    {pv1::UNRATED_REASON_NOT_DUE, "未到期"},     {pv1::UNRATED_REASON_QUALITATIVE, "定性"},
};

constexpr Word<pv1::WorkStage> kStages[] = {
    {pv1::WORK_STAGE_PREPARATION, "前期"}, {pv1::WORK_STAGE_STARTED, "开工"},
    {pv1::WORK_STAGE_HALFWAY, "过半"},     {pv1::WORK_STAGE_BUILT, "完工"},
    {pv1::WORK_STAGE_ACCEPTED, "验收"},
};

constexpr Word<pv1::SelfRating> kRatings[] = {
    {pv1::SELF_RATING_NORMAL, "正常"},
    {pv1::SELF_RATING_DIFFICULT, "有困难"},
};

constexpr Word<rv1::ProgramState> kProgramStates[] = {
    {rv1::PROGRAM_STATE_DRAFT, "草稿"},
    {rv1::PROGRAM_STATE_PUBLISHED, "已发布"},
};

constexpr Word<rv1::PlanState> kPlanStates[] = {
    {rv1::PLAN_STATE_FILED, "待批"},
    {rv1::PLAN_STATE_APPROVED, "已批"},
};

constexpr Word<rv1::Severity> kSeverities[] = {
    {rv1::SEVERITY_INFO, "说明"},
    {rv1::SEVERITY_WARNING, "警告", Colour::kYellow},
    {rv1::SEVERITY_ERROR, "错误", Colour::kRed},
};

constexpr Word<rv1::TargetKind> kKinds[] = {
    {rv1::TARGET_KIND_COUNT, "数量"},     {rv1::TARGET_KIND_COVERAGE, "覆盖"},
    {rv1::TARGET_KIND_LEVEL, "水平"},     {rv1::TARGET_KIND_FREQUENCY, "频次"},
    {rv1::TARGET_KIND_EVENT, "形象进度"}, {rv1::TARGET_KIND_QUALITATIVE, "定性"},
    {rv1::TARGET_KIND_SERVICE, "服务"},
};

template <typename Enum, size_t N>
const Word<Enum>* Find(const Word<Enum> (&words)[N], Enum value) {
  for (const auto& word : words) {
    if (word.value == value) return &word;
  }
  return nullptr;
}

template <typename Enum, size_t N>
std::string WordOf(const Word<Enum> (&words)[N], Enum value) {
  const auto* found = Find(words, value);
  return found ? found->word : "—";
}

template <typename Enum, size_t N>
Colour ColourOf(const Word<Enum> (&words)[N], Enum value) {
  const auto* found = Find(words, value);
  return found ? found->colour : Colour::kNone;
}

// `name` gives an enum's full name, "LIGHT_BEHIND"; `prefix` is what may be left out.
template <typename Enum, size_t N, typename Name>
absl::optional<Enum> Parse(const Word<Enum> (&words)[N], absl::string_view prefix, Name name,
                           absl::string_view text) {
  const std::string upper = absl::AsciiStrToUpper(absl::StripAsciiWhitespace(text));
  for (const auto& word : words) {
    const std::string full = name(word.value);
    if (upper == word.word || upper == full || absl::StrCat(prefix, upper) == full) {
      return word.value;
    }
  }
  return absl::nullopt;
}

template <typename Enum, size_t N>
std::string Choices(const Word<Enum> (&words)[N]) {
  std::string choices;
  for (const auto& word : words) absl::StrAppend(&choices, choices.empty() ? "" : "、", word.word);
  return choices;
}

}  // namespace

std::string LightWord(pv1::Light light) { return WordOf(kLights, light); }
Colour LightColour(pv1::Light light) { return ColourOf(kLights, light); }
Cell LightCell(pv1::Light light) { return {LightWord(light), LightColour(light)}; }

absl::StatusOr<pv1::Light> ParseLight(absl::string_view text) {
  const auto light = Parse(
      kLights, "LIGHT_", [](pv1::Light l) { return pv1::Light_Name(l); }, text);
  if (light) return *light;
  return UsageError(absl::StrCat("没有“", text, "”这种灯；可用：", Choices(kLights),
                                 "，或 COMPLETED 等英文代码"));
}

std::string ReportingWord(pv1::ReportingState state) { return WordOf(kReporting, state); }
Colour ReportingColour(pv1::ReportingState state) { return ColourOf(kReporting, state); }

absl::StatusOr<pv1::ReportingState> ParseReporting(absl::string_view text) {
  const auto state = Parse(
      kReporting, "REPORTING_STATE_",
      [](pv1::ReportingState s) { return pv1::ReportingState_Name(s); }, text);
  if (state) return *state;
  return UsageError(absl::StrCat("没有“", text, "”这种报送状态；可用：", Choices(kReporting),
                                 "，或 MISSING 等英文代码"));
}

std::string UnratedWord(pv1::UnratedReason reason) { return WordOf(kUnrated, reason); }

std::string WorkStageWord(pv1::WorkStage stage) { return WordOf(kStages, stage); }
absl::optional<pv1::WorkStage> ParseWorkStage(absl::string_view text) {
  return Parse(
      kStages, "WORK_STAGE_", [](pv1::WorkStage s) { return pv1::WorkStage_Name(s); }, text);
}

absl::StatusOr<pv1::SelfRating> ParseSelfRating(absl::string_view text) {
  if (text.empty()) return pv1::SELF_RATING_UNSPECIFIED;
  const auto rating = Parse(
      kRatings, "SELF_RATING_", [](pv1::SelfRating r) { return pv1::SelfRating_Name(r); }, text);
  if (rating) return *rating;
  return UsageError(absl::StrCat("自评“", text, "”不可用；可用：", Choices(kRatings)));
}

std::string ProgramStateWord(rv1::ProgramState state) { return WordOf(kProgramStates, state); }
std::string PlanStateWord(rv1::PlanState state) { return WordOf(kPlanStates, state); }
std::string SeverityWord(rv1::Severity severity) { return WordOf(kSeverities, severity); }
Colour SeverityColour(rv1::Severity severity) { return ColourOf(kSeverities, severity); }
std::string TargetKindWord(rv1::TargetKind kind) { return WordOf(kKinds, kind); }

std::string GoalWords(const rv1::Target& target) {
  switch (target.comparator()) {
    case rv1::COMPARATOR_AT_LEAST:
      return absl::StrCat("≥ ", target.value(), " ", target.unit());
    case rv1::COMPARATOR_AT_MOST:
      return absl::StrCat("≤ ", target.value(), " ", target.unit());
    case rv1::COMPARATOR_DONE:
      return "完成";
    case rv1::COMPARATOR_ALL:
      return "全部";
    case rv1::COMPARATOR_MORE_THAN:
      return absl::StrCat("> ", target.value(), " ", target.unit());
    case rv1::COMPARATOR_LESS_THAN:
      return absl::StrCat("< ", target.value(), " ", target.unit());
    default:
      return "—";
  }
}

std::string ShowWanYuan(bool present, const common::v1::Money& money) {
  if (!present) return "—";
  return registry::FormatAmount(money.fen(), registry::MoneyUnit::kWanYuan);
}

}  // namespace minsheng::cli
