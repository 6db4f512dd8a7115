// One connection to Redis on which every wait has an end: hiredis's timeouts are per read, these
// are per command.
//
// Used by one thread at a time. After any error of Open or Call the connection is finished: drop
// it. An error *reply* of Redis is a reply, not an error. Never raises SIGPIPE. Failure codes:
// UNAVAILABLE (refused, closed, not RESP), DEADLINE_EXCEEDED, INVALID_ARGUMENT (the address).
#ifndef MINSHENG_SERVICES_PLATFORM_CACHE_REDIS_CONNECTION_H_
#define MINSHENG_SERVICES_PLATFORM_CACHE_REDIS_CONNECTION_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

struct redisContext;

namespace minsheng::platform {

using SteadyTime = std::chrono::steady_clock::time_point;

struct RedisReply {
  enum class Type { kNil, kString, kInteger, kError, kArray };

  Type type = Type::kNil;
  std::string text;  // of kString (bulk or status) and kError; any bytes
  int64_t integer = 0;
  std::vector<RedisReply> items;
};

class RedisConnection {
 public:
  // A reply larger than this, or an array longer than this, ends the connection.
  static constexpr size_t kReplyBytesMax = size_t{8} << 20;
  static constexpr int kReplyItemsMax = 4096;

  // `address` is "host:port", "[ipv6]:port" or "unix:/path".
  static absl::StatusOr<std::unique_ptr<RedisConnection>> Open(absl::string_view address,
                                                               SteadyTime deadline);

  absl::StatusOr<RedisReply> Call(absl::Span<const absl::string_view> argv, SteadyTime deadline);

  // True if nothing waits to be read. Between commands anything else means that the peer has
  // closed, or has sent what nobody asked for.
  bool IsQuiet() const;

 private:
  struct FreeContext {
    void operator()(redisContext* context) const;
  };
  using Context = std::unique_ptr<redisContext, FreeContext>;

  explicit RedisConnection(Context context);

  static absl::StatusOr<Context> Connect(absl::string_view address);
  absl::Status AwaitConnected(SteadyTime deadline) const;
  absl::Status Send(absl::string_view bytes, SteadyTime deadline) const;
  absl::Status Receive(SteadyTime deadline) const;
  absl::StatusOr<RedisReply> ReadReply(SteadyTime deadline) const;

  Context context_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CACHE_REDIS_CONNECTION_H_
