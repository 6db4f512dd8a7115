#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/progress/domain/assess.h"
#include "services/progress/domain/target_rules.h"
#include "services/progress/domain/words.h"

namespace minsheng::progress {
namespace {

using Int = Ratio::Int;

// One target's sentence is written from these.
struct Case {
  const TaskInput& input;
  const Assessment& task;
  const Target& target;
  const TargetAssessment& result;
  int year;
};

const Target& TargetOf(const TaskInput& input, const TargetAssessment& result) {
  return *std::find_if(input.targets.begin(), input.targets.end(),
                       [&](const Target& target) { return target.number == result.number; });
}

const Period& PlanPeriod(const Assessment& task) {
  return task.facts_as_of ? *task.facts_as_of : *task.judged;
}

int YearOf(const TaskInput& input) { return input.span.last.year(); }

Ratio Magnitude(const Ratio& ratio) {
  return ratio.numerator() < 0 ? Ratio(-ratio.numerator(), ratio.denominator()) : ratio;
}

bool LooksLike(absl::string_view shown, const Ratio& gap, int points) {
  return absl::StripSuffix(shown, ".0") == absl::StrCat(points) && gap != Ratio(points, 100);
}

// One decimal; more where rounding would show a threshold that the gap does not touch.
std::string Points(const Ratio& gap) {
  const Ratio magnitude = Magnitude(gap);
  const std::string shown = magnitude.ToPercent(1);
  for (const int threshold : {0, 10, 30}) {
    if (!LooksLike(shown, magnitude, threshold)) continue;
    const Ratio exact(threshold, 100);
    return absl::StrCat(shown, " 个百分点（实际略", magnitude < exact ? "小于" : "大于", "该数）");
  }
  return absl::StrCat(shown, " 个百分点");
}

std::string GapWords(const Ratio& gap) {
  if (gap.is_zero()) return "与计划持平";
  return absl::StrCat(gap.numerator() > 0 ? "快于计划 " : "慢于计划 ", Points(gap));
}

std::string TimeCurveWords(const Case& c) {
  const TimeWindow window = TimeWindowAt(c.input, c.result.due_on, PlanPeriod(c.task));
  return absl::StrCat("默认时间进度，第", window.elapsed, "/", window.length, "个月");
}

std::string PlanSourceWords(const Case& c) {
  switch (c.result.plan_source) {
    case PlanSource::kNone:
      return "";
    case PlanSource::kMilestones:
      return absl::StrCat("节点计划第", c.task.plan_revision, "版");
    case PlanSource::kTimeCurve:
      return TimeCurveWords(c);
    case PlanSource::kSurvey:
      return "测评按目标值全额要求";
    case PlanSource::kDueDay:
      return absl::StrCat("要求", DayWords(c.result.due_on, c.year), "前完成");
  }
  return "";
}

std::string PlannedWords(const Case& c) {
  return absl::StrCat(PeriodEndWords(PlanPeriod(c.task), c.year), "计划进度 ",
                      c.result.planned->ToPercent(), "%（", PlanSourceWords(c), "）");
}

std::string CoverageWords(const Case& c) {
  return absl::StrCat("已覆盖 ", c.result.stated->ToString(), "，占基数 ",
                      c.target.base->ToString(), " 的 ",
                      Ratio::Of(*c.result.stated, *c.target.base).ToPercent(), "%，目标 ",
                      CoverageShare(c.target).ToPercent(), "%");
}

absl::string_view BoundWord(Comparator comparator) {
  switch (comparator) {
    case Comparator::kAtMost:
      return "不高于 ";
    case Comparator::kMoreThan:
      return "高于 ";
    case Comparator::kLessThan:
      return "低于 ";
    default:
      return " ";
  }
}

std::string LevelWords(const Case& c) {
  const std::string baseline =
      c.target.baseline ? absl::StrCat("，基线 ", c.target.baseline->ToString()) : "";
  return absl::StrCat("测评值 ", c.result.stated->ToString(), "，目标",
                      BoundWord(c.target.comparator), c.target.value.ToString(), baseline);
}

WorkStage StageOf(Quantity percent) {
  for (int stage = 0; stage <= static_cast<int>(WorkStage::kAccepted); ++stage) {
    const auto candidate = static_cast<WorkStage>(stage);
    if (StagePercent(candidate) >= percent) return candidate;
  }
  return WorkStage::kAccepted;
}

std::string CountWords(const Case& c) {
  const absl::string_view started = c.target.stage == Stage::kStart ? "开工 " : "";
  const absl::string_view bound = c.target.comparator == Comparator::kAtMost ? "，不超过 " : "/";
  return absl::StrCat(started, c.result.stated->ToString(), bound,
                      AmountWords(c.target.value, c.target.unit));
}

std::string StatedWords(const Case& c) {
  switch (c.target.kind) {
    case TargetKind::kCoverage:
      return CoverageWords(c);
    case TargetKind::kLevel:
      return LevelWords(c);
    case TargetKind::kEvent:
      return absl::StrCat("形象进度：", StageWord(StageOf(*c.result.stated)));
    default:
      return CountWords(c);
  }
}

std::string ActualWords(const Case& c) {
  const bool older = c.task.facts_as_of && c.result.stated_period != c.task.facts_as_of;
  const std::string since =
      older ? absl::StrCat("，", PeriodWords(*c.result.stated_period, c.year), "所报") : "";
  return absl::StrCat("实际 ", c.result.actual->ToPercent(), "%（", StatedWords(c), since, "）");
}

// The last decimal place that the amounts are written with.
int64_t StepOf(Quantity a, Quantity b) {
  int64_t step = Quantity::kScale;
  while (a.micros() % step != 0 || b.micros() % step != 0) step /= 10;
  return step;
}

Quantity Rounded(const Ratio& micros, int64_t step) {
  const Int unit = micros.denominator() * step;
  const Int steps = (micros.numerator() + unit - 1) / unit;
  return Quantity::FromMicros(static_cast<int64_t>(steps * step));
}

// How much is left to `share` of the whole, rounded up to the place the numbers are written with.
Quantity Missing(Quantity done, Quantity whole, const Ratio& share) {
  const Ratio wanted = share * Ratio(whole.micros(), 1);
  return Rounded(wanted - Ratio(done.micros(), 1), StepOf(done, whole));
}

absl::string_view LevelOfPlan(const Case& c) {
  if (c.result.verdict == Verdict::kOverdue) return "即转为已完成";
  if (c.result.plan_source == PlanSource::kTimeCurve) return "即达到时间进度";
  return c.result.plan_source == PlanSource::kMilestones ? "即达到节点计划" : "即达到目标";
}

std::string MissingCoverage(const Case& c, const Ratio& wanted) {
  const Quantity missing =
      Missing(*c.result.stated, *c.target.base, wanted * CoverageShare(c.target));
  return absl::StrCat("至少再覆盖 ", missing.ToString(), " ", LevelOfPlan(c));
}

std::string MissingCount(const Case& c, const Ratio& wanted) {
  if (c.target.value <= Quantity()) return "目标值应大于零，请先更正目标";
  const Quantity missing = Missing(*c.result.stated, c.target.value, wanted);
  const absl::string_view verb = c.target.stage == Stage::kStart ? "至少再开工 " : "至少再完成 ";
  return absl::StrCat(verb, missing.ToString(), " ", c.target.unit, LevelOfPlan(c));
}

std::string MissingStage(const Case& c, const Ratio& wanted) {
  const WorkStage stage = StageOf(Rounded(wanted * Ratio(100 * Quantity::kScale, 1), 1));
  return absl::StrCat("形象进度达到“", StageWord(stage), "”（", StagePercent(stage).ToString(),
                      "%）", LevelOfPlan(c));
}

std::string MissingLevel(const Case& c) {
  const Comparator comparator = c.target.comparator;
  const bool strict = comparator == Comparator::kMoreThan || comparator == Comparator::kLessThan;
  const absl::string_view verb = strict ? BoundWord(comparator) : "达到 ";
  return absl::StrCat("测评值", verb, c.target.value.ToString(), " ", LevelOfPlan(c));
}

std::string ExcessWords(const Case& c) {
  const absl::string_view percent = c.target.kind == TargetKind::kCoverage ? "%" : "";
  return absl::StrCat("降至 ", c.target.value.ToString(), percent, " 以内", LevelOfPlan(c));
}

std::string MissingWords(const Case& c) {
  const Ratio wanted = c.result.verdict == Verdict::kOverdue ? Ratio(1, 1) : *c.result.planned;
  if (c.target.kind == TargetKind::kEvent) return MissingStage(c, wanted);
  if (c.target.comparator == Comparator::kAtMost) return ExcessWords(c);
  if (c.target.kind == TargetKind::kCoverage) return MissingCoverage(c, wanted);
  if (c.target.kind == TargetKind::kLevel) return MissingLevel(c);
  return MissingCount(c, wanted);
}

std::string Judged(Light light) { return absl::StrCat("判为", LightWord(light)); }

std::string NotStartedWords(const Case& c) {
  const int64_t months =
      PlanPeriod(c.task).month() - absl::CivilMonth(*c.input.plan->starts_on) + 1;
  return absl::StrCat("；计划", DayWords(*c.input.plan->starts_on, c.year), "开工，已连续", months,
                      "个月未开工，", Judged(c.result.light), "；填报开工日期或完成量后解除此项");
}

std::string GapVerdictWords(const Case& c) {
  const bool behind = c.result.gap->numerator() < 0;
  return absl::StrCat("，", Judged(c.result.light), behind ? "；" : "",
                      behind ? MissingWords(c) : "");
}

std::string OverdueWords(const Case& c) {
  return absl::StrCat("，已超过要求的", DayWords(c.result.due_on, c.year), "，逾期未完成，",
                      Judged(c.result.light), "；", MissingWords(c));
}

std::string VerdictWords(const Case& c) {
  switch (c.result.verdict) {
    case Verdict::kReached:
      return absl::StrCat("，达到目标，", Judged(c.result.light));
    case Verdict::kOverdue:
      return OverdueWords(c);
    case Verdict::kNotStarted:
      return NotStartedWords(c);
    case Verdict::kByGap:
      return GapVerdictWords(c);
    default:
      return absl::StrCat("，", Judged(c.result.light));
  }
}

absl::string_view Remedy(const Case& c) {
  switch (c.result.reason) {
    case UnratedReason::kNoPlan:
      return "节点计划经批准后评定";
    case UnratedReason::kNoBase:
      return "录入基数后评定";
    case UnratedReason::kNotSurveyed:
      return "到测评时点后评定";
    case UnratedReason::kNotDue:
      return "完成或到期后评定";
    case UnratedReason::kQualitative:
      return "可由清单主管部门人工研判";
    default:
      return "";
  }
}

std::string UnratedWords(const Case& c) {
  const std::string actual = c.result.actual ? ActualWords(c) + "，" : "";
  return absl::StrCat(actual, "不评（", ReasonWord(c.result.reason), "），", Remedy(c));
}

std::string UnstatedWords(const Case& c) {
  return absl::StrCat(PlannedWords(c), "，尚未填报过数值，", Judged(c.result.light),
                      "；填报后即可评定");
}

std::string RatedWords(const Case& c) {
  const std::string planned = c.result.planned ? PlannedWords(c) + "，" : "";
  const std::string gap = c.result.gap ? "，" + GapWords(*c.result.gap) : "";
  return absl::StrCat(planned, ActualWords(c), gap, VerdictWords(c));
}

std::string TargetSentence(const Case& c, bool named) {
  const std::string name = named ? TargetWords(c.target) + "：" : "";
  const absl::string_view part = c.result.is_part ? "其中" : "";
  const absl::string_view apart = c.result.is_part ? "（只列示，不影响任务）" : "";
  const std::string words = c.result.light == Light::kUnrated ? UnratedWords(c)
                            : c.result.stated                 ? RatedWords(c)
                                                              : UnstatedWords(c);
  return absl::StrCat(part, name, words, apart, "。");
}

std::string NotBegunWords(const TaskInput& input) {
  return absl::StrCat("首个报送周期", PeriodWords(input.span.first), "尚未结束，自",
                      DayWords(DayOf(input.span.first.End())), "起评定。");
}

std::string NoFactsWords(const TaskInput& input, const Assessment& task) {
  return absl::StrCat("截至", PeriodEndWords(*task.judged, YearOf(input)),
                      "没有可用的报送数据，判为灰；报送后即可评定。");
}

std::string OldFactsWords(const TaskInput& input, const Assessment& task) {
  return absl::StrCat("应评周期为", PeriodWords(*task.judged, YearOf(input)),
                      "，数据已隔两期以上，判为灰；补报后恢复评定。");
}

absl::string_view TimingWords(Timing timing) {
  if (timing == Timing::kEarly) return "提前完成";
  return timing == Timing::kOnTime ? "按期完成" : "逾期完成";
}

std::string CompletedWords(const TaskInput& input, const Assessment& task) {
  return absl::StrCat("全部目标均已达到，", DayWords(*task.completed_on, YearOf(input)),
                      "报送完成（要求", DayWords(LatestGoalDueDay(input), YearOf(input)), "前），",
                      TimingWords(task.timing), task.exceeded ? "并超额" : "", "，待核实。");
}

bool IsOld(const Assessment& task) {
  return task.light == Light::kStale && task.facts_as_of &&
         Period::Distance(*task.facts_as_of, *task.judged) >= 2;
}

std::string AsOfWords(const TaskInput& input, const Assessment& task) {
  if (!task.facts_as_of) return "";
  const bool one_missing = !task.facts_current && !IsOld(task);
  const std::string missing =
      one_missing ? absl::StrCat("（", PeriodWords(*task.judged, YearOf(input)), "无可用数据）")
                  : "";
  return absl::StrCat("数据截至", PeriodEndWords(*task.facts_as_of, YearOf(input)), missing, "。");
}

std::string TaskWords(const TaskInput& input, const Assessment& task) {
  if (task.light == Light::kCompleted) return CompletedWords(input, task);
  if (task.light == Light::kStale && !task.facts_as_of) return NoFactsWords(input, task);
  if (IsOld(task)) return OldFactsWords(input, task);
  return "";
}

bool HasLight(const Assessment& task, Light light) {
  return std::any_of(task.targets.begin(), task.targets.end(),
                     [&](const TargetAssessment& t) { return !t.is_part && t.light == light; });
}

std::string Conclusion(const TaskInput& input, const Assessment& task) {
  if (task.light == Light::kUnrated) return "目标均不评，任务不评。";
  if (task.deciding_target != 0) {
    const auto deciding =
        std::find_if(task.targets.begin(), task.targets.end(),
                     [&](const TargetAssessment& t) { return t.number == task.deciding_target; });
    return absl::StrCat("任务按", TargetWords(TargetOf(input, *deciding)), Judged(task.light),
                        "。");
  }
  if (task.light >= Light::kOnSchedule && !HasLight(task, task.light)) {
    return absl::StrCat("已评目标均已完成，尚有目标不评，任务", Judged(task.light), "。");
  }
  return "";
}

}  // namespace

std::string Explain(const TaskInput& input, const Assessment& assessment) {
  if (assessment.reason == UnratedReason::kNotBegun) return NotBegunWords(input);
  if (assessment.targets.empty()) return "本任务没有目标，不评。";
  std::string words = absl::StrCat(AsOfWords(input, assessment), TaskWords(input, assessment));
  const bool several = assessment.targets.size() > 1;
  for (const TargetAssessment& result : assessment.targets) {
    const Case c{input, assessment, TargetOf(input, result), result, YearOf(input)};
    words += TargetSentence(c, several);
  }
  return several ? words + Conclusion(input, assessment) : words;
}

}  // namespace minsheng::progress
