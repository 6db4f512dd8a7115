// Percent-encoding: how UTF-8 travels in gRPC metadata and in URLs.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_PERCENT_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_PERCENT_H_

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace minsheng::platform {

inline std::string PercentEncode(absl::string_view text) {
  std::string out;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.') {
      out += c;
    } else {
      absl::StrAppendFormat(&out, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// What is no valid escape stays as it is.
inline std::string PercentDecode(absl::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) &&
                        absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2]));
    if (!escape) {
      out += text[i];
      continue;
    }
    out += absl::HexStringToBytes(text.substr(i + 1, 2));
    i += 2;
  }
  return out;
}

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_PERCENT_H_
