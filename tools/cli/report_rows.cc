#include "tools/cli/report_rows.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/registry/domain/money.h"
#include "services/registry/reader/reader.h"
#include "tools/cli/cells.h"
#include "tools/cli/csv.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"
#include "tools/cli/measures.h"
#include "tools/cli/report_sheet.h"
#include "tools/cli/times.h"
#include "tools/cli/words.h"

namespace minsheng::cli {
namespace {

using progress::v1::Report;

constexpr char kPackage[] = "PK\x03\x04";  // what every .xlsx begins with

const std::vector<CsvColumn>& Columns() {
  static const auto* const columns =
      new std::vector<CsvColumn>{{"task", "任务", true},
                                 {"period", "报送期", true},
                                 {"filed_at", "报送时间"},
                                 {"unit", "报送单位"},
                                 {"measures", "完成量"},
                                 {"started_on", "开工日期"},
                                 {"completed_investment", "完成投资"},
                                 {"progress_text", "形象进度"},
                                 {"problems", "存在问题"},
                                 {"next_step", "下一步"},
                                 {"self_rating", "自评"},
                                 {"nothing_to_report", "无进展"},
                                 {"correction_reason", "更正原因"},
                                 {"received_on", "收到日期"}};
  return *columns;
}

void ReadStatement(Cells& cells, Report& report) {
  auto measures = ParseMeasures(cells.Text("measures"));
  cells.Note("measures", measures.status());
  if (measures.ok()) report.mutable_measures()->Add(measures->begin(), measures->end());
  cells.Note("completed_investment", SetWanYuan(cells.Text("completed_investment"), report));
  const auto rating = ParseSelfRating(cells.Text("self_rating"));
  cells.Note("self_rating", rating.status());
  if (rating.ok()) report.set_self_rating(*rating);
  report.set_started_on(cells.Day("started_on"));
  report.set_progress_text(cells.Text("progress_text"));
  report.set_problems(cells.Text("problems"));
  report.set_next_step(cells.Text("next_step"));
  report.set_nothing_to_report(cells.YesNo("nothing_to_report"));
  report.set_correction_reason(cells.Text("correction_reason"));
  report.set_received_on(cells.Day("received_on"));
}

ReportRow ReadRow(Cells& cells) {
  ReportRow row;
  row.row = cells.row();
  row.task = cells.Task("task");
  row.filed_at = cells.Instant("filed_at");
  row.unit = cells.Text("unit");
  row.request.set_period(cells.Needed("period"));
  if (!row.request.period().empty()) cells.Note("period", CheckPeriod(row.request.period()));
  ReadStatement(cells, *row.request.mutable_report());
  return row;
}

std::vector<ReportRow> ReadRows(const std::vector<CsvRow>& rows, CellErrors& errors) {
  std::vector<ReportRow> reports;
  for (const CsvRow& row : rows) {
    Cells cells(row, errors);
    reports.push_back(ReadRow(cells));
  }
  return reports;
}

}  // namespace

absl::Status CheckPeriod(absl::string_view text) {
  const bool year =
      text.size() > 5 && text[4] == '-' && absl::c_all_of(text.substr(0, 4), absl::ascii_isdigit);
  const absl::string_view rest = year ? text.substr(5) : "";
  if (rest == "final" || ParseDay(absl::StrCat(text, "-01")).ok()) return absl::OkStatus();
  return UsageError(absl::StrCat("“", text, "”不是报送期；请写成 2024-06 或 2024-final"));
}

absl::Status SetWanYuan(absl::string_view text, Report& report) {
  if (absl::StripAsciiWhitespace(text).empty()) return absl::OkStatus();
  const auto fen = registry::ParseAmount(text, registry::MoneyUnit::kWanYuan);
  if (!fen.ok()) return UsageError(fen.status().message());
  if (!fen->has_value()) return absl::OkStatus();
  report.mutable_completed_investment()->set_currency("CNY");
  report.mutable_completed_investment()->set_fen(**fen);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ReportRow>> ParseReports(absl::string_view bytes,
                                                    absl::string_view file) {
  ASSIGN_OR_RETURN(const auto rows, ParseCsv(bytes, file, Columns()));
  CellErrors errors;
  std::vector<ReportRow> reports = ReadRows(rows, errors);
  RETURN_IF_ERROR(errors.ToStatus(file));
  return reports;
}

absl::StatusOr<ReportFile> ParseReportFile(absl::string_view bytes, absl::string_view file) {
  ReportFile read;
  if (!absl::StartsWith(bytes, kPackage)) {
    ASSIGN_OR_RETURN(read.reports, ParseReports(bytes, file));
    return read;
  }
  const auto document = registry::ReadXlsx(bytes);
  if (!document.ok()) return platform::Prefixed(document.status(), absl::StrCat(file, "："));
  CellErrors errors;
  ASSIGN_OR_RETURN(const ReportSheet sheet, ReadReportSheet(*document, file, errors));
  read.reports = ReadRows(sheet.rows, errors);
  read.blank_rows = sheet.blank_rows;
  RETURN_IF_ERROR(errors.ToStatus(file));
  return read;
}

absl::StatusOr<ReportFile> ReadReportFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  return ParseReportFile(bytes, path);
}

absl::StatusOr<std::vector<ReportRow>> ReadReports(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  return ParseReports(bytes, path);
}

}  // namespace minsheng::cli
