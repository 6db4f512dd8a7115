// Reports in a file: reports.csv, one row per report, or the monthly workbook of a lead unit.
#ifndef MINSHENG_TOOLS_CLI_REPORT_ROWS_H_
#define MINSHENG_TOOLS_CLI_REPORT_ROWS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "minsheng/progress/v1/progress.pb.h"

namespace minsheng::cli {

struct ReportRow {
  int row = 0;
  std::string task;  // short or whole name
  absl::optional<absl::Time> filed_at;
  std::string unit;
  progress::v1::SubmitReportRequest request;  // period and report; `parent` is left to the caller
};

// Columns: task, period, measures ("1=19; 2=开工"), started_on, completed_investment (万元),
// progress_text, problems, next_step, self_rating, nothing_to_report, correction_reason,
// received_on, unit, filed_at. Fails with BAD_CELLS, every cell told.
absl::StatusOr<std::vector<ReportRow>> ReadReports(const std::string& path);
absl::StatusOr<std::vector<ReportRow>> ParseReports(absl::string_view bytes,
                                                    absl::string_view file);

// Of a file that people fill in. `blank_rows` are rows of a workbook in which nothing was filled
// in.
struct ReportFile {
  std::vector<ReportRow> reports;
  int blank_rows = 0;
};

// Either form, told from the bytes. Fails with BAD_CELLS, every cell told (of a workbook by its
// name, F12); NOT_A_REPORT_WORKBOOK; or the reader's refusals.
absl::StatusOr<ReportFile> ReadReportFile(const std::string& path);
absl::StatusOr<ReportFile> ParseReportFile(absl::string_view bytes, absl::string_view file);

// "2024-06" or "2024-final". Usage error for anything else.
absl::Status CheckPeriod(absl::string_view text);

// An amount in 万元, exact. Usage error for what is none; a blank one sets nothing.
absl::Status SetWanYuan(absl::string_view text, progress::v1::Report& report);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_REPORT_ROWS_H_
