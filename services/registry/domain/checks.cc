#include "services/registry/domain/checks.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"
#include "services/registry/domain/unit_names.h"
#include "services/registry/domain/units.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kFewestForSlips = 3;
constexpr int64_t kSlip = 1000;

// A sum of amounts; nullopt when nothing in it had an amount.
class Sum {
 public:
  void Add(const std::optional<int64_t>& fen) {
    if (!fen) return;
    any_ = true;
    overflow_ = __builtin_add_overflow(total_, *fen, &total_) || overflow_;
  }

  bool any() const { return any_; }
  bool overflow() const { return overflow_; }
  int64_t fen() const { return total_; }

 private:
  int64_t total_ = 0;
  bool any_ = false;
  bool overflow_ = false;
};

Sum SumOf(const NoticeProject& project) {
  Sum sum;
  for (const auto& task : project.tasks) sum.Add(task.amount_fen);
  return sum;
}

std::map<std::string, Sum> SumsByGroup(const ProjectList& list) {
  std::map<std::string, Sum> sums;
  for (const auto& project : list.projects) {
    Sum& sum = sums[project.group];
    for (const auto& task : project.tasks) sum.Add(task.amount_fen);
  }
  return sums;
}

std::string Money(int64_t fen, MoneyUnit unit) {
  return absl::StrCat(FormatAmount(fen, unit), MoneyUnitWord(unit));
}

std::string Difference(absl::string_view what, int64_t declared, absl::string_view other,
                       int64_t found, MoneyUnit unit) {
  return absl::StrCat(what, Money(declared, unit), "，", other, Money(found, unit), "，相差",
                      Money(declared - found, unit), "；各行金额按原文保留，请核对");
}

void CheckGroupTotal(const NoticeGroup& group, const Sum& sum, MoneyUnit unit, Findings& findings) {
  if (!group.declared_fen || *group.declared_fen == sum.fen()) return;
  findings.Warn(
      "TOTAL_MISMATCH", group.place,
      Difference(absl::StrCat("分组“", group.title, "”（", PlaceWords(group.place), "）写明"),
                 *group.declared_fen, "其下各行之和为", sum.fen(), unit));
}

std::string GroupCells(const ProjectList& list) {
  std::string cells;
  for (const auto& group : list.groups) {
    absl::StrAppend(&cells, cells.empty() ? "" : "、", PlaceWords(group.place));
  }
  return cells;
}

void CheckAgainstGroups(const ProjectList& list, MoneyUnit unit, Findings& findings) {
  Sum sum;
  for (const auto& group : list.groups) {
    if (!group.declared_fen) return;
    sum.Add(group.declared_fen);
  }
  if (!sum.any() || sum.fen() == *list.total.fen) return;
  findings.Warn(
      "TOTAL_MISMATCH", list.total.place,
      Difference(absl::StrCat("合计（", PlaceWords(list.total.place), "）写明"), *list.total.fen,
                 absl::StrCat("各分组（", GroupCells(list), "）之和为"), sum.fen(), unit));
}

void CheckAgainstRows(const ProjectList& list, const Sum& rows, MoneyUnit unit,
                      Findings& findings) {
  if (rows.fen() == *list.total.fen) return;
  findings.Warn("TOTAL_MISMATCH", list.total.place,
                Difference(absl::StrCat("合计（", PlaceWords(list.total.place), "）写明"),
                           *list.total.fen, "各行之和为", rows.fen(), unit));
}

void CheckProjectTotal(const ProjectList& list, const ProjectTotal& total, MoneyUnit unit,
                       Findings& findings) {
  const NoticeProject& project = list.projects[total.project];
  const Sum sum = SumOf(project);
  if (sum.fen() == total.fen) return;
  findings.Warn(
      "TOTAL_MISMATCH", total.place,
      Difference(absl::StrCat("项目“", project.name, "”（", PlaceWords(total.place), "）写明"),
                 total.fen, "其下各行之和为", sum.fen(), unit));
}

void CheckCount(std::optional<int> declared, std::size_t found, absl::string_view what,
                const Place& place, Findings& findings) {
  if (!declared || static_cast<std::size_t>(*declared) == found) return;
  findings.Warn(
      "COUNT_MISMATCH", place,
      absl::StrCat(what, "写明", *declared, "件，表中有", found, "件；按表中的行读入，请核对"));
}

