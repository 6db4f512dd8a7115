#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/registry/domain/contacts.h"
#include "services/registry/domain/continuity.h"
#include "services/registry/domain/diff.h"
#include "services/registry/domain/fields.h"
#include "services/registry/handler/handler.h"
#include "services/registry/names.h"
#include "services/registry/reader/reader.h"
#include "services/registry/render/render.h"
#include "services/registry/store/store.h"

namespace minsheng::registry {

using platform::Error;
using platform::Fact;
using platform::Session;
using platform::Transaction;

namespace {

constexpr size_t kFindingsShown = 5;
// As registry.proto says of ImportProgramResponse.
constexpr int kItemsShownMax = 1000;
constexpr size_t kItemBytesShownMax = 4 << 20;
// An event must fit one answer of the feed.
constexpr size_t kImportedBytesMax = 24 << 20;

// A list as it stands in store; empty before its first import.
struct Stored {
  v1::Program program;
  std::vector<v1::Task> tasks;  // removed ones left out
  std::map<std::string, v1::Unit> units;
};

absl::StatusOr<Stored> Load(Session& session, const std::string& program) {
  Stored stored;
  ASSIGN_OR_RETURN(const auto units, ListAll<v1::Unit>(session, kind::kUnit, DistrictOf(program)));
  for (const v1::Unit& unit : units) stored.units[unit.name()] = unit;
  auto known = Get<v1::Program>(session, kind::kProgram, program);
  if (absl::IsNotFound(known.status())) return stored;
  RETURN_IF_ERROR(known.status());
  stored.program = *std::move(known);
  ASSIGN_OR_RETURN(stored.tasks, ListAll<v1::Task>(session, kind::kTask, program));
  return stored;
}

// --- what the file does not say ------------------------------------------------------------------

void AskFor(v1::ImportProgramResponse& parsed, const char* code, const char* message) {
  v1::Diagnostic* diagnostic = parsed.add_diagnostics();
  diagnostic->set_severity(v1::SEVERITY_ERROR);
  diagnostic->set_code(code);
  diagnostic->set_message(message);
}

void AskForWhatIsMissing(v1::ImportProgramResponse& parsed) {
  if (parsed.program().document_number().empty()) {
    AskFor(parsed, "DOCUMENT_NUMBER_UNKNOWN", "文件里没有文号，请另行给出（--document-number）");
  }
  if (parsed.program().issued_on().empty()) {
    AskFor(parsed, "ISSUED_ON_UNKNOWN",
           "文件里没有成文日期，请另行给出（--issued-on 2024-03-15）；首个报送月份由它决定");
  }
}

absl::Status CheckComplete(const v1::ImportProgramRequest& request,
                           const v1::ImportProgramResponse& parsed) {
  const v1::Severity refused = request.strict() ? v1::SEVERITY_WARNING : v1::SEVERITY_ERROR;
  std::vector<std::string> findings;
  for (const v1::Diagnostic& diagnostic : parsed.diagnostics()) {
    if (diagnostic.severity() < refused) continue;
    if (findings.size() < kFindingsShown) {
      findings.push_back(absl::StrCat(diagnostic.code(), " ", diagnostic.message()));
    }
  }
  if (findings.empty()) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "IMPORT_INCOMPLETE",
               absl::StrCat("清单尚不能导入，什么也没有保存：", absl::StrJoin(findings, "；")));
}

// A list in force is changed by those who may, for a reason.
absl::Status CheckApproved(const v1::ImportProgramRequest& request, const Stored& stored) {
  if (stored.program.state() != v1::PROGRAM_STATE_PUBLISHED) return absl::OkStatus();
  for (const auto& [field, words] :
       {std::pair("reason", request.reason()), std::pair("approval", request.approval())}) {
    if (!words.empty()) continue;
    return Error(absl::StatusCode::kFailedPrecondition, "APPROVAL_NEEDED",
                 absl::StrCat("the list is in force; to change it give ", field),
                 {{"field", field}});
  }
  return absl::OkStatus();
}

// --- last year's list ----------------------------------------------------------------------------

template <typename Tasks>
std::vector<ListedTask> ListedTasks(const Tasks& tasks) {
  std::vector<ListedTask> listed;
  for (const v1::Task& task : tasks) {
    ListedTask& one = listed.emplace_back(ListedTask{task.project_title(), task.content(), {}});
    for (const v1::Target& target : task.targets()) one.targets.push_back(TargetRowOf(target));
  }
  return listed;
}

void SetContinuation(const Continued& link, const v1::Task& before, v1::Task& task) {
  v1::Continuation* continues = task.mutable_continues();
  continues->set_task(before.name());
  continues->set_content(before.content());
  for (const auto& [number, of_before] : link.targets) {
    v1::ContinuedTarget* target = continues->add_targets();
    target->set_number(number);
    target->set_before(of_before);
    for (const v1::Target& old : before.targets()) {
      if (old.number() != of_before) continue;
      target->set_value(old.value());
      target->set_unit(old.unit());
    }
  }
}

void TellContinuation(const v1::Task& task, v1::ImportProgramResponse& parsed) {
  const bool linked = task.has_continues();
  if (!linked && !SaysItContinues(task.content())) return;
  v1::Diagnostic* diagnostic = parsed.add_diagnostics();
  diagnostic->set_severity(linked ? v1::SEVERITY_INFO : v1::SEVERITY_WARNING);
  diagnostic->set_code(linked ? "CONTINUED" : "CONTINUATION_UNKNOWN");
  diagnostic->mutable_place()->set_row(task.source_row());
  diagnostic->mutable_place()->set_words(task.project_title());
  diagnostic->set_message(
      linked ? absl::StrCat("按上年清单的延续项目关联：", task.continues().content())
             : "文字写明是续建或结转，但上年清单中没有找到相应的任务，请核对");
}

// Links tasks to those of last year's list that they go on from.
void LinkToYearBefore(const std::vector<v1::Task>& past, v1::ImportProgramResponse& parsed) {
  if (!past.empty()) {
    for (const Continued& link : FindContinued(ListedTasks(past), ListedTasks(parsed.tasks()))) {
      SetContinuation(link, past[link.before], *parsed.mutable_tasks(static_cast<int>(link.task)));
    }
  }
  for (const v1::Task& task : parsed.tasks()) TellContinuation(task, parsed);
}

// --- differences ---------------------------------------------------------------------------------

void AddChange(std::vector<v1::Change>& changes, const std::string& name, absl::string_view field,
               std::string before, std::string after) {
  if (before == after) return;
  v1::Change change;
  change.set_name(name);
  change.set_field(std::string(field));
  change.set_before(std::move(before));
  change.set_after(std::move(after));
  changes.push_back(std::move(change));
}

TaskFacts FactsOf(const v1::Task& task) {
  TaskFacts facts;
  facts.id = task.name();
  facts.name = task.project_title();
  facts.content = task.content();
  if (task.has_planned_investment()) facts.amount_fen = task.planned_investment().fen();
  facts.leads.assign(task.lead_units().begin(), task.lead_units().end());
  facts.assists.assign(task.cooperating_units().begin(), task.cooperating_units().end());
  for (const v1::Target& target : task.targets()) {
    facts.others[absl::StrCat("targets/", target.number())] = TargetWords(TargetRowOf(target));
  }
  for (const auto& [key, value] : task.attributes()) {
    facts.others[absl::StrCat("attributes/", key)] = value;
  }
  if (task.has_continues()) facts.others["continues"] = task.continues().task();
  return facts;
}

std::vector<TaskFacts> FactsOf(const std::vector<v1::Task>& tasks) {
  std::vector<TaskFacts> facts;
  for (const v1::Task& task : tasks) facts.push_back(FactsOf(task));
  return facts;
}

std::string MoneyText(const common::v1::Money& money) { return absl::StrCat(money.fen()); }

std::string GroupsText(const v1::Program& program) {
  std::string text;
  for (const v1::ProjectGroup& group : program.groups()) {
    absl::StrAppend(&text, "{", group.ShortDebugString(), "}");
  }
  return text;
}

void CompareProgram(const v1::Program& before, const v1::Program& after,
                    std::vector<v1::Change>& changes) {
  const std::string& name = after.name();
  AddChange(changes, name, "title", before.title(), after.title());
  AddChange(changes, name, "document_number", before.document_number(), after.document_number());
  AddChange(changes, name, "issued_on", before.issued_on(), after.issued_on());
  AddChange(changes, name, "approving_body", before.approving_body(), after.approving_body());
  AddChange(changes, name, "report_recipient", before.report_recipient(), after.report_recipient());
  AddChange(changes, name, "money_unit", before.money_unit(), after.money_unit());
  AddChange(changes, name, "groups", GroupsText(before), GroupsText(after));
  AddChange(changes, name, "declared_total", MoneyText(before.declared_total()),
            MoneyText(after.declared_total()));
}

absl::StatusOr<std::vector<v1::Change>> Compare(const Stored& stored,
                                                const v1::ImportProgramResponse& parsed) {
  std::vector<v1::Change> changes;
  if (stored.program.name().empty()) return changes;
  CompareProgram(stored.program, parsed.program(), changes);
  const std::vector<v1::Task> tasks(parsed.tasks().begin(), parsed.tasks().end());
  ASSIGN_OR_RETURN(const NoticeDiff diff, DiffNotices(FactsOf(stored.tasks), FactsOf(tasks)));
  for (const std::string& id : diff.added) AddChange(changes, id, "added", "", "+");
  for (const std::string& id : diff.removed) AddChange(changes, id, "removed", "-", "");
  for (const TaskChange& task : diff.changed) {
    for (const FieldChange& field : task.fields) {
      AddChange(changes, task.id, field.field, field.before, field.after);
    }
  }
  return changes;
}

std::string DiffHash(const std::vector<v1::Change>& changes) {
  platform::Hasher hasher;
  for (const v1::Change& change : changes) hasher.Add(platform::DeterministicBytes(change));
  return absl::BytesToHexString(hasher.Finish().substr(0, 8));
}

absl::Status CheckConfirmed(const v1::ImportProgramRequest& request, const Stored& stored,
                            const std::vector<v1::Change>& changes) {
  const std::string hash = DiffHash(changes);
  if (request.diff_hash().empty()) {
    return Error(absl::StatusCode::kFailedPrecondition, "CONFIRM_DIFF",
                 absl::StrCat("the file differs from the list in store in ", changes.size(),
                              " places; look at them (validate_only) and confirm with etag and "
                              "diff_hash"),
                 {{"etag", stored.program.etag()}, {"diff_hash", hash}});
  }
  RETURN_IF_ERROR(CheckEtag(stored.program.name(), request.etag(), stored.program.etag()));
  if (request.diff_hash() == hash) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, "STALE_ETAG",
               "the confirmed differences are not those that would be made now; look again",
               {{"diff_hash", hash}});
}

