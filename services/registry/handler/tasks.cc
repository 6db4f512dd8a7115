#include <vector>

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/registry/domain/corrections.h"
#include "services/registry/domain/fields.h"
#include "services/registry/handler/handler.h"
#include "services/registry/names.h"
#include "services/registry/render/render.h"
#include "services/registry/store/store.h"

namespace minsheng::registry {

using platform::Error;
using platform::Fact;
using platform::Session;
using platform::Transaction;

namespace {

absl::Status CheckMask(const v1::UpdateTaskRequest& request) {
  for (const std::string& path : request.update_mask().paths()) {
    if (path == "targets") continue;
    return Error(absl::StatusCode::kInvalidArgument, "UNKNOWN_FIELD",
                 absl::StrCat("update_mask names ", path,
                              "; only targets can be changed, the list's own "
                              "words change by importing it again"),
                 {{"field", "update_mask"}});
  }
  if (request.update_mask().paths_size() == 1) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_MISSING",
               "update_mask is empty; give \"targets\"", {{"field", "update_mask"}});
}

absl::Status CheckDays(const std::string& field, const v1::Target& target) {
  for (const std::string& day : target.survey_days()) {
    RETURN_IF_ERROR(ReadDay(field + ".survey_days", day).status());
  }
  if (!target.due_on().empty())
    RETURN_IF_ERROR(ReadDay(field + ".due_on", target.due_on()).status());
  if (target.base_on().empty()) return absl::OkStatus();
  return ReadDay(field + ".base_on", target.base_on()).status();
}

absl::Status CheckFigures(const std::string& field, const v1::Target& target) {
  const std::pair<const char*, const std::string&> figures[] = {{".value", target.value()},
                                                                {".stretch", target.stretch()},
                                                                {".base", target.base()},
                                                                {".baseline", target.baseline()}};
  for (const auto& [name, figure] : figures) {
    if (!figure.empty()) RETURN_IF_ERROR(CheckDecimal(field + name, figure));
  }
  return absl::OkStatus();
}

// As a correction must: it is kept as one, and applied again with every import.
absl::Status CheckMeaning(const std::string& field, const v1::Target& target) {
  std::vector<CellError> errors;
  ReadTargetCells(CellsOf(TargetRowOf(target)), errors);
  if (errors.empty()) return absl::OkStatus();
  const std::string cell = absl::StrCat(field, ".", errors[0].column);
  return Error(absl::StatusCode::kInvalidArgument,
               errors[0].column == "comparator" ? "BAD_COMPARATOR" : "BAD_TARGET",
               absl::StrCat(cell, "：", errors[0].found, errors[0].expected), {{"field", cell}});
}

absl::Status CheckTargets(const v1::Task& task) {
  for (int i = 0; i < task.targets_size(); ++i) {
    const std::string field = absl::StrCat("task.targets[", i, "]");
    const int before = i == 0 ? 0 : task.targets(i - 1).number();
    if (task.targets(i).number() <= before) {
      return Error(absl::StatusCode::kInvalidArgument, "UNKNOWN_TARGET",
                   absl::StrCat(field, ".number is ", task.targets(i).number(),
                                "; targets are numbered from 1, in order"),
                   {{"field", field}});
    }
    RETURN_IF_ERROR(CheckDays(field, task.targets(i)));
    RETURN_IF_ERROR(CheckFigures(field, task.targets(i)));
    RETURN_IF_ERROR(CheckMeaning(field, task.targets(i)));
  }
  return absl::OkStatus();
}

std::vector<TargetRow> TargetRowsOf(const v1::Task& task) {
  std::vector<TargetRow> rows;
  for (const v1::Target& target : task.targets()) rows.push_back(TargetRowOf(target));
  return rows;
}

// As the list prints it, also when that was put right.
std::string PrintedContent(const v1::Task& task) {
  for (const v1::Correction& correction : task.corrections()) {
    if (correction.cells().contains("content")) return correction.content();
  }
  return task.content();
}

// What is changed here is kept when the list is imported again.
void KeepCorrections(const v1::Task& after, v1::Task& task) {
  const std::string id = TaskIdOf(task.name());
  std::vector<Correction> kept;
  for (const v1::Correction& correction : task.corrections()) {
    kept.push_back(CorrectionOf(id, correction));
  }
  auto made = CorrectionsBetween(id, TargetRowsOf(task), TargetRowsOf(after));
  for (Correction& correction : made) correction.content = PrintedContent(task);
  task.clear_corrections();
  for (const Correction& correction : MergeCorrections(kept, made)) {
    *task.add_corrections() = RenderCorrection(correction);
  }
}

}  // namespace

absl::StatusOr<v1::UpdateTaskResponse> Handler::UpdateTask(const Context& context,
                                                           const v1::UpdateTaskRequest& request) {
  const std::string& name = request.task().name();
  RETURN_IF_ERROR(CheckName("task.name", name, kTaskPattern));
  RETURN_IF_ERROR(CheckMask(request));
  RETURN_IF_ERROR(CheckTargets(request.task()));

  ASSIGN_OR_RETURN(
      const auto committed,
      journal_.Write(OriginOf(context, request),
                     [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
                       Session& session = transaction.session;
                       ASSIGN_OR_RETURN(auto task, GetListedTask(session, name));
                       RETURN_IF_ERROR(CheckEtag(name, request.task().etag(), task.etag()));
                       KeepCorrections(request.task(), task);
                       *task.mutable_targets() = request.task().targets();
                       task.set_etag(EtagOf(task));
                       v1::TaskPut fact;
                       *fact.mutable_task() = task;
                       fact.set_reason(request.reason());
                       std::vector<Fact> facts;
                       facts.push_back(Fact::Of(name, std::move(fact)));
                       return facts;
                     }));

  v1::TaskPut put;
  committed.events.front().payload().UnpackTo(&put);
  v1::UpdateTaskResponse response;
  *response.mutable_task() = put.task();
  return response;
}

}  // namespace minsheng::registry
