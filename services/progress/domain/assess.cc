#include "services/progress/domain/assess.h"

#include <algorithm>
#include <tuple>

#include "absl/container/inlined_vector.h"
#include "services/progress/domain/target_rules.h"

namespace minsheng::progress {
namespace {

constexpr int kOldPeriods = 2;
constexpr int kRedMonths = 3;

bool IsGoal(const Target& target) { return target.part_of == 0; }

// The newest facts of a period up to `judged`.
int FactsUpTo(const TaskInput& input, const Period& judged) {
  int facts = static_cast<int>(input.facts.size()) - 1;
  while (facts >= 0 && input.facts[facts].period > judged) --facts;
  return facts;
}

Light StartFloor(const TaskInput& input, int facts, const Period& period) {
  const int64_t months = MonthsNotStarted(input, facts, period);
  if (months == 0) return Light::kCompleted;
  return months < kRedMonths ? Light::kBehind : Light::kSeverelyBehind;
}

// Where a task stands before any of its targets is looked at.
struct Standing {
  std::optional<Period> judged;
  bool completed = false;  // by the newest report, also one filed early
  Viewpoint at;
};

// What holds of a task at every instant.
struct Always {
  absl::CivilDay due_on;
  int newest;  // facts
  bool completed;
};

Always AlwaysOf(const TaskInput& input) {
  const int newest = static_cast<int>(input.facts.size()) - 1;
  return {TaskDueDay(input), newest, GoalsReached(input, newest)};
}

Standing StandAt(const TaskInput& input, const Always& always, absl::Time instant) {
  Standing standing;
  standing.at.input = &input;
  standing.at.today = DayOf(instant);
  standing.judged = input.span.JudgedOn(standing.at.today);
  standing.at.due_on = always.due_on;
  standing.completed = always.completed;
  if (standing.completed) {
    standing.at.facts = always.newest;
    standing.at.period = input.facts[always.newest].period;
  } else if (standing.judged) {
    const int facts = FactsUpTo(input, *standing.judged);
    standing.at.facts = facts;
    standing.at.period = facts == kNoFacts ? *standing.judged : input.facts[facts].period;
    standing.at.facts_old = Period::Distance(standing.at.period, *standing.judged) >= kOldPeriods;
    standing.at.floor = StartFloor(input, facts, standing.at.period);
  }
  return standing;
}

Standing StandAt(const TaskInput& input, absl::Time instant) {
  return StandAt(input, AlwaysOf(input), instant);
}

bool IsCarried(const Standing& standing, Light light) {
  return light != Light::kCompleted && standing.judged && standing.at.facts != kNoFacts &&
         standing.at.period < *standing.judged;
}

// Steps 3 to 5 of RULES.md §2, goal by goal.
class WorstGoal {
 public:
  void Add(const TargetAssessment& goal) {
    if (goal.light == Light::kUnrated) {
      unrated_ = true;
      return;
    }
    worst_ = rated_ ? std::min(worst_, goal.light) : goal.light;
    rated_ = true;
    unstated_ |= !goal.stated;
    ahead_ |= goal.gap && goal.gap->numerator() > 0;
  }

  Light light(const Viewpoint& at) const {
    if (!rated_) return Light::kUnrated;
    if (at.facts == kNoFacts || at.facts_old || unstated_) return Light::kStale;
    if (worst_ != Light::kCompleted || !unrated_) return worst_;
    return ahead_ ? Light::kAhead : Light::kOnSchedule;
  }

