// A table without any header. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_BARE_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_BARE_H_

#include <optional>

#include "services/registry/domain/grid.h"
#include "services/registry/domain/layouts.h"

namespace minsheng::registry {

// The columns are told by what their cells are: running numbers, names, words with figures, plain
// decimals, units, times. nullopt unless every column is clear: so for a table with a header that
// is not known, for contacts, for two columns of decimals. The message says which is which.
std::optional<Tabulated> TabulateBare(const Grid& grid);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_BARE_H_
