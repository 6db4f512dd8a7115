#include "tools/cli/generate/render.h"

#include <array>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace minsheng::generate {
namespace {

std::string Day(const std::optional<absl::CivilDay>& day) {
  return day ? absl::FormatCivilTime(*day) : "";
}

std::string Instant(absl::CivilMinute minute) {
  return absl::StrCat(absl::FormatCivilTime(minute), ":00+08:00");
}

std::string Instant(const std::optional<absl::CivilMinute>& minute) {
  return minute ? Instant(*minute) : "";
}

// The texts of a generation hold no comma, quote or line break.
void AppendLine(std::string* out, std::initializer_list<absl::string_view> cells) {
  absl::StrAppend(out, absl::StrJoin(cells, ","), "\n");
}

std::string FigureOrBlank(int64_t value, int decimals) {
  return value == 0 ? "" : Figure(value, decimals);
}

}  // namespace

void AppendProgram(const List& list, std::string* out) {
  const District& district = list.district();
  const int year = list.options().year;
  absl::StrAppend(out, "{\n  \"district\": {\n    \"name\": \"districts/", district.code,
                  "\",\n    \"title\": \"", district.title(), "\"\n  },\n  \"year\": ", year,
                  ",\n  \"document_number\": \"（示例）", district.short_name, "府办发〔", year,
                  "〕×号\",\n  \"issued_on\": \"", absl::FormatCivilTime(list.issued_on()),
                  "\",\n  \"approving_body\": \"", district.level,
                  "政府\",\n  \"report_recipient\": \"", district.level,
                  "发展改革委\",\n  \"money_unit\": \"\",\n  \"illustration\": true\n}\n");
}

void AppendListHead(const List& list, const GroupTotals& totals, std::string* out) {
  const int year = list.options().year;
  const int64_t total = std::accumulate(totals.begin(), totals.end(), int64_t{0});
  absl::StrAppend(out, "\xEF\xBB\xBF", list.district().title(), year,
                  "年度民生实事目标任务清单\n单位：万元\n序号,项目名称,", year,
                  "年工作内容及资金计划,,牵头单位,协作单位\n,,形象进度,总投资,,\n合  计,,,",
                  Figure(total, 1), ",,\n");
}

void AppendGroup(const Group& group, int64_t total, std::string* out) {
  AppendLine(out, {group.title, "", "", Figure(total, 1), "", ""});
}

void AppendTask(const List& list, const Task& task, std::string* out) {
  const bool several = list.TasksOf(task.project) > 1;
  // A sub-row leaves the project's number and name to the row above.
  const std::string number = task.no == 1 ? absl::StrCat(task.project_no) : "";
  AppendLine(out, {number, task.no == 1 ? list.ProjectName(task.project) : "",
                   several ? absl::StrCat("（", task.no, "）", task.content) : task.content,
                   task.amount_tenths ? Figure(*task.amount_tenths, 1) : "",
                   absl::StrJoin(task.leads, "、"), task.cooperating});
}

void AppendCorrectionsHead(std::string* out) {
  absl::StrAppend(out, "task\tno\tbase\tbase_on\tbaseline\tsurvey_days\tdue_on\n");
}

void AppendCorrections(const Task& task, std::string* out) {
  for (const Goal& goal : task.goals) {
    const bool silent = goal.base == 0 && goal.survey_days.empty() && !goal.due_on;
    if (silent) continue;
    absl::StrAppend(out,
                    absl::StrJoin({task.id, absl::StrCat(goal.no), FigureOrBlank(goal.base, 0),
                                   Day(goal.base_on),
                                   FigureOrBlank(goal.baseline, goal.from->reported_decimals),
                                   absl::StrJoin(goal.survey_days, ",",
                                                 [](std::string* to, absl::CivilDay day) {
                                                   absl::StrAppend(to, absl::FormatCivilTime(day));
                                                 }),
                                   Day(goal.due_on)},
                                  "\t"),
                    "\n");
  }
}

void AppendPlansHead(std::string* out) {
  absl::StrAppend(out,
                  "task,filed_at,approved_at,starts_on,due_on,milestone_on,percent,target,text,"
                  "responsible_post,reason,document_number\n");
}

void AppendPlan(const Task& task, const Plan& plan, std::string* out) {
  const std::string filed = Instant(plan.filed_at);
  const std::string approved = Instant(plan.approved_at);
  for (const MilestoneRow& row : plan.milestones) {
    AppendLine(out,
               {task.id, filed, approved, Day(plan.starts_on), Day(plan.due_on),
                absl::FormatCivilTime(row.on), absl::StrCat(row.percent), absl::StrCat(row.target),
                row.text, plan.post, plan.reason, plan.document_number});
  }
}

void AppendReportsHead(std::string* out) {
  absl::StrAppend(out,
                  "task,period,filed_at,unit,measures,started_on,completed_investment,"
                  "progress_text,problems,next_step,self_rating,nothing_to_report,"
                  "correction_reason,received_on\n");
}

void AppendReport(const List& list, const Task& task, const Report& report, std::string* out) {
  AppendLine(out, {task.id, PeriodName(list.options(), report.period), Instant(report.filed_at),
                   task.leads.front(), report.measures, Day(report.started_on),
                   report.completed_investment, report.progress_text, report.problems,
                   report.next_step, report.self_rating, report.nothing_to_report ? "true" : "",
                   report.correction_reason, Day(report.received_on)});
}

void AppendActionsHead(std::string* out) {
  absl::StrAppend(out, "at,action,task,period,reason,light,valid_to\n");
}

void AppendAction(const List& list, const Task& task, const Action& action, std::string* out) {
  AppendLine(out, {Instant(action.at), action.action, task.id,
                   action.period < 0 ? "" : PeriodName(list.options(), action.period),
                   action.reason, action.light, Day(action.valid_to)});
}

}  // namespace minsheng::generate
