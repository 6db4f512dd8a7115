#include "services/platform/runtime/clock_service.h"

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"

namespace minsheng::platform {

using common::v1::AdvanceClockRequest;
using common::v1::AdvanceClockResponse;
using common::v1::ClockAdvanced;
using common::v1::GetClockRequest;
using common::v1::GetClockResponse;

ClockService::ClockService(const rpc::Environment& environment, const Clock& clock, bool rehearsal,
                           Journal& journal)
    : Service("minsheng.common.v1.ClockService", environment),
      clock_(clock),
      rehearsal_(rehearsal),
      journal_(journal) {
  Unary<GetClockRequest, GetClockResponse>(
      "GetClock", rpc::kInline,
      [this](const CallContext&, const GetClockRequest&) -> absl::StatusOr<GetClockResponse> {
        GetClockResponse response;
        *response.mutable_now() = ToTimestamp(clock_.Now());
        response.set_rehearsal(rehearsal_);
        return response;
      });
  Unary<AdvanceClockRequest, AdvanceClockResponse>(
      "AdvanceClock", rpc::kPooled,
      [this](const CallContext& context, const AdvanceClockRequest& request) {
        return Advance(context, request);
      });
}

absl::StatusOr<AdvanceClockResponse> ClockService::Advance(const CallContext& context,
                                                           const AdvanceClockRequest& request) {
  if (!rehearsal_) {
    return Error(
        absl::StatusCode::kFailedPrecondition, "NOT_A_REHEARSAL",
        "this database runs on the real time; only one made with --rehearsal can be moved");
  }
  const absl::Time to = FromTimestamp(request.to());

  const auto committed = journal_.Write(
      OriginOf(context, request),
      [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
        if (to < clock_.Now()) {
          return Error(absl::StatusCode::kInvalidArgument, "CLOCK_MOVED_BACK",
                       absl::StrCat("the time is ", absl::FormatTime(transaction.now),
                                    " and never goes back; give a later one"));
        }
        ClockAdvanced fact;
        *fact.mutable_to() = request.to();
        std::vector<Fact> facts;
        facts.push_back(Fact::Of("clock", std::move(fact)));
        return facts;
      });
  RETURN_IF_ERROR(committed.status());

  AdvanceClockResponse response;
  *response.mutable_now() = request.to();
  return response;
}

}  // namespace minsheng::platform
