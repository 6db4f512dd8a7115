// The monthly reporting workbook of one lead unit: a row for each target of each of its tasks, with
// what is known filled in and cells for what the unit states; see report_form.h.
#ifndef MINSHENG_SERVICES_PROGRESS_EXPORTS_REPORT_WORKBOOK_H_
#define MINSHENG_SERVICES_PROGRESS_EXPORTS_REPORT_WORKBOOK_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "minsheng/registry/v1/registry.pb.h"

namespace minsheng::progress {

// `tasks` are those whose first lead is `unit`, in the list's order. `reports` may be of any task
// and period: what counts as stated before are the newest ones up to `period` that were not
// returned.
struct ReportingUnit {
  registry::v1::Program program = {};
  std::string unit = {};
  std::string period = {};  // "2024-05" or "2024-final"
  std::vector<registry::v1::Task> tasks = {};
  std::vector<v1::Report> reports = {};
};

// The .xlsx's bytes, the same for the same input. Pure. INVALID_ARGUMENT NOT_A_PERIOD,
// TOO_LONG_FOR_SHEET.
absl::StatusOr<std::string> ReportWorkbook(const ReportingUnit& unit);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_EXPORTS_REPORT_WORKBOOK_H_
