// Tables in CSV with a header line: read by column name, every bad cell told with its row and
// column.
//
// UTF-8 (with or without BOM), UTF-16 or GB18030; comma, semicolon or tab. A row's number is what a
// spreadsheet shows.
#ifndef MINSHENG_TOOLS_CLI_CSV_H_
#define MINSHENG_TOOLS_CLI_CSV_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace minsheng::cli {

// A row by column names. `places` tells where a cell stands when row and column do not: "F12".
struct CsvRow {
  int row = 0;
  std::map<std::string, std::string> cells;  // by column name; trimmed
  std::map<std::string, std::string> places = {};

  // Empty when the table has no such column.
  const std::string& operator[](const std::string& column) const;
};

// Collects what is wrong, so that one reading tells all of it.
class CellErrors {
 public:
  void Add(int row, absl::string_view column, absl::string_view message);
  void Add(const CsvRow& row, const std::string& column, absl::string_view message);
  void AddAt(absl::string_view place, absl::string_view message);
  bool empty() const { return lines_.empty(); }
  // OK when there are none; else one failure BAD_CELLS that lists them, at most kLinesMax.
  absl::Status ToStatus(absl::string_view file) const;
  static constexpr size_t kLinesMax = 50;

 private:
  std::vector<std::string> lines_;
};

// A column that a table may have; `chinese` is another header for it.
struct CsvColumn {
  const char* name;
  const char* chinese;
  bool required = false;
};

// Rows without any words are left out. Failure BAD_COLUMNS for an unknown, doubled or missing
// column, or the decoder's refusals (EMPTY_FILE, BAD_ENCODING, TRUNCATED …), all naming the file.
absl::StatusOr<std::vector<CsvRow>> ParseCsv(absl::string_view bytes, absl::string_view file,
                                             const std::vector<CsvColumn>& columns);
absl::StatusOr<std::vector<CsvRow>> ReadCsv(const std::string& path,
                                            const std::vector<CsvColumn>& columns);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_CSV_H_
