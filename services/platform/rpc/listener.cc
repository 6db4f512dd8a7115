#include "services/platform/rpc/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/base/thread.h"

namespace minsheng::platform::rpc {
namespace {

constexpr absl::Duration kWaitForDescriptors = absl::Milliseconds(50);
// How often, at most, all connections are looked at for those that are closed.
constexpr absl::Duration kLookEvery = absl::Milliseconds(200);
constexpr size_t kConnectionsMin = 64;

absl::Status CannotListen(absl::string_view address, absl::string_view why) {
  return Error(
      absl::StatusCode::kUnavailable, "PORT_TAKEN",
      absl::StrCat("cannot listen on ", address, ": ", why, "; choose another with --listen"));
}

absl::StatusOr<int> OpenUnix(absl::string_view address) {
  const std::string path(absl::StripPrefix(address, "unix:"));
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(where.sun_path)) {
    return CannotListen(address, "the path is empty or too long");
  }
  memcpy(where.sun_path, path.data(), path.size());
  struct stat there {};
  if (stat(path.c_str(), &there) == 0 && S_ISSOCK(there.st_mode)) unlink(path.c_str());
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (bind(fd, reinterpret_cast<sockaddr*>(&where), sizeof(where)) == 0 &&
      listen(fd, SOMAXCONN) == 0) {
    return fd;
  }
  const std::string why = strerror(errno);
  close(fd);
  return CannotListen(address, why);
}

absl::StatusOr<int> OpenTcp(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos) return CannotListen(address, "it names no port");
  const std::string host(absl::StripSuffix(absl::StripPrefix(address.substr(0, colon), "["), "]"));
  const std::string port(address.substr(colon + 1));
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0) {
    return CannotListen(address, gai_strerror(error));
  }
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));  // connections inherit it
  const bool listens =
      bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0;
  const std::string why = listens               ? ""
                          : errno == EADDRINUSE ? "the port is taken"
                                                : strerror(errno);
  freeaddrinfo(found);
  if (listens) return fd;
  close(fd);
  return CannotListen(address, why);
}

int PortOf(int fd) {
  sockaddr_storage where{};
  socklen_t size = sizeof(where);
  getsockname(fd, reinterpret_cast<sockaddr*>(&where), &size);
  if (where.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in*>(&where)->sin_port);
  if (where.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6*>(&where)->sin6_port);
  return 1;
}

// The address without its port; of IPv6 the network of 64 bits.
std::string OriginOf(const sockaddr_storage& peer) {
  constexpr size_t kNetworkBytes = 8;
  const auto bytes = [](const auto& address, size_t size) {
    return std::string(reinterpret_cast<const char*>(&address), size);
  };
  if (peer.ss_family == AF_INET) {
    const in_addr& address = reinterpret_cast<const sockaddr_in&>(peer).sin_addr;
    return bytes(address, sizeof(address));
  }
  if (peer.ss_family != AF_INET6) return "";
  const in6_addr& address = reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr;
  return bytes(address, IN6_IS_ADDR_V4MAPPED(&address) ? sizeof(address) : kNetworkBytes);
}

int64_t SteadyNanos() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

ino_t SocketOf(int fd) {
  struct stat found {};
  return fstat(fd, &found) == 0 && S_ISSOCK(found.st_mode) ? found.st_ino : 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> Listener::Open(absl::string_view address) {
  const absl::StatusOr<int> fd =
      absl::StartsWith(address, "unix:") ? OpenUnix(address) : OpenTcp(address);
  if (!fd.ok()) return fd.status();
  return std::unique_ptr<Listener>(new Listener(*fd));
}

Listener::Listener(int fd) : fd_(fd), port_(PortOf(fd)) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const size_t granted = files.rlim_cur;
  connections_max_ =
      granted > kDescriptorsKept + kConnectionsMin ? granted - kDescriptorsKept : kConnectionsMin;
  connections_max_ = std::min(connections_max_, kConnectionsMax);
}

Listener::~Listener() {
  Stop();
  close(fd_);
}

void Listener::Start(Take take) {
  take_ = std::move(take);
  thread_ = std::thread([this] { Loop(); });
}

void Listener::Stop() {
  shutdown(fd_, SHUT_RDWR);
  if (thread_.joinable()) thread_.join();
}

void Listener::Loop() {
  NameThisThread("listener");
  pollfd waited{fd_, POLLIN, 0};
  while (poll(&waited, 1, -1) < 0 || (waited.revents & (POLLHUP | POLLERR | POLLNVAL)) == 0) {
    while (Accept()) {
    }
  }
}

bool Listener::Accept() {
  sockaddr_storage peer{};
  socklen_t size = sizeof(peer);
  const int fd =
      accept4(fd_, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    const int error = errno;
    if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM) {
      absl::SleepFor(kWaitForDescriptors);
    }
    return error == EINTR || error == ECONNABORTED;
  }
  const std::string origin = OriginOf(peer);
  if (!Admit(origin)) {
    close(fd);
    return true;
  }
  Remember(fd, origin);
  take_(fd);
  return true;
}

bool Listener::Admit(const std::string& origin) {
  if (origins_.size() >= forget_origins_at_) ForgetOrigins();
  Origin& asking = origins_[origin];
  if (asking.opened.Take(kNewConnections, SteadyNanos()) > 0) return false;
  const auto has_room = [&] {
    return connections_.size() < connections_max_ && asking.connections < connections_max_ / 2;
  };
  if (has_room()) return true;
  ForgetClosed();
  return has_room();
}

void Listener::Remember(int fd, const std::string& origin) {
  const auto old = connections_.find(fd);
  if (old != connections_.end()) Forget(old);
  connections_[fd] = {SocketOf(fd), origin};
  ++origins_[origin].connections;
}

void Listener::Forget(std::unordered_map<int, Connection>::iterator connection) {
  --origins_[connection->second.origin].connections;
  connections_.erase(connection);
}

// Those that have no connection and could open as many as anybody.
void Listener::ForgetOrigins() {
  const int64_t now = SteadyNanos();
  for (auto it = origins_.begin(); it != origins_.end();) {
    const auto current = it++;
    const Origin& origin = current->second;
    const bool full = origin.opened.Available(kNewConnections, now) == kNewConnections.burst;
    if (origin.connections == 0 && full) origins_.erase(current);
  }
  forget_origins_at_ = std::max(kOriginsMin, 2 * origins_.size());
}

// gRPC closes them and does not tell.
void Listener::ForgetClosed() {
  const absl::Time now = absl::Now();
  if (now - looked_ < kLookEvery) return;
  looked_ = now;
  for (auto it = connections_.begin(); it != connections_.end();) {
    const auto current = it++;
    if (SocketOf(current->first) != current->second.socket) Forget(current);
  }
}

}  // namespace minsheng::platform::rpc
