// Documents of old office programs as those of today, by LibreOffice.
#ifndef MINSHENG_TOOLS_CLI_CONVERT_H_
#define MINSHENG_TOOLS_CLI_CONVERT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace minsheng::cli {

// .doc, .xls, .wps and .et files begin so.
bool IsOldDocument(absl::string_view bytes);

// The document at `path` as .docx, or a workbook (.xls, .et) as .xlsx. Fails with CONVERTER_MISSING
// when soffice is not in PATH, CONVERSION_FAILED when it does not manage within a minute.
absl::StatusOr<std::string> ConvertDocument(const std::string& path);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_CONVERT_H_
