// Serves the clock, and lets a rehearsal's be moved forward through the journal.
#ifndef MINSHENG_SERVICES_PLATFORM_RUNTIME_CLOCK_SERVICE_H_
#define MINSHENG_SERVICES_PLATFORM_RUNTIME_CLOCK_SERVICE_H_

#include "minsheng/common/v1/clock.pb.h"
#include "services/platform/clock/clock.h"
#include "services/platform/journal/journal.h"
#include "services/platform/rpc/service.h"

namespace minsheng::platform {

class ClockService final : public rpc::Service {
 public:
  ClockService(const rpc::Environment& environment, const Clock& clock, bool rehearsal,
               Journal& journal);

 private:
  absl::StatusOr<common::v1::AdvanceClockResponse> Advance(
      const CallContext& context, const common::v1::AdvanceClockRequest& request);

  const Clock& clock_;
  const bool rehearsal_;
  Journal& journal_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_RUNTIME_CLOCK_SERVICE_H_
