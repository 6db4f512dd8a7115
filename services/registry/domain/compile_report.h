// Last stage of the target compiler: drafts → what the caller gets, numbered in the order of the
// text, with the doubts that every target of a kind has, and what no target was read from.
// Not thread-safe: takes the work apart.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_REPORT_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_REPORT_H_

#include "absl/strings/string_view.h"

#include "services/registry/domain/compile.h"
#include "services/registry/domain/compile_work.h"

namespace minsheng::registry::compiler {

Compiled Report(Work& work);

// compile_project_name.cc: doubts about a content that its project's name does not fit, or that is
// nothing but the name.
void JudgeName(Work& work);

// Of a blank content: the steps of the columns of time.
Compiled ReportSchedule(const CompileContext& context);

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_REPORT_H_
