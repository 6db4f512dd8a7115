// What a handler knows of its call.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_CONTEXT_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_CONTEXT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "services/platform/journal/journal.h"

namespace minsheng::platform {

// Who calls: a post of a unit in a role. Until tokens come, the caller's own statement in the
// metadata x-minsheng-post, x-minsheng-unit and x-minsheng-role (percent-encoded UTF-8), believed
// because services listen on loopback only.
struct Principal {
  std::string post;
  std::string unit;
  std::string role;
};

struct CallContext {
  Principal principal;
  std::string method;  // "minsheng.registry.v1.RegistryService/GetTask"
  absl::Time deadline = absl::InfiniteFuture();
};

// The origin of a write: the principal as actor, the method, and the request's id and hash.
template <typename Request>
WriteOrigin OriginOf(const CallContext& context, const Request& request) {
  WriteOrigin origin;
  origin.actor.set_post(context.principal.post);
  origin.actor.set_unit(context.principal.unit);
  origin.actor.set_role(context.principal.role);
  origin.method = context.method;
  origin.request_id = request.request_id();
  origin.request_hash = RequestHash(request);
  origin.deadline = context.deadline;
  return origin;
}

// OK when the caller has the role, else PERMISSION_DENIED ROLE_NEEDED naming it.
absl::Status RequireRole(const CallContext& context, absl::string_view role);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_CONTEXT_H_
