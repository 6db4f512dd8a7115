#include "tools/cli/audit_log.h"

#include "absl/strings/str_cat.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::cli {

using common::v1::EventLogService;
using common::v1::ListRefusalsRequest;
using common::v1::ReadEventsRequest;

namespace {

constexpr int32_t kPageMax = 1000;

}  // namespace

absl::StatusOr<AuditLog> AuditLog::Of(Cli& cli, const std::string& service) {
  ASSIGN_OR_RETURN(const Peer* peer, cli.PeerNamed(service));
  return AuditLog(peer->As(cli.As(kAuditor)));
}

absl::Status AuditLog::EachEvent(
    ProgressBar& bar, absl::FunctionRef<absl::Status(const common::v1::Event&)> each) const {
  ReadEventsRequest request;
  request.set_max(kPageMax);
  const std::string chapter = absl::StrCat("读取 ", peer_.service(), " 的日志");
  while (true) {
    ASSIGN_OR_RETURN(const auto page, peer_.Call(&EventLogService::Stub::ReadEvents, request));
    for (const auto& event : page.events()) RETURN_IF_ERROR(each(event));
    if (page.read_to() <= request.after()) return absl::OkStatus();
    request.set_after(page.read_to());
    if (page.head_position() > kPageMax) {
      bar.Show(page.read_to(), page.head_position(), chapter, chapter);
    }
  }
}

absl::Status AuditLog::EachRefusal(
    absl::FunctionRef<absl::Status(const common::v1::Refusal&)> each) const {
  ListRefusalsRequest request;
  request.set_max(kPageMax);
  while (true) {
    ASSIGN_OR_RETURN(const auto page, peer_.Call(&EventLogService::Stub::ListRefusals, request));
    for (const auto& refusal : page.refusals()) RETURN_IF_ERROR(each(refusal));
    if (page.read_to() <= request.after()) return absl::OkStatus();
    request.set_after(page.read_to());
  }
}

}  // namespace minsheng::cli
