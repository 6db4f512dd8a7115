#include "services/registry/domain/compile_list.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/text.h"
#include "services/registry/domain/units.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kShownChars = 60;
constexpr absl::string_view kCorrections = "更正表";

// Doubts about what only people can tell, which no reading could settle.
constexpr std::array<absl::string_view, 7> kQuestions = {
    "BASE_NEEDED", "BASELINE_NEEDED", "BASE_APPROXIMATE", "OPEN_LIST",
    "SCHOOL_YEAR", "BENEFIT_FIGURE",  "SIZE_INDICATIVE"};

bool IsQuestion(absl::string_view code) {
  return std::find(kQuestions.begin(), kQuestions.end(), code) != kQuestions.end();
}

using Tasks = std::unordered_map<std::string, NoticeTask*>;

template <typename Each>
void ForEachTask(ProjectList& list, const Each& each) {
  for (NoticeProject& project : list.projects) {
    for (NoticeTask& task : project.tasks) each(project, task);
  }
}

Tasks TasksById(ProjectList& list) {
  Tasks tasks;
  ForEachTask(list, [&](const NoticeProject& project, NoticeTask& task) {
    tasks.emplace(TaskId(project, task), &task);
  });
  return tasks;
}

// Contents that stand twice lead nowhere.
Tasks TasksByContent(ProjectList& list) {
  Tasks tasks;
  ForEachTask(list, [&](const NoticeProject&, NoticeTask& task) {
    const auto [at, fresh] = tasks.emplace(task.content, &task);
    if (!fresh) at->second = nullptr;
  });
  return tasks;
}

Place PlaceOf(const Correction& correction) {
  return {std::string(kCorrections), correction.line, 0,
          correction.target == 0 ? correction.task
                                 : absl::StrCat(correction.task, "#", correction.target)};
}

// Hands corrections to tasks.
class Assignment {
 public:
  Assignment(ProjectList& list, Findings& findings)
      : by_id_(TasksById(list)), by_content_(TasksByContent(list)), findings_(findings) {}

  void Add(const Correction& correction) {
    NoticeTask* task = Find(correction);
    if (task == nullptr) return Miss(correction);
    Correction own = correction;
    if (own.content.empty()) own.content = task->content;
    task->corrections.push_back(std::move(own));
  }

 private:
  NoticeTask* Find(const Correction& correction) {
    const auto named = by_id_.find(correction.task);
    NoticeTask* task = named == by_id_.end() ? nullptr : named->second;
    const bool same =
        task != nullptr && (correction.content.empty() || task->content == correction.content);
    if (same || correction.content.empty()) return task;
    const auto moved = by_content_.find(correction.content);
    if (moved != by_content_.end() && moved->second != nullptr) {
      findings_.Info("CORRECTION_MOVED", PlaceOf(correction),
                     absl::StrCat("原任务", correction.task, "的更正随其内容移到",
                                  PlaceWords(moved->second->place)));
      return moved->second;
    }
    if (task != nullptr) {
      findings_.Warn(
          "CORRECTION_TEXT_CHANGED", PlaceOf(correction),
          absl::StrCat("任务", correction.task, "的内容已由“",
                       Abbreviate(correction.content, kShownChars), "”改为“",
                       Abbreviate(task->content, kShownChars), "”，原来的更正仍然沿用，请核对"));
    }
    return task;
  }

  void Miss(const Correction& correction) {
    if (correction.line == 0) {
      findings_.Warn("CORRECTION_UNUSED", PlaceOf(correction),
                     absl::StrCat("清单中已没有任务", correction.task, "，原来的更正不再使用"));
    } else {
      findings_.Error("UNKNOWN_TASK_IN_CORRECTIONS", PlaceOf(correction),
                      absl::StrCat("更正表第", correction.line, "行：清单中没有任务",
                                   correction.task, "；请核对任务编号，或删去这一行"));
    }
  }

  Tasks by_id_;
  Tasks by_content_;
  Findings& findings_;
};

void BadCorrection(const Correction& correction, const std::string& words, Findings& findings) {
  const std::string line =
      correction.line == 0 ? "原来的更正" : absl::StrCat("更正表第", correction.line, "行");
  findings.Error("BAD_CORRECTION", PlaceOf(correction),
                 absl::StrCat(line, "（任务", correction.task,
                              correction.target == 0 ? "" : absl::StrCat("目标", correction.target),
                              "）：", words));
}

std::vector<UnitRef> UnitsIn(const std::string& cell) {
  UnitList list = ParseUnits(cell);
  return std::move(list.units);
}

void CorrectAmount(const Correction& correction, const std::string& cell,
                   std::optional<MoneyUnit> unit, NoticeTask& task, Findings& findings) {
  std::string figure = cell;
  if (const auto own = TakeMoneyUnit(figure)) unit = own;
  if (!unit) return BadCorrection(correction, "amount没有写明单位，如1500万元", findings);
  const auto fen = ParseAmount(figure, *unit);
  if (!fen.ok()) return BadCorrection(correction, std::string(fen.status().message()), findings);
  task.amount_fen = *fen;
}

