#include "services/progress/render/render.h"

#include "absl/strings/str_cat.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"

namespace minsheng::progress {
namespace {

constexpr char kRules[] = "default-1";

v1::UnratedReason ToProto(UnratedReason reason) {
  return static_cast<v1::UnratedReason>(static_cast<int>(reason));
}

const char* PlanSourceName(PlanSource source) {
  static constexpr const char* kNames[] = {"", "milestones", "time_curve", "survey", "due_day"};
  return kNames[static_cast<size_t>(source)];
}

const char* RuleName(Verdict verdict) {
  static constexpr const char* kNames[] = {"gap",         "reached", "overdue",
                                           "not_started", "unrated", "no_facts"};
  return kNames[static_cast<size_t>(verdict)];
}

const char* TimingName(Timing timing) {
  static constexpr const char* kNames[] = {"", "early", "on_time", "late"};
  return kNames[static_cast<size_t>(timing)];
}

std::string IntText(Ratio::Int value) {
  if (value == 0) return "0";
  std::string digits;
  const bool negative = value < 0;
  for (Ratio::Int rest = negative ? -value : value; rest > 0; rest /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  return negative ? "-" + digits : digits;
}

void RenderTarget(const TargetAssessment& from, const registry::v1::Target& target,
                  v1::TargetAssessment* out) {
  out->set_target(from.number);
  out->set_indicator(target.indicator());
  out->set_target_value(target.value());
  out->set_unit(target.unit());
  out->set_stretch(target.stretch());
  out->set_light(ToProto(from.light));
  out->set_unrated_reason(ToProto(from.reason));
  out->set_is_part(from.is_part);
  out->set_plan_source(PlanSourceName(from.plan_source));
  out->set_rule(RuleName(from.verdict));
  out->set_due_on(absl::FormatCivilTime(from.due_on));
  if (from.planned) out->set_planned_percent(from.planned->ToPercent());
  if (from.actual) out->set_actual_percent(from.actual->ToPercent());
  if (from.gap) {
    out->set_gap_points(from.gap->ToPercent());
    out->set_gap_exact(ExactText(*from.gap));
  }
  if (from.stated) out->set_stated_value(from.stated->ToString());
  if (from.stated_period) out->set_stated_period(from.stated_period->ToString());
}

void RenderVerdict(const Assessment& from, v1::Assessment& out) {
  out.set_light(ToProto(from.light));
  out.set_unrated_reason(ToProto(from.reason));
  if (from.facts_as_of) out.set_facts_as_of(from.facts_as_of->ToString());
  if (from.judged) out.set_judged_period(from.judged->ToString());
  out.set_facts_carried(!from.facts_current);
  out.set_deciding_target(from.deciding_target);
  out.set_plan_revision(from.plan_revision);
  out.set_rules(kRules);
  if (from.completed_on) {
    out.set_completed_on(absl::FormatCivilTime(*from.completed_on));
    out.set_completion_timing(TimingName(from.timing));
    out.set_awaiting_confirmation(true);
    out.set_exceeded(from.exceeded);
  }
  if (from.valid_until != absl::InfiniteFuture()) {
    *out.mutable_valid_until() = platform::ToTimestamp(from.valid_until);
  }
}

void RenderTask(const registry::v1::Task& task, v1::Assessment& out) {
  out.set_name(task.name());
  out.set_project_title(task.project_title());
  out.set_content(task.content());
  *out.mutable_lead_units() = task.lead_units();
  out.set_group(task.group());
}

// What differs from `end` on ends the answer.
void EndAt(absl::Time end, v1::Assessment& out) {
  if (out.has_valid_until() && platform::FromTimestamp(out.valid_until()) <= end) return;
  *out.mutable_valid_until() = platform::ToTimestamp(end);
}

// The end of the shown judgement ends the answer, too.
void RenderJudgement(const TaskRecord& record, absl::Time instant, v1::Assessment& out) {
  const v1::Judgement* judgement = JudgementAt(record, instant);
  if (judgement == nullptr) return;
  *out.mutable_judgement() = *judgement;
  const auto last = ReadDay("valid_to", judgement->valid_to());
  if (!last.ok() || !last->has_value()) return;
  EndAt(StartOf(**last + 1), out);
}

// The status of a period's report; one that is not due yet is missing once its due day is over.
absl::StatusOr<v1::ReportingState> RenderReporting(const TaskRecord& record, const Period& period,
                                                   const Assessment& assessment,
                                                   const WorkingDays& working_days,
                                                   absl::Time instant, v1::Assessment& out) {
  ASSIGN_OR_RETURN(const ReportingState state,
                   ReportingOf(record, period, assessment.completed_on, working_days, instant));
  if (state != ReportingState::kNotDue) return ToProto(state);
  ASSIGN_OR_RETURN(const absl::CivilDay due_on, DueDay(period, working_days));
  EndAt(StartOf(due_on + 1), out);
  return ToProto(state);
}

}  // namespace

v1::Light ToProto(Light light) {
  switch (light) {
    case Light::kUnrated:
      return v1::LIGHT_UNRATED;
    case Light::kSeverelyBehind:
      return v1::LIGHT_SEVERELY_BEHIND;
    case Light::kBehind:
      return v1::LIGHT_BEHIND;
    case Light::kStale:
      return v1::LIGHT_STALE;
    case Light::kSlightlyBehind:
      return v1::LIGHT_SLIGHTLY_BEHIND;
    case Light::kOnSchedule:
      return v1::LIGHT_ON_SCHEDULE;
    case Light::kAhead:
      return v1::LIGHT_AHEAD;
    case Light::kCompleted:
      return v1::LIGHT_COMPLETED;
  }
  return v1::LIGHT_UNSPECIFIED;
}

v1::ReportingState ToProto(ReportingState state) {
  return static_cast<v1::ReportingState>(static_cast<int>(state) + 1);
}

std::string ExactText(const Ratio& ratio) {
  Ratio::Int a = ratio.numerator() < 0 ? -ratio.numerator() : ratio.numerator();
  Ratio::Int b = ratio.denominator();
  while (b != 0) {
    const Ratio::Int rest = a % b;
    a = b;
    b = rest;
  }
  if (a == 0) a = 1;
  return absl::StrCat(IntText(ratio.numerator() / a), "/", IntText(ratio.denominator() / a));
}

absl::StatusOr<v1::Assessment> RenderAssessment(const TaskRecord& record,
                                                const WorkingDays& working_days,
                                                absl::Time instant) {
  const TaskInput input = record.input();
  const Assessment assessment = Assess(input, instant);
  v1::Assessment out;
  *out.mutable_as_of() = platform::ToTimestamp(instant);
  RenderTask(record.task, out);
  RenderVerdict(assessment, out);
  for (size_t i = 0; i < assessment.targets.size(); ++i) {
    RenderTarget(assessment.targets[i], record.task.targets(static_cast<int>(i)),
                 out.add_targets());
  }
  out.set_explanation(Explain(input, assessment));
  RenderJudgement(record, instant, out);

  const Period current = record.span.CurrentAt(instant);
  ASSIGN_OR_RETURN(const auto now_state,
                   RenderReporting(record, current, assessment, working_days, instant, out));
  out.set_current_reporting(now_state);
  if (const auto next = current.Next(); next && record.span.Contains(*next)) {
    EndAt(next->Begin(), out);
  }
  const auto previous = current.Previous();
  if (!previous || !record.span.Contains(*previous)) return out;
  ASSIGN_OR_RETURN(const auto past_state,
                   RenderReporting(record, *previous, assessment, working_days, instant, out));
  out.set_previous_reporting(past_state);
  return out;
}

}  // namespace minsheng::progress
