// What stands before every handler, as the rpc layer sees it: who calls, how often, and where
// refused attempts are noted.
#ifndef MINSHENG_SERVICES_PLATFORM_ACCESS_GUARD_H_
#define MINSHENG_SERVICES_PLATFORM_ACCESS_GUARD_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/platform/access/principal.h"

namespace minsheng::platform {

// Who calls. Thread-safe; called in gRPC's polling threads, so it must not block.
class Identifier {
 public:
  virtual ~Identifier() = default;
  // UNAUTHENTICATED with a reason: TOKEN_MISSING, TOKEN_MALFORMED, TOKEN_EXPIRED, …
  virtual absl::StatusOr<std::shared_ptr<const Principal>> Identify(
      const grpc::ServerContextBase& call) const = 0;
};

// How much one caller may ask. Thread-safe; must not block.
class Limiter {
 public:
  virtual ~Limiter() = default;
  // RESOURCE_EXHAUSTED RATE_LIMITED, with after how many milliseconds to try again
  // ("retry_after_ms"). `origin` stands for callers that nobody knows.
  virtual absl::Status Begin(const Principal* caller, absl::string_view origin, bool writes) = 0;
  // After the answer of a call that Begin let in.
  virtual void End(const Principal* caller, absl::string_view origin) = 0;
};

// Where refused attempts are noted. Thread-safe; must not block.
class RefusalSink {
 public:
  virtual ~RefusalSink() = default;
  // `caller` is null when nobody could be identified.
  virtual void Note(const Principal* caller, absl::string_view origin, absl::string_view method,
                    absl::string_view reason) = 0;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_ACCESS_GUARD_H_
