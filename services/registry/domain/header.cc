#include "services/registry/domain/header.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/contacts.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

using Cells = std::vector<std::string>;

constexpr std::size_t kMaxLevels = 4;
constexpr std::size_t kMaxColumns = 200;
constexpr std::size_t kMaxLabelChars = 30;
constexpr std::size_t kFewestRoles = 2;
constexpr std::array kContestable = {Role::kNo,     Role::kGroup, Role::kName,   Role::kContent,
                                     Role::kAmount, Role::kLead,  Role::kAssist, Role::kMeasure};

int CountKnown(const Cells& cells) {
  return static_cast<int>(
      std::count_if(cells.begin(), cells.end(), [](const auto& c) { return IsKnownLabel(c); }));
}

int CountFilled(const Cells& cells) {
  return static_cast<int>(
      std::count_if(cells.begin(), cells.end(), [](const auto& c) { return !IsBlank(c); }));
}

bool LooksLikeLabel(const std::string& cell) {
  const std::string key = MatchKey(cell);
  return CharCount(key) <= kMaxLabelChars && !ParseSmallNumber(key) &&
         !IsAmount(key, MoneyUnit::kWanYuan);
}

bool AllLabels(const Cells& cells) {
  return std::all_of(cells.begin(), cells.end(),
                     [](const auto& cell) { return IsBlank(cell) || LooksLikeLabel(cell); });
}

// Each label stands under a merged head: its own head is blank, or is the first of blank ones.
bool StandsUnderHeads(const Cells& top, const Cells& sub) {
  if (top.size() != sub.size()) return false;
  for (std::size_t i = 0; i < sub.size(); ++i) {
    const bool merged = IsBlank(top[i]) || (i + 1 < top.size() && IsBlank(top[i + 1]));
    if (!IsBlank(sub[i]) && !merged) return false;
  }
  return !IsBlank(top[0]) && IsBlank(sub[0]);
}

bool IsSubHeader(const GridRow& top, const GridRow& sub) {
  const int filled = CountFilled(sub.cells);
  if (sub.prose || sub.cells.size() > kMaxColumns || filled < 2 || sub.cells == top.cells ||
      !AllLabels(sub.cells))
    return false;
  const int known = CountKnown(sub.cells);
  return (known > 0 && known * 2 >= filled) || StandsUnderHeads(top.cells, sub.cells);
}

// The lengths of the runs of filled cells.
std::vector<std::size_t> FilledRuns(const Cells& cells) {
  std::vector<std::size_t> runs;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (IsBlank(cells[i])) continue;
    const bool begins = i == 0 || IsBlank(cells[i - 1]);
    if (begins) runs.push_back(0);
    ++runs.back();
  }
  return runs;
}

// The text form drops what a merged head covers, so that the top row is shorter: each run of
// sub-labels has one head.
std::optional<Cells> SpreadHeads(const Cells& top, const Cells& sub) {
  const auto runs = FilledRuns(sub);
  std::size_t covered = 0;
  for (const std::size_t run : runs) covered += run - 1;
  if (top.size() + covered != sub.size()) return std::nullopt;
  Cells spread;
  std::size_t head = 0;
  for (std::size_t i = 0; i < sub.size(); ++i) {
    const bool within = i > 0 && !IsBlank(sub[i]) && !IsBlank(sub[i - 1]);
    if (!within) ++head;
    spread.push_back(top[head - 1]);
  }
  return spread;
}

Cells WithoutBlankEnds(Cells cells) {
  while (!cells.empty() && IsBlank(cells.back())) cells.pop_back();
  const auto first =
      std::find_if(cells.begin(), cells.end(), [](const auto& c) { return !IsBlank(c); });
  cells.erase(cells.begin(), first);
  return cells;
}

// A copy may also leave out the cells that tall heads cover: all sub-labels stand under the one
// unknown head.
std::optional<std::pair<Cells, Cells>> InsertBelowUnknown(const Cells& top, const Cells& row) {
  const auto unknown = [](const auto& cell) { return !IsKnownLabel(cell); };
  const auto head = std::find_if(top.begin(), top.end(), unknown);
  const bool one = std::count_if(top.begin(), top.end(), unknown) == 1;
  const Cells sub = WithoutBlankEnds(row);
  if (!one || CountFilled(sub) != static_cast<int>(sub.size())) return std::nullopt;
  const auto at = static_cast<std::size_t>(head - top.begin());
  Cells heads(top.begin(), head);
  heads.insert(heads.end(), sub.size(), *head);
  heads.insert(heads.end(), head + 1, top.end());
  Cells below(at, "");
  below.insert(below.end(), sub.begin(), sub.end());
  below.resize(heads.size());
  return std::make_pair(std::move(heads), std::move(below));
}

