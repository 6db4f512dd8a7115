// The progress service's schema, step by step. A step that was released never changes.
#ifndef MINSHENG_SERVICES_PROGRESS_MIGRATIONS_MIGRATIONS_H_
#define MINSHENG_SERVICES_PROGRESS_MIGRATIONS_MIGRATIONS_H_

#include <vector>

#include "services/platform/journal/verify.h"

namespace minsheng::progress {

std::vector<platform::Migration> Migrations();

// The tables that events project into, the registry's included.
std::vector<platform::ProjectedTable> ProjectedTables();

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_MIGRATIONS_MIGRATIONS_H_
