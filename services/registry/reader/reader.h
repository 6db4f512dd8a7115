// Opens a list's file in any form that offices send it: .docx, .xlsx, .html (and .mht, and .xls or
// .doc that are HTML), .csv and plain text. The form is seen from the bytes, never from the name.
// Thread-safe: pure functions.
//
// Rows without words are not in a sheet's grid, and its columns begin with A: places are those of
// the sheet. A document's or page's rows are numbered through tables and prose alike. Raster
// columns in which no cell begins are none, so that spans count what one sees. A number is the
// stored decimal text (decimal.h); a percentage or date is what Excel shows (number_format.h).
//
// Refusals (INVALID_ARGUMENT, payload minsheng/reason), each with what to do: EMPTY_FILE,
// TOO_LARGE (the file, an unpacked part, a table; limits.h), NOT_TEXT (PDF, images, other
// archives), BAD_ENCODING, TRUNCATED, BAD_ARCHIVE (a damaged or encrypted package), BAD_DOCUMENT
// (XML that cannot be read, or with a document type), TOO_MANY_ROWS, OLD_FORMAT (.doc, .xls, .wps,
// .rtf, .ods, .xlsb, XML of Office 2003: to be saved as .docx or .xlsx first), NO_TABLE (a document
// or page without any table or text).
//
// Notes. Warnings: DELETED_TEXT, HIDDEN_TEXT, HIDDEN_ROWS, HIDDEN_SHEET, COVERED_TEXT (under a
// merged cell), EMBEDDED_DOCUMENT, SYMBOL_LEFT_OUT, FORMULA_WITHOUT_VALUE, CELL_ERROR,
// SCALED_NUMBER_FORMAT. Infos: HIDDEN_COLUMNS, ENCODING_CONVERTED. No more than kMaxNotesPerCode of
// one code.
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
