// What a handler knows of its call.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_CONTEXT_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_CONTEXT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "services/platform/access/principal.h"
#include "services/platform/journal/journal.h"

namespace minsheng::platform {

struct CallContext {
  Principal principal;
  Scope scope = Scope::kDistrict;  // how much of the rpc is for the caller
  std::string method;              // "minsheng.registry.v1.RegistryService/GetTask"
  absl::Time deadline = absl::InfiniteFuture();
};

// The origin of a write: the principal as actor, the method, and the request's id and hash.
template <typename Request>
WriteOrigin OriginOf(const CallContext& context, const Request& request) {
  WriteOrigin origin;
  origin.actor.set_post(context.principal.post);
  origin.actor.set_unit(context.principal.unit);
  origin.actor.set_role(context.principal.role);
  if (context.principal.district != kEveryDistrict) {
    origin.actor.set_district(context.principal.district);
  }
  origin.actor.set_credential(context.principal.credential);
  origin.method = context.method;
  origin.request_id = request.request_id();
  origin.request_hash = RequestHash(request);
  origin.deadline = context.deadline;
  return origin;
}

// Titles of units: a task's lead and cooperating ones.
using UnitTitles = google::protobuf::RepeatedPtrField<std::string>;

// For callers that are let in for their own unit's tasks only. PERMISSION_DENIED WRONG_UNIT unless
// a reporter's unit leads the task, or `to_read` the caller's cooperates in it.
absl::Status RequireOwnUnit(const CallContext& context, absl::string_view task,
                            const UnitTitles& lead_units, const UnitTitles& cooperating_units,
                            bool to_read);
inline constexpr bool kToRead = true;
inline constexpr bool kToWrite = false;

// Whether a resource's district is the caller's, for lists over all of them.
bool InDistrict(const CallContext& context, absl::string_view resource);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_CONTEXT_H_