// --- what one message can hold of a long list ----------------------------------------------------

template <typename Items>
void CopyBeginning(const Items& items, Items* shown) {
  size_t bytes = 0;
  for (const auto& item : items) {
    bytes += item.ByteSizeLong();
    if (shown->size() == kItemsShownMax || bytes > kItemBytesShownMax) return;
    *shown->Add() = item;
  }
}

using Diagnostics = google::protobuf::RepeatedPtrField<v1::Diagnostic>;

void CopyGravest(const Diagnostics& diagnostics, Diagnostics* shown) {
  CopyBeginning(diagnostics, shown);
  if (shown->size() == diagnostics.size()) return;
  Diagnostics sorted = diagnostics;
  std::stable_sort(sorted.pointer_begin(), sorted.pointer_end(),
                   [](const auto* a, const auto* b) { return a->severity() > b->severity(); });
  shown->Clear();
  CopyBeginning(sorted, shown);
}

void ShowChanges(const std::vector<v1::Change>& changes, v1::ImportProgramResponse& answer) {
  CopyBeginning({changes.begin(), changes.end()}, answer.mutable_changes());
  answer.set_change_count(static_cast<int32_t>(changes.size()));
  if (!changes.empty()) answer.set_diff_hash(DiffHash(changes));
}

v1::ImportProgramResponse AnswerOf(const v1::ImportProgramResponse& parsed) {
  v1::ImportProgramResponse answer;
  *answer.mutable_program() = parsed.program();
  CopyBeginning(parsed.projects(), answer.mutable_projects());
  CopyBeginning(parsed.tasks(), answer.mutable_tasks());
  CopyBeginning(parsed.units(), answer.mutable_units());
  CopyGravest(parsed.diagnostics(), answer.mutable_diagnostics());
  answer.set_unit_count(parsed.units_size());
  answer.set_diagnostic_count(parsed.diagnostics_size());
  return answer;
}

