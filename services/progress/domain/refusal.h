// How the rules say no: a status for the caller's code, a reason for programs, words for officials.
// Internal to the folder.
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_REFUSAL_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_REFUSAL_H_

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"

namespace minsheng::progress {

// `reason` becomes the payload "minsheng/reason", `field` (when there is one) "minsheng/field".
inline absl::Status Refusal(absl::StatusCode code, absl::string_view reason,
                            absl::string_view field, absl::string_view message) {
  absl::Status status(code, message);
  status.SetPayload("minsheng/reason", absl::Cord(reason));
  if (!field.empty()) status.SetPayload("minsheng/field", absl::Cord(field));
  return status;
}

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_REFUSAL_H_
