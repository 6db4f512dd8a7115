#include "services/registry/domain/layouts.h"

#include <array>

#include "services/registry/domain/layout_bare.h"
#include "services/registry/domain/layout_dense.h"
#include "services/registry/domain/layout_matrix.h"
#include "services/registry/domain/layout_prose.h"

namespace minsheng::registry {

std::optional<Tabulated> Tabulate(const Grid& grid) {
  constexpr std::array kLayouts = {TabulateMatrix, TabulateBare, TabulateDense, TabulateProse};
  for (const auto& layout : kLayouts) {
    if (auto made = layout(grid)) return made;
  }
  return std::nullopt;
}

}  // namespace minsheng::registry
