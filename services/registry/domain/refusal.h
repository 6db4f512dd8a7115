// Refusals of whole inputs: INVALID_ARGUMENT with a machine-readable reason (UPPER_SNAKE) as
// payload and a Chinese message that says what was found and what to do.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_REFUSAL_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_REFUSAL_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace minsheng::registry {

inline constexpr char kReasonPayload[] = "minsheng/reason";

absl::Status Refuse(absl::string_view reason, absl::string_view message);

// The reason that Refuse attached, or "" when there is none.
std::string ReasonOf(const absl::Status& status);

// The same reason before another message.
absl::Status WithPrefix(const absl::Status& status, absl::string_view prefix);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_REFUSAL_H_
