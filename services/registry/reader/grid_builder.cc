#include "services/registry/reader/grid_builder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/registry/domain/notice.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/reader/limits.h"

namespace minsheng::registry {
namespace {

// The columns in which a cell begins, in order: a column's rank is its place in the table.
class Raster {
 public:
  explicit Raster(const std::vector<PlacedCell>& cells) {
    starts_.reserve(cells.size());
    for (const auto& cell : cells) starts_.push_back(cell.column);
    std::sort(starts_.begin(), starts_.end());
    starts_.erase(std::unique(starts_.begin(), starts_.end()), starts_.end());
  }

  std::size_t width() const { return starts_.size(); }

  std::size_t Rank(std::int64_t column) const {
    return std::lower_bound(starts_.begin(), starts_.end(), column) - starts_.begin();
  }

 private:
  std::vector<std::int64_t> starts_;
};

bool IsTaken(const GridRow& row, std::size_t column) {
  return !row.formats.empty() && row.formats[column].covered;
}

void Cover(GridRow& row, std::size_t begin, std::size_t end) {
  row.formats.resize(row.cells.size());
  for (std::size_t column = begin; column < end; ++column) row.formats[column].covered = true;
}

class TableFiller {
 public:
  TableFiller(std::vector<GridRow>& rows, std::size_t first, const Raster& raster)
      : rows_(rows), first_(first), raster_(raster) {}

  void Put(const PlacedCell& cell) {
    const std::size_t column = raster_.Rank(cell.column);
    const std::size_t end = std::max(raster_.Rank(cell.column + cell.columns), column + 1);
    const std::size_t top = first_ + cell.row;
    const std::size_t bottom = std::min(top + std::max(cell.rows, 1), rows_.size());
    GridRow& row = rows_[top];
    if (IsTaken(row, column)) return;
    row.cells[column] = std::string(cell.text.text());
    SetFormat(
        row, column,
        {static_cast<int>(end - column), static_cast<int>(bottom - top), false, cell.text.bold()});
    for (std::size_t covered = top; covered < bottom; ++covered) {
      const std::size_t begin = covered == top ? column + 1 : column;
      if (begin < end) Cover(rows_[covered], begin, end);
    }
  }

 private:
  static void SetFormat(GridRow& row, std::size_t column, CellFormat format) {
    if (format.columns == 1 && format.rows == 1 && format.bold.empty()) return;
    row.formats.resize(row.cells.size());
    row.formats[column] = std::move(format);
  }

  std::vector<GridRow>& rows_;
  std::size_t first_;
  const Raster& raster_;
};

}  // namespace

absl::Status CheckSpan(std::int64_t span, int row) {
  if (span <= kMaxSpan) return absl::OkStatus();
  return Refuse("TOO_LARGE",
                absl::StrCat("第", row, "行有一格声称跨", span, "行或列，超过", kMaxSpan,
                             "，文件可能已损坏。请在原软件中重新保存后再导入"));
}

absl::Status CheckRowCount(std::size_t rows) {
  if (rows <= kMaxNoticeRows) return absl::OkStatus();
  return Refuse("TOO_MANY_ROWS", absl::StrCat("表格超过", kMaxNoticeRows, "行，请只保留清单本身"));
}

absl::Status GridBuilder::CheckRows(std::size_t more) const {
  return CheckRowCount(grid_.rows.size() + more);
}

absl::Status GridBuilder::AddProse(const RichText& text) {
  if (text.empty()) return absl::OkStatus();
  for (const absl::string_view line : absl::StrSplit(text.text(), '\n')) {
    if (absl::Status status = CheckRows(1); !status.ok()) return status;
    grid_.rows.push_back({.row = next_row(), .cells = {std::string(line)}, .prose = true});
  }
  return absl::OkStatus();
}

absl::Status GridBuilder::CheckSize(std::size_t rows, std::size_t columns) {
  if (absl::Status status = CheckRows(rows); !status.ok()) return status;
  cells_ += rows * columns;
  if (columns <= kMaxTableColumns && cells_ <= kMaxTableCells) return absl::OkStatus();
  return Refuse("TOO_LARGE",
                absl::StrCat("第", next_row(), "行起的表格有", rows, "行", columns, "列，超过",
                             kMaxTableColumns, "列或全文", kMaxTableCells, "格。请只保留清单本身"));
}

absl::Status GridBuilder::AddTable(const std::vector<PlacedCell>& cells, int rows) {
  if (cells.empty()) return absl::OkStatus();
  const Raster raster(cells);
  if (absl::Status status = CheckSize(rows, raster.width()); !status.ok()) return status;
  const std::size_t first = grid_.rows.size();
  ++tables_;
  for (int row = 0; row < rows; ++row) {
    grid_.rows.push_back(
        {.row = next_row(), .cells = std::vector<std::string>(raster.width()), .table = tables_});
  }
  TableFiller filler(grid_.rows, first, raster);
  for (const auto& cell : cells) filler.Put(cell);
  return absl::OkStatus();
}

Grid GridBuilder::Take() { return std::move(grid_); }

bool IsLayoutFrame(const TableShape& outer, const TableShape& biggest_inner) {
  if (biggest_inner.rows < 2 || biggest_inner.columns < 2) return false;
  if (outer.filled_in_row <= 1) return true;
  return biggest_inner.rows > outer.rows && biggest_inner.words * 2 > outer.words;
}

}  // namespace minsheng::registry
