// Puts the lines and tables of a document or page into one grid, within the limits. Rows are
// numbered from 1 through lines and tables alike. Not thread-safe; one use.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_GRID_BUILDER_H_
#define MINSHENG_SERVICES_REGISTRY_READER_GRID_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"

#include "services/registry/domain/grid.h"
#include "services/registry/reader/rich_text.h"

namespace minsheng::registry {

// A cell where the file puts it: row and column from 0, spans of at least 1. Columns are those of
// the file's own raster, which may be finer than the table that one sees.
struct PlacedCell {
  int row = 0;
  std::int64_t column = 0;
  std::int64_t columns = 1;
  int rows = 1;
  RichText text;
};

class GridBuilder {
 public:
  explicit GridBuilder(GridForm form) { grid_.form = form; }

  // The number that the next row gets.
  int next_row() const { return static_cast<int>(grid_.rows.size()) + 1; }
  bool empty() const { return grid_.rows.empty(); }

  // Each line of `text` becomes a prose row. Refusal: TOO_MANY_ROWS.
  absl::Status AddProse(const RichText& text);

  // A table of `rows` rows. Columns in which no cell begins are taken out, spans end with the
  // table, and of cells that overlap the first keeps its place. A table without cells is none.
  // Refusals: TOO_MANY_ROWS, TOO_LARGE.
  absl::Status AddTable(const std::vector<PlacedCell>& cells, int rows);

  Grid Take();

 private:
  absl::Status CheckRows(std::size_t more) const;
  absl::Status CheckSize(std::size_t rows, std::size_t columns);

  Grid grid_;
  int tables_ = 0;
  std::size_t cells_ = 0;
};

// What a row's cells claim, or TOO_LARGE: a span above kMaxSpan is refused, one below 1 is 1.
// `row` is for the message.
absl::Status CheckSpan(std::int64_t span, int row);

// TOO_MANY_ROWS above kMaxNoticeRows.
absl::Status CheckRowCount(std::size_t rows);

// How a table with tables in it looks, to tell a list from a frame that only places a list.
struct TableShape {
  int rows = 0;
  int columns = 0;        // the most cells in one row
  int filled_in_row = 0;  // the most cells with words or tables in one row
  std::size_t words = 0;  // bytes, with those of nested tables
};

// One cell with something in it per row around a table of at least 2 × 2, or a nested table that
// has more rows than its frame and more than half of its words.
bool IsLayoutFrame(const TableShape& outer, const TableShape& biggest_inner);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_GRID_BUILDER_H_
