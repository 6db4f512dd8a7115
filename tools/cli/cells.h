// Typed cells of a CSV row: what cannot be read is noted with its row and column, and reading goes
// on.
#ifndef MINSHENG_TOOLS_CLI_CELLS_H_
#define MINSHENG_TOOLS_CLI_CELLS_H_

#include <string>

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "tools/cli/csv.h"

namespace minsheng::cli {

// Reads one row's cells. `row` and `errors` outlive it.
class Cells {
 public:
  Cells(const CsvRow& row, CellErrors& errors) : row_(row), errors_(errors) {}

  const std::string& Text(const char* column) const { return row_[column]; }
  // Noted when blank.
  const std::string& Needed(const char* column);
  // The words of a day, "2024-06-30"; empty when blank.
  std::string Day(const char* column);
  absl::optional<absl::Time> Instant(const char* column);
  // 0 when blank.
  int Number(const char* column);
  // 1, true, yes, 是 / 0, false, no, 否, blank.
  bool YesNo(const char* column);
  // A decimal number in the range of a percentage, without %.
  std::string Percent(const char* column);
  // "municipal-11/2" or a task's whole name; needed.
  std::string Task(const char* column);

  // Notes a failed status' message at the column.
  void Note(const char* column, const absl::Status& status);
  void Note(const char* column, absl::string_view message) { errors_.Add(row_, column, message); }
  int row() const { return row_.row; }

 private:
  const CsvRow& row_;
  CellErrors& errors_;
};

// 0 to 100 with decimals, as people write a percentage: "40", "37.5", "40%". Nullopt for anything
// else.
absl::optional<std::string> ParsePercent(absl::string_view text);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_CELLS_H_
