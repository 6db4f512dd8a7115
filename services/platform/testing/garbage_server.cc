#include "services/platform/testing/garbage_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"

namespace minsheng::platform {
namespace {

int ListenOnLoopback() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  listen(fd, SOMAXCONN);
  return fd;
}

}  // namespace

GarbageServer::GarbageServer(std::string answer, absl::Duration pause)
    : answer_(std::move(answer)),
      pause_(pause),
      listener_(ListenOnLoopback()),
      thread_([this] { Serve(); }) {}

GarbageServer::~GarbageServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

std::string GarbageServer::address() const {
  sockaddr_in address = {};
  socklen_t size = sizeof(address);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  return absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
}

void GarbageServer::Serve() {
  while (!stopping_) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    char request[1024];
    if (recv(connection, request, sizeof(request), 0) > 0) Answer(connection);
    close(connection);
  }
}

void GarbageServer::Answer(int connection) const {
  const size_t step = pause_ > absl::ZeroDuration() ? 1 : std::max<size_t>(answer_.size(), 1);
  for (size_t at = 0; at < answer_.size() && !stopping_; at += step) {
    const absl::string_view part = absl::string_view(answer_).substr(at, step);
    if (send(connection, part.data(), part.size(), MSG_NOSIGNAL) < 0) return;
    absl::SleepFor(pause_);
  }
}

}  // namespace minsheng::platform
