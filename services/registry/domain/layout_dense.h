// A table whose cells came out one per line. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_DENSE_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_DENSE_H_

#include <optional>

#include "services/registry/domain/grid.h"
#include "services/registry/domain/layouts.h"

namespace minsheng::registry {

// A run of header labels on lines of their own, beginning with that of the numbers, then cells. The
// number of labels and the running numbers tell where a row begins; blank lines are blank cells if
// the rows fit with them and do not without. nullopt unless all rows fit.
std::optional<Tabulated> TabulateDense(const Grid& grid);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_DENSE_H_
