// Traditional characters, read as simplified ones. Thread-safe: built once, then only read.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_SCRIPT_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_SCRIPT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::registry::compiler {

// The simplified form of a character of three bytes; the character itself where lists know no
// other.
absl::string_view SimplifiedOf(absl::string_view c);

// All of a text's.
std::string Simplified(absl::string_view text);

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_SCRIPT_H_
