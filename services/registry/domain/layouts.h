// Lists that are no table with a header, brought into the form of one: prose in numbered or parted
// items, blocks of labelled lines, one cell per line, matrices of areas and indicators.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUTS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUTS_H_

#include <optional>
#include <string>

#include "services/registry/domain/grid.h"

namespace minsheng::registry {

// `grid` has the lines above the list as prose, then a header that MatchHeader knows and rows of
// its width, each with the row number of the words it was made from. `message` says in Chinese what
// was found and how it is read; the caller warns with it.
struct Tabulated {
  Grid grid;
  std::string message;
};

// nullopt when it is none of these. For grids in which FindHeader finds nothing.
std::optional<Tabulated> Tabulate(const Grid& grid);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUTS_H_
