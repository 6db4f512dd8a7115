#include "services/registry/exports/list_layout.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "services/registry/domain/labels.h"
#include "services/registry/domain/money.h"
#include "services/registry/domain/rows.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::array<absl::string_view, 3> kTownships = {"街道", "镇", "乡"};

std::string LastSegment(const std::string& name) { return name.substr(name.rfind('/') + 1); }

int NumberOf(const v1::Task& task) {
  int number = 0;
  return absl::SimpleAtoi(LastSegment(task.name()), &number) ? number : 0;
}

bool IsTownship(const std::string& unit) {
  return absl::StrContains(unit, "乡镇") ||
         std::any_of(kTownships.begin(), kTownships.end(),
                     [&](absl::string_view end) { return absl::EndsWith(unit, end); });
}

// A project with those of its tasks that are in the list.
struct Item {
  const v1::Project* project = nullptr;
  std::vector<const v1::Task*> tasks;
};

std::vector<Item> ItemsOf(const StoredList& list) {
  std::map<std::string, const v1::Task*> by_name;
  for (const v1::Task& task : list.tasks) {
    if (!task.removed()) by_name[task.name()] = &task;
  }
  std::vector<Item> items;
  for (const v1::Project& project : list.projects) {
    Item item{.project = &project, .tasks = {}};
    for (const std::string& name : project.tasks()) {
      const auto task = by_name.find(name);
      if (task != by_name.end()) item.tasks.push_back(task->second);
    }
    if (!item.tasks.empty()) items.push_back(std::move(item));
  }
  return items;
}

// （1）… in sub-rows, and where a single row's number is not 1.
std::string ContentCell(const Item& item, const v1::Task& task) {
  const int number = NumberOf(task);
  const bool numbered = item.tasks.size() > 1 || number != 1;
  return numbered ? absl::StrCat("（", number, "）", task.content()) : task.content();
}

bool NamedByWords(const Item& item) {
  return item.project->title() == ContentCell(item, *item.tasks.front()) ||
         item.project->title() == item.tasks.front()->content();
}

// Names are read without blanks; one that has them stood for a blank cell, which takes the words.
std::string NameCell(const Item& item) {
  const std::string& title = item.project->title();
  return NamedByWords(item) && HasBlank(title) ? "" : title;
}

// 承接市级民生实事（13件）.
std::string GroupCell(const v1::ProjectGroup& group) {
  const bool counted = FindCount(group.title()) == group.declared_count();
  if (group.declared_count() == 0 || counted) return group.title();
  return absl::StrCat(group.title(), "（", group.declared_count(), "件）");
}

// Whether a row with nothing but the title reads as the heading of exactly this group.
bool ReadsAsHeading(const v1::ProjectGroup& group) {
  const std::string cell = GroupCell(group);
  return cell == RemoveSpaces(cell) && (IsGroupTitle(cell) || NamesKind(cell)) &&
         FindCount(cell).value_or(0) == group.declared_count();
}

class Layout {
 public:
  explicit Layout(const StoredList& list) : list_(list), items_(ItemsOf(list)) {
    const auto unit = ParseMoneyUnit(list.program.money_unit());
    if (unit.ok()) unit_ = *unit;
    for (const v1::Unit& known : list.units) {
      if (known.aliases_size() > 0) aliases_[known.title()] = known.aliases(0);
    }
    const auto& groups = list.program.groups();
    group_column_ = std::any_of(groups.begin(), groups.end(), [](const v1::ProjectGroup& group) {
      return !group.title().empty() && !ReadsAsHeading(group);
    });
  }

  ListLayout Make() {
    layout_.reference = Reference();
    layout_.title = list_.program.title();
    if (unit_) layout_.money_line = absl::StrCat("单位：", MoneyUnitWord(*unit_));
    layout_.head = absl::StrCat(LastSegment(list_.program.name()), "年工作内容及资金计划");
    AddColumns();
    if (list_.program.has_declared_total()) {
      AddHeading(ListRow::kTotal, "合  计", Amount(true, list_.program.declared_total()));
    }
    for (const v1::ProjectGroup& group : list_.program.groups()) AddGroup(group);
    return std::move(layout_);
  }

 private:
  std::string Reference() const {
    std::string words;
    const v1::Program& program = list_.program;
    if (!program.document_number().empty()) {
      absl::StrAppend(&words, "文号：", program.document_number());
    }
    absl::CivilDay day;
    if (absl::ParseCivilTime(program.issued_on(), &day)) {
      absl::StrAppend(&words, words.empty() ? "" : "　", "成文日期：", day.year(), "年",
                      day.month(), "月", day.day(), "日");
    }
    return words;
  }

  void AddColumns() {
    Add(ListColumn::kNo, "序号");
    if (group_column_) Add(ListColumn::kGroup, "类别");
    if (HasNames()) Add(ListColumn::kName, "项目名称");
    const std::set<std::string> extras = Extras();
    Add(ListColumn::kContent, Taken(extras, Role::kContent) ? "目标任务" : "形象进度");
    Add(ListColumn::kAmount, Taken(extras, Role::kAmount) ? "年度投资" : "总投资");
    Add(ListColumn::kLead, "牵头单位");
    Add(ListColumn::kAssist, "协作单位");
    for (const std::string& label : extras) Add(ListColumn::kExtra, label);
  }