 private:
  Light worst_ = Light::kUnrated;
  bool rated_ = false;
  bool unrated_ = false;
  bool unstated_ = false;
  bool ahead_ = false;
};

Light LightOf(const TaskInput& input, const Standing& standing) {
  if (standing.completed) return Light::kCompleted;
  if (!standing.judged) return Light::kUnrated;
  WorstGoal worst;
  for (const Target& target : input.targets) {
    if (IsGoal(target)) worst.Add(AssessTarget(standing.at, target));
  }
  return worst.light(standing.at);
}

TargetAssessment NotBegun(const TaskInput& input, const Target& target) {
  TargetAssessment result;
  result.number = target.number;
  result.is_part = !IsGoal(target);
  result.due_on = TargetDueDay(input, target);
  result.reason = UnratedReason::kNotBegun;
  return result;
}

// In a completed task every goal is, also one that had no plan to be rated by.
void Complete(TargetAssessment& goal) {
  goal.light = Light::kCompleted;
  goal.verdict = Verdict::kReached;
  goal.reason = UnratedReason::kNone;
}

void AssessTargets(const TaskInput& input, const Standing& standing, Assessment& result) {
  result.targets.reserve(input.targets.size());
  const bool begun = standing.completed || standing.judged;
  for (const Target& target : input.targets) {
    result.targets.push_back(begun ? AssessTarget(standing.at, target) : NotBegun(input, target));
    if (standing.completed && IsGoal(target)) Complete(result.targets.back());
  }
}

Light WorstLight(const std::vector<TargetAssessment>& targets, const Viewpoint& at) {
  WorstGoal worst;
  for (const TargetAssessment& target : targets) {
    if (!target.is_part) worst.Add(target);
  }
  return worst.light(at);
}

UnratedReason FirstReason(const std::vector<TargetAssessment>& targets) {
  for (const TargetAssessment& target : targets) {
    if (!target.is_part) return target.reason;
  }
  return UnratedReason::kQualitative;
}

bool IsUnstated(const TargetAssessment& target) {
  return target.light == Light::kStale && !target.stated;
}

// The first of the goals that carry the task's light, by gap where there are several.
int DecidingTarget(const Assessment& assessment) {
  const TargetAssessment* deciding = nullptr;
  for (const TargetAssessment& target : assessment.targets) {
    if (target.is_part || target.light != assessment.light) continue;
    if (assessment.light == Light::kStale && !IsUnstated(target)) continue;
    if (!deciding || (target.gap && deciding->gap && *target.gap < *deciding->gap)) {
      deciding = &target;
    }
  }
  return deciding ? deciding->number : 0;
}

Timing TimingOf(absl::CivilDay completed_on, absl::CivilDay due_on) {
  if (completed_on == due_on) return Timing::kOnTime;
  return completed_on < due_on ? Timing::kEarly : Timing::kLate;
}

// The first of the unbroken run of complete reports up to `facts`.
int FirstComplete(const TaskInput& input, int facts) {
  while (facts > 0 && GoalsReached(input, facts - 1)) --facts;
  return facts;
}

void FillCompletion(const TaskInput& input, const Standing& standing, Assessment& result) {
  const int first = FirstComplete(input, standing.at.facts);
  result.completed_on = DayOf(input.facts[first].recorded_at);
  result.timing = TimingOf(*result.completed_on, LatestGoalDueDay(input));
  for (const TargetAssessment& target : result.targets) {
    if (target.is_part || !target.actual) continue;
    result.exceeded |= target.actual->numerator() > target.actual->denominator();
  }
}

void FillLight(const TaskInput& input, const Standing& standing, Assessment& result) {
  if (standing.completed) {
    result.light = Light::kCompleted;
  } else if (!standing.judged) {
    result.reason = UnratedReason::kNotBegun;
  } else {
    result.light = WorstLight(result.targets, standing.at);
    if (result.light == Light::kUnrated) result.reason = FirstReason(result.targets);
  }
  if (result.light == Light::kCompleted) {
    FillCompletion(input, standing, result);
  } else if (result.light != Light::kUnrated) {
    result.deciding_target = DecidingTarget(result);
  }
}

Assessment AssessAt(const TaskInput& input, absl::Time instant) {
  const Standing standing = StandAt(input, instant);
  Assessment result;
  result.judged = standing.judged;
  if (standing.at.facts != kNoFacts) result.facts_as_of = standing.at.period;
  result.plan_revision = input.plan ? input.plan->revision : 0;
  AssessTargets(input, standing, result);
  FillLight(input, standing, result);
  result.facts_current = !IsCarried(standing, result.light);
  return result;
}

// Every instant after `from` at which anything can change with no new input: periods end, due days
// pass. Survey days count by the periods that hold them.
using Changes = absl::InlinedVector<absl::Time, 24>;

Changes ChangesAfter(const TaskInput& input, absl::Time from) {
  Changes instants;
  const auto note = [&](absl::Time instant) {
    if (instant > from) instants.push_back(instant);
  };
  const absl::CivilMonth begun(DayOf(from));
  for (absl::CivilMonth month = std::max(input.span.first.month(), begun);
       month <= input.span.last.month(); ++month) {
    note(Period::Month(month).End());
  }
  note(input.span.last.End());
  const size_t sorted = instants.size();
  for (const Target& target : input.targets) note(StartOf(TargetDueDay(input, target) + 1));
  if (instants.size() == sorted) return instants;
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
  return instants;
}

absl::Time ValidUntil(const TaskInput& input, absl::Time instant, const Assessment& assessment) {
  for (const absl::Time change : ChangesAfter(input, instant)) {
    if (!SameVerdict(assessment, AssessAt(input, change))) return change;
  }
  return absl::InfiniteFuture();
}

auto Seen(const Assessment& a) {
  return std::tie(a.light, a.reason, a.judged, a.facts_as_of, a.facts_current, a.plan_revision,
                  a.deciding_target, a.completed_on, a.timing, a.exceeded, a.targets);
}

LightStep StepAt(const TaskInput& input, const Always& always, absl::Time instant) {
  const Standing standing = StandAt(input, always, instant);
  const Light light = LightOf(input, standing);
  return {instant, light, IsCarried(standing, light)};
}

}  // namespace

bool SameVerdict(const Assessment& a, const Assessment& b) { return Seen(a) == Seen(b); }

Assessment Assess(const TaskInput& input, absl::Time instant, bool with_valid_until) {
  Assessment assessment = AssessAt(input, instant);
  if (with_valid_until) assessment.valid_until = ValidUntil(input, instant, assessment);
  return assessment;
}

Light LightAt(const TaskInput& input, absl::Time instant, bool* carried) {
  const LightStep step = StepAt(input, AlwaysOf(input), instant);
  if (carried) *carried = step.carried;
  return step.light;
}

std::optional<absl::CivilDay> CompletedOn(const TaskInput& input, absl::Time instant) {
  const Standing standing = StandAt(input, instant);
  if (LightOf(input, standing) != Light::kCompleted) return std::nullopt;
  return DayOf(input.facts[FirstComplete(input, standing.at.facts)].recorded_at);
}

std::vector<LightStep> LightsFrom(const TaskInput& input, absl::Time from, absl::Time until) {
  const Always always = AlwaysOf(input);
  std::vector<LightStep> steps{StepAt(input, always, from)};
  if (always.completed) return steps;
  for (const absl::Time change : ChangesAfter(input, from)) {
    if (change >= until) break;
    const LightStep step = StepAt(input, always, change);
    const LightStep& last = steps.back();
    if (step.light != last.light || step.carried != last.carried) steps.push_back(step);
  }
  return steps;
}

Light WorstOf(absl::Span<const Light> lights) {
  Light worst = Light::kCompleted;
  bool rated = false;
  bool unrated = false;
  for (const Light light : lights) {
    (light == Light::kUnrated ? unrated : rated) = true;
    if (light != Light::kUnrated) worst = std::min(worst, light);
  }
  if (!rated) return Light::kUnrated;
  return worst == Light::kCompleted && unrated ? Light::kAhead : worst;
}

}  // namespace minsheng::progress
