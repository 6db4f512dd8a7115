// Printed heads of the services' logs, to be kept outside and held against them later.
//
// One line each: SERVICE:POSITION:HEX:REFUSALS:HEX, "-" for the hash of an empty log.
// POSITION:HEX, as earlier versions printed it, says nothing of refusals and names no service.
#ifndef MINSHENG_TOOLS_CLI_ANCHORS_H_
#define MINSHENG_TOOLS_CLI_ANCHORS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "minsheng/common/v1/event_log.pb.h"

namespace minsheng::cli {

struct Anchor {
  std::string service;  // empty in the short form
  common::v1::VerifyLogRequest request;
};

// Usage error for anything else.
absl::StatusOr<Anchor> ParseAnchor(absl::string_view text);
// Blank lines and those that begin with # say nothing. Failure FILE_UNREADABLE, usage error.
absl::StatusOr<std::vector<Anchor>> ReadAnchors(const std::string& path);
std::string AnchorText(const std::string& service, const common::v1::VerifyLogResponse& response);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_ANCHORS_H_
