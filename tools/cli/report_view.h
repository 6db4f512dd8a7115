// Reports on the terminal.
#ifndef MINSHENG_TOOLS_CLI_REPORT_VIEW_H_
#define MINSHENG_TOOLS_CLI_REPORT_VIEW_H_

#include <string>

#include "minsheng/progress/v1/progress.pb.h"
#include "tools/cli/cli.h"

namespace minsheng::cli {

void ShowReports(const Cli& cli,
                 const google::protobuf::RepeatedPtrField<progress::v1::Report>& reports);

// The period in a report's name: "…/reports/2024-06@2" → "2024-06".
std::string PeriodOf(const progress::v1::Report& report);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_REPORT_VIEW_H_
