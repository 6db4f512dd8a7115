#include "services/registry/domain/layouts.h"

namespace minsheng::registry {

std::optional<Tabulated> Tabulate(const Grid&) { return std::nullopt; }

}  // namespace minsheng::registry
