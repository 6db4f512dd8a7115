// The one model of a table that every form of the file is read into: rows of cells with the place
// they came from. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_GRID_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_GRID_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace minsheng::registry {

inline constexpr std::size_t kMaxCellBytes = 64U << 10U;

enum class GridForm { kText, kCsv };

// `row` is the first line of the row in a text, the record's number in a CSV. A prose row is a line
// outside the table of a text: it has one cell.
struct GridRow {
  int row = 0;
  std::vector<std::string> cells;
  bool prose = false;
};

// Cells are trimmed and may hold line breaks. In the text form merged cells are missing, so that
// rows differ in length.
struct Grid {
  GridForm form = GridForm::kCsv;
  std::vector<GridRow> rows;
  bool ends_with_newline = true;
};

// `text` is valid UTF-8. Chooses the form and, for CSV, the delimiter. Refusals: TRUNCATED for an
// unclosed quote, TOO_MANY_ROWS.
absl::StatusOr<Grid> ReadGrid(absl::string_view text);

// A web page's table as its copy gives it: each cell on a line of its own after a tab, a blank line
// between rows. A line without tab right after a cell continues that cell; elsewhere it is prose.
bool LooksLikeTextForm(absl::string_view text);
absl::StatusOr<Grid> ReadTextGrid(absl::string_view text);

// RFC 4180 with any of , ; and tab: quoted cells may hold delimiters, quotes ("") and line breaks.
char DetectDelimiter(absl::string_view text);
absl::StatusOr<Grid> ReadCsvGrid(absl::string_view text, char delimiter);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_GRID_H_
