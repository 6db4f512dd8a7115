#include "services/platform/cache/redis_connection.h"

#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <ctime>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::platform {
namespace {

constexpr absl::string_view kUnixPrefix = "unix:";
constexpr size_t kReadBytes = size_t{16} << 10;
constexpr int kItemsMax = RedisConnection::kReplyItemsMax;

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using ReplyPtr = std::unique_ptr<redisReply, FreeReply>;

absl::Status ConnectionLost(absl::string_view why) {
  return absl::UnavailableError(absl::StrCat("the connection to Redis is lost: ", why));
}

absl::Status AwaitReady(int fd, int16_t events, SteadyTime deadline) {
  for (;;) {
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left.count() <= 0) return absl::DeadlineExceededError("Redis did not answer in time");

    const timespec timeout = absl::ToTimespec(absl::FromChrono(left));
    pollfd waited{fd, events, 0};
    const int ready = ppoll(&waited, 1, &timeout, nullptr);
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return ConnectionLost("poll failed");
  }
}

bool IsTransient(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

RedisReply::Type TypeOf(int type) {
  switch (type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      return RedisReply::Type::kString;
    case REDIS_REPLY_INTEGER:
      return RedisReply::Type::kInteger;
    case REDIS_REPLY_ARRAY:
      return RedisReply::Type::kArray;
    case REDIS_REPLY_NIL:
      return RedisReply::Type::kNil;
    default:
      return RedisReply::Type::kError;
  }
}

RedisReply Copy(const redisReply& from) {
  RedisReply reply;
  reply.type = TypeOf(from.type);
  reply.integer = from.integer;
  if (from.str != nullptr) reply.text.assign(from.str, from.len);
  if (reply.type != RedisReply::Type::kArray) return reply;
  for (size_t i = 0; i < from.elements; ++i) reply.items.push_back(Copy(*from.element[i]));
  return reply;
}

// hiredis's own functions, with a bound: it makes room for as many elements as the peer announces,
// which for "*2147483647" costs 16 GB and seven seconds before the first one has come.
redisReplyObjectFunctions* BoundedFunctions(const redisReplyObjectFunctions& original) {
  static const auto create_array = original.createArray;
  static redisReplyObjectFunctions bounded = [&original] {
    redisReplyObjectFunctions functions = original;
    functions.createArray = [](const redisReadTask* task, int elements) -> void* {
      return elements > kItemsMax ? nullptr : create_array(task, elements);
    };
    return functions;
  }();
  return &bounded;
}

std::string Format(absl::Span<const absl::string_view> argv) {
  std::string command = absl::StrCat("*", argv.size(), "\r\n");
  for (const absl::string_view arg : argv) {
    absl::StrAppend(&command, "$", arg.size(), "\r\n", arg, "\r\n");
  }
  return command;
}

}  // namespace

void RedisConnection::FreeContext::operator()(redisContext* context) const { redisFree(context); }

RedisConnection::RedisConnection(Context context) : context_(std::move(context)) {}

absl::StatusOr<std::unique_ptr<RedisConnection>> RedisConnection::Open(absl::string_view address,
                                                                       SteadyTime deadline) {
  ASSIGN_OR_RETURN(Context context, Connect(address));
  std::unique_ptr<RedisConnection> connection(new RedisConnection(std::move(context)));
  RETURN_IF_ERROR(connection->AwaitConnected(deadline));
  return connection;
}

absl::StatusOr<RedisConnection::Context> RedisConnection::Connect(absl::string_view address) {
  Context context;
  if (absl::ConsumePrefix(&address, kUnixPrefix)) {
    context.reset(redisConnectUnixNonBlock(std::string(address).c_str()));
  } else {
    const size_t colon = address.rfind(':');
    int port = 0;
    if (colon == absl::string_view::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port)) {
      return absl::InvalidArgumentError("a Redis address is host:port or unix:/path");
    }
    const absl::string_view host =
        absl::StripSuffix(absl::StripPrefix(address.substr(0, colon), "["), "]");
    context.reset(redisConnectNonBlock(std::string(host).c_str(), port));
  }
  if (context == nullptr) return absl::UnavailableError("no memory for a connection to Redis");
  if (context->err != 0) return ConnectionLost(context->errstr);
  context->reader->fn = BoundedFunctions(*context->reader->fn);
  return context;
}

absl::Status RedisConnection::AwaitConnected(SteadyTime deadline) const {
  fcntl(context_->fd, F_SETFD, FD_CLOEXEC);
  RETURN_IF_ERROR(AwaitReady(context_->fd, POLLOUT, deadline));

  int error = 0;
  socklen_t size = sizeof(error);
  getsockopt(context_->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0 ? absl::OkStatus() : ConnectionLost("it could not be made");
}

absl::StatusOr<RedisReply> RedisConnection::Call(absl::Span<const absl::string_view> argv,
                                                 SteadyTime deadline) {
  RETURN_IF_ERROR(Send(Format(argv), deadline));
  return ReadReply(deadline);
}

bool RedisConnection::IsQuiet() const {
  pollfd waited{context_->fd, POLLIN, 0};
  return context_->reader->pos == context_->reader->len && poll(&waited, 1, 0) == 0;
}

absl::Status RedisConnection::Send(absl::string_view bytes, SteadyTime deadline) const {
  while (!bytes.empty()) {
    const ssize_t sent = send(context_->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
      continue;
    }
    if (!IsTransient(errno)) return ConnectionLost("it cannot be written");
    RETURN_IF_ERROR(AwaitReady(context_->fd, POLLOUT, deadline));
  }
  return absl::OkStatus();
}

absl::Status RedisConnection::Receive(SteadyTime deadline) const {
  RETURN_IF_ERROR(AwaitReady(context_->fd, POLLIN, deadline));

  char bytes[kReadBytes];
  const ssize_t size = recv(context_->fd, bytes, sizeof(bytes), 0);
  if (size < 0 && IsTransient(errno)) return absl::OkStatus();
  if (size <= 0) return ConnectionLost("it was closed");
  if (context_->reader->len > kReplyBytesMax) return ConnectionLost("the reply is too large");
  if (redisReaderFeed(context_->reader, bytes, static_cast<size_t>(size)) != REDIS_OK) {
    return ConnectionLost("no memory for the reply");
  }
  return absl::OkStatus();
}

absl::StatusOr<RedisReply> RedisConnection::ReadReply(SteadyTime deadline) const {
  for (;;) {
    void* parsed = nullptr;
    if (redisReaderGetReply(context_->reader, &parsed) != REDIS_OK) {
      return ConnectionLost("the reply is not RESP");
    }
    if (parsed != nullptr) return Copy(*ReplyPtr(static_cast<redisReply*>(parsed)));
    RETURN_IF_ERROR(Receive(deadline));
  }
}

}  // namespace minsheng::platform
