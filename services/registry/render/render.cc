#include "services/registry/render/render.h"

#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"

namespace minsheng::registry {
namespace {

using TargetsByTask = std::map<std::string, std::vector<const TargetRow*>>;

void SetMoney(int64_t fen, common::v1::Money* money) {
  money->set_currency("CNY");
  money->set_fen(fen);
}

v1::TargetKind KindOf(TargetKind kind) {
  switch (kind) {
    case TargetKind::kCount:
      return v1::TARGET_KIND_COUNT;
    case TargetKind::kCoverage:
      return v1::TARGET_KIND_COVERAGE;
    case TargetKind::kLevel:
      return v1::TARGET_KIND_LEVEL;
    case TargetKind::kFrequency:
      return v1::TARGET_KIND_FREQUENCY;
    case TargetKind::kEvent:
      return v1::TARGET_KIND_EVENT;
    case TargetKind::kQualitative:
      return v1::TARGET_KIND_QUALITATIVE;
    case TargetKind::kService:
      return v1::TARGET_KIND_SERVICE;
  }
  return v1::TARGET_KIND_UNSPECIFIED;
}

v1::Comparator ComparatorOf(Comparator comparator) {
  switch (comparator) {
    case Comparator::kNone:
      return v1::COMPARATOR_UNSPECIFIED;
    case Comparator::kAtLeast:
      return v1::COMPARATOR_AT_LEAST;
    case Comparator::kAtMost:
      return v1::COMPARATOR_AT_MOST;
    case Comparator::kDone:
      return v1::COMPARATOR_DONE;
    case Comparator::kAll:
      return v1::COMPARATOR_ALL;
    case Comparator::kMoreThan:
      return v1::COMPARATOR_MORE_THAN;
    case Comparator::kLessThan:
      return v1::COMPARATOR_LESS_THAN;
  }
  return v1::COMPARATOR_UNSPECIFIED;
}

// What is never rated has no stage.
v1::TargetStage StageOf(const TargetRow& row) {
  if (row.kind == TargetKind::kQualitative || row.kind == TargetKind::kService) {
    return v1::TARGET_STAGE_UNSPECIFIED;
  }
  return row.stage == TargetStage::kStart ? v1::TARGET_STAGE_START : v1::TARGET_STAGE_FINISH;
}

v1::UnitKind KindOf(UnitRef::Kind kind) {
  switch (kind) {
    case UnitRef::kUnit:
      return v1::UNIT_KIND_UNIT;
    case UnitRef::kGroupUnresolved:
      return v1::UNIT_KIND_GROUP_UNRESOLVED;
    case UnitRef::kGroupAll:
      return v1::UNIT_KIND_GROUP_ALL;
  }
  return v1::UNIT_KIND_UNSPECIFIED;
}

v1::Severity SeverityOf(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return v1::SEVERITY_INFO;
    case Severity::kWarning:
      return v1::SEVERITY_WARNING;
    case Severity::kError:
      return v1::SEVERITY_ERROR;
  }
  return v1::SEVERITY_UNSPECIFIED;
}

std::string DayOrEmpty(const std::optional<absl::CivilDay>& day) {
  return day ? absl::FormatCivilTime(*day) : "";
}

TargetsByTask ByTask(absl::Span<const TargetRow> targets) {
  TargetsByTask by_task;
  for (const TargetRow& row : targets) by_task[row.task].push_back(&row);
  return by_task;
}

// 承接市级民生实事（13件） → 承接市级民生实事: the count has a field of its own.
std::string TitleOf(const NoticeGroup& group) {
  if (!group.declared_count) return group.title;
  for (const char* bracket : {"（", "("}) {
    const size_t begin = group.title.rfind(bracket);
    if (begin == std::string::npos || begin == 0) continue;
    const std::string count = absl::StrCat(*group.declared_count);
    if (absl::StrContains(group.title.substr(begin), count)) return group.title.substr(0, begin);
  }
  return group.title;
}

v1::Program RenderProgram(const Notice& notice, const v1::ImportProgramRequest& request) {
  const int year = notice.year != 0 ? notice.year : request.year();
  v1::Program program;
  program.set_name(absl::StrCat(request.parent(), "/programs/", year));
  program.set_title(notice.title);
  program.set_document_number(request.document_number());
  program.set_issued_on(request.issued_on());
  program.set_approving_body(request.approving_body());
  program.set_report_recipient(request.report_recipient());
  program.set_state(v1::PROGRAM_STATE_DRAFT);
  program.set_illustration(request.illustration());
  if (notice.money_unit) program.set_money_unit(std::string(MoneyUnitWord(*notice.money_unit)));
  if (notice.declared_fen) SetMoney(*notice.declared_fen, program.mutable_declared_total());
  for (const NoticeGroup& group : notice.groups) {
    v1::ProjectGroup* out = program.add_groups();
    out->set_id(group.id);
    out->set_title(TitleOf(group));
    out->set_declared_count(group.declared_count.value_or(0));
    if (group.declared_fen) SetMoney(*group.declared_fen, out->mutable_declared_total());
  }
  return program;
}

void RenderTask(const NoticeProject& project, const NoticeTask& task, const std::string& id,
                const TargetsByTask& targets, v1::Task& out) {
  out.set_project_title(project.name);
  out.set_group(project.group);
  out.set_content(task.content);
  if (task.amount_fen) SetMoney(*task.amount_fen, out.mutable_planned_investment());
  for (const UnitRef& unit : task.leads) out.add_lead_units(unit.name);
  for (const UnitRef& unit : task.assists) out.add_cooperating_units(unit.name);
  out.mutable_attributes()->insert(task.attributes.begin(), task.attributes.end());
  out.set_source_row(task.place.row);
  const auto it = targets.find(id);
  if (it == targets.end()) return;
  for (const TargetRow* row : it->second) *out.add_targets() = RenderTarget(*row);
}

void RenderProjects(const Notice& notice, const TargetsByTask& targets,
                    v1::ImportProgramResponse& response) {
  const std::string& program = response.program().name();
  int ordinal = 0;
  for (const NoticeProject& project : notice.projects) {
    v1::Project* out = response.add_projects();
    out->set_name(absl::StrCat(program, "/projects/", ProjectId(project)));
    out->set_group(project.group);
    out->set_number(project.no);
    out->set_title(project.name);
    for (const NoticeTask& task : project.tasks) {
      v1::Task* rendered = response.add_tasks();
      const std::string id = TaskId(project, task);
      RenderTask(project, task, id, targets, *rendered);
      rendered->set_name(TaskName(program, id));
      rendered->set_ordinal(++ordinal);
      out->add_tasks(rendered->name());
    }
  }
  response.mutable_program()->set_project_count(response.projects_size());
  response.mutable_program()->set_task_count(response.tasks_size());
}

// Units by name, each with every alias it was mentioned with.
class UnitCollector {
 public:
  UnitCollector(std::string district, v1::ImportProgramResponse& response)
      : district_(std::move(district)), response_(response) {}

