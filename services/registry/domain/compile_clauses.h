// Second stage of the target compiler: tokens → clauses, the stretches between commas and stops.
// An enumeration stays in one clause; figures joined by 、 come apart. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_CLAUSES_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_CLAUSES_H_

#include <vector>

#include "services/registry/domain/compile_work.h"

namespace minsheng::registry::compiler {

// A figure that may be a target's.
bool IsMeasure(const Work& work, int token);
// One of [first, last), outside brackets.
bool HasMeasure(const Work& work, int first, int last);

std::vector<Clause> SplitClauses(const Work& work);

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_CLAUSES_H_
