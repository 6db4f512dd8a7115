// Lists in prose: numbered or parted items, with headings above and sub-items below them, and
// blocks of labelled lines. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_PROSE_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_PROSE_H_

#include <optional>

#include "services/registry/domain/grid.h"
#include "services/registry/domain/layouts.h"

namespace minsheng::registry {

// Of a letter with its annexes the part that has most items. nullopt for prose that only has
// numbers: neither a title that names a list, nor units or labels in its items, or the words of
// orders and reports.
std::optional<Tabulated> TabulateProse(const Grid& grid);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_PROSE_H_
