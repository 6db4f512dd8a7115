// Matrices of areas and indicators. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_MATRIX_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_MATRIX_H_

#include <optional>

#include "services/registry/domain/grid.h"
#include "services/registry/domain/layouts.h"

namespace minsheng::registry {

// Areas down, indicators across: each area is a project that it leads itself, its figures are the
// content; the row of totals stays beside the table. Indicators down with their units, a total and
// areas across: each indicator is a project with its total, without a lead; the areas' figures are
// kept. Totals that are not the sums of the areas are told in the message. nullopt when a figure is
// no plain decimal, an indicator has no unit, or indicators have no total.
std::optional<Tabulated> TabulateMatrix(const Grid& grid);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_MATRIX_H_
