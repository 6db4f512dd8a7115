#include "services/platform/testing/redis_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::platform {
namespace {

constexpr int kPortTries = 5;
constexpr absl::Duration kStartMax = absl::Seconds(10);
constexpr int kExecFailed = 127;

std::string MakeFolder() {
  std::string folder = (std::filesystem::temp_directory_path() / "minsheng-redis-XXXXXX").string();
  return mkdtemp(folder.data()) == nullptr ? "" : folder;
}

int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound = bind(fd, generic, size) == 0 && getsockname(fd, generic, &size) == 0;
  close(fd);
  return bound ? ntohs(address.sin_port) : 0;
}

// Between fork and exec of a program with threads only async-signal-safe calls are allowed.
[[noreturn]] void Become(const std::vector<char*>& argv, const char* log) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int out = open(log, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execvp(argv[0], argv.data());
  _exit(kExecFailed);
}

bool Answers(const std::string& socket_path) {
  const timeval patience{1, 0};
  const std::unique_ptr<redisContext, void (*)(redisContext*)> context(
      redisConnectUnixWithTimeout(socket_path.c_str(), patience), redisFree);
  if (context == nullptr || context->err != 0) return false;
  redisSetTimeout(context.get(), patience);
  void* reply = redisCommand(context.get(), "PING");
  const bool answers = reply != nullptr;
  if (answers) freeReplyObject(reply);
  return answers;
}

}  // namespace

RedisServer::RedisServer() : folder_(MakeFolder()) {}

RedisServer::~RedisServer() {
  Stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

absl::Status RedisServer::Start() {
  if (port_ != 0) return Launch();
  absl::Status status;
  for (int i = 0; i < kPortTries; ++i) {
    port_ = FreePort();
    status = Launch();
    if (status.ok() || absl::IsNotFound(status)) return status;
  }
  return status;
}

void RedisServer::Stop() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

void RedisServer::Kill(int signal) {
  if (signal == SIGKILL) return Stop();
  if (pid_ == 0 || kill(pid_, signal) != 0) return;
  siginfo_t stopped;
  if (signal == SIGSTOP) waitid(P_PID, pid_, &stopped, WSTOPPED | WNOWAIT);
}

std::string RedisServer::address() const { return absl::StrCat("127.0.0.1:", port_); }

std::string RedisServer::unix_address() const { return absl::StrCat("unix:", folder_, "/socket"); }

absl::Status RedisServer::Launch() {
  Stop();
  const std::string log = folder_ + "/log";
  std::vector<std::string> words = {"redis-server",
                                    "--port",
                                    std::to_string(port_),
                                    "--bind",
                                    "127.0.0.1",
                                    "--dir",
                                    folder_,
                                    "--unixsocket",
                                    folder_ + "/socket",
                                    "--save",
                                    "",
                                    "--appendonly",
                                    "no",
                                    "--daemonize",
                                    "no"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) Become(argv, log.c_str());
  return AwaitAnswer();
}

absl::Status RedisServer::AwaitAnswer() {
  const absl::Time deadline = absl::Now() + kStartMax;
  while (absl::Now() < deadline) {
    RETURN_IF_ERROR(StillRuns());
    if (Answers(folder_ + "/socket")) return absl::OkStatus();
    absl::SleepFor(absl::Milliseconds(2));
  }
  Stop();
  return absl::UnavailableError("redis-server does not answer");
}

absl::Status RedisServer::StillRuns() {
  int result = 0;
  if (waitpid(pid_, &result, WNOHANG) == 0) return absl::OkStatus();
  pid_ = 0;
  if (WIFEXITED(result) && WEXITSTATUS(result) == kExecFailed) {
    return absl::NotFoundError("redis-server is not installed");
  }
  return absl::UnavailableError("redis-server ended; is its port taken?");
}

}  // namespace minsheng::platform
