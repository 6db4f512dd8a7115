// A bounded pool of connections to one Redis.
//
// Connects when needed, never in advance; a connection that failed is dropped, one that the peer
// has closed meanwhile is replaced without an error. Thread-safe: at most `connections_max`
// commands run at once, more wait within their timeout. Failure codes: UNAVAILABLE,
// DEADLINE_EXCEEDED (also when all connections stay busy), INVALID_ARGUMENT (the address).
#ifndef MINSHENG_SERVICES_PLATFORM_CACHE_REDIS_H_
#define MINSHENG_SERVICES_PLATFORM_CACHE_REDIS_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/platform/cache/redis_connection.h"

namespace minsheng::platform {

class RedisPool {
 public:
  struct Options {
    std::string address;  // "host:port" or "unix:/path"
    absl::Duration timeout =
        absl::Milliseconds(20);  // waiting, connecting and the command together
    int connections_max = 8;
  };

  explicit RedisPool(Options options) : options_(std::move(options)) {}

  // Runs one command. Arguments may hold any bytes. The answer may be an error reply. After a
  // failure the command may or may not have been carried out, also later.
  absl::StatusOr<RedisReply> Command(absl::Span<const absl::string_view> argv);

 private:
  using Connection = std::unique_ptr<RedisConnection>;

  absl::StatusOr<Connection> Take(SteadyTime deadline);
  absl::StatusOr<RedisReply> CallOn(Connection& connection,
                                    absl::Span<const absl::string_view> argv, SteadyTime deadline);
  void Return(Connection connection);

  const Options options_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<Connection> idle_;
  int busy_ = 0;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CACHE_REDIS_H_
