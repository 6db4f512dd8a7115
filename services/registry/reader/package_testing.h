// Office packages built from XML text, for tests and fuzzers.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_PACKAGE_TESTING_H_
#define MINSHENG_SERVICES_REGISTRY_READER_PACKAGE_TESTING_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "services/registry/domain/grid.h"

namespace minsheng::registry {

using Parts = std::vector<std::pair<std::string, std::string>>;

// A zip of these parts, deflated or stored.
std::string Zip(const Parts& parts, bool deflated = true);

// A .docx around the content of w:body; with the contents of w:styles and w:numbering if not empty.
std::string Docx(const std::string& body, const std::string& styles = "",
                 const std::string& numbering = "", const Parts& more = {});
Parts DocxParts(const std::string& body, const std::string& styles, const std::string& numbering);

// An .xlsx around the content of one sheet's worksheet element; with the contents of sst and
// styleSheet if not empty.
std::string Xlsx(const std::string& sheet, const std::string& strings = "",
                 const std::string& styles = "");
// An .xlsx of several sheets, each with its attributes in the workbook: {state='hidden', content}.
std::string XlsxOfSheets(const Parts& sheets, const std::string& strings = "",
                         const std::string& styles = "");
Parts XlsxParts(const Parts& sheets, const std::string& strings, const std::string& styles,
                const std::string& workbook = "");

// What a reading must be, whatever the bytes: a refusal with its reason, or a document whose rows,
// formats and notes hold together. "" when it is, else what is wrong.
std::string Complaint(const absl::StatusOr<Document>& read);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_PACKAGE_TESTING_H_
