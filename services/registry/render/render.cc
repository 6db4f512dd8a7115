#include "services/registry/render/render.h"

#include <initializer_list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

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

v1::TargetStage StageOf(TargetStage stage) {
  return stage == TargetStage::kStart ? v1::TARGET_STAGE_START : v1::TARGET_STAGE_FINISH;
}

// What is never rated has no stage.
v1::TargetStage StageOf(const TargetRow& row) {
  if (row.kind == TargetKind::kQualitative || row.kind == TargetKind::kService) {
    return v1::TARGET_STAGE_UNSPECIFIED;
  }
  return StageOf(row.stage);
}

template <typename Wire, typename Own>
Own Inverse(Wire wanted, std::initializer_list<Own> all, Wire (*of)(Own), Own otherwise) {
  for (const Own one : all) {
    if (of(one) == wanted) return one;
  }
  return otherwise;
}

std::optional<absl::CivilDay> DayOf(const std::string& text) {
  absl::CivilDay day;
  return absl::ParseCivilTime(text, &day) ? std::optional(day) : std::nullopt;
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

int32_t CharsBefore(absl::string_view text, std::size_t offset) {
  return static_cast<int32_t>(CharCount(text.substr(0, offset)));
}

absl::string_view Within(absl::string_view text, const ByteRange& range) {
  return text.substr(range.begin, range.end - range.begin);
}

void RenderCompiled(const NoticeTask& task, v1::Task& out) {
  for (const CompiledTarget& target : task.compiled.targets) {
    v1::Target* rendered = out.add_targets();
    *rendered = RenderTarget(target.row);
    rendered->set_source(std::string(Within(task.content, target.source)));
    rendered->set_source_offset(CharsBefore(task.content, target.source.begin));
    rendered->set_confidence(target.confidence);
  }
  for (const DatedStep& step : task.compiled.steps) {
    v1::ListedStep* rendered = out.add_steps();
    rendered->set_due_on(absl::FormatCivilTime(step.due_on));
    rendered->set_stage(StageOf(step.stage));
    rendered->set_value(step.value);
    rendered->set_unit(step.unit);
    rendered->set_target(step.target);
    rendered->set_words(step.words);
  }
  for (const ByteRange& range : task.compiled.unread) {
    out.add_unread(std::string(Within(task.content, range)));
  }
}

void RenderTask(const NoticeProject& project, const NoticeTask& task, v1::Task& out) {
  out.set_project_title(project.name);
  out.set_group(project.group);
  out.set_content(task.content);
  if (task.amount_fen) SetMoney(*task.amount_fen, out.mutable_planned_investment());
  for (const UnitRef& unit : task.leads) out.add_lead_units(unit.name);
  for (const UnitRef& unit : task.assists) out.add_cooperating_units(unit.name);
  out.mutable_attributes()->insert(task.attributes.begin(), task.attributes.end());
  out.set_source_row(task.place.row);
  RenderCompiled(task, out);
  for (const Correction& correction : task.corrections) {
    *out.add_corrections() = RenderCorrection(correction);
  }
}

void RenderProjects(const Notice& notice, v1::ImportProgramResponse& response) {
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
      RenderTask(project, task, *rendered);
      rendered->set_name(TaskName(program, TaskId(project, task)));
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

}  // namespace

v1::ImportProgramResponse RenderNotice(const Notice& notice,
                                       const v1::ImportProgramRequest& request) {
  v1::ImportProgramResponse response;
  *response.mutable_program() = RenderProgram(notice, request);
  RenderProjects(notice, response);
  RenderUnits(notice, request.parent(), response);
  for (const Diagnostic& diagnostic : notice.diagnostics) {
    *response.add_diagnostics() = RenderDiagnostic(diagnostic);
  }
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
  out.set_approximate(row.approximate);
  for (const std::string& object : row.objects) out.add_objects(object);
  return out;
}

TargetRow TargetRowOf(const v1::Target& target) {
  using K = TargetKind;
  using C = Comparator;
  TargetRow row;
  row.no = target.number();
  row.kind = Inverse(target.kind(),
                     {K::kCount, K::kCoverage, K::kLevel, K::kFrequency, K::kEvent, K::kService},
                     KindOf, K::kQualitative);
  row.indicator = target.indicator();
  row.comparator = Inverse(target.comparator(),
                           {C::kAtLeast, C::kAtMost, C::kDone, C::kAll, C::kMoreThan, C::kLessThan},
                           ComparatorOf, C::kNone);
  row.value = target.value();
  row.unit = target.unit();
  row.stage = target.stage() == v1::TARGET_STAGE_START ? TargetStage::kStart : TargetStage::kFinish;
  row.stretch = target.stretch();
  row.part_of = target.part_of();
  row.base = target.base();
  row.base_on = DayOf(target.base_on());
  row.baseline = target.baseline();
  for (const std::string& text : target.survey_days()) {
    if (const auto day = DayOf(text)) row.survey_days.push_back(*day);
  }
  row.due_on = DayOf(target.due_on());
  row.note = target.note();
  row.approximate = target.approximate();
  row.objects.assign(target.objects().begin(), target.objects().end());
  return row;
}

v1::Correction RenderCorrection(const Correction& correction) {
  v1::Correction out;
  out.set_target(correction.target);
  out.set_dropped(correction.dropped);
  out.set_content(correction.content);
  out.mutable_cells()->insert(correction.cells.begin(), correction.cells.end());
  return out;
}

Correction CorrectionOf(absl::string_view task_id, const v1::Correction& correction) {
  return {.task = std::string(task_id),
          .target = correction.target(),
          .dropped = correction.dropped(),
          .cells = TargetCells(correction.cells().begin(), correction.cells().end()),
          .content = correction.content()};
}

std::string TaskIdOf(absl::string_view task_name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(task_name, '/');
  if (parts.size() < 4) return "";
  return absl::StrCat(parts[parts.size() - 3], "/", parts.back());
}

bool HasErrors(const v1::ImportProgramResponse& response) {
  for (const v1::Diagnostic& diagnostic : response.diagnostics()) {
    if (diagnostic.severity() == v1::SEVERITY_ERROR) return true;
  }
  return false;
}

}  // namespace minsheng::registry
