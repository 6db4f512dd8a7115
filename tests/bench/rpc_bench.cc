// What a unary call costs: an echo on the bare gRPC callback API, and a load client for both sides.
//
//   rpc_bench echo --bytes 700                 prints {"port":N}; serves until its input ends
//   rpc_bench load --address 127.0.0.1:N --method /minsheng.bench.Echo/Get --name a --seconds 3
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/service_type.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "services/platform/tls/credentials.h"
#include "tests/bench/load.h"

namespace minsheng::bench {
namespace {

using google::protobuf::BytesValue;
using google::protobuf::StringValue;

constexpr char kEchoPath[] = "/minsheng.bench.Echo/Get";

// As generated code binds it: the cheapest a typed handler can be.
class EchoService final : public grpc::Service {
 public:
  explicit EchoService(size_t bytes) : answer_(bytes, 'x') {
    AddMethod(new grpc::internal::RpcServiceMethod(kEchoPath, grpc::internal::RpcMethod::NORMAL_RPC,
                                                   nullptr));
    MarkMethodCallback(
        0, new grpc::internal::CallbackUnaryHandler<StringValue, BytesValue>(
               [this](grpc::CallbackServerContext* context, const StringValue*, BytesValue* out) {
                 out->set_value(answer_);
                 auto* reactor = context->DefaultReactor();
                 reactor->Finish(grpc::Status::OK);
                 return reactor;
               }));
  }

 private:
  const std::string answer_;
};

// Behind TLS with the certificate of a folder's registry, where one is given.
int Echo(size_t bytes, const std::string& tls) {
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  std::unique_ptr<platform::tls::Credentials> own;
  if (!tls.empty()) {
    auto opened = platform::tls::Credentials::Open(platform::tls::Files::Of(tls, "registry"));
    if (!opened.ok()) {
      std::fprintf(stderr, "rpc_bench: %s\n", std::string(opened.status().message()).c_str());
      return 1;
    }
    own = *std::move(opened);
    credentials = own->server();
  }
  EchoService service(bytes);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", credentials, &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    std::fprintf(stderr, "rpc_bench: cannot listen on 127.0.0.1\n");
    return 1;
  }
  std::printf("{\"port\":%d}\n", port);
  std::fflush(stdout);
  std::string line;
  while (std::getline(std::cin, line)) {
  }
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}

// Asks for the resources in turn. A request whose first field is a string: GetTaskRequest,
// GetAssessmentRequest, StringValue.
int RunLoad(const LoadOptions& options, const std::vector<std::string>& names) {
  std::vector<grpc::ByteBuffer> requests;
  for (const std::string& name : names) {
    StringValue value;
    value.set_value(name);
    requests.push_back(BufferOf(value.SerializeAsString()));
  }
  return Load(options, [&](uint64_t n) { return requests[n % requests.size()]; }).Run();
}

int Main(int argc, char** argv) {
  CLI::App app("rpc_bench: what a unary gRPC call costs, against an echo on the bare callback API");
  app.require_subcommand(1);
  size_t bytes = 700;
  CLI::App* echo = app.add_subcommand("echo", "Serve a bare echo; ends with its standard input");
  echo->add_option("--bytes", bytes, "Size of its answer's text")->capture_default_str();
  std::string tls;
  echo->add_option("--tls", tls, "Folder with certificates; default: without TLS");

  LoadOptions options;
  options.method = kEchoPath;
  std::vector<std::string> names = {"x"};
  CLI::App* load = app.add_subcommand("load", "Call one method for a while; prints JSON");
  options.AddTo(*load);
  load->add_option("--method", options.method, "Full path of the method")->capture_default_str();
  load->add_option("--name", names, "Resource names to ask for in turn");
  CLI11_PARSE(app, argc, argv);
  return *echo ? Echo(bytes, tls) : RunLoad(options, names);
}

}  // namespace
}  // namespace minsheng::bench

int main(int argc, char** argv) { return minsheng::bench::Main(argc, argv); }
