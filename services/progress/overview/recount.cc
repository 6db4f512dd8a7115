#include "services/progress/overview/recount.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/progress/names.h"
#include "services/progress/render/render.h"

namespace minsheng::progress {
namespace {

std::string SliceOf(absl::string_view program, absl::string_view group) {
  return absl::StrCat(program, "/", group);
}

void CountLight(const TaskRecord& task, absl::Time instant, Board& board) {
  bool carried = false;
  const Light light = LightAt(task.input(), instant, &carried);
  board.Put(BoardKey(task), {LightStep{instant, light, carried}});
}

absl::StatusOr<PeriodCounts> EmptyCounts(const Period& period, const WorkingDays& working_days) {
  PeriodCounts counts;
  counts.period = period;
  ASSIGN_OR_RETURN(counts.due_on, DueDay(period, working_days));
  return counts;
}

int64_t& Slot(ReportingCounts& counts, ReportingState state) {
  return counts[static_cast<size_t>(state)];
}

// Counts a task's reports, and the instants at which their status changes by time alone.
absl::Status CountReports(const TaskRecord& task, const Assessment& assessment,
                          const WorkingDays& working_days, absl::Time instant, Recount& recount) {
  const auto state_of = [&](const Period& period) {
    return ReportingOf(task, period, assessment.completed_on, working_days, instant);
  };
  ASSIGN_OR_RETURN(const ReportingState current, state_of(recount.current.period));
  ++Slot(recount.current.counts, current);
  if (task.task.lead_units_size() > 0) {
    ++Slot(recount.by_unit[task.task.lead_units(0)], current);
  }
  if (!recount.previous) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ReportingState previous, state_of(recount.previous->period));
  ++Slot(recount.previous->counts, previous);
  return absl::OkStatus();
}

void NoteInstant(absl::Time candidate, absl::Time instant, Recount& recount) {
  if (candidate > instant) recount.valid_until = std::min(recount.valid_until, candidate);
}

absl::Status StartPeriods(const PeriodSpan& span, const WorkingDays& working_days,
                          absl::Time instant, Recount& recount) {
  const Period current = span.CurrentAt(instant);
  ASSIGN_OR_RETURN(recount.current, EmptyCounts(current, working_days));
  NoteInstant(StartOf(recount.current.due_on + 1), instant, recount);
  if (const auto next = current.Next(); next && span.Contains(*next)) {
    NoteInstant(next->Begin(), instant, recount);
  }
  const auto previous = current.Previous();
  if (!previous || !span.Contains(*previous)) return absl::OkStatus();
  ASSIGN_OR_RETURN(recount.previous, EmptyCounts(*previous, working_days));
  NoteInstant(StartOf(recount.previous->due_on + 1), instant, recount);
  return absl::OkStatus();
}

void Add(const Tally& part, Tally& whole) {
  for (size_t i = 0; i < part.tasks.size(); ++i) {
    whole.tasks[i] += part.tasks[i];
    whole.projects[i] += part.projects[i];
  }
  whole.carried += part.carried;
  whole.carried_projects += part.carried_projects;
}

int64_t OnSchedule(const LightCounts& counts) {
  int64_t sum = 0;
  for (const Light light : {Light::kOnSchedule, Light::kAhead, Light::kCompleted}) {
    sum += counts[static_cast<size_t>(light)];
  }
  return sum;
}

template <typename AddCount>
void RenderCounts(const LightCounts& counts, AddCount add) {
  for (int i = kLightCount - 1; i >= 0; --i) {
    v1::LightCount* count = add();
    count->set_light(ToProto(static_cast<Light>(i)));
    count->set_count(counts[static_cast<size_t>(i)]);
  }
}

void RenderTally(const std::string& group, const Tally& tally, v1::Tally* out) {
  out->set_group(group);
  RenderCounts(tally.tasks, [&] { return out->add_tasks(); });
  RenderCounts(tally.projects, [&] { return out->add_projects(); });
  out->set_tasks_on_schedule(OnSchedule(tally.tasks));
  out->set_tasks_carried(tally.carried);
  out->set_projects_on_schedule(OnSchedule(tally.projects));
  out->set_projects_carried(tally.carried_projects);
}

void RenderPeriod(const PeriodCounts& counts, v1::PeriodReporting* out) {
  out->set_period(counts.period.ToString());
  out->set_due_on(absl::FormatCivilTime(counts.due_on));
  for (int i = 0; i < kReportingStateCount; ++i) {
    v1::ReportingCount* count = out->add_counts();
    count->set_state(ToProto(static_cast<ReportingState>(i)));
    count->set_count(counts.counts[static_cast<size_t>(i)]);
  }
}

std::string Headline(const v1::Tally& total) {
  int64_t tasks = 0, projects = 0;
  for (const v1::LightCount& count : total.tasks()) tasks += count.count();
  for (const v1::LightCount& count : total.projects()) projects += count.count();
  return absl::StrCat(projects, "个项目、", tasks, "项任务：按序时及以上",
                      total.projects_on_schedule(), "个项目、", total.tasks_on_schedule(),
                      "项任务（其中", total.tasks_carried(), "项任务为上月数据）");
}

}  // namespace

Board::Key BoardKey(const TaskRecord& record) {
  const std::string& name = record.task.name();
  return {SliceOf(ProgramOf(name), record.task.group()), ProjectOf(name), name};
}

absl::StatusOr<Recount> RecountProgram(const ProgramRecord& program,
                                       const WorkingDays& working_days, absl::Time instant) {
  Recount recount;
  recount.judged = program.span.JudgedAt(instant);
  RETURN_IF_ERROR(StartPeriods(program.span, working_days, instant, recount));
  Board board;
  for (const TaskRecord& task : program.tasks) {
    const Assessment assessment = Assess(task.input(), instant);
    NoteInstant(assessment.valid_until, instant, recount);
    CountLight(task, instant, board);
    RETURN_IF_ERROR(CountReports(task, assessment, working_days, instant, recount));
    if (!task.plan) ++recount.tasks_without_plan;
  }
  for (const auto& group : program.program.groups()) {
    recount.groups.push_back(
        {group.id(), board.At(SliceOf(program.program.name(), group.id()), instant)});
  }
  return recount;
}

v1::SummarizeProgramResponse RenderSummary(const std::string& program, const Recount& recount,
                                           absl::Time instant) {
  v1::SummarizeProgramResponse response;
  response.set_name(program);
  *response.mutable_as_of() = platform::ToTimestamp(instant);
  Tally total;
  for (const GroupTally& group : recount.groups) {
    RenderTally(group.group, group.tally, response.add_groups());
    Add(group.tally, total);
  }
  RenderTally("", total, response.mutable_total());
  response.set_headline(Headline(response.total()));
  RenderPeriod(recount.current, response.mutable_current());
  if (recount.previous) RenderPeriod(*recount.previous, response.mutable_previous());
  if (recount.judged) response.set_judged_period(recount.judged->ToString());
  response.set_tasks_without_plan(recount.tasks_without_plan);
  if (recount.valid_until != absl::InfiniteFuture()) {
    *response.mutable_valid_until() = platform::ToTimestamp(recount.valid_until);
  }
  return response;
}

}  // namespace minsheng::progress
