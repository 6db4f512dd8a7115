#include "services/platform/rpc/server.h"

#include <grpc/grpc.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>

#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::platform::rpc {
namespace {

constexpr absl::Duration kAnswersLeave = absl::Milliseconds(100);
constexpr absl::Duration kDrainStep = absl::Milliseconds(5);

absl::Status CheckBound(const std::vector<Service*>& services) {
  for (const Service* service : services) {
    RETURN_IF_ERROR(service->declared());
    const auto missing = service->Unbound();
    if (!missing.empty()) {
      return absl::InternalError(
          absl::StrCat("rpcs without a handler: ", absl::StrJoin(missing, ", ")));
    }
  }
  return absl::OkStatus();
}

// Beyond this machine only with TLS and authentication.
absl::Status CheckReach(const Server::Options& options) {
  const bool guarded = options.credentials != nullptr && options.authenticated;
  if (guarded || IsLoopback(options.address)) return absl::OkStatus();
  std::vector<absl::string_view> missing;
  if (options.credentials == nullptr) {
    missing.push_back("TLS: --tls=FOLDER, with certificates from tools/minsheng certs init");
  }
  if (!options.authenticated) {
    missing.push_back("authentication: --jwks=FILE_OR_URL, the keys of who issues tokens");
  }
  return Error(
      absl::StatusCode::kInvalidArgument, "NOT_LOOPBACK",
      absl::StrCat("--listen=", options.address, " is beyond loopback, which needs ",
                   absl::StrJoin(missing, "; and "), ". Or listen on 127.0.0.1 or ::1 only"));
}

}  // namespace

bool IsLoopback(absl::string_view address) {
  if (absl::StartsWith(address, "[::1]:") || absl::StartsWith(address, "localhost:") ||
      absl::StartsWith(address, "unix:")) {
    return true;
  }
  // A number, not a name that begins like one.
  const absl::string_view host = address.substr(0, address.find(':'));
  return absl::StartsWith(host, "127.") &&
         host.find_first_not_of("0123456789.") == absl::string_view::npos;
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(Options options) {
  RETURN_IF_ERROR(CheckBound(options.services));
  RETURN_IF_ERROR(CheckReach(options));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();

  grpc::ServerBuilder builder;
  std::unique_ptr<Server> server(new Server(options.services));
  builder.AddListeningPort(
      options.address,
      options.credentials == nullptr ? grpc::InsecureServerCredentials() : options.credentials,
      &server->port_);
  builder.SetMaxReceiveMessageSize(kMessageBytesMax);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
  for (Service* service : options.services) builder.RegisterService(service);
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || server->port_ == 0) {
    return Error(absl::StatusCode::kUnavailable, "PORT_TAKEN",
                 absl::StrCat("cannot listen on ", options.address,
                              ": the port is taken; choose another with --listen"));
  }
  return server;
}

Server::~Server() { Drain(absl::ZeroDuration()); }

void Server::SetServing(bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(serving);
}

int Server::Running() const {
  int running = 0;
  for (const Service* service : services_) running += service->running();
  return running;
}

// gRPC's own shutdown waits for connections as well, and an idle client may keep one for seconds:
// once every call is answered and the answers had time to leave, what is left is cut.
void Server::Drain(absl::Duration patience) {
  if (server_ == nullptr) return;
  const absl::Time deadline = absl::Now() + patience;
  std::thread shutdown([&] { server_->Shutdown(absl::ToChronoTime(deadline)); });
  absl::Time quiet_since = absl::Now();
  while (absl::Now() < deadline && absl::Now() - quiet_since < kAnswersLeave) {
    absl::SleepFor(kDrainStep);
    if (Running() > 0) quiet_since = absl::Now();
  }
  grpc_server_cancel_all_calls(server_->c_server());
  shutdown.join();
  server_->Wait();
  server_.reset();
}

}  // namespace minsheng::platform::rpc
