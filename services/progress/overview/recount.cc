#include "services/progress/overview/recount.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/progress/names.h"
#include "services/progress/render/render.h"

namespace minsheng::progress {
namespace {

absl::StatusOr<PeriodCounts> EmptyCounts(const Period& period, const WorkingDays& working_days) {
  PeriodCounts counts;
  counts.period = period;
  ASSIGN_OR_RETURN(counts.due_on, DueDay(period, working_days));
  return counts;
}

int64_t& Slot(ReportingCounts& counts, ReportingState state) {
  return counts[static_cast<size_t>(state)];
}

class Recounter {
 public:
  Recounter(const ProgramHead& head, absl::Time instant)
      : head_(head), instant_(instant), period_end_(NextPeriodChange(head.span, instant)) {}

  absl::Status Start(const WorkingDays& working_days) {
    recount_.judged = head_.span.JudgedAt(instant_);
    const Period current = head_.span.CurrentAt(instant_);
    ASSIGN_OR_RETURN(recount_.current, EmptyCounts(current, working_days));
    const auto previous = current.Previous();
    if (!previous || !head_.span.Contains(*previous)) return absl::OkStatus();
    ASSIGN_OR_RETURN(recount_.previous, EmptyCounts(*previous, working_days));
    return absl::OkStatus();
  }

  absl::Status Add(const TaskRecord& task) {
    const std::string& name = task.task.name();
    const Id slice = groups_.IdOf(0, task.task.group());
    const Id project = projects_.IdOf(slice, ProjectOf(name));
    board_.Put({slice, project, tasks_++}, LightsFrom(task.input(), instant_, period_end_));
    if (!task.plan) ++recount_.tasks_without_plan;
    return CountReports(task);
  }

  // What completes a task by time alone does so at a period's end.
  Recount Finish() {
    for (const auto& group : head_.program.groups()) {
      const auto slice = groups_.Find(0, group.id());
      recount_.groups.push_back({group.id(), slice ? board_.At(*slice, instant_) : Tally()});
    }
    recount_.valid_until = std::min(board_.NextChange(), period_end_);
    NoteDueDay(recount_.current);
    if (recount_.previous) NoteDueDay(*recount_.previous);
    return std::move(recount_);
  }

 private:
  absl::Status CountReports(const TaskRecord& task) {
    const auto completed_on = Assess(task.input(), instant_, false).completed_on;
    const auto state_in = [&](const PeriodCounts& counts) {
      return ReportingOf(task, counts.period, completed_on, counts.due_on, instant_);
    };
    ASSIGN_OR_RETURN(const ReportingState current, state_in(recount_.current));
    ++Slot(recount_.current.counts, current);
    if (task.task.lead_units_size() > 0) {
      ++Slot(recount_.by_unit[task.task.lead_units(0)], current);
    }
    if (!recount_.previous) return absl::OkStatus();
    ASSIGN_OR_RETURN(const ReportingState previous, state_in(*recount_.previous));
    ++Slot(recount_.previous->counts, previous);
    return absl::OkStatus();
  }

  // Those not due yet are missing once the due day has ended.
  void NoteDueDay(PeriodCounts& counts) {
    if (Slot(counts.counts, ReportingState::kNotDue) == 0) return;
    recount_.valid_until = std::min(recount_.valid_until, StartOf(counts.due_on + 1));
  }

  const ProgramHead& head_;
  const absl::Time instant_;
  const absl::Time period_end_;
  Names groups_, projects_;
  Id tasks_ = 0;
  Board board_;
  Recount recount_;
};

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

absl::StatusOr<Recount> RecountProgram(platform::Session& session, const std::string& program,
                                       const WorkingDays& working_days, absl::Time instant) {
  ASSIGN_OR_RETURN(const ProgramHead head, LoadProgramHead(session, program, instant));
  Recounter recounter(head, instant);
  RETURN_IF_ERROR(recounter.Start(working_days));
  RETURN_IF_ERROR(ForEachTask(session, head, instant,
                              [&](const TaskRecord& task) { return recounter.Add(task); }));
  return recounter.Finish();
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
