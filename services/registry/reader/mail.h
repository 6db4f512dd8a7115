// Pages saved as one mail (.mht, .mhtml; Word and Excel: 单个文件网页). Thread-safe: pure
// functions.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_MAIL_H_
#define MINSHENG_SERVICES_REGISTRY_READER_MAIL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace minsheng::registry {

// The bodies of the text/html parts, decoded, in order. Refusals: BAD_DOCUMENT when there is none
// or one cannot be decoded, TOO_LARGE above kMaxMailParts.
absl::StatusOr<std::vector<std::string>> PagesOfMail(absl::string_view mail);

std::string DecodeQuotedPrintable(absl::string_view text);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_MAIL_H_
