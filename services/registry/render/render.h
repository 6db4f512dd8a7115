// A parsed notice in the words of the proto: the one rendering that an import stores, that a dry
// run shows, and that `minsheng notice parse` prints without any service.
//
// Pure: no store, no clock. Etags, changes, diff hash and `stored` are the caller's to fill.
#ifndef MINSHENG_SERVICES_REGISTRY_RENDER_RENDER_H_
#define MINSHENG_SERVICES_REGISTRY_RENDER_RENDER_H_

#include <string>

#include "absl/types/span.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "services/registry/domain/notice.h"
#include "services/registry/domain/targets.h"

namespace minsheng::registry {

// The list as a draft program with its projects, tasks, units and diagnostics, all in the list's
// order (units in the order of their first mention).
//
// `request` tells what the file does not say: parent ("districts/500156"), year, document number,
// date, approving body, report recipient, illustration. Its content and corrections are not read.
v1::ImportProgramResponse RenderNotice(const Notice& notice,
                                       const v1::ImportProgramRequest& request);

// "districts/500156/programs/2024" + "municipal-11/2" → ".../projects/municipal-11/tasks/2".
std::string TaskName(absl::string_view program, absl::string_view task_id);

// "districts/500156" + "区交通局" → "districts/500156/units/区交通局"; a slash in the title is
// escaped.
std::string UnitName(absl::string_view district, absl::string_view title);

v1::Diagnostic RenderDiagnostic(const Diagnostic& diagnostic);
v1::Target RenderTarget(const TargetRow& row);
v1::Correction RenderCorrection(const Correction& correction);

// The way back. Days that are none are left out.
TargetRow TargetRowOf(const v1::Target& target);
// `task_id` is "municipal-11/2".
Correction CorrectionOf(absl::string_view task_id, const v1::Correction& correction);

// "…/projects/municipal-11/tasks/2" → "municipal-11/2".
std::string TaskIdOf(absl::string_view task_name);

// True when one of the diagnostics is an error.
bool HasErrors(const v1::ImportProgramResponse& response);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_RENDER_RENDER_H_
