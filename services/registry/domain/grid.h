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

enum class GridForm { kText, kCsv, kSheet, kDocument, kPage };

// Bytes [begin, end) of a text.
struct ByteRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  bool operator==(const ByteRange&) const = default;
};

// What a document says of a cell beside its words. A merged cell spreads over `columns` and `rows`;
// the cells that it covers are there, empty and `covered`. `bold` are the parts of the words set in
// bold, in order and apart.
struct CellFormat {
  int columns = 1;
  int rows = 1;
  bool covered = false;
  std::vector<ByteRange> bold;
};

// `row` is the first line of the row in a text, the record's number in a CSV, the row's number in a
// sheet, and counts on through all tables in a document or page. A prose row is a line outside the
// tables: it has one cell. `formats` is empty, or has one for each cell. `table` counts the tables
// of the file from 1; 0 where they cannot be told apart.
struct GridRow {
  int row = 0;
  std::vector<std::string> cells;
  bool prose = false;
  std::vector<CellFormat> formats = {};
  int table = 0;
};

// Cells are trimmed and may hold line breaks. In the text form merged cells are missing, so that
// rows differ in length; in the others all rows of a table have its width. `name` is the sheet's.
struct Grid {
  GridForm form = GridForm::kCsv;
  std::vector<GridRow> rows;
  bool ends_with_newline = true;
  std::string name = "";
};

// Something that a reader left out or had to assume, for the list of findings. `row` 0: the whole
// file.
struct ReadingNote {
  enum Severity { kInfo, kWarning };

  Severity severity = kInfo;
  std::string code;  // UPPER_SNAKE: HIDDEN_ROWS, DELETED_TEXT, FORMULA_WITHOUT_VALUE, …
  std::string grid;  // the sheet, "" when there is one grid
  int row = 0;
  int column = 0;
  std::string words;
  std::string message;  // Chinese: what was found, what is assumed
};

// A file as its reader leaves it: one grid for a text, a CSV, a document or a page, one for each
// visible sheet of a workbook, in the file's order.
struct Document {
  std::vector<Grid> grids;
  std::vector<ReadingNote> notes;
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
