// A stored list as an .xlsx that prints as the notice's own table: A4 landscape, title and header
// repeated on every page, merged numbers and names; see list_layout.h for what it keeps.
#ifndef MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_SHEET_H_
#define MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_SHEET_H_

#include <string>

#include "absl/status/statusor.h"
#include "services/registry/exports/list_layout.h"

namespace minsheng::registry {

// The file's bytes, the same for the same list. Amounts are numbers wherever a spreadsheet holds
// them exactly (15 digits), else text. INVALID_ARGUMENT TOO_LONG_FOR_SHEET.
absl::StatusOr<std::string> ListSheet(const StoredList& list);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_SHEET_H_
