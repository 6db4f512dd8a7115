// Opens a list's file in any form that offices send it: .docx, .xlsx, .html, .csv and plain text.
// The form is seen from the bytes, never from the name. Thread-safe: pure functions.
//
// Refusals (INVALID_ARGUMENT, payload minsheng/reason), each with what to do: EMPTY_FILE,
// TOO_LARGE (the file, an unpacked part, a table), NOT_TEXT, BAD_ENCODING, TRUNCATED, BAD_ARCHIVE
// (a damaged or encrypted package), BAD_DOCUMENT (XML that cannot be read, or with entities of its
// own), TOO_MANY_ROWS, OLD_FORMAT (.doc, .xls, .wps: to be saved as .docx or .xlsx first),
// NO_TABLE (a document or page without any table or text).
#ifndef MINSHENG_SERVICES_REGISTRY_READER_READER_H_
#define MINSHENG_SERVICES_REGISTRY_READER_READER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/registry/domain/grid.h"

namespace minsheng::registry {

absl::StatusOr<Document> ReadDocument(absl::string_view bytes);

// One form each; `bytes` are of that form.
absl::StatusOr<Document> ReadDocx(absl::string_view bytes);
absl::StatusOr<Document> ReadXlsx(absl::string_view bytes);
absl::StatusOr<Document> ReadHtml(absl::string_view bytes);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_READER_H_
