// clock show, clock advance.
#include <memory>

#include "absl/strings/str_cat.h"
#include "minsheng/common/v1/clock.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "tools/cli/clock.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/json.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

using common::v1::AdvanceClockRequest;
using common::v1::ClockService;
using common::v1::GetClockRequest;
using common::v1::GetClockResponse;

void Print(const Cli& cli, const GetClockResponse& registry, const GetClockResponse& progress) {
  if (cli.json()) {
    cli.out() << ToJson(JsonParts{{"registry", ToJson(registry)}, {"progress", ToJson(progress)}});
    return;
  }
  const auto line = [&](const char* service, const GetClockResponse& clock) {
    cli.out() << service << "  " << FormatInstant(platform::FromTimestamp(clock.now()))
              << (clock.rehearsal() ? "  演练时间" : "  真实时间") << '\n';
  };
  line("registry", registry);
  line("progress", progress);
}

absl::Status ShowClocks(Cli& cli) {
  ASSIGN_OR_RETURN(const auto registry, GetClock(cli.registry()));
  ASSIGN_OR_RETURN(const auto progress, GetClock(cli.progress()));
  Print(cli, registry, progress);
  return absl::OkStatus();
}

// A clock that stands there already needs no move.
absl::Status AdvanceOne(Cli& cli, const Peer& peer, absl::Time to, const std::string& request_id) {
  ASSIGN_OR_RETURN(const auto clock, GetClock(peer));
  if (clock.rehearsal() && platform::FromTimestamp(clock.now()) == to) return absl::OkStatus();
  return AdvanceClock(peer, to, cli.As(kOperator), request_id).status();
}

absl::Status AdvanceClocks(Cli& cli, const std::string& text) {
  ASSIGN_OR_RETURN(const absl::Time to, ParseInstant(text));
  const std::string request_id = cli.RequestId();
  RETURN_IF_ERROR(AdvanceOne(cli, cli.registry(), to, request_id));
  RETURN_IF_ERROR(AdvanceOne(cli, cli.progress(), to, request_id));
  return ShowClocks(cli);
}

}  // namespace

absl::StatusOr<GetClockResponse> GetClock(const Peer& peer) {
  return peer.Call(&ClockService::Stub::GetClock, GetClockRequest());
}

absl::StatusOr<absl::Time> AdvanceClock(const Peer& peer, absl::Time to,
                                        const platform::Principal& caller,
                                        const std::string& request_id) {
  AdvanceClockRequest request;
  *request.mutable_to() = platform::ToTimestamp(to);
  request.set_request_id(request_id);
  ASSIGN_OR_RETURN(const auto response,
                   peer.Call(&ClockService::Stub::AdvanceClock, request, caller));
  return platform::FromTimestamp(response.now());
}

void AddClockCommands(CLI::App& app, Cli& cli) {
  CLI::App* clock =
      AddGroup(app, "clock", "The services' time; a rehearsal's is moved by hand (时间)");
  cli.OnRun(clock->add_subcommand("show", "What time the services believe it is"), ShowClocks);
  auto to = std::make_shared<std::string>();
  CLI::App* advance = clock->add_subcommand("advance", "Move a rehearsal's time forward");
  advance->add_option("TO", *to, "2024-10-01 or 2024-10-01T09:00:00+08:00")->required();
  cli.OnRun(advance, [to](Cli& c) { return AdvanceClocks(c, *to); });
}

}  // namespace minsheng::cli
