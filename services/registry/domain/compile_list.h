// The targets of a whole list: each task's words compiled, then what people put right.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_LIST_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_LIST_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"

#include "services/registry/domain/corrections.h"
#include "services/registry/domain/findings.h"
#include "services/registry/domain/money.h"
#include "services/registry/domain/structure.h"

namespace minsheng::registry {

// Hands each task its corrections. A correction whose task now has other words goes to the one task
// that has the words it was made for (CORRECTION_MOVED), else stays (CORRECTION_TEXT_CHANGED). One
// without a task is CORRECTION_UNUSED when it was kept, UNKNOWN_TASK_IN_CORRECTIONS when it is new.
void AssignCorrections(absl::Span<const Correction> corrections, ProjectList& list,
                       Findings& findings);

// Sets contents, amounts and units that were put right. BAD_CORRECTION for what cannot be read;
// `unit` is that of amounts without one.
void CorrectTasks(std::optional<MoneyUnit> unit, ProjectList& list, Findings& findings);

// Compiles each task's content and puts its targets right. Doubts become diagnostics with the
// compiler's codes; other codes: BAD_CORRECTION, NO_TARGETS.
void CompileList(int year, ProjectList& list, Findings& findings);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_LIST_H_