// --- facts ---------------------------------------------------------------------------------------

// Units with the aliases that this list adds; those that nothing changes are left out.
std::vector<v1::Unit> NewUnits(const Stored& stored, const v1::ImportProgramResponse& parsed) {
  std::vector<v1::Unit> named;
  for (const v1::Unit& unit : parsed.units()) {
    v1::Unit merged = unit;
    const auto known = stored.units.find(unit.name());
    if (known != stored.units.end()) merged = known->second;
    for (const std::string& alias : unit.aliases()) {
      const auto& aliases = merged.aliases();
      if (std::find(aliases.begin(), aliases.end(), alias) == aliases.end()) {
        merged.add_aliases(alias);
      }
    }
    const bool same = known != stored.units.end() && platform::DeterministicBytes(known->second) ==
                                                         platform::DeterministicBytes(merged);
    if (!same) named.push_back(std::move(merged));
  }
  return named;
}

// The tasks to put, taken out of `parsed`: new and changed ones, and removed ones marked as such.
std::vector<v1::Task> TakeChangedTasks(const Stored& stored, v1::ImportProgramResponse& parsed) {
  std::map<std::string, const v1::Task*> before;
  for (const v1::Task& task : stored.tasks) before[task.name()] = &task;
  std::vector<v1::Task> changed;
  changed.reserve(static_cast<size_t>(parsed.tasks_size()));
  for (v1::Task& task : *parsed.mutable_tasks()) {
    const auto known = before.find(task.name());
    const bool same = known != before.end() && known->second->etag() == task.etag();
    if (known != before.end()) before.erase(known);
    if (!same) changed.push_back(std::move(task));
  }
  for (const auto& [name, task] : before) {
    v1::Task removed = *task;
    removed.set_removed(true);
    removed.set_etag(EtagOf(removed));
    changed.push_back(std::move(removed));
  }
  return changed;
}

