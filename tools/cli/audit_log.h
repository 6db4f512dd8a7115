// What an audit reads of a service: its events and its refused attempts, from the beginning.
#ifndef MINSHENG_TOOLS_CLI_AUDIT_LOG_H_
#define MINSHENG_TOOLS_CLI_AUDIT_LOG_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "minsheng/common/v1/event_log.grpc.pb.h"
#include "tools/cli/cli.h"
#include "tools/cli/progress_bar.h"

namespace minsheng::cli {

// Reads what one caller of a service may see, page by page.
class AuditLog {
 public:
  // `service` by its name; the caller is --role, or else the auditor.
  static absl::StatusOr<AuditLog> Of(Cli& cli, const std::string& service);

  // In order; on the bar as it goes.
  absl::Status EachEvent(ProgressBar& bar,
                         absl::FunctionRef<absl::Status(const common::v1::Event&)> each) const;
  absl::Status EachRefusal(absl::FunctionRef<absl::Status(const common::v1::Refusal&)> each) const;

  const Peer& peer() const { return peer_; }

 private:
  explicit AuditLog(Peer peer) : peer_(std::move(peer)) {}
  Peer peer_;
};

// audit list: who changed what, and who was refused what.
void AddAuditList(CLI::App& audit, Cli& cli);
// audit export: both chains as JSON lines, for whoever wants to recompute them.
void AddAuditExport(CLI::App& audit, Cli& cli);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_AUDIT_LOG_H_
