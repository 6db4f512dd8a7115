#include "services/registry/domain/compile.h"

#include <algorithm>
#include <utility>

#include "services/registry/domain/compile_reader.h"
#include "services/registry/domain/compile_report.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {

Compiled CompileTargets(absl::string_view content, const CompileContext& context) {
  if (IsBlank(content)) return compiler::ReportSchedule(context);
  compiler::Work work(content, context);
  compiler::ReadTargets(work);
  compiler::ReadSchedule(work);
  return compiler::Report(work);
}

}  // namespace minsheng::registry
