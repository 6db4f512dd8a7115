// Errors that programs can tell apart: an absl::Status that carries a reason code and figures.
//
// A reason is an UPPER_SNAKE_CASE word ("STALE_ETAG"); metadata are the names and figures that
// belong to it. They travel as payloads whose type starts with "minsheng/", so that pure code
// (domain/) can set them with absl alone; the rpc adapter turns them into google.rpc.ErrorInfo.
#ifndef MINSHENG_SERVICES_PLATFORM_BASE_ERROR_H_
#define MINSHENG_SERVICES_PLATFORM_BASE_ERROR_H_

#include <initializer_list>
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace minsheng::platform {

using ErrorFields = std::initializer_list<std::pair<absl::string_view, absl::string_view>>;

// A status with a reason. `message` says what happened, to which resource, and what to do.
absl::Status Error(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                   ErrorFields metadata = {});

// The reason; empty when the status has none.
std::string ReasonOf(const absl::Status& status);

// Every "minsheng/" payload by its name, without "reason".
std::map<std::string, std::string> MetadataOf(const absl::Status& status);

// The same status with `prefix` before its message; payloads are kept.
absl::Status Prefixed(const absl::Status& status, absl::string_view prefix);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_BASE_ERROR_H_