// A program keeps its state and time of publication through a changed import.
v1::Program NextProgram(const Stored& stored, const v1::ImportProgramResponse& parsed) {
  v1::Program program = parsed.program();
  if (!stored.program.name().empty()) {
    program.set_state(stored.program.state());
    if (stored.program.has_publish_time()) {
      *program.mutable_publish_time() = stored.program.publish_time();
    }
  }
  program.set_revision(stored.program.revision() + 1);
  program.set_project_count(parsed.projects_size());
  program.set_task_count(parsed.tasks_size());
  program.set_etag(EtagOf(program, EtagsOf(parsed.tasks())));
  return program;
}

absl::StatusOr<v1::ProgramImported> ImportedOf(const v1::ImportProgramRequest& request,
                                               const Stored& stored,
                                               const v1::ImportProgramResponse& parsed,
                                               const v1::ImportProgramResponse& answer) {
  v1::ProgramImported imported;
  *imported.mutable_program() = NextProgram(stored, parsed);
  *imported.mutable_projects() = parsed.projects();
  *imported.mutable_diagnostics() = answer.diagnostics();
  imported.set_diagnostic_count(answer.diagnostic_count());
  imported.set_file_name(DropContacts(request.file_name()).text);
  imported.set_file_hash(
      platform::Hasher().Add(request.content()).Add(request.corrections()).Finish());
  *imported.mutable_changes() = answer.changes();
  imported.set_change_count(answer.change_count());
  imported.set_reason(request.reason());
  imported.set_approval(request.approval());
  if (imported.ByteSizeLong() <= kImportedBytesMax) return imported;
  return Error(absl::StatusCode::kInvalidArgument, "TOO_LARGE",
               absl::StrCat("清单有", parsed.projects_size(), "个项目、", parsed.tasks_size(),
                            "项任务，项目名称和任务编号合计超过", kImportedBytesMax >> 20,
                            " MiB，请分成几个清单"));
}

