#include "services/registry/reader/xlsx_layout.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/registry/domain/refusal.h"
#include "services/registry/reader/limits.h"
#include "services/registry/reader/rich_text.h"
#include "services/registry/reader/xml.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kMaxNamedRanges = 20;

struct Range {
  CellRef first;
  CellRef last;
};

std::optional<Range> ParseRange(absl::string_view text) {
  const std::vector<absl::string_view> ends = absl::StrSplit(text, ':');
  const auto first = ParseCellRef(ends[0]);
  const auto last = ParseCellRef(ends.back());
  if (!first || !last || first->row > last->row || first->column > last->column) {
    return std::nullopt;
  }
  return Range{*first, *last};
}

absl::Status TooManyMerges(const Grid& grid) {
  return Refuse("TOO_LARGE", absl::StrCat("工作表“", grid.name, "”的合并单元格过多，不像一份清单。",
                                          "请把清单复制到新的工作簿后再导入"));
}

class Merger {
 public:
  Merger(const std::vector<bool>& hidden, Grid& grid, Notes& notes)
      : hidden_(hidden), grid_(grid), notes_(notes), width_(grid.rows.front().cells.size()) {}

  absl::Status Merge(const Range& range) {
    const std::size_t left = range.first.column;
    const std::size_t right = std::min<std::size_t>(range.last.column + 1, width_);
    const std::vector<std::size_t> rows = VisibleRows(range);
    if (left >= right || rows.empty()) return absl::OkStatus();
    covered_ += rows.size() * (right - left);
    if (covered_ > kMaxTableCells) return TooManyMerges(grid_);
    if (rows.size() * (right - left) == 1 || Overlaps(rows, left, right)) return absl::OkStatus();
    TakeHiddenWords(range, rows.front(), left);
    for (const std::size_t row : rows) Cover(row, row == rows.front() ? left + 1 : left, right);
    CellFormat& format = grid_.rows[rows.front()].formats[left];
    format.columns = static_cast<int>(right - left);
    format.rows = static_cast<int>(rows.size());
    return absl::OkStatus();
  }

 private:
  std::size_t RowAt(int number) const {
    const auto found =
        std::lower_bound(grid_.rows.begin(), grid_.rows.end(), number,
                         [](const GridRow& row, int wanted) { return row.row < wanted; });
    return found - grid_.rows.begin();
  }

  std::vector<std::size_t> VisibleRows(const Range& range) const {
    std::vector<std::size_t> rows;
    const std::size_t end = RowAt(range.last.row + 1);
    for (std::size_t row = RowAt(range.first.row); row < end; ++row) {
      if (!hidden_[row]) rows.push_back(row);
    }
    return rows;
  }

  bool Overlaps(const std::vector<std::size_t>& rows, std::size_t left, std::size_t right) {
    for (const std::size_t row : rows) {
      auto& formats = grid_.rows[row].formats;
      formats.resize(width_);
      for (std::size_t column = left; column < right; ++column) {
        const CellFormat& format = formats[column];
        if (format.covered || format.columns > 1 || format.rows > 1) return true;
      }
    }
    return false;
  }

  void TakeHiddenWords(const Range& range, std::size_t row, std::size_t column) {
    const std::size_t anchor = RowAt(range.first.row);
    if (anchor == row || grid_.rows[anchor].row != range.first.row) return;
    GridRow& from = grid_.rows[anchor];
    from.formats.resize(width_);
    std::swap(grid_.rows[row].cells[column], from.cells[column]);
    std::swap(grid_.rows[row].formats[column].bold, from.formats[column].bold);
  }

  void Cover(std::size_t at, std::size_t begin, std::size_t end) {
    GridRow& row = grid_.rows[at];
    for (std::size_t column = begin; column < end; ++column) {
      row.formats[column] = CellFormat{1, 1, true, {}};
      if (row.cells[column].empty()) continue;
      ReadingNote note;
      note.severity = ReadingNote::kWarning;
      note.code = "COVERED_TEXT";
      note.grid = grid_.name;
      note.row = row.row;
      note.column = static_cast<int>(column) + 1;
      note.words = ShortWords(std::exchange(row.cells[column], ""));
      note.message = "被合并的单元格盖住的文字，未读入";
      notes_.Add(std::move(note));
    }
  }

  const std::vector<bool>& hidden_;
  Grid& grid_;
  Notes& notes_;
  std::size_t width_;
  std::size_t covered_ = 0;
};

// 5、7—9.
std::string RowNames(const std::vector<int>& rows) {
  std::string names;
  std::size_t ranges = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t begin = i;
    while (i + 1 < rows.size() && rows[i + 1] == rows[i] + 1) ++i;
    if (++ranges > kMaxNamedRanges) return absl::StrCat(names, "等", rows.size());
    absl::StrAppend(&names, names.empty() ? "" : "、", rows[begin]);
    if (i > begin) absl::StrAppend(&names, "—", rows[i]);
  }
  return names;
}

}  // namespace

std::optional<CellRef> ParseCellRef(absl::string_view text) {
  std::size_t letters = 0;
  int column = 0;
  while (letters < text.size() && letters < 3 && absl::ascii_isalpha(text[letters])) {
    column = column * 26 + (absl::ascii_toupper(text[letters++]) - 'A' + 1);
  }
  int row = 0;
  if (letters == 0 || !absl::SimpleAtoi(text.substr(letters), &row)) return std::nullopt;
  if (row < 1 || row > kLastSheetRow || column > kLastSheetColumn) return std::nullopt;
  return CellRef{row, column - 1};
}

std::string ColumnName(int column) {
  std::string name;
  for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26) {
    name.insert(name.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return name;
}

absl::Status MergeCells(const pugi::xml_node& merges, const std::vector<bool>& hidden, Grid& grid,
                        Notes& notes) {
  if (grid.rows.empty()) return absl::OkStatus();
  Merger merger(hidden, grid, notes);
  std::size_t count = 0;
  for (const pugi::xml_node& node : merges) {
    if (++count > kMaxMergedRanges) return TooManyMerges(grid);
    const auto range = ParseRange(Attribute(node, "ref"));
    if (!range) continue;
    if (absl::Status status = merger.Merge(*range); !status.ok()) return status;
  }
  return absl::OkStatus();
}

void RemoveHiddenRows(const std::vector<bool>& hidden, Grid& grid, Notes& notes) {
  std::vector<int> removed;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < grid.rows.size(); ++i) {
    if (hidden[i]) {
      removed.push_back(grid.rows[i].row);
    } else {
      if (kept != i) grid.rows[kept] = std::move(grid.rows[i]);
      ++kept;
    }
  }
  if (removed.empty()) return;
  grid.rows.resize(kept);
  ReadingNote note;
  note.severity = ReadingNote::kWarning;
  note.code = "HIDDEN_ROWS";
  note.grid = grid.name;
  note.row = removed.front();
  note.words = RowNames(removed);
  note.message = absl::StrCat("第", note.words, "行被隐藏或筛选掉，未读入。",
                              "如果这些行也是清单的内容，请取消隐藏和筛选后再导入");
  notes.Add(std::move(note));
}

}  // namespace minsheng::registry