// All levels at one width; a blank head in an upper level takes the words of its left neighbour
// when a label stands below.
std::optional<std::vector<Cells>> AlignLevels(std::vector<Cells> levels, GridForm form) {
  if (levels.size() == 2 && form == GridForm::kText && levels[0].size() < levels[1].size()) {
    auto heads = SpreadHeads(levels[0], levels[1]);
    if (!heads) return std::nullopt;
    levels[0] = std::move(*heads);
  } else if (levels.size() == 2 && form == GridForm::kText && levels[0].size() > levels[1].size()) {
    auto aligned = InsertBelowUnknown(levels[0], levels[1]);
    if (!aligned) return std::nullopt;
    levels = {std::move(aligned->first), std::move(aligned->second)};
  }
  std::size_t width = 0;
  for (const auto& level : levels) width = std::max(width, level.size());
  for (auto& level : levels) {
    if (form == GridForm::kText && level.size() != width) return std::nullopt;
    level.resize(width);
  }
  return levels;
}

void FillHeads(std::vector<Cells>& levels) {
  for (std::size_t level = 0; level + 1 < levels.size(); ++level) {
    for (std::size_t i = 1; i < levels[level].size(); ++i) {
      const bool below = !IsBlank(levels[level + 1][i]);
      if (IsBlank(levels[level][i]) && below) levels[level][i] = levels[level][i - 1];
    }
  }
}

// A label that names a contact says so; one that states a contact (联系人：… , 电话 138…) is shown
// without it, for messages and attributes repeat labels.
std::string WithoutContact(const std::string& label, std::size_t index) {
  if (!ContainsAny(label, {":", "：", "@"}) &&
      Fold(label).find_first_of("0123456789") == label.npos) {
    return label;
  }
  const std::string kept = DropContacts(label).text;
  return kept.empty() ? absl::StrCat("第", index + 1, "列") : kept;
}

// The lowest label that has a meaning; a sum under a head of money is the head's amount.
Column MakeColumn(const std::vector<Cells>& levels, std::size_t index) {
  Column column;
  std::vector<std::string> path;
  for (const auto& level : levels) {
    if (!IsBlank(level[index])) path.push_back(RemoveSpaces(level[index]));
  }
  if (path.empty()) {
    column.label = absl::StrCat("第", index + 1, "列");
    return column;
  }
  column.label = WithoutContact(path.back(), index);
  LabelMeaning meaning = MeaningOf(path.back());
  if (path.size() > 1) {
    column.head = path[path.size() - 2];
    const LabelMeaning head = MeaningOf(path[path.size() - 2]);
    const bool sum = head.role == Role::kAmount && IsSumLabel(path.back());
    const auto own_unit = meaning.unit;
    if (sum || head.role == Role::kPeople) meaning = head;
    if (own_unit) meaning.unit = own_unit;
    if (meaning.role == Role::kAmount && !meaning.unit) meaning.unit = head.unit;
  }
  column.role = meaning.role == Role::kUnknown ? Role::kKept : meaning.role;
  column.unit = meaning.unit;
  column.rank = meaning.rank;
  column.guessed = meaning.guessed;
  return column;
}

void SettleRole(std::vector<Column>& columns, Role role) {
  Column* winner = nullptr;
  for (auto& column : columns) {
    if (column.role == role && (winner == nullptr || column.rank < winner->rank)) winner = &column;
  }
  for (auto& column : columns) {
    if (column.role != role || &column == winner) continue;
    column.contested = true;
    column.role = Role::kKept;
  }
}

// Of two columns of names the lesser one (工作任务 beside 项目名称) is the content when nothing
// else is.
void TakeContentFromNames(std::vector<Column>& columns) {
  const auto has = [&](Role role) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const auto& c) { return c.role == role; });
  };
  if (has(Role::kContent) || !has(Role::kName)) return;
  for (auto& column : columns) {
    if (!column.contested || MeaningOf(column.label).role != Role::kName) continue;
    column.role = Role::kContent;
    column.contested = false;
    return;
  }
}

void SettleColumns(std::vector<Column>& columns) {
  for (const Role role : kContestable) SettleRole(columns, role);
  for (auto& column : columns) {
    // Beside a column of leads 单位 is what figures are counted in.
    if (!column.contested || MatchKey(column.label) != "单位") continue;
    column.role = Role::kMeasure;
    column.contested = false;
  }
  TakeContentFromNames(columns);
}

// Guesses alone make no header: a row of data has words like a label's, too.
bool IsHeader(const Header& header) {
  std::size_t roles = 0;
  std::size_t known = 0;
  for (const Role role : kContestable) {
    const int column = header.ColumnOf(role);
    if (column < 0) continue;
    ++roles;
    known += header.columns[static_cast<std::size_t>(column)].guessed ? 0 : 1;
  }
  const bool sure = known >= kFewestRoles || (known > 0 && roles > kFewestRoles);
  return sure && (header.Has(Role::kName) || header.Has(Role::kContent));
}

