// The registry's schema, step by step. A step that was released never changes.
#ifndef MINSHENG_SERVICES_REGISTRY_MIGRATIONS_MIGRATIONS_H_
#define MINSHENG_SERVICES_REGISTRY_MIGRATIONS_MIGRATIONS_H_

#include <vector>

#include "services/platform/journal/verify.h"

namespace minsheng::registry {

std::vector<platform::Migration> Migrations();

// The tables that events project into.
std::vector<platform::ProjectedTable> ProjectedTables();

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_MIGRATIONS_MIGRATIONS_H_
