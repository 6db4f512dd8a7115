// Bytes of a file to valid UTF-8 text, by what the bytes are and never by the file's name.
// Uses iconv of libc, a pure conversion. Thread-safe.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_ENCODING_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_ENCODING_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace minsheng::registry {

// `text` is UTF-8 without BOM and NUL; `converted_from` is "" for UTF-8, else "UTF-16" or
// "GB18030".
struct DecodedText {
  std::string text;
  std::string converted_from;
};

// Refusals: EMPTY_FILE; TOO_LARGE above kMaxNoticeBytes; NOT_TEXT for PDF, zip (docx, xlsx), OLE
// (doc, xls) and NUL bytes; TRUNCATED when the last character is cut; BAD_ENCODING for everything
// else that is no text.
absl::StatusOr<DecodedText> DecodeText(absl::string_view bytes);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_ENCODING_H_
