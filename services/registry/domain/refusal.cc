#include "services/registry/domain/refusal.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace minsheng::registry {

absl::Status Refuse(absl::string_view reason, absl::string_view message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kReasonPayload, absl::Cord(reason));
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  const auto reason = status.GetPayload(kReasonPayload);
  return reason.has_value() ? std::string(*reason) : std::string();
}

absl::Status WithPrefix(const absl::Status& status, absl::string_view prefix) {
  return Refuse(ReasonOf(status), absl::StrCat(prefix, status.message()));
}

}  // namespace minsheng::registry
