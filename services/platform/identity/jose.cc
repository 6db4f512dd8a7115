#include "services/platform/identity/jose.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"

namespace minsheng::platform {

std::optional<std::string> DecodeBase64Url(absl::string_view text) {
  const auto fits = [](char c) { return absl::ascii_isalnum(c) || c == '-' || c == '_'; };
  std::string bytes;
  if (!std::all_of(text.begin(), text.end(), fits) || !absl::WebSafeBase64Unescape(text, &bytes) ||
      absl::WebSafeBase64Escape(bytes) != text) {
    return std::nullopt;
  }
  return bytes;
}

JsonPtr ParseJsonObject(absl::string_view text) {
  JsonPtr json(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, nullptr));
  return json_is_object(json.get()) ? std::move(json) : nullptr;
}

std::optional<absl::string_view> TextMember(const json_t* object, const char* name) {
  const json_t* member = json_object_get(object, name);
  if (!json_is_string(member)) return std::nullopt;
  return absl::string_view(json_string_value(member), json_string_length(member));
}

std::string JsonText(const json_t* json) {
  const std::unique_ptr<char, decltype(&free)> text(json_dumps(json, JSON_COMPACT), &free);
  return text == nullptr ? "" : text.get();
}

}  // namespace minsheng::platform
