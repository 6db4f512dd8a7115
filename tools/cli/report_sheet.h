// The filled-in monthly workbook of a lead unit (services/progress/exports) as rows of reports.csv.
//
// Cells are found by the keys in their rows and the heads of their columns, never by position: rows
// may have been sorted, deleted or copied together, columns moved.
#ifndef MINSHENG_TOOLS_CLI_REPORT_SHEET_H_
#define MINSHENG_TOOLS_CLI_REPORT_SHEET_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/progress/exports/report_form.h"
#include "services/registry/domain/grid.h"
#include "tools/cli/csv.h"

namespace minsheng::cli {

// One row for each task in which anything was filled in, its cells with their places.
// `blank_rows`: rows of the other tasks.
struct ReportSheet {
  std::vector<CsvRow> rows;
  int blank_rows = 0;
};

// What is wrong goes to `errors`, all of it, each at its cell. Failure NOT_A_REPORT_WORKBOOK when
// no sheet is such a form.
absl::StatusOr<ReportSheet> ReadReportSheet(const registry::Document& document,
                                            absl::string_view file, CellErrors& errors);

// A row of the form as it was found; `places` of all its columns: "F12（累计完成）".
struct FormRow {
  progress::ReportKey key;
  int row = 0;
  std::map<progress::FormField, std::string> words;  // those filled in
  std::map<progress::FormField, std::string> places;

  const std::string& Words(progress::FormField field) const;
  const std::string& Place(progress::FormField field) const;
};

// One task's rows, at least one of them filled in, as a row of reports.csv.
CsvRow TaskReport(const std::vector<FormRow>& rows, CellErrors& errors);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_REPORT_SHEET_H_
