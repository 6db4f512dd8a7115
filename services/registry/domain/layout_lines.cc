#include "services/registry/domain/layout_lines.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "services/registry/domain/header.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::array<absl::string_view, 10> kClauseEnds = {"。", "；", "！", "？", ";",
                                                           "!",  "?",  "：", ":",  "."};
constexpr std::array<absl::string_view, 10> kDigits = {"零", "一", "二", "三", "四",
                                                       "五", "六", "七", "八", "九"};
constexpr std::array<char, 3> kDelimiters = {';', '\t', '|'};

std::size_t CountFilled(const std::vector<std::string>& cells) {
  return static_cast<std::size_t>(
      std::count_if(cells.begin(), cells.end(), [](const auto& c) { return !IsBlank(c); }));
}

// A CSV of sentences rather than of records.
bool IsLoose(const Grid& grid) {
  if (grid.form != GridForm::kCsv) return false;
  const auto wide = std::count_if(grid.rows.begin(), grid.rows.end(),
                                  [](const GridRow& row) { return row.cells.size() > 1; });
  return static_cast<std::size_t>(wide) * 2 < grid.rows.size();
}

std::string JoinFilled(const std::vector<std::string>& cells) {
  std::string joined;
  for (const auto& cell : cells) {
    if (!IsBlank(cell)) absl::StrAppend(&joined, joined.empty() ? "" : "｜", cell);
  }
  return joined;
}

void AddLines(int row, absl::string_view words, std::vector<Line>& lines) {
  for (const absl::string_view line : absl::StrSplit(words, '\n')) {
    if (!IsBlank(line)) lines.push_back({row, std::string(Trim(line))});
  }
}

// The delimiter that parts every row in as many cells; 0 when there is none.
char CommonDelimiter(const Grid& grid) {
  for (const char delimiter : kDelimiters) {
    std::ptrdiff_t width = 0;
    std::size_t parted = 0;
    bool common = true;
    for (const GridRow& row : grid.rows) {
      if (row.cells.size() != 1) return 0;
      const auto count = std::count(row.cells[0].begin(), row.cells[0].end(), delimiter);
      if (count == 0 && parted == 0) continue;
      common = common && count > 1 && (width == 0 || count == width);
      width = count;
      ++parted;
    }
    if (common && parted > 2) return delimiter;
  }
  return 0;
}

Line PartedLine(const GridRow& row, char delimiter) {
  Line line{row.row, row.cells[0]};
  for (const absl::string_view cell : absl::StrSplit(row.cells[0], delimiter)) {
    line.cells.emplace_back(Trim(cell));
  }
  return line;
}

}  // namespace

std::vector<Line> LinesOf(const Grid& grid) {
  std::vector<Line> lines;
  const bool loose = IsLoose(grid);
  for (const GridRow& row : grid.rows) {
    if (loose) {
      AddLines(row.row, absl::StrJoin(row.cells, ","), lines);
    } else if (CountFilled(row.cells) > 1) {
      lines.push_back({row.row, JoinFilled(row.cells), row.cells});
    } else {
      for (const auto& cell : row.cells) AddLines(row.row, cell, lines);
    }
  }
  return lines;
}

std::vector<Line> TableLinesOf(const Grid& grid) {
  std::vector<Line> lines;
  const char delimiter = CommonDelimiter(grid);
  for (const GridRow& row : grid.rows) {
    if (delimiter != 0) {
      lines.push_back(PartedLine(row, delimiter));
    } else if (CountFilled(row.cells) > 0) {
      lines.push_back({row.row, JoinFilled(row.cells), row.cells});
    }
  }
  return lines;
}

void TableMaker::Caption(const Line& line) {
  const bool title = NamesList(line.words) && !EndsClause(line.words);
  (title ? titles_ : sentences_).push_back({line.row, {line.words}, true});
}

void TableMaker::Aside(const Line& line) { asides_.push_back({line.row, {line.words}, true}); }

void TableMaker::Row(int row, std::vector<std::string> cells) {
  cells.resize(header_.size());
  rows_.push_back({row, std::move(cells)});
}

std::optional<Tabulated> TableMaker::Take(const std::string& name, std::string message) {
  if (rows_.empty()) return std::nullopt;
  Tabulated made;
  made.grid.name = name;
  made.message = std::move(message);
  auto& all = made.grid.rows;
  const int first = rows_.front().row;
  const auto add = [&](std::vector<GridRow>& rows) {
    std::move(rows.begin(), rows.end(), std::back_inserter(all));
  };
  add(sentences_);
  add(titles_);
  const std::size_t header = all.size();
  all.push_back({first, std::move(header_)});
  add(rows_);
  add(asides_);
  const auto found = FindHeader(made.grid);
  if (!found.ok() || found->first != header || found->count != 1) return std::nullopt;
  return made;
}

bool HasFigure(absl::string_view words) {
  if (std::any_of(words.begin(), words.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return true;
  }
  return absl::StrContains(words, "\xEF\xBC") &&
         Fold(words).find_first_of("0123456789") != std::string::npos;
}

bool EndsClause(absl::string_view words) {
  return std::any_of(kClauseEnds.begin(), kClauseEnds.end(),
                     [&](absl::string_view end) { return absl::EndsWith(words, end); });
}

bool NamesList(absl::string_view words) {
  if (words.size() > kListTitleChars * 3) return false;
  const std::string key = MatchKey(words);
  if (absl::StartsWith(key, "附件") || CharCount(key) > kListTitleChars) return false;
  if (ContainsAny(key, {"实事", "清单"})) return true;
  return ContainsAny(key, {"民生", "惠民", "为民", "便民", "利民", "重点"}) &&
         ContainsAny(key, {"项目", "任务", "工程", "计划", "目标"});
}

std::string ChineseNumeral(int number) {
  const auto digit = [](int n) { return kDigits[static_cast<std::size_t>(n)]; };
  if (number >= 100 || number < 1) {
    std::string positional;
    for (const char c : absl::StrCat(number)) {
      if (c >= '0' && c <= '9') absl::StrAppend(&positional, digit(c - '0'));
    }
    return positional;
  }
  const int tens = number / 10;
  const int ones = number % 10;
  return absl::StrCat(tens > 1 ? digit(tens) : "", tens > 0 ? "十" : "",
                      ones > 0 ? digit(ones) : "");
}

}  // namespace minsheng::registry
