// What holds of every document, whatever its form. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_CHECK_H_
#define MINSHENG_SERVICES_REGISTRY_READER_CHECK_H_

#include "absl/status/statusor.h"

#include "services/registry/domain/grid.h"

namespace minsheng::registry {

// The document, when its cells are valid UTF-8 within kMaxCellBytes. Refusals: BAD_DOCUMENT,
// TOO_LARGE, NO_TABLE when there is no row at all.
absl::StatusOr<Document> CheckDocument(Document document);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_CHECK_H_
