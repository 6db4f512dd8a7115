#include "services/platform/base/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace minsheng::platform {
namespace {
constexpr absl::string_view kPrefix = "minsheng/";
constexpr absl::string_view kReason = "minsheng/reason";
}  // namespace

absl::Status Error(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                   ErrorFields metadata) {
  absl::Status status(code, message);
  status.SetPayload(kReason, absl::Cord(reason));
  for (const auto& [key, value] : metadata) {
    status.SetPayload(absl::StrCat(kPrefix, key), absl::Cord(value));
  }
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  auto reason = status.GetPayload(kReason);
  return reason ? std::string(*reason) : "";
}

std::map<std::string, std::string> MetadataOf(const absl::Status& status) {
  std::map<std::string, std::string> metadata;
  status.ForEachPayload([&](absl::string_view type, const absl::Cord& value) {
    if (type == kReason || !absl::StartsWith(type, kPrefix)) return;
    metadata[std::string(type.substr(kPrefix.size()))] = std::string(value);
  });
  return metadata;
}

absl::Status Prefixed(const absl::Status& status, absl::string_view prefix) {
  absl::Status prefixed(status.code(), absl::StrCat(prefix, status.message()));
  status.ForEachPayload(
      [&](absl::string_view type, const absl::Cord& value) { prefixed.SetPayload(type, value); });
  return prefixed;
}

}  // namespace minsheng::platform