  void Add(const UnitRef& ref) {
    const auto [it, fresh] = index_.try_emplace(ref.name, response_.units_size());
    if (fresh) {
      v1::Unit* unit = response_.add_units();
      unit->set_name(UnitName(district_, ref.name));
      unit->set_title(ref.name);
      unit->set_kind(KindOf(ref.kind));
    }
    if (ref.alias.empty()) return;
    v1::Unit* unit = response_.mutable_units(it->second);
    for (const std::string& alias : unit->aliases()) {
      if (alias == ref.alias) return;
    }
    unit->add_aliases(ref.alias);
  }

 private:
  const std::string district_;
  v1::ImportProgramResponse& response_;
  std::unordered_map<std::string, int> index_;
};

void RenderUnits(const Notice& notice, const std::string& district,
                 v1::ImportProgramResponse& response) {
  UnitCollector collector(district, response);
  for (const NoticeProject& project : notice.projects) {
    for (const NoticeTask& task : project.tasks) {
      for (const UnitRef& unit : task.leads) collector.Add(unit);
      for (const UnitRef& unit : task.assists) collector.Add(unit);
    }
  }
}

v1::Diagnostic MakeDiagnostic(v1::Severity severity, const char* code, std::string message) {
  v1::Diagnostic diagnostic;
  diagnostic.set_severity(severity);
  diagnostic.set_code(code);
  diagnostic.set_message(std::move(message));
  return diagnostic;
}

void CheckUnknownTasks(const Notice& notice, const TargetsByTask& targets,
                       v1::ImportProgramResponse& response) {
  if (targets.empty()) return;
  std::set<std::string> known;
  for (const NoticeProject& project : notice.projects) {
    for (const NoticeTask& task : project.tasks) known.insert(TaskId(project, task));
  }
  for (const auto& [id, rows] : targets) {
    if (known.count(id) != 0) continue;
    v1::Diagnostic diagnostic =
        MakeDiagnostic(v1::SEVERITY_ERROR, "UNKNOWN_TASK_IN_TARGETS",
                       absl::StrCat("目标表第", rows.front()->line, "行：清单中没有任务 ", id,
                                    "；请核对任务编号，或删去这些行"));
    diagnostic.mutable_place()->set_table("目标表");
    diagnostic.mutable_place()->set_row(rows.front()->line);
    diagnostic.mutable_place()->set_words(id);
    *response.add_diagnostics() = std::move(diagnostic);
  }
}

void CheckTasksWithoutTargets(const Notice& notice, const TargetsByTask& targets,
                              v1::ImportProgramResponse& response) {
  if (targets.empty() && response.tasks_size() > 0) {
    *response.add_diagnostics() =
        MakeDiagnostic(v1::SEVERITY_WARNING, "NO_TARGETS",
                       absl::StrCat("没有给出目标表，全部", response.tasks_size(),
                                    "项任务都没有目标，不能评灯；请提供目标表"));
    return;
  }
  for (const NoticeProject& project : notice.projects) {
    for (const NoticeTask& task : project.tasks) {
      const std::string id = TaskId(project, task);
      if (targets.count(id) != 0) continue;
      v1::Diagnostic diagnostic = MakeDiagnostic(
          v1::SEVERITY_WARNING, "NO_TARGETS",
          absl::StrCat("目标表中没有任务 ", id, " 的目标，该任务不能评灯；请在目标表中补充"));
      diagnostic.mutable_place()->set_table(task.place.table);
      diagnostic.mutable_place()->set_row(task.place.row);
      diagnostic.mutable_place()->set_words(task.place.words);
      *response.add_diagnostics() = std::move(diagnostic);
    }
  }
}

}  // namespace

