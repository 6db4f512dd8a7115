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

constexpr int kStreamsMax =
    1'000;  // of one connection, at a time; further calls wait in the client
constexpr int kMetadataBytesMax = 16 << 10;  // a token is 1 to 2 KiB
// TLS and HTTP/2's first frames together.
constexpr absl::Duration kHandshakeMax = absl::Seconds(10);
constexpr absl::Duration kIdleMax = absl::Minutes(15);  // without a call
constexpr absl::Duration kAgeMax = absl::Hours(4);      // then calls go on by a new one
constexpr absl::Duration kPingEvery = absl::Minutes(1);
constexpr absl::Duration kPingAnswerMax = absl::Seconds(20);
// What gRPC holds for all connections: what came in and was not taken yet. Near it gRPC takes less,
// at it it refuses calls and connections.
constexpr size_t kTransportBytesMax = size_t{256} << 20;
// Of gRPC's own blocking services: reflection, whose streams hold one each as long as they like,
// and which asks nobody who they are. Beyond it gRPC refuses them.
constexpr int kReflectionThreadsMax = 16;

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

int Ms(absl::Duration duration) { return static_cast<int>(absl::ToInt64Milliseconds(duration)); }

// What one connection may hold, and how long. How many there may be says the listener.
void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(Server::kMessageBytesMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytesMax);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, Ms(kHandshakeMax));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, Ms(kIdleMax));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Ms(kAgeMax));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, Ms(kLatestDeadline));
  // A peer that is gone is noticed, with calls or without; one that pings too often is cut off.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Ms(kPingEvery));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Ms(kPingAnswerMax));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
  grpc::ResourceQuota quota("server");
  quota.SetMaxThreads(kReflectionThreadsMax);
  builder.SetResourceQuota(quota.Resize(kTransportBytesMax));
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
  ASSIGN_OR_RETURN(server->listener_, Listener::Open(options.address));
  server->acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      options.credentials == nullptr ? grpc::InsecureServerCredentials() : options.credentials);
  SetLimits(builder);
  for (Service* service : options.services) builder.RegisterService(service);
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr) return absl::InternalError("gRPC does not start");
  server->listener_->Start([acceptor = server->acceptor_.get()](int fd) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = fd;
    acceptor->HandleNewConnection(&connection);
  });
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
  listener_.reset();
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
