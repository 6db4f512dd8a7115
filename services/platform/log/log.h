// Structured logging: one JSON object per line on stderr. Thread-safe.
//
// Values must not hold secrets, contacts or persons' names.
#ifndef MINSHENG_SERVICES_PLATFORM_LOG_LOG_H_
#define MINSHENG_SERVICES_PLATFORM_LOG_LOG_H_

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace minsheng::platform {

using LogFields = std::initializer_list<std::pair<absl::string_view, std::string>>;

// Sets the name that stands in every line; call once, before the first line.
void StartLog(absl::string_view service);

void LogInfo(absl::string_view event, LogFields fields = {});
void LogWarning(absl::string_view event, LogFields fields = {});
void LogError(absl::string_view event, LogFields fields = {});

// `text` as the inside of a JSON string.
std::string JsonEscape(absl::string_view text);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_LOG_LOG_H_
