// JSON and base64url as signed tokens want them: one way to write each, nothing twice.
#ifndef MINSHENG_SERVICES_PLATFORM_IDENTITY_JOSE_H_
#define MINSHENG_SERVICES_PLATFORM_IDENTITY_JOSE_H_

#include <jansson.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::platform {

struct JsonRelease {
  void operator()(json_t* json) const { json_decref(json); }
};
using JsonPtr = std::unique_ptr<json_t, JsonRelease>;

// The bytes; nullopt for padding, other alphabets, and the further spellings of the same bytes that
// unused bits allow.
std::optional<std::string> DecodeBase64Url(absl::string_view text);

// An object in which no name stands twice; null for anything else.
JsonPtr ParseJsonObject(absl::string_view text);

// A member that is a text; nullopt when it is absent or something else.
std::optional<absl::string_view> TextMember(const json_t* object, const char* name);

// Without blanks or line breaks.
std::string JsonText(const json_t* json);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_IDENTITY_JOSE_H_