  void Add(ListColumn::Kind kind, const std::string& label) {
    layout_.columns.push_back({kind, label});
  }

  // A list without names has the first row's words for them.
  bool HasNames() const { return !std::all_of(items_.begin(), items_.end(), NamedByWords); }

  std::set<std::string> Extras() const {
    std::set<std::string> labels;
    for (const Item& item : items_) {
      for (const v1::Task* task : item.tasks) {
        for (const auto& [label, words] : task->attributes()) labels.insert(label);
      }
    }
    return labels;
  }

  // Whether an extra column would be read as this one.
  static bool Taken(const std::set<std::string>& extras, Role role) {
    return std::any_of(extras.begin(), extras.end(),
                       [&](const std::string& label) { return MeaningOf(label).role == role; });
  }

  void AddGroup(const v1::ProjectGroup& group) {
    const std::string total = Amount(group.has_declared_total(), group.declared_total());
    if (!group_column_ && !group.title().empty()) {
      AddHeading(ListRow::kGroup, GroupCell(group), total);
    }
    for (const Item& item : items_) {
      if (item.project->group() == group.id()) AddItem(group, item);
    }
    const bool told = !group_column_ && !group.title().empty();
    if (!told && !total.empty()) AddHeading(ListRow::kSubtotal, "小  计", total);
  }

  void AddHeading(ListRow::Kind kind, const std::string& words, const std::string& amount) {
    ListRow row{.kind = kind, .cells = {}};
    for (const ListColumn& column : layout_.columns) {
      row.cells.push_back(column.kind == ListColumn::kNo       ? words
                          : column.kind == ListColumn::kAmount ? amount
                                                               : "");
    }
    layout_.rows.push_back(std::move(row));
  }

  void AddItem(const v1::ProjectGroup& group, const Item& item) {
    for (const v1::Task* task : item.tasks) {
      const bool first = task == item.tasks.front();
      ListRow row{.kind = ListRow::kTask,
                  .cells = {},
                  .span = first ? static_cast<int>(item.tasks.size()) : 0};
      for (const ListColumn& column : layout_.columns) {
        row.cells.push_back(CellOf(column, group, item, *task, first));
      }
      layout_.rows.push_back(std::move(row));
    }
  }

  std::string CellOf(const ListColumn& column, const v1::ProjectGroup& group, const Item& item,
                     const v1::Task& task, bool first) const {
    switch (column.kind) {
      case ListColumn::kNo:
        return first ? absl::StrCat(item.project->number()) : "";
      case ListColumn::kGroup:
        return first ? group.title() : "";
      case ListColumn::kName:
        return first ? NameCell(item) : "";
      case ListColumn::kContent:
        return ContentCell(item, task);
      case ListColumn::kAmount:
        return Amount(task.has_planned_investment(), task.planned_investment());
      case ListColumn::kLead:
        return JoinUnits(Printed(task.lead_units()));
      case ListColumn::kAssist:
        return JoinUnits(Printed(task.cooperating_units()));
      case ListColumn::kExtra:
        break;
    }
    const auto words = task.attributes().find(column.label);
    return words == task.attributes().end() ? "" : words->second;
  }

  // With its unit where the list declares none.
  std::string Amount(bool planned, const common::v1::Money& money) const {
    if (!planned) return "";
    if (unit_) return FormatAmount(money.fen(), *unit_);
    return absl::StrCat(FormatAmount(money.fen(), MoneyUnit::kWanYuan), "万元");
  }

  std::vector<std::string> Printed(
      const google::protobuf::RepeatedPtrField<std::string>& units) const {
    std::vector<std::string> printed;
    for (const std::string& unit : units) {
      const auto alias = aliases_.find(unit);
      printed.push_back(alias == aliases_.end() ? unit
                                                : absl::StrCat(unit, "（", alias->second, "）"));
    }
    return printed;
  }

  const StoredList& list_;
  const std::vector<Item> items_;
  std::optional<MoneyUnit> unit_;
  std::map<std::string, std::string> aliases_;
  bool group_column_ = false;
  ListLayout layout_;
};

}  // namespace

std::string JoinUnits(const std::vector<std::string>& units) {
  size_t tail = units.size();
  while (tail > 0 && IsTownship(units[tail - 1])) --tail;
  std::string joined;
  for (size_t i = 0; i < units.size(); ++i) {
    const bool etc = absl::StartsWith(units[i], "等");
    const char* mark = i == 0 || etc ? "" : i == tail ? "，" : "、";
    absl::StrAppend(&joined, mark, units[i]);
  }
  return joined;
}

ListLayout LayOut(const StoredList& list) { return Layout(list).Make(); }

}  // namespace minsheng::registry
