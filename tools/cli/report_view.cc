#include "tools/cli/report_view.h"

#include "tools/cli/measures.h"
#include "tools/cli/names.h"
#include "tools/cli/times.h"
#include "tools/cli/words.h"

namespace minsheng::cli {
namespace {

using progress::v1::Report;
using progress::v1::ReportingState;

ReportingState StateOf(const Report& report) {
  if (report.has_return_time()) return progress::v1::REPORTING_STATE_RETURNED;
  if (report.nothing_to_report()) return progress::v1::REPORTING_STATE_NOTHING_TO_REPORT;
  return report.late() ? progress::v1::REPORTING_STATE_LATE : progress::v1::REPORTING_STATE_ON_TIME;
}

std::string Words(const Report& report) {
  std::string words = report.progress_text();
  if (!report.problems().empty()) words += " 问题：" + report.problems();
  if (!report.correction_reason().empty()) words += " 更正：" + report.correction_reason();
  if (!report.return_reason().empty()) words += " 退回：" + report.return_reason();
  return words;
}

}  // namespace

std::string PeriodOf(const Report& report) {
  const std::string last = LastSegment(report.name());
  return last.substr(0, last.find('@'));
}

void ShowReports(const Cli& cli, const google::protobuf::RepeatedPtrField<Report>& reports) {
  Table table({{"任务"},
               {"报送期"},
               {"版", Align::kRight},
               {"状态"},
               {"记录时间"},
               {"完成量", Align::kLeft, 40},
               {"完成投资(万元)", Align::kRight},
               {"形象进度和问题", Align::kLeft, 60}});
  for (const Report& report : reports) {
    const ReportingState state = StateOf(report);
    table.Add({ShortTask(report.name()), PeriodOf(report), static_cast<int64_t>(report.version()),
               Cell(ReportingWord(state), ReportingColour(state)),
               ShowInstant(report.record_time()), ShowMeasures(report),
               ShowWanYuan(report.has_completed_investment(), report.completed_investment()),
               Words(report)});
  }
  cli.Print(table);
}

}  // namespace minsheng::cli
