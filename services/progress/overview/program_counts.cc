#include "services/progress/overview/program_counts.h"

#include <algorithm>

#include "services/platform/base/status_macros.h"
#include "services/progress/names.h"

namespace minsheng::progress {
namespace {

constexpr Id kNoParent = 0;

std::vector<std::string> GroupsOf(const ProgramHead& head) {
  std::vector<std::string> groups;
  for (const auto& group : head.program.groups()) groups.push_back(group.id());
  return groups;
}

// "…/projects/municipal-11/tasks/2" → "…/projects/municipal-11" and "tasks/2".
struct TaskName {
  absl::string_view project;
  absl::string_view rest;
};

TaskName Split(absl::string_view name) {
  const size_t last = name.rfind('/');
  const size_t before = last == 0 || last == name.npos ? name.npos : name.rfind('/', last - 1);
  if (before == name.npos) return {name, ""};
  return {name.substr(0, before), name.substr(before + 1)};
}

}  // namespace

ProgramCounts::ProgramCounts(const ProgramHead& head, const WorkingDays& working_days)
    : span_(head.span), groups_(GroupsOf(head)), reporting_(DueDays(head.span, working_days)) {}

bool ProgramCounts::TakeHead(const ProgramHead& head) {
  if (head.span.first != span_.first || head.span.last != span_.last) return false;
  groups_ = GroupsOf(head);
  return true;
}

// The states of every period that has a due day, while the task is as at a step of its lights.
ReportingStep ProgramCounts::ReportingFrom(const TaskRecord& record, const LightStep& step) const {
  std::optional<absl::CivilDay> completed_on;
  if (step.light == Light::kCompleted) completed_on = CompletedOn(record.input(), step.from);
  const DueDays& due_days = reporting_.due_days();
  ReportingStep reporting{step.from,
                          std::vector<ReportingState>(due_days.size(), ReportingState::kNotDue)};
  const auto fill = [&](const Period& period) {
    if (!span_.Contains(period)) return;
    const size_t index = due_days.IndexOf(period);
    if (!due_days[index].ok()) return;
    const auto state =
        ReportingOf(record, period, completed_on, *due_days[index], absl::InfinitePast());
    if (state.ok()) reporting.states[index] = *state;
  };
  for (size_t index = 0; completed_on && index < due_days.size(); ++index) {
    if (due_days[index].ok() && *completed_on <= *due_days[index]) {
      reporting.states[index] = ReportingState::kExempt;
    }
  }
  for (const auto& [period, versions] : record.reports) fill(period);
  for (const auto& [period, reason] : record.exemptions) fill(period);
  return reporting;
}

TaskCounts ProgramCounts::Judge(const TaskRecord& record, absl::Time now) const {
  TaskCounts counts;
  counts.name = record.task.name();
  counts.group = record.task.group();
  if (record.task.lead_units_size() > 0) counts.unit = record.task.lead_units(0);
  counts.planned = record.plan.has_value();
  counts.lights = LightsFrom(record.input(), now);
  if (!counts.unit.empty()) counts.gaps = GapsAlong(record.input(), counts.lights);
  for (const LightStep& step : counts.lights) {
    const bool completed = step.light == Light::kCompleted;
    const bool was_completed =
        &step != &counts.lights.front() && (&step)[-1].light == Light::kCompleted;
    if (counts.reporting.empty() || completed || was_completed) {
      ReportingStep reporting = ReportingFrom(record, step);
      if (!counts.reporting.empty() && counts.reporting.back().states == reporting.states) continue;
      counts.reporting.push_back(std::move(reporting));
    }
  }
  return counts;
}

void ProgramCounts::Put(const TaskCounts& task) {
  const TaskName name = Split(task.name);
  const Id project = projects_.IdOf(kNoParent, platform::rpc::LastPart(name.project));
  const Id id = tasks_.IdOf(project, name.rest);
  lights_.Put({slices_.IdOf(kNoParent, task.group), project, id}, task.lights);
  const Id unit = task.unit.empty() ? kNoId : units_.IdOf(kNoParent, task.unit);
  reporting_.Put({id, unit, task.planned}, task.reporting);
  gaps_.Put(unit, id, task.gaps);
}

void ProgramCounts::Remove(absl::string_view task) {
  const TaskName name = Split(task);
  const auto project = projects_.Find(kNoParent, platform::rpc::LastPart(name.project));
  const auto id = project ? tasks_.Find(*project, name.rest) : std::nullopt;
  if (!id) return;
  lights_.Remove(*id);
  reporting_.Remove(*id);
  gaps_.Remove(*id);
}

absl::StatusOr<Recount> ProgramCounts::At(absl::Time now) {
  Recount recount;
  recount.judged = span_.JudgedAt(now);
  const Period current = span_.CurrentAt(now);
  ASSIGN_OR_RETURN(recount.current, reporting_.At(current, now));
  const auto previous = current.Previous();
  if (previous && span_.Contains(*previous)) {
    ASSIGN_OR_RETURN(recount.previous, reporting_.At(*previous, now));
  }
  recount.tasks_without_plan = reporting_.tasks_without_plan();
  for (const std::string& group : groups_) {
    const auto slice = slices_.Find(kNoParent, group);
    recount.groups.push_back({group, slice ? lights_.At(*slice, now) : Tally()});
  }
  recount.valid_until = std::min(lights_.NextChange(), reporting_.NextChange(now));
  return recount;
}

absl::StatusOr<std::map<std::string, ReportingCounts>> ProgramCounts::ByUnit(absl::Time now) {
  ASSIGN_OR_RETURN(const auto counts, reporting_.ByUnit(span_.CurrentAt(now), now));
  std::map<std::string, ReportingCounts> by_unit;
  for (Id unit = 0; unit < counts.size(); ++unit) {
    if (counts[unit] != ReportingCounts{}) by_unit[std::string(units_.Text(unit))] = counts[unit];
  }
  return by_unit;
}

std::map<std::string, int> ProgramCounts::WorstGaps(absl::Time now) {
  std::map<std::string, int> worst;
  for (const auto& [unit, tenths] : gaps_.Worst(now))
    worst[std::string(units_.Text(unit))] = tenths;
  return worst;
}

}  // namespace minsheng::progress