std::map<std::string, std::size_t> CountsByGroup(const ProjectList& list) {
  std::map<std::string, std::size_t> counts;
  for (const auto& project : list.projects) ++counts[project.group];
  return counts;
}

void CheckTaskNumbers(const NoticeProject& project, Findings& findings) {
  std::set<int> seen;
  int expected = 1;
  for (const auto& task : project.tasks) {
    if (!seen.insert(task.no).second) {
      findings.Error("DUPLICATE_TASK", task.place,
                     absl::StrCat("任务", TaskId(project, task), "的编号重复，请改正原表"));
    } else if (task.no != expected) {
      findings.Warn("NUMBER_GAP", task.place,
                    absl::StrCat("任务", TaskId(project, task), "的编号应为", expected,
                                 "，编号不连续；按原编号读入"));
    }
    expected = task.no + 1;
  }
}

void CheckSpellings(const ProjectList& list, Findings& findings) {
  UnitNames names;
  for (const auto& project : list.projects) {
    for (const auto& task : project.tasks) {
      for (const auto& unit : task.leads) names.Add(unit, task.place);
      for (const auto& unit : task.assists) names.Add(unit, task.place);
    }
  }
  for (const UnitNames::Pair& pair : names.Alike()) {
    findings.Warn("UNIT_SPELLINGS", pair.place,
                  absl::StrCat("“", pair.one, "”与“", pair.other,
                               "”可能是同一单位的两种写法，按两个单位读入，请核对"));
  }
  for (const auto& [name, place] : names.WithoutLevel()) {
    findings.Warn(
        "UNIT_LEVEL_MISSING", place,
        absl::StrCat("“", name, "”没有写明级别（如区、县、市），其他单位都写明了，请核对"));
  }
}

// An amount with its own unit that is a thousandth of what the others are has likely lost a 万.
void CheckSlips(const ProjectList& list, Findings& findings) {
  std::vector<int64_t> amounts;
  for (const auto& project : list.projects) {
    for (const auto& task : project.tasks) {
      if (task.amount_fen.value_or(0) > 0) amounts.push_back(*task.amount_fen);
    }
  }
  if (amounts.size() < kFewestForSlips) return;
  std::nth_element(amounts.begin(),
                   amounts.begin() + static_cast<std::ptrdiff_t>(amounts.size() / 2),
                   amounts.end());
  const int64_t median = amounts[amounts.size() / 2];
  for (const auto& project : list.projects) {
    for (const auto& task : project.tasks) {
      const int64_t fen = task.amount_fen.value_or(0);
      const bool small = fen > 0 && fen <= median / kSlip;
      const bool large = fen / kSlip >= median;
      if (!small && !large) continue;
      findings.Warn(
          "AMOUNT_SLIP", task.place,
          absl::StrCat("金额", Money(fen, MoneyUnit::kWanYuan), "比其他行", small ? "小" : "大",
                       "一千倍以上，万、亿可能写错；按原文读入，请核对"));
    }
  }
}

void CheckTwice(const ProjectList& list, Findings& findings) {
  std::map<std::string, const NoticeProject*> seen;
  for (const auto& project : list.projects) {
    const auto [at, fresh] = seen.emplace(MatchKey(project.name), &project);
    if (fresh || at->second->group == project.group) continue;
    findings.Warn("SAME_PROJECT_TWICE", project.tasks.front().place,
                  absl::StrCat("“", project.name, "”在两个分组中都有（",
                               PlaceWords(at->second->tasks.front().place),
                               "），按两个项目读入，汇总时请注意是否重复"));
  }
}

void CheckTentative(const NoticeProject& project, const NoticeTask& task, Findings& findings) {
  for (const absl::string_view word : {"暂定", "待定"}) {
    if (!absl::StrContains(project.name, word) && !absl::StrContains(task.content, word)) continue;
    findings.Warn("TENTATIVE", task.place,
                  absl::StrCat("任务", TaskId(project, task), "注明“", word, "”，目标可能变动"));
    return;
  }
}

