// The services' clocks, as a rehearsal moves them.
#ifndef MINSHENG_TOOLS_CLI_CLOCK_H_
#define MINSHENG_TOOLS_CLI_CLOCK_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "minsheng/common/v1/clock.pb.h"
#include "services/platform/rpc/context.h"
#include "tools/cli/peer.h"

namespace minsheng::cli {

absl::StatusOr<common::v1::GetClockResponse> GetClock(const Peer& peer);

// Moves one service's clock; `to` must not lie before its time.
absl::StatusOr<absl::Time> AdvanceClock(const Peer& peer, absl::Time to,
                                        const platform::Principal& caller,
                                        const std::string& request_id);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_CLOCK_H_
