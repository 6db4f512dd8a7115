// What a sheet says about the places of its cells: merged ranges, hidden rows, the names of rows
// and columns. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_XLSX_LAYOUT_H_
#define MINSHENG_SERVICES_REGISTRY_READER_XLSX_LAYOUT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "pugixml.hpp"

#include "services/registry/domain/grid.h"
#include "services/registry/reader/notes.h"

namespace minsheng::registry {

inline constexpr int kLastSheetRow = 1'048'576;
inline constexpr int kLastSheetColumn = 16'384;

// B12: row from 1, column from 0.
struct CellRef {
  int row = 0;
  int column = 0;
};
std::optional<CellRef> ParseCellRef(absl::string_view text);
// 0 → A, 26 → AA.
std::string ColumnName(int column);

// Applies mergeCells to a grid of rows of equal width. A range counts the rows that are in the grid
// and visible; when its first row is hidden, its words go to the first visible one. Of ranges that
// overlap the first counts. Refusal: TOO_LARGE for more ranges or cells than a sheet can have.
absl::Status MergeCells(const pugi::xml_node& merges, const std::vector<bool>& hidden, Grid& grid,
                        Notes& notes);

// Takes hidden rows out and tells them as HIDDEN_ROWS.
void RemoveHiddenRows(const std::vector<bool>& hidden, Grid& grid, Notes& notes);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_XLSX_LAYOUT_H_
