// A stored list as CSV in the notice's own form; see list_layout.h for what it keeps.
#ifndef MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_CSV_H_
#define MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_CSV_H_

#include <string>

#include "services/registry/exports/list_layout.h"

namespace minsheng::registry {

// UTF-8 with a byte order mark, as spreadsheets want it; RFC 4180 with line feeds. Pure.
std::string ListCsv(const StoredList& list);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_CSV_H_