// Takes the tasks out of `parsed`.
absl::StatusOr<std::vector<Fact>> TakeFacts(const v1::ImportProgramRequest& request,
                                            const Stored& stored, v1::ImportProgramResponse& parsed,
                                            v1::ImportProgramResponse& answer) {
  std::vector<Fact> facts;
  ASSIGN_OR_RETURN(auto imported, ImportedOf(request, stored, parsed, answer));
  *answer.mutable_program() = imported.program();
  const std::string name = imported.program().name();
  facts.push_back(Fact::Of(name, std::move(imported)));

  v1::UnitsNamed named;
  for (v1::Unit& unit : NewUnits(stored, parsed)) *named.add_units() = std::move(unit);
  if (named.units_size() > 0) facts.push_back(Fact::Of(DistrictOf(name), std::move(named)));

  for (v1::Task& task : TakeChangedTasks(stored, parsed)) {
    v1::TaskPut put;
    const std::string subject = task.name();
    *put.mutable_task() = std::move(task);
    facts.push_back(Fact::Of(subject, std::move(put)));
  }
  return facts;
}

// --- the file ------------------------------------------------------------------------------------

// What the registry knows already: the corrections that the program has, and last year's tasks.
struct Known {
  std::vector<Correction> corrections;
  std::vector<v1::Task> past;
};

absl::StatusOr<Known> KnownBefore(Session& session, const std::string& district, int year) {
  Known known;
  const std::string programs = absl::StrCat(district, "/programs/");
  ASSIGN_OR_RETURN(const auto tasks,
                   ListAll<v1::Task>(session, kind::kTask, absl::StrCat(programs, year)));
  for (const v1::Task& task : tasks) {
    for (const v1::Correction& correction : task.corrections()) {
      known.corrections.push_back(CorrectionOf(TaskIdOf(task.name()), correction));
    }
  }
  ASSIGN_OR_RETURN(known.past,
                   ListAll<v1::Task>(session, kind::kTask, absl::StrCat(programs, year - 1)));
  return known;
}

absl::StatusOr<ParseOptions> OptionsOf(const v1::ImportProgramRequest& request) {
  ParseOptions options;
  options.year = request.year();
  if (!request.money_unit().empty()) {
    ASSIGN_OR_RETURN(options.money_unit, ParseMoneyUnit(request.money_unit()));
  }
  if (!request.issued_on().empty()) {
    RETURN_IF_ERROR(ReadDay("issued_on", request.issued_on()).status());
  }
  return options;
}

absl::StatusOr<v1::ImportProgramResponse> Parse(const v1::ImportProgramRequest& request,
                                                const Document& document, ParseOptions options,
                                                const Known& known) {
  std::vector<Correction> corrections = known.corrections;
  if (!request.corrections().empty()) {
    ASSIGN_OR_RETURN(const auto given, ParseCorrections(request.corrections(), ""));
    corrections = MergeCorrections(corrections, given);
  }
  options.corrections = corrections;
  ASSIGN_OR_RETURN(const Notice notice, ParseNotice(document, request.file_name(), options));
  v1::ImportProgramResponse parsed = RenderNotice(notice, request);
  AskForWhatIsMissing(parsed);
  LinkToYearBefore(known.past, parsed);
  for (v1::Task& task : *parsed.mutable_tasks()) {
    // Where a row stands in its file is no change of the task.
    const int32_t row = task.source_row();
    task.clear_source_row();
    task.set_etag(EtagOf(task));
    task.set_source_row(row);
  }
  return parsed;
}

