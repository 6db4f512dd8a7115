#include "services/progress/domain/target_rules.h"

#include <algorithm>

namespace minsheng::progress {
namespace {

constexpr Quantity kCountedByTime = Quantity::FromInt(10);
constexpr Quantity kWhole = Quantity::FromInt(100);

const Ratio kNone(0, 1);
const Ratio kAll(1, 1);
const Ratio kYellowGap(-10, 100);
const Ratio kRedGap(-30, 100);

Ratio MetOrNot(bool met) { return met ? kAll : kNone; }

Ratio Capped(const Ratio& share) {
  if (share.numerator() < 0) return kNone;
  return share.numerator() > share.denominator() ? kAll : share;
}

bool IsFull(const Ratio& share) { return share.numerator() >= share.denominator(); }

// A target of nothing is never reached by doing something.
Ratio ShareOf(Quantity part, Quantity whole) {
  return whole > Quantity() ? Ratio::Of(part, whole) : kNone;
}

bool HasBase(const Target& target) { return target.base && *target.base > Quantity(); }

std::optional<Ratio> CoverageActual(const Target& target, Quantity reached) {
  if (!HasBase(target)) return std::nullopt;
  const Ratio wanted = CoverageShare(target);
  const Ratio share = Ratio::Of(reached, *target.base);
  if (target.comparator == Comparator::kAtMost) return MetOrNot(share <= wanted);
  return wanted.is_zero() ? kNone : share / wanted;
}

Ratio LevelActual(const Target& target, Quantity level) {
  if (target.comparator == Comparator::kAtMost) return MetOrNot(level <= target.value);
  if (target.comparator == Comparator::kLessThan) return MetOrNot(level < target.value);
  if (target.comparator == Comparator::kMoreThan) return MetOrNot(level > target.value);
  if (level >= target.value) return kAll;
  if (!target.baseline) return Capped(ShareOf(level, target.value));
  const int64_t way = target.value.micros() - target.baseline->micros();
  if (way <= 0) return kNone;
  return Capped(Ratio(level.micros() - target.baseline->micros(), way));
}

bool HoldsSurvey(const Viewpoint& at, const Target& target, absl::CivilDay due_on) {
  const auto in_period = [&](absl::CivilDay day) {
    const absl::Time start = StartOf(day);
    return at.period.Begin() <= start && start < at.period.End();
  };
  if (target.survey_days.empty()) return in_period(due_on);
  return std::any_of(target.survey_days.begin(), target.survey_days.end(), in_period);
}

int MilestoneScope(const Plan& plan, int target) {
  const bool own = std::any_of(plan.milestones.begin(), plan.milestones.end(),
                               [&](const Milestone& step) { return step.target == target; });
  return own ? target : 0;
}

std::optional<Quantity> MilestonePercent(const Viewpoint& at, int target) {
  if (!at.input->plan) return std::nullopt;
  const int scope = MilestoneScope(*at.input->plan, target);
  const absl::CivilDay last_day = at.period.LastDay();
  std::optional<Quantity> percent;
  for (const Milestone& step : at.input->plan->milestones) {
    if (step.target != scope) continue;
    if (!percent) percent.emplace();
    if (step.due_on <= last_day) percent = step.percent;
  }
  return percent;
}

void PlanBy(PlanSource source, const Ratio& planned, TargetAssessment& result) {
  result.plan_source = source;
  result.planned = planned;
}

bool PlanByMilestones(const Viewpoint& at, TargetAssessment& result) {
  const std::optional<Quantity> percent = MilestonePercent(at, result.number);
  if (percent) PlanBy(PlanSource::kMilestones, Ratio::Percent(*percent), result);
  return percent.has_value();
}

void PlanByTime(const Viewpoint& at, TargetAssessment& result) {
  const TimeWindow window = TimeWindowAt(*at.input, result.due_on, at.period);
  PlanBy(PlanSource::kTimeCurve, Ratio(window.elapsed, window.length), result);
}

struct Progress {
  bool reached;
  bool overdue;
};

// Fills the plan, or the reason why there is none: a target is rated when it has a planned percent.
UnratedReason PlanTarget(const Viewpoint& at, const Target& target, Progress progress,
                         TargetAssessment& result) {
  switch (target.kind) {
    case TargetKind::kCount:
      if (PlanByMilestones(at, result)) break;
      if (target.value >= kCountedByTime) {
        PlanByTime(at, result);
      } else if (progress.overdue) {
        PlanBy(PlanSource::kDueDay, kAll, result);
      }
      return result.planned ? UnratedReason::kNone : UnratedReason::kNoPlan;
    case TargetKind::kCoverage:
      if (!HasBase(target)) return UnratedReason::kNoBase;
      if (!PlanByMilestones(at, result)) PlanByTime(at, result);
      break;
    case TargetKind::kLevel:
      if (progress.reached || HoldsSurvey(at, target, result.due_on)) {
        PlanBy(PlanSource::kSurvey, kAll, result);
      } else if (progress.overdue) {
        PlanBy(PlanSource::kDueDay, kAll, result);
      }
      return result.planned ? UnratedReason::kNone : UnratedReason::kNotSurveyed;
    case TargetKind::kFrequency:
      if (!progress.reached && !progress.overdue) return UnratedReason::kNotDue;
      PlanBy(PlanSource::kDueDay, kAll, result);
      break;
    case TargetKind::kEvent:
      if (PlanByMilestones(at, result)) break;
      if (!progress.overdue) return UnratedReason::kNoPlan;
      PlanBy(PlanSource::kDueDay, kAll, result);
      break;
    case TargetKind::kQualitative:
    case TargetKind::kService:
      return UnratedReason::kQualitative;
  }
  return UnratedReason::kNone;
}

void Decide(Light light, Verdict verdict, TargetAssessment& result) {
  result.light = light;
  result.verdict = verdict;
}

Light LightOfGap(const Ratio& gap) {
  if (gap.numerator() > 0) return Light::kAhead;
  if (gap.is_zero()) return Light::kOnSchedule;
  if (gap > kYellowGap) return Light::kSlightlyBehind;
  return gap < kRedGap ? Light::kSeverelyBehind : Light::kBehind;
}

void DecideByGap(const Viewpoint& at, TargetAssessment& result) {
  Decide(LightOfGap(*result.gap), Verdict::kByGap, result);
  if (!result.is_part && at.floor < result.light) Decide(at.floor, Verdict::kNotStarted, result);
}

void DecideTarget(const Viewpoint& at, Progress progress, TargetAssessment& result) {
  if (result.reason != UnratedReason::kNone) return;
  if (progress.reached) return Decide(Light::kCompleted, Verdict::kReached, result);
  if (!result.stated || at.facts_old) return Decide(Light::kStale, Verdict::kNoFacts, result);
  if (progress.overdue) return Decide(Light::kSeverelyBehind, Verdict::kOverdue, result);
  DecideByGap(at, result);
}

void FillStated(const Viewpoint& at, const Target& target, TargetAssessment& result) {
  const std::optional<Stated> stated = LastStated(*at.input, at.facts, target.number);
  if (!stated) return;
  result.stated = target.kind == TargetKind::kEvent ? StagePercent(stated->measure->stage)
                                                    : stated->measure->value;
  result.stated_period = stated->facts->period;
  result.actual = ActualShare(target, *stated->measure);
}

bool IsNothing(const Measure& measure) {
  return measure.value.is_zero() && measure.stage == WorkStage::kNone;
}

bool StartStated(const TaskInput& input, int facts) {
  const absl::CivilDay last_day = DayOf(input.facts[facts].period.End()) - 1;
  for (int i = facts; i >= 0; --i) {
    if (input.facts[i].started_on) return *input.facts[i].started_on <= last_day;
  }
  return false;
}

bool HasStarted(const TaskInput& input, int facts) {
  if (facts == kNoFacts) return false;
  for (const Target& target : input.targets) {
    const std::optional<Stated> stated = LastStated(input, facts, target.number);
    if (stated && !IsNothing(*stated->measure)) return true;
  }
  return StartStated(input, facts);
}

}  // namespace

std::optional<Stated> LastStated(const TaskInput& input, int facts, int target) {
  for (int i = facts; i >= 0; --i) {
    for (const Measure& measure : input.facts[i].measures) {
      if (measure.target == target) return Stated{&measure, &input.facts[i]};
    }
  }
  return std::nullopt;
}

absl::CivilDay TargetDueDay(const TaskInput& input, const Target& target) {
  return target.due_on ? *target.due_on : TaskDueDay(input);
}

absl::CivilDay TaskDueDay(const TaskInput& input) {
  if (input.plan && input.plan->due_on) return *input.plan->due_on;
  return input.span.last.LastDay();
}

absl::CivilDay LatestGoalDueDay(const TaskInput& input) {
  absl::CivilDay latest = absl::CivilDay::min();
  for (const Target& target : input.targets) {
    if (target.part_of == 0) latest = std::max(latest, TargetDueDay(input, target));
  }
  return latest;
}

Quantity StagePercent(WorkStage stage) {
  constexpr int64_t kPercent[] = {0, 15, 30, 60, 90, 100};
  return Quantity::FromInt(kPercent[static_cast<size_t>(stage)]);
}

Ratio CoverageShare(const Target& target) {
  return Ratio::Percent(target.comparator == Comparator::kAll ? kWhole : target.value);
}

std::optional<Ratio> ActualShare(const Target& target, const Measure& measure) {
  const bool at_most = target.comparator == Comparator::kAtMost;
  switch (target.kind) {
    case TargetKind::kCount:
      if (at_most) return MetOrNot(measure.value <= target.value);
      return ShareOf(measure.value, target.value);
    case TargetKind::kCoverage:
      return CoverageActual(target, measure.value);
    case TargetKind::kLevel:
      return LevelActual(target, measure.value);
    case TargetKind::kFrequency:
      if (at_most) return MetOrNot(measure.value <= target.value);
      return Capped(ShareOf(measure.value, target.value));
    case TargetKind::kEvent:
      return Ratio::Percent(StagePercent(measure.stage));
    case TargetKind::kQualitative:
    case TargetKind::kService:
      return std::nullopt;
  }
  return std::nullopt;
}

bool GoalsReached(const TaskInput& input, int facts) {
  bool any = false;
  for (const Target& target : input.targets) {
    if (target.part_of != 0) continue;
    const std::optional<Stated> stated = LastStated(input, facts, target.number);
    if (!stated) return false;
    const std::optional<Ratio> actual = ActualShare(target, *stated->measure);
    if (!actual || !IsFull(*actual)) return false;
    any = true;
  }
  return any;
}

TimeWindow TimeWindowAt(const TaskInput& input, absl::CivilDay due_on, const Period& period) {
  const bool planned_start = input.plan && input.plan->starts_on;
  const absl::CivilMonth due(due_on);
  const absl::CivilMonth start =
      planned_start ? absl::CivilMonth(*input.plan->starts_on) : input.span.first.month();
  const absl::CivilMonth first = std::min(start, due);
  const int64_t length = due - first + 1;
  return {std::clamp<int64_t>(period.month() - first + 1, 0, length), length};
}

int64_t MonthsNotStarted(const TaskInput& input, int facts, const Period& period) {
  if (!input.plan || !input.plan->starts_on) return 0;
  const int64_t months = period.month() - absl::CivilMonth(*input.plan->starts_on) + 1;
  return months <= 0 || HasStarted(input, facts) ? 0 : months;
}

TargetAssessment AssessTarget(const Viewpoint& at, const Target& target) {
  TargetAssessment result;
  result.number = target.number;
  result.is_part = target.part_of != 0;
  result.due_on = target.due_on.value_or(at.due_on);
  FillStated(at, target, result);
  const bool reached = result.actual && IsFull(*result.actual);
  const Progress progress{reached, result.actual && !reached && at.today > result.due_on};
  result.reason = PlanTarget(at, target, progress, result);
  if (result.planned && result.actual) result.gap = Capped(*result.actual) - *result.planned;
  DecideTarget(at, progress, result);
  return result;
}

}  // namespace minsheng::progress
