// What the cells of the monthly form take, and how its goals read.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_PROGRESS_EXPORTS_REPORT_RULES_H_
#define MINSHENG_SERVICES_PROGRESS_EXPORTS_REPORT_RULES_H_

#include <string>

#include "minsheng/registry/v1/registry.pb.h"
#include "services/platform/xlsx/workbook.h"
#include "services/progress/exports/last_stated.h"
#include "services/progress/exports/report_form.h"

namespace minsheng::progress {

// False for words without a number: qualitative goals and services.
bool IsMeasured(const registry::v1::Target& target);

// Whether the service asks for it in the first report: goals that are counts, coverage or works.
bool IsNeeded(const registry::v1::Target& target);

// 累计完成 of a target: a stage of work for events, a number up to the base for coverage, else any
// number from 0.
platform::xlsx::Validation MeasureRule(const registry::v1::Target& target, const Statement& last);

// The columns that are filled in once for a task.
platform::xlsx::Validation TaskRule(FormField field, const registry::v1::Task& task,
                                    const LastStated& last);

// A goal as officials write it: "≥41个，力争50个", "完成（6月30日前）".
std::string GoalOf(const registry::v1::Target& target);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_EXPORTS_REPORT_RULES_H_
