// Third stage of the target compiler: which figures may be a target's. Money, ages, times and sizes
// of things are none, unless the words make them one. Not thread-safe: changes the work.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_USES_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_USES_H_

#include "services/registry/domain/compile_work.h"

namespace minsheng::registry::compiler {

// Sets the use of every figure; adds MONEY_FIGURE, BENEFIT_FIGURE, PAST_FIGURE and
// UNCLEAR_FIGURE.
void ResolveUses(Work& work);

// compile_past.cc: a figure of an earlier year, or of what is there already. `first` is the first
// token of its clause.
bool IsPastFigure(const Work& work, int first, int token);

bool ContainsAnyOf(absl::string_view text, const absl::string_view* words, std::size_t count);

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_USES_H_
