// What a file is, seen from its first bytes. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_SNIFF_H_
#define MINSHENG_SERVICES_REGISTRY_READER_SNIFF_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace minsheng::registry {

// kOld and kForeign are refused, the rest is read; kText is what nothing else is.
enum class FileKind { kText, kPage, kPackage, kOld, kForeign };

FileKind KindOf(absl::string_view bytes);

// A page: HTML of any maker, or a mail with pages in it (.mht). `text` is decoded, or ASCII enough.
bool IsPage(absl::string_view text);
bool IsMail(absl::string_view text);

// The refusal of a file of kOld (OLD_FORMAT; BAD_ARCHIVE when encrypted) or kForeign (NOT_TEXT),
// with what to do.
absl::Status RefuseKind(absl::string_view bytes);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_SNIFF_H_
