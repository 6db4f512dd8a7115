#include "services/progress/exports/report_rules.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"

namespace minsheng::progress {

using platform::xlsx::Validation;
using registry::v1::Target;
using registry::v1::Task;

namespace {

std::string BeforeWords(const Statement& last) {
  return last.words.empty() ? "" : absl::StrCat("。上次所报（", last.period, "）：", last.words);
}

std::string MeasureHint(const Target& target, const Statement& last) {
  std::string hint;
  switch (target.kind()) {
    case registry::v1::TARGET_KIND_COVERAGE:
      hint = "填已覆盖的数量，不填百分比";
      if (!target.base().empty()) absl::StrAppend(&hint, "；基数 ", target.base());
      break;
    case registry::v1::TARGET_KIND_LEVEL:
      hint = absl::StrCat("填测评所得的值（", target.unit(), "），没有测评的月份留空");
      if (target.survey_days_size() > 0) {
        absl::StrAppend(&hint, "；测评日 ", absl::StrJoin(target.survey_days(), "、"));
      }
      break;
    case registry::v1::TARGET_KIND_EVENT:
      hint = "从下拉列表中选择形象进度";
      break;
    default:
      hint = absl::StrCat("填年初至本期末的累计数，单位：", target.unit());
  }
  return hint + BeforeWords(last);
}

std::string ValueWords(const Target& target) {
  const std::string value = absl::StrCat(target.value(), target.unit());
  switch (target.comparator()) {
    case registry::v1::COMPARATOR_AT_LEAST:
      return absl::StrCat("≥", value);
    case registry::v1::COMPARATOR_AT_MOST:
      return absl::StrCat("≤", value);
    case registry::v1::COMPARATOR_MORE_THAN:
      return absl::StrCat(">", value);
    case registry::v1::COMPARATOR_LESS_THAN:
      return absl::StrCat("<", value);
    case registry::v1::COMPARATOR_DONE:
      return "完成";
    case registry::v1::COMPARATOR_ALL:
      return "全覆盖";
    default:
      return "";
  }
}

}  // namespace

bool IsMeasured(const Target& target) {
  return target.kind() != registry::v1::TARGET_KIND_QUALITATIVE &&
         target.kind() != registry::v1::TARGET_KIND_SERVICE;
}

bool IsNeeded(const Target& target) {
  return target.part_of() == 0 && (target.kind() == registry::v1::TARGET_KIND_COUNT ||
                                   target.kind() == registry::v1::TARGET_KIND_COVERAGE ||
                                   target.kind() == registry::v1::TARGET_KIND_EVENT);
}

Validation MeasureRule(const Target& target, const Statement& last) {
  Validation rule{.kind = Validation::kDecimalFrom,
                  .hint_title = "累计完成",
                  .hint = MeasureHint(target, last),
                  .error_title = "累计完成填写有误",
                  .error = "请填写不小于0的数字，不带单位、百分号和千分位。"};
  if (target.kind() == registry::v1::TARGET_KIND_EVENT) {
    rule.kind = Validation::kList;
    rule.choices.assign(kStageWords.begin(), kStageWords.end());
    rule.error = "请从下拉列表中选择前期、开工、过半、完工或验收。";
    return rule;
  }
  double base = 0;
  const bool covered = target.kind() == registry::v1::TARGET_KIND_COVERAGE;
  if (covered && absl::SimpleAtod(target.base(), &base)) {
    rule.kind = Validation::kDecimalBetween;
    rule.most = base;
    rule.error = absl::StrCat("请填写已覆盖的数量，应在0至基数", target.base(), "之间。");
  }
  return rule;
}

Validation TaskRule(FormField field, const Task& task, const LastStated& last) {
  switch (field) {
    case FormField::kProgressText:
      return {.hint_title = "形象进度",
              .hint = absl::StrCat("用文字说明进展", BeforeWords(last.Text(task.name())))};
    case FormField::kInvestment:
      return {.kind = Validation::kDecimalFrom,
              .hint_title = "完成投资",
              .hint = absl::StrCat("填年初至本期末的累计数，单位：万元",
                                   BeforeWords(last.Investment(task.name()))),
              .error_title = "完成投资填写有误",
              .error = "请填写不小于0的数字，单位为万元，不带千分位，如120.5。"};
    case FormField::kStatus:
      return {.kind = Validation::kList,
              .choices = {kNormal, kDifficult, kNothing},
              .hint_title = "状态",
              .hint = "正常、有困难，或无进展（选无进展的，累计完成留空）",
              .error_title = "状态填写有误",
              .error = "请从下拉列表中选择正常、有困难或无进展。"};
    case FormField::kStartedOn:
      return {.hint_title = "开工日期", .hint = "写成2024-05-08这样的日期；没有开工的留空"};
    case FormField::kProblems:
      return {.hint_title = "存在问题", .hint = "存在的问题，以及需要协调的事项"};
    case FormField::kNextStep:
      return {.hint_title = "下一步", .hint = "下一步打算和完成时间"};
    default:
      return {.hint_title = "更正原因", .hint = "数值低于上次所报的，说明原因"};
  }
}

std::string GoalOf(const Target& target) {
  std::string words = ValueWords(target);
  if (!target.stretch().empty()) {
    absl::StrAppend(&words, "，力争", target.stretch(), target.unit());
  }
  if (!target.base().empty()) absl::StrAppend(&words, "（基数", target.base(), "）");
  absl::CivilDay due;
  if (absl::ParseCivilTime(target.due_on(), &due)) {
    absl::StrAppend(&words, "（", due.month(), "月", due.day(), "日前）");
  }
  return words;
}

}  // namespace minsheng::progress