Place InColumn(Place place, const Header& header, Role role) {
  place.column = header.ColumnOf(role) + 1;
  return place;
}

void CheckTask(const NoticeProject& project, const NoticeTask& task, const Header& header,
               Findings& findings) {
  if (header.Has(Role::kLead) && task.leads.empty()) {
    findings.Warn("BLANK_LEAD", InColumn(task.place, header, Role::kLead),
                  absl::StrCat("任务", TaskId(project, task),
                               "没有牵头单位；若原表此格与上一行合并，请在本行写明，未作推定"));
  }
  if (header.Has(Role::kAmount) && !task.amount_fen) {
    findings.Info(
        "BLANK_AMOUNT", InColumn(task.place, header, Role::kAmount),
        absl::StrCat("任务", TaskId(project, task), "没有金额，按未安排资金处理，不等于零"));
  }
}

}  // namespace

absl::Status CheckTotals(const ProjectList& list, MoneyUnit unit, Findings& findings) {
  Sum rows;
  for (const auto& project : list.projects) {
    for (const auto& task : project.tasks) rows.Add(task.amount_fen);
  }
  Sum declared;
  for (const auto& group : list.groups) declared.Add(group.declared_fen);
  if (rows.overflow() || declared.overflow()) {
    return Refuse("BAD_AMOUNT", "各行金额之和过大，无法计算。请检查金额和单位");
  }
  if (list.total.fen) {
    CheckAgainstGroups(list, unit, findings);
    CheckAgainstRows(list, rows, unit, findings);
  }
  auto sums = SumsByGroup(list);
  for (const auto& group : list.groups) CheckGroupTotal(group, sums[group.id], unit, findings);
  for (const auto& total : list.project_totals) CheckProjectTotal(list, total, unit, findings);
  return absl::OkStatus();
}

void CheckNumbers(const ProjectList& list, Findings& findings) {
  std::set<std::pair<std::string, int>> seen;
  std::map<std::string, int> last_in_group;
  int last = 0;
  for (const auto& project : list.projects) {
    const Place& place = project.tasks.front().place;
    int& last_here = last_in_group[project.group];
    if (!seen.insert({project.group, project.no}).second) {
      findings.Error("DUPLICATE_PROJECT", place,
                     absl::StrCat("项目", ProjectId(project), "的序号重复，请改正原表"));
    } else if (project.no != last_here + 1 && project.no != last + 1) {
      findings.Warn("NUMBER_GAP", place,
                    absl::StrCat("项目", ProjectId(project), "的序号应为", last_here + 1,
                                 "，序号不连续；按原序号读入，请核对是否缺行"));
    }
    last_here = last = project.no;
    CheckTaskNumbers(project, findings);
  }
}

void CheckTasks(const ProjectList& list, const Header& header, Findings& findings) {
  if (!header.Has(Role::kLead)) {
    findings.Warn("NO_LEAD_COLUMN", findings.Whole(), "表中没有牵头单位一列，任务都没有牵头单位");
  }
  if (!header.Has(Role::kAmount)) {
    findings.Info("NO_AMOUNT_COLUMN", findings.Whole(), "表中没有资金一列，金额都按未安排处理");
  }
  if (list.projects.empty()) {
    findings.Error("NO_PROJECTS", findings.Whole(), "表头以下没有读到任何项目");
  }
  for (const auto& project : list.projects) {
    for (const auto& task : project.tasks) {
      CheckTask(project, task, header, findings);
      CheckTentative(project, task, findings);
    }
  }
  CheckSpellings(list, findings);
  CheckSlips(list, findings);
  CheckTwice(list, findings);
}

void CheckCounts(const ProjectList& list, const std::string& title, int title_row,
                 Findings& findings) {
  CheckCount(FindCount(title), list.projects.size(), absl::StrCat("标题“", title, "”"),
             findings.At(title_row, 0, title), findings);
  CheckCount(list.total.count, list.projects.size(), "合计", list.total.place, findings);
  auto counts = CountsByGroup(list);
  for (const auto& group : list.groups) {
    CheckCount(group.declared_count, counts[group.id], absl::StrCat("分组“", group.title, "”"),
               group.place, findings);
  }
}

}  // namespace minsheng::registry