std::string JoinWords(const std::vector<Cells>& levels) {
  std::string words;
  for (const auto& level : levels) {
    for (const auto& cell : level) absl::StrAppend(&words, RemoveSpaces(cell), " ");
  }
  return words;
}

std::optional<Header> BuildHeader(const Grid& grid, std::size_t first, std::size_t count) {
  std::vector<Cells> levels;
  for (std::size_t i = first; i < first + count; ++i) levels.push_back(grid.rows[i].cells);
  auto aligned = AlignLevels(std::move(levels), grid.form);
  if (!aligned) return std::nullopt;
  FillHeads(*aligned);
  Header header{.first = first, .count = count, .columns = {}, .words = JoinWords(*aligned)};
  for (std::size_t i = 0; i < aligned->front().size(); ++i) {
    header.columns.push_back(MakeColumn(*aligned, i));
  }
  SettleColumns(header.columns);
  return IsHeader(header) ? std::optional<Header>(std::move(header)) : std::nullopt;
}

std::size_t CountLevels(const Grid& grid, std::size_t first) {
  std::size_t count = 1;
  while (count < kMaxLevels && first + count < grid.rows.size() &&
         IsSubHeader(grid.rows[first + count - 1], grid.rows[first + count])) {
    ++count;
  }
  return count;
}

bool MayBeginHeader(const GridRow& row) {
  return !row.prose && row.cells.size() <= kMaxColumns && CountFilled(row.cells) > 1 &&
         AllLabels(row.cells) && CountKnown(row.cells) > 0;
}

absl::string_view RoleWord(Role role) {
  switch (role) {
    case Role::kNo:
      return "序号";
    case Role::kGroup:
      return "类别";
    case Role::kName:
      return "项目名称";
    case Role::kContent:
      return "工作内容";
    case Role::kAmount:
      return "金额";
    case Role::kLead:
      return "牵头单位";
    case Role::kAssist:
      return "协作单位";
    case Role::kTime:
      return "时限";
    case Role::kMeasure:
      return "计量单位";
    default:
      return "附加信息";
  }
}

void ReportColumn(const Column& column, const Place& place, Findings& findings) {
  if (column.role == Role::kPeople && NamesUnits(column.label)) {
    findings.Warn(
        "MIXED_PEOPLE_COLUMN", place,
        absl::StrCat("“", column.label,
                     "”一列既有单位又有人员，不保存人员信息，整列未读入；请把单位单列一列"));
  } else if (column.role == Role::kPeople) {
    findings.Info("PEOPLE_COLUMN_DROPPED", place,
                  absl::StrCat("“", column.label, "”一列是人员信息，未读入也不保存"));
  } else if (column.contested) {
    findings.Warn(
        "SEVERAL_COLUMNS", place,
        absl::StrCat("“", column.label, "”与另一列含义相同，按附加信息保留，未用作正式字段"));
  } else if (column.guessed && column.role != Role::kKept) {
    findings.Warn("COLUMN_GUESSED", place,
                  absl::StrCat("“", column.label, "”不是常见的列名，按", RoleWord(column.role),
                               "读取，请核对"));
  } else if (column.role == Role::kKept && !IsKnownLabel(column.label)) {
    findings.Info("COLUMN_KEPT", place,
                  absl::StrCat("“", column.label, "”一列不认识，按附加信息保留"));
  }
}

}  // namespace

int Header::ColumnOf(Role role) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].role == role) return static_cast<int>(i);
  }
  return -1;
}

bool Header::SameColumns(const Header& other) const {
  return std::equal(columns.begin(), columns.end(), other.columns.begin(), other.columns.end(),
                    [](const Column& a, const Column& b) {
                      return a.role == b.role && a.label == b.label && a.unit == b.unit;
                    });
}

std::optional<Header> MatchHeader(const Grid& grid, std::size_t row) {
  if (!MayBeginHeader(grid.rows[row])) return std::nullopt;
  return BuildHeader(grid, row, CountLevels(grid, row));
}

absl::StatusOr<Header> FindHeader(const Grid& grid) {
  for (std::size_t row = 0; row < grid.rows.size(); ++row) {
    if (auto header = MatchHeader(grid, row)) return std::move(*header);
  }
  return NoTable();
}

absl::Status NoTable() {
  return Refuse("NO_TABLE_HEADER",
                "没有找到表头：应有一行（或上下两三行）写明项目名称或工作内容，以及序号、牵头单位、"
                "总投资等列名。"
                "请确认文件包含完整的清单表格，或另存为CSV后再导入");
}

void ReportColumns(const Grid& grid, const Header& header, Findings& findings) {
  const int row = grid.rows[header.first].row;
  for (std::size_t i = 0; i < header.columns.size(); ++i) {
    const Column& column = header.columns[i];
    ReportColumn(column, findings.At(row, static_cast<int>(i) + 1, column.label), findings);
  }
}

}  // namespace minsheng::registry
