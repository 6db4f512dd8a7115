// The judgement on one task at one instant: its light, why, and until when it holds.
//
// Pure functions of facts that the caller has already cut to what was known at the instant; see
// ../RULES.md, whose section numbers the comments name. No clock, no storage, no randomness.
// Thread-safe (no state).
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_ASSESS_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_ASSESS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/progress/domain/period.h"
#include "services/progress/domain/ratio.h"

namespace minsheng::progress {

enum class Light {
  kUnrated = 0,
  kSeverelyBehind,  // worst of the rated ones; the order of RULES.md §4
  kBehind,
  kStale,
  kSlightlyBehind,
  kOnSchedule,
  kAhead,
  kCompleted,
};
inline constexpr int kLightCount = 8;

enum class TargetKind { kCount, kCoverage, kLevel, kFrequency, kEvent, kQualitative, kService };
enum class Comparator { kAtLeast, kAtMost, kDone, kAll, kMoreThan, kLessThan };
enum class Stage { kFinish, kStart };
// Stages of physical work (形象进度), RULES.md §3: 15, 30, 60, 90, 100 percent.
enum class WorkStage { kNone = 0, kPreparation, kStarted, kHalfway, kBuilt, kAccepted };
enum class UnratedReason {
  kNone,
  kNotBegun,
  kNoPlan,
  kNoBase,
  kNotSurveyed,
  kNotDue,
  kQualitative
};

struct Target {
  int number = 0;
  TargetKind kind = TargetKind::kCount;
  Comparator comparator = Comparator::kAtLeast;
  Stage stage = Stage::kFinish;
  std::string indicator;
  std::string unit;
  Quantity value;  // coverage: percent of the base; unused for events, qualitative and services
  std::optional<Quantity> stretch;          // shown, never needed
  int part_of = 0;                          // number of the target this is a part of; 0 for a goal
  std::optional<Quantity> base;             // coverage
  std::optional<Quantity> baseline;         // level
  std::vector<absl::CivilDay> survey_days;  // level; sorted
  std::optional<absl::CivilDay> due_on;
};

struct Milestone {
  absl::CivilDay due_on;
  Quantity percent;  // cumulative, 0..100
  int target = 0;    // 0: every target of the task without milestones of its own
};

// An approved plan revision, as known at the instant.
struct Plan {
  int revision = 0;
  std::vector<Milestone> milestones;  // sorted by day
  std::optional<absl::CivilDay> starts_on;
  std::optional<absl::CivilDay> due_on;
};

struct Measure {
  int target = 0;
  Quantity value;  // cumulative; coverage: how many of the base were reached; unused for events
  WorkStage stage = WorkStage::kNone;  // events
};

// The newest accepted report of a period, as known at the instant.
struct Facts {
  Period period;
  absl::Time recorded_at;  // when the period's newest version was recorded
  std::optional<absl::CivilDay> started_on;
  std::vector<Measure> measures;
};

struct TaskInput {
  PeriodSpan span;
  absl::Span<const Target> targets;  // by number
  const Plan* plan = nullptr;        // newest approved; null when none
  absl::Span<const Facts> facts;     // accepted, one per period, by period
};

enum class Verdict { kByGap, kReached, kOverdue, kNotStarted, kUnrated, kNoFacts };
enum class PlanSource { kNone, kMilestones, kTimeCurve, kSurvey, kDueDay };

struct TargetAssessment {
  int number = 0;
  bool is_part = false;
  Light light = Light::kUnrated;
  Verdict verdict = Verdict::kUnrated;
  UnratedReason reason = UnratedReason::kNone;
  PlanSource plan_source = PlanSource::kNone;
  absl::CivilDay due_on;
  std::optional<Quantity>
      stated;  // the value used (reached number for coverage, stage percent for events)
  std::optional<Period> stated_period;  // the period whose report states it
  std::optional<Ratio> planned;         // 0..1
  std::optional<Ratio> actual;          // uncapped for counts and coverage, 0..1 for the others
  std::optional<Ratio> gap;             // capped actual − planned
  friend bool operator==(const TargetAssessment&, const TargetAssessment&) = default;
};

enum class Timing { kNone, kEarly, kOnTime, kLate };

struct Assessment {
  Light light = Light::kUnrated;
  UnratedReason reason = UnratedReason::kNone;
  std::optional<Period> judged;       // P(t)
  std::optional<Period> facts_as_of;  // the period whose facts carry the light
  // False when facts_as_of is earlier than P(t) and the task is not completed; without facts
  // nothing is carried over and it stays true.
  bool facts_current = true;
  int plan_revision = 0;
  int deciding_target = 0;  // the target that gives the task its light; 0 when none does
  std::optional<absl::CivilDay> completed_on;
  Timing timing = Timing::kNone;
  bool exceeded = false;  // a completed task with a target above 100 %
  std::vector<TargetAssessment> targets;
  // The next instant at which the assessment would differ with no new input; InfiniteFuture when
  // none.
  absl::Time valid_until = absl::InfiniteFuture();
};

// True when what a person sees is the same: every field but valid_until.
bool SameVerdict(const Assessment& a, const Assessment& b);

// RULES.md §2–4. `valid_until` is filled unless `with_valid_until` is false.
Assessment Assess(const TaskInput& input, absl::Time instant, bool with_valid_until = true);

// The light only, without allocation where it can: what a million tasks are counted by. Equals
// Assess(...).light, and writes whether the facts are of an earlier period than the judged one
// (Assess(...).facts_current negated) to `carried` when given.
Light LightAt(const TaskInput& input, absl::Time instant, bool* carried = nullptr);

// Assess(...).completed_on.
std::optional<absl::CivilDay> CompletedOn(const TaskInput& input, absl::Time instant);

// From `from` on and with no new input: the lights and the instants at which (light, carried)
// changes, ascending; the first step is at `from`. Those from `until` on are left out.
struct LightStep {
  absl::Time from;
  Light light;
  bool carried;  // facts of an earlier period than the judged one, and not completed
  friend bool operator==(const LightStep&, const LightStep&) = default;
};
std::vector<LightStep> LightsFrom(const TaskInput& input, absl::Time from,
                                  absl::Time until = absl::InfiniteFuture());

// RULES.md §4: the light of a project over its tasks' lights.
Light WorstOf(absl::Span<const Light> lights);

// Stable upper-case names, as in the protos without prefix ("ON_SCHEDULE"), and the field's Chinese
// words.
absl::string_view LightName(Light light);
absl::string_view LightWord(Light light);            // 按序时
absl::string_view ReasonName(UnratedReason reason);  // NO_PLAN
absl::string_view ReasonWord(UnratedReason reason);  // 未报节点计划

// One paragraph of Chinese for officials: which rule, the numbers, the arithmetic, and what would
// make it green.
std::string Explain(const TaskInput& input, const Assessment& assessment);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_ASSESS_H_