v1::ImportProgramResponse RenderNotice(const Notice& notice, absl::Span<const TargetRow> targets,
                                       const v1::ImportProgramRequest& request) {
  const TargetsByTask by_task = ByTask(targets);
  v1::ImportProgramResponse response;
  *response.mutable_program() = RenderProgram(notice, request);
  RenderProjects(notice, by_task, response);
  RenderUnits(notice, request.parent(), response);
  for (const Diagnostic& diagnostic : notice.diagnostics) {
    *response.add_diagnostics() = RenderDiagnostic(diagnostic);
  }
  CheckUnknownTasks(notice, by_task, response);
  CheckTasksWithoutTargets(notice, by_task, response);
  return response;
}

std::string TaskName(absl::string_view program, absl::string_view task_id) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(task_id, '/');
  return absl::StrCat(program, "/projects/", parts.first, "/tasks/", parts.second);
}

std::string UnitName(absl::string_view district, absl::string_view title) {
  return absl::StrCat(district, "/units/",
                      absl::StrReplaceAll(title, {{"%", "%25"}, {"/", "%2F"}}));
}

v1::Diagnostic RenderDiagnostic(const Diagnostic& diagnostic) {
  v1::Diagnostic out;
  out.set_severity(SeverityOf(diagnostic.severity));
  out.set_code(diagnostic.code);
  out.set_message(diagnostic.message);
  v1::Place* place = out.mutable_place();
  place->set_table(diagnostic.place.table);
  place->set_row(diagnostic.place.row);
  place->set_column(diagnostic.place.column);
  place->set_words(diagnostic.place.words);
  return out;
}

v1::Target RenderTarget(const TargetRow& row) {
  v1::Target out;
  out.set_number(row.no);
  out.set_kind(KindOf(row.kind));
  out.set_indicator(row.indicator);
  out.set_comparator(ComparatorOf(row.comparator));
  out.set_value(row.value);
  out.set_unit(row.unit);
  out.set_stage(StageOf(row));
  out.set_stretch(row.stretch);
  out.set_part_of(row.part_of);
  out.set_base(row.base);
  out.set_base_on(DayOrEmpty(row.base_on));
  out.set_baseline(row.baseline);
  for (const absl::CivilDay day : row.survey_days) out.add_survey_days(absl::FormatCivilTime(day));
  out.set_due_on(DayOrEmpty(row.due_on));
  out.set_note(row.note);
  return out;
}

bool HasErrors(const v1::ImportProgramResponse& response) {
  for (const v1::Diagnostic& diagnostic : response.diagnostics()) {
    if (diagnostic.severity() == v1::SEVERITY_ERROR) return true;
  }
  return false;
}

}  // namespace minsheng::registry
