#include "services/platform/cache/redis.h"

#include <utility>

#include "services/platform/base/status_macros.h"

namespace minsheng::platform {

absl::StatusOr<RedisReply> RedisPool::Command(absl::Span<const absl::string_view> argv) {
  const SteadyTime deadline =
      std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(options_.timeout);
  ASSIGN_OR_RETURN(Connection connection, Take(deadline));

  absl::StatusOr<RedisReply> reply = CallOn(connection, argv, deadline);
  Return(reply.ok() ? std::move(connection) : nullptr);
  return reply;
}

// Null stands for the right to open one.
absl::StatusOr<RedisPool::Connection> RedisPool::Take(SteadyTime deadline) {
  std::unique_lock lock(mutex_);
  const auto has_room = [this] { return busy_ < options_.connections_max; };
  if (!returned_.wait_until(lock, deadline, has_room)) {
    return absl::DeadlineExceededError("all connections to Redis are busy");
  }
  ++busy_;
  if (idle_.empty()) return Connection();
  Connection connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

absl::StatusOr<RedisReply> RedisPool::CallOn(Connection& connection,
                                             absl::Span<const absl::string_view> argv,
                                             SteadyTime deadline) {
  if (connection == nullptr || !connection->IsQuiet()) {
    ASSIGN_OR_RETURN(connection, RedisConnection::Open(options_.address, deadline));
  }
  return connection->Call(argv, deadline);
}

void RedisPool::Return(Connection connection) {
  {
    const std::lock_guard lock(mutex_);
    --busy_;
    if (connection != nullptr) idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

}  // namespace minsheng::platform