// The tasks as they were right after an import that is answered again: corrections made since then
// are none of its answer.
absl::Status ShowTasksOf(Session& session, absl::Time then, v1::ImportProgramResponse& answer) {
  for (v1::Task& task : *answer.mutable_tasks()) {
    auto was = Get<v1::Task>(session, kind::kTask, task.name(), then);
    if (absl::IsNotFound(was.status())) continue;
    RETURN_IF_ERROR(was.status());
    was->set_source_row(task.source_row());
    task = *std::move(was);
  }
  return absl::OkStatus();
}

// The program as a preview shows it, or when there is nothing to store.
v1::Program ProgramShown(const Stored& stored, const v1::ImportProgramResponse& parsed) {
  v1::Program program = NextProgram(stored, parsed);
  if (stored.program.name().empty()) return program;
  program.set_etag(stored.program.etag());
  program.set_revision(stored.program.revision());
  return program;
}

}  // namespace

absl::StatusOr<v1::ImportProgramResponse> Handler::ImportProgram(
    const Context& context, const v1::ImportProgramRequest& request) {
  RETURN_IF_ERROR(CheckName("parent", request.parent(), kDistrictPattern));
  ASSIGN_OR_RETURN(const ParseOptions options, OptionsOf(request));
  ASSIGN_OR_RETURN(const Document document, ReadDocument(request.content()));
  Known before;
  RETURN_IF_ERROR(database_.Read(context.deadline, [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(before, KnownBefore(session, request.parent(), YearOf(document, options)));
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(auto parsed, Parse(request, document, options, before));
  const std::string name = parsed.program().name();
  if (!request.validate_only()) RETURN_IF_ERROR(CheckComplete(request, parsed));
  v1::ImportProgramResponse answer = AnswerOf(parsed);

  if (request.validate_only()) {
    RETURN_IF_ERROR(database_.Read(context.deadline, [&](Session& session) -> absl::Status {
      ASSIGN_OR_RETURN(const Stored stored, Load(session, name));
      ASSIGN_OR_RETURN(const auto changes, Compare(stored, parsed));
      *answer.mutable_program() = ProgramShown(stored, parsed);
      ShowChanges(changes, answer);
      return absl::OkStatus();
    }));
    return answer;
  }

  ASSIGN_OR_RETURN(
      const auto committed,
      journal_.Write(OriginOf(context, request),
                     [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
                       Session& session = transaction.session;
                       RETURN_IF_ERROR(
                           Get<v1::District>(session, kind::kDistrict, request.parent()).status());
                       ASSIGN_OR_RETURN(const Stored stored, Load(session, name));
                       ASSIGN_OR_RETURN(const auto changes, Compare(stored, parsed));
                       const bool known = !stored.program.name().empty();
                       if (known && changes.empty()) {
                         *answer.mutable_program() = ProgramShown(stored, parsed);
                         return std::vector<Fact>();
                       }
                       if (known) {
                         RETURN_IF_ERROR(CheckConfirmed(request, stored, changes));
                         RETURN_IF_ERROR(CheckApproved(request, stored));
                       }
                       ShowChanges(changes, answer);
                       return TakeFacts(request, stored, parsed, answer);
                     }));

  answer.set_stored(!committed.events.empty());
  if (!committed.repeated) return answer;
  v1::ProgramImported imported;
  committed.events.front().payload().UnpackTo(&imported);
  *answer.mutable_program() = imported.program();
  *answer.mutable_changes() = imported.changes();
  answer.set_change_count(imported.change_count());
  if (imported.change_count() > 0) answer.set_diff_hash(request.diff_hash());
  const absl::Time then = platform::FromTimestamp(committed.events.back().recorded_at());
  RETURN_IF_ERROR(database_.Read(
      context.deadline, [&](Session& session) { return ShowTasksOf(session, then, answer); }));
  *answer.mutable_diagnostics() = imported.diagnostics();
  answer.set_diagnostic_count(imported.diagnostic_count());
  return answer;
}

}  // namespace minsheng::registry
