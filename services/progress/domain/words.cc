#include "services/progress/domain/words.h"

#include "absl/strings/str_cat.h"

namespace minsheng::progress {
namespace {

std::string InYear(int64_t year, absl::string_view words) {
  return absl::StrCat(year, "年", words);
}

std::string BareDay(absl::CivilDay day) { return absl::StrCat(day.month(), "月", day.day(), "日"); }

std::string BarePeriod(const Period& period) {
  return period.is_final() ? "决算期" : absl::StrCat(period.month().month(), "月");
}

}  // namespace

std::string PeriodWords(const Period& period) { return InYear(period.year(), BarePeriod(period)); }

std::string PeriodWords(const Period& period, int year) {
  return period.year() == year ? BarePeriod(period) : PeriodWords(period);
}

std::string PeriodEndWords(const Period& period, int year) {
  return absl::StrCat(PeriodWords(period, year), period.is_final() ? "末" : "底");
}

std::string DayWords(absl::CivilDay day) { return InYear(day.year(), BareDay(day)); }

std::string DayWords(absl::CivilDay day, int year) {
  return day.year() == year ? BareDay(day) : DayWords(day);
}

std::string AmountWords(Quantity amount, absl::string_view unit) {
  return absl::StrCat(amount.ToString(), unit);
}

absl::string_view StageWord(WorkStage stage) {
  switch (stage) {
    case WorkStage::kNone:
      return "未启动";
    case WorkStage::kPreparation:
      return "前期";
    case WorkStage::kStarted:
      return "开工";
    case WorkStage::kHalfway:
      return "过半";
    case WorkStage::kBuilt:
      return "完工";
    case WorkStage::kAccepted:
      return "验收";
  }
  return "";
}

std::string TargetWords(const Target& target) {
  if (target.indicator.empty()) return absl::StrCat("目标", target.number);
  return absl::StrCat("目标", target.number, "“", target.indicator, "”");
}

absl::string_view LightName(Light light) {
  switch (light) {
    case Light::kUnrated:
      return "UNRATED";
    case Light::kSeverelyBehind:
      return "SEVERELY_BEHIND";
    case Light::kBehind:
      return "BEHIND";
    case Light::kStale:
      return "STALE";
    case Light::kSlightlyBehind:
      return "SLIGHTLY_BEHIND";
    case Light::kOnSchedule:
      return "ON_SCHEDULE";
    case Light::kAhead:
      return "AHEAD";
    case Light::kCompleted:
      return "COMPLETED";
  }
  return "";
}

absl::string_view LightWord(Light light) {
  switch (light) {
    case Light::kUnrated:
      return "不评";
    case Light::kSeverelyBehind:
      return "严重滞后";
    case Light::kBehind:
      return "滞后";
    case Light::kStale:
      return "灰";
    case Light::kSlightlyBehind:
      return "略慢";
    case Light::kOnSchedule:
      return "按序时";
    case Light::kAhead:
      return "超序时";
    case Light::kCompleted:
      return "已完成";
  }
  return "";
}

absl::string_view ReasonName(UnratedReason reason) {
  switch (reason) {
    case UnratedReason::kNone:
      return "";
    case UnratedReason::kNotBegun:
      return "NOT_BEGUN";
    case UnratedReason::kNoPlan:
      return "NO_PLAN";
    case UnratedReason::kNoBase:
      return "NO_BASE";
    case UnratedReason::kNotSurveyed:
      return "NOT_SURVEYED";
    case UnratedReason::kNotDue:
      return "NOT_DUE";
    case UnratedReason::kQualitative:
      return "QUALITATIVE";
  }
  return "";
}

absl::string_view ReasonWord(UnratedReason reason) {
  switch (reason) {
    case UnratedReason::kNone:
      return "";
    case UnratedReason::kNotBegun:
      return "首期未结束";
    case UnratedReason::kNoPlan:
      return "未报节点计划";
    case UnratedReason::kNoBase:
      return "未录入基数";
    case UnratedReason::kNotSurveyed:
      return "未到测评时点";
    case UnratedReason::kNotDue:
      return "未到期";
    case UnratedReason::kQualitative:
      return "定性";
  }
  return "";
}

}  // namespace minsheng::progress