void CorrectTask(const Correction& correction, std::optional<MoneyUnit> unit, NoticeTask& task,
                 Findings& findings) {
  for (const auto& [column, cell] : correction.cells) {
    if (column == "amount") CorrectAmount(correction, cell, unit, task, findings);
    if (column == "leads") task.leads = UnitsIn(cell);
    if (column == "assists") task.assists = UnitsIn(cell);
    if (column == "content") task.content = cell;
  }
}

// --- targets -------------------------------------------------------------------------------------

std::string Message(const CellError& error) {
  return absl::StrCat("“", error.column, "”列：",
                      error.found.empty() ? "" : absl::StrCat("“", error.found, "”，"),
                      error.expected);
}

using Targets = std::vector<CompiledTarget>;

Targets::iterator FindTarget(int no, Targets& targets) {
  return std::find_if(targets.begin(), targets.end(),
                      [&](const CompiledTarget& target) { return target.row.no == no; });
}

void CorrectTarget(const Correction& correction, Targets& targets, Findings& findings) {
  const auto known = FindTarget(correction.target, targets);
  if (correction.dropped) {
    if (known != targets.end()) targets.erase(known);
    return;
  }
  TargetCells cells = known == targets.end() ? TargetCells() : CellsOf(known->row);
  Overlay(correction, cells);
  std::vector<CellError> errors;
  CompiledTarget corrected = known == targets.end() ? CompiledTarget() : *known;
  corrected.row = ReadTargetCells(cells, errors);
  corrected.row.no = correction.target;
  corrected.confidence = 100;
  for (const CellError& error : errors) BadCorrection(correction, Message(error), findings);
  if (!errors.empty()) return;
  if (known == targets.end()) {
    targets.push_back(std::move(corrected));
  } else {
    *known = std::move(corrected);
  }
}

// A part's whole is a target of the same task, and no part of a part.
void CheckParts(const Correction& any, Targets& targets, Findings& findings) {
  for (const CompiledTarget& target : targets) {
    if (target.row.part_of == 0) continue;
    const auto whole = FindTarget(target.row.part_of, targets);
    const bool good =
        whole != targets.end() && whole->row.part_of == 0 && whole->row.no != target.row.no;
    if (good) continue;
    BadCorrection(any,
                  absl::StrCat("目标", target.row.no, "所属的目标", target.row.part_of,
                               "不是同一任务中另一个独立的目标"),
                  findings);
  }
}

void CorrectTargets(NoticeTask& task, Findings& findings) {
  Targets& targets = task.compiled.targets;
  const Correction* last = nullptr;
  for (const Correction& correction : task.corrections) {
    if (correction.target == 0) continue;
    CorrectTarget(correction, targets, findings);
    last = &correction;
  }
  if (last == nullptr) return;
  std::sort(targets.begin(), targets.end(),
            [](const CompiledTarget& a, const CompiledTarget& b) { return a.row.no < b.row.no; });
  CheckParts(*last, targets, findings);
}

bool IsCorrected(const NoticeTask& task, int target) {
  return std::any_of(task.corrections.begin(), task.corrections.end(),
                     [&](const Correction& c) { return c.target == target; });
}

void ReportDoubts(const NoticeTask& task, Findings& findings) {
  for (const Doubt& doubt : task.compiled.doubts) {
    Place place = task.place;
    place.words = task.content.substr(doubt.place.begin, doubt.place.end - doubt.place.begin);
    place.words = Abbreviate(place.words, kShownChars);
    const bool settled = IsCorrected(task, doubt.target);
    if (settled || IsQuestion(doubt.code)) {
      findings.Info(doubt.code, place, absl::StrCat(doubt.message, settled ? "（已有更正）" : ""));
    } else {
      findings.Warn(doubt.code, place, doubt.message);
    }
  }
}

}  // namespace

void AssignCorrections(absl::Span<const Correction> corrections, ProjectList& list,
                       Findings& findings) {
  if (corrections.empty()) return;
  Assignment assignment(list, findings);
  for (const Correction& correction : corrections) assignment.Add(correction);
}

void CorrectTasks(std::optional<MoneyUnit> unit, ProjectList& list, Findings& findings) {
  ForEachTask(list, [&](const NoticeProject&, NoticeTask& task) {
    for (const Correction& correction : task.corrections) {
      if (correction.target == 0) CorrectTask(correction, unit, task, findings);
    }
  });
}

void CompileList(int year, ProjectList& list, Findings& findings) {
  ForEachTask(list, [&](const NoticeProject& project, NoticeTask& task) {
    task.compiled = CompileTargets(task.content, {project.name, year, task.schedule});
    ReportDoubts(task, findings);
    CorrectTargets(task, findings);
    if (!task.compiled.targets.empty()) return;
    findings.Warn(
        "NO_TARGETS", task.place,
        absl::StrCat("任务", TaskId(project, task), "没有读出目标，不能评灯；请用更正表补充"));
  });
}

}  // namespace minsheng::registry
