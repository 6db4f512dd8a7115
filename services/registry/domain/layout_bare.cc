#include "services/registry/domain/layout_bare.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/contacts.h"
#include "services/registry/domain/layout_cells.h"
#include "services/registry/domain/layout_lines.h"
#include "services/registry/domain/money.h"
#include "services/registry/domain/numbering.h"
#include "services/registry/domain/rows.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kFewestColumns = 3;
constexpr std::size_t kMostColumns = 12;
constexpr std::size_t kFewestRows = 2;
constexpr std::size_t kNameChars = 40;
constexpr std::size_t kTelephoneDigits = 7;

enum class Nature { kUnclear, kNumbers, kDecimals, kUnits, kTimes, kFigured, kWords, kBlank };

using Rows = std::vector<const Line*>;

const std::string& CellOf(const Line& line, std::size_t column) { return line.cells[column]; }

std::size_t CountFilled(const Line& line) {
  return static_cast<std::size_t>(std::count_if(line.cells.begin(), line.cells.end(),
                                                [](const auto& cell) { return !IsBlank(cell); }));
}

// All filled cells of the column are so, and there are some.
template <typename Is>
bool AllAre(const Rows& rows, std::size_t column, const Is& is) {
  bool any = false;
  for (const Line* line : rows) {
    const std::string& cell = CellOf(*line, column);
    if (IsBlank(cell)) continue;
    any = true;
    if (!is(cell)) return false;
  }
  return any;
}

// 1, 2, 3 …, or anew from 1; sub-rows have none.
bool AreNumbers(const Rows& rows, std::size_t column) {
  int last = 0;
  return std::all_of(rows.begin(), rows.end(), [&](const Line* line) {
    if (last > 0 && IsBlank(CellOf(*line, column))) return true;
    const auto no = ParseItemNo(CellOf(*line, column));
    const bool follows = no && (*no == last + 1 || *no == 1);
    last = no.value_or(0);
    return follows;
  });
}

bool IsDecimal(absl::string_view cell) {
  std::string figure(cell);
  TakeMoneyUnit(figure);
  return IsAmount(figure, MoneyUnit::kWanYuan);
}

bool MayBeTelephone(absl::string_view cell) {
  return IsDigits(cell) && cell.size() >= kTelephoneDigits;
}

// As long as a person's name: a column of nothing else may be one of people.
bool MayBePerson(absl::string_view cell) { return CharCount(cell.substr(0, 40)) <= 3; }

bool IsShortWords(absl::string_view cell) {
  return cell.size() <= kNameChars * 4 && CharCount(cell) <= kNameChars && CharCount(cell) > 1;
}

Nature NatureOf(const Rows& rows, std::size_t column) {
  if (AreNumbers(rows, column)) return Nature::kNumbers;
  if (AllAre(rows, column, IsDecimal)) {
    return AllAre(rows, column, MayBeTelephone) ? Nature::kUnclear : Nature::kDecimals;
  }
  if (AllAre(rows, column, IsUnits)) return Nature::kUnits;
  if (AllAre(rows, column, IsTime)) return Nature::kTimes;
  if (AllAre(rows, column, [](const auto& cell) { return IsNumeric(cell); }))
    return Nature::kUnclear;
  const auto figured = std::count_if(
      rows.begin(), rows.end(), [&](const Line* line) { return HasFigure(CellOf(*line, column)); });
  if (figured > 0 && static_cast<std::size_t>(figured) * 2 >= rows.size()) return Nature::kFigured;
  const bool people = AllAre(rows, column, MayBePerson);
  return !people && AllAre(rows, column, IsShortWords) ? Nature::kWords : Nature::kUnclear;
}

absl::string_view LabelOf(Nature nature, bool again) {
  switch (nature) {
    case Nature::kNumbers:
      return "序号";
    case Nature::kWords:
      return "项目名称";
    case Nature::kFigured:
      return "工作内容";
    case Nature::kDecimals:
      return "总投资";
    case Nature::kTimes:
      return "完成时限";
    case Nature::kUnits:
      return again ? "配合单位" : "牵头单位";
    default:
      return "";
  }
}

// One column of each nature, two of units; numbers, names before figures, and units must be there.
std::optional<std::vector<std::string>> LabelsOf(const Rows& rows, std::size_t width) {
  std::vector<std::string> labels;
  std::array<int, 8> seen{};
  for (std::size_t i = 0; i < width; ++i) {
    const Nature nature = NatureOf(rows, i);
    int& count = seen[static_cast<std::size_t>(nature)];
    const int most = nature == Nature::kUnits ? 2 : 1;
    const bool named = seen[static_cast<std::size_t>(Nature::kWords)] > 0;
    const bool early = nature == Nature::kFigured && !named;
    if (nature == Nature::kUnclear || count == most || early) return std::nullopt;
    labels.emplace_back(LabelOf(nature, count > 0));
    ++count;
  }
  const auto has = [&](Nature nature) { return seen[static_cast<std::size_t>(nature)] > 0; };
  const bool list = has(Nature::kNumbers) && has(Nature::kWords) && has(Nature::kFigured) &&
                    (has(Nature::kUnits) || has(Nature::kDecimals));
  return list ? std::optional(labels) : std::nullopt;
}

bool IsHeading(const Line& line) {
  return CountFilled(line) == 1 || IsTotalLabel(line.cells[0]) || IsSubtotalLabel(line.cells[0]);
}

std::string MessageOf(const std::vector<std::string>& labels) {
  std::string columns;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    absl::StrAppend(&columns, i == 0 ? "" : "，", "第", i + 1, "列为", labels[i]);
  }
  return absl::StrCat("表格没有表头，各列的含义由内容推断：", columns,
                      "。请逐列核对，或补上表头后再导入");
}

bool HoldsContact(const Line& line) {
  return std::any_of(line.cells.begin(), line.cells.end(), [](const std::string& cell) {
    return MayBeTelephone(cell) || DropContacts(cell).dropped;
  });
}

}  // namespace

std::optional<Tabulated> TabulateBare(const Grid& grid) {
  const std::vector<Line> lines = TableLinesOf(grid);
  std::size_t width = 0;
  for (const Line& line : lines) width = std::max(width, line.cells.size());
  if (width < kFewestColumns || width > kMostColumns) return std::nullopt;
  const auto first = std::find_if(lines.begin(), lines.end(), [&](const Line& line) {
    return line.cells.size() == width && CountFilled(line) > 1;
  });
  Rows rows;
  for (auto line = first; line != lines.end(); ++line) {
    if (line->cells.size() == 1 || IsHeading(*line)) continue;
    if (line->cells.size() != width || HoldsContact(*line)) return std::nullopt;
    rows.push_back(&*line);
  }
  if (rows.size() < kFewestRows) return std::nullopt;
  const auto labels = LabelsOf(rows, width);
  if (!labels) return std::nullopt;
  TableMaker table(*labels);
  for (auto line = lines.begin(); line != first; ++line) table.Caption(*line);
  for (auto line = first; line != lines.end(); ++line) {
    line->cells.size() == 1 && !IsGroupTitle(line->words) ? table.Aside(*line)
                                                          : table.Row(line->row, line->cells);
  }
  return table.Take(grid.name, MessageOf(*labels));
}

}  // namespace minsheng::registry
