// What a unary call costs: an echo on the bare gRPC callback API, and a load client for both sides.
//
//   rpc_bench echo --bytes 700                 prints {"port":N}; serves until its input ends
//   rpc_bench load --address 127.0.0.1:N --method /minsheng.bench.Echo/Get --name a --seconds 3
//
// The client sends raw bytes and reads none, so that its own cost is small and the same for both.
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/service_type.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <iostream>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace minsheng::bench {
namespace {

using google::protobuf::BytesValue;
using google::protobuf::StringValue;
using Steady = std::chrono::steady_clock;

constexpr char kEchoPath[] = "/minsheng.bench.Echo/Get";
constexpr auto kDeadline = std::chrono::seconds(10);
constexpr auto kConnectingMax = std::chrono::seconds(5);

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

int Echo(size_t bytes) {
  EchoService service(bytes);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
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

struct LoadOptions {
  std::string address;
  std::string method = kEchoPath;
  std::vector<std::string> names = {"x"};
  double seconds = 3;
  double warm_up_seconds = 0.5;
  int channels = 2;
  int outstanding = 64;
  bool identity = true;
};

// Keeps `outstanding` calls under way until told to stop.
class Load {
 public:
  explicit Load(const LoadOptions& options) : options_(options) {
    for (int i = 0; i < options_.channels; ++i) {
      grpc::ChannelArguments arguments;
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      channels_.push_back(grpc::CreateCustomChannel(options_.address,
                                                    grpc::InsecureChannelCredentials(), arguments));
      stubs_.push_back(std::make_unique<grpc::GenericStub>(channels_.back()));
    }
    for (const std::string& name : options_.names) requests_.push_back(RequestOf(name));
  }

  bool Connect() {
    const auto deadline = std::chrono::system_clock::now() + kConnectingMax;
    return std::all_of(channels_.begin(), channels_.end(),
                       [&](const auto& channel) { return channel->WaitForConnected(deadline); });
  }

  // Prints one JSON object; false when a call failed.
  bool Run() {
    running_ = options_.outstanding;
    for (int i = 0; i < options_.outstanding; ++i) {
      calls_.push_back(std::make_unique<Call>());
      calls_.back()->number = static_cast<size_t>(i);
      Start(*calls_.back());
    }
    Sleep(options_.warm_up_seconds);
    measuring_ = true;
    const auto start = Steady::now();
    const double cpu_start = CpuSeconds();
    Sleep(options_.seconds);
    measuring_ = false;
    const double seconds = std::chrono::duration<double>(Steady::now() - start).count();
    const double cpu = CpuSeconds() - cpu_start;
    stopping_ = true;
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [&] { return running_ == 0; });
    Print(seconds, cpu);
    return errors_ == 0;
  }

 private:
  // One slot of the load; its callbacks come one after the other.
  struct Call {
    size_t number = 0;
    std::optional<grpc::ClientContext> context;
    grpc::ByteBuffer response;
    Steady::time_point started;
    int64_t done = 0;
    int64_t bytes = 0;
    std::vector<float> micros;
  };

  // A message whose first field is a string: GetTaskRequest, GetAssessmentRequest, StringValue.
  static grpc::ByteBuffer RequestOf(const std::string& name) {
    StringValue value;
    value.set_value(name);
    const grpc::Slice slice(value.SerializeAsString());
    return grpc::ByteBuffer(&slice, 1);
  }

  static void Sleep(double seconds) {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  }

  static double CpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }

  void Start(Call& call) {
    call.context.emplace();
    call.context->set_deadline(std::chrono::system_clock::now() + kDeadline);
    if (options_.identity) {
      call.context->AddMetadata("x-minsheng-post", "%E6%B5%8B%E8%AF%95");
      call.context->AddMetadata("x-minsheng-unit", "%E5%8C%BA%E4%BA%A4%E9%80%9A%E5%B1%80");
      call.context->AddMetadata("x-minsheng-role", "reporter");
    }
    call.started = Steady::now();
    const grpc::ByteBuffer& request =
        requests_[(call.number + static_cast<size_t>(next_++)) % requests_.size()];
    stubs_[call.number % stubs_.size()]->UnaryCall(
        &*call.context, options_.method, {}, &request, &call.response,
        [this, &call](const grpc::Status& status) { Finished(call, status); });
  }

  void Finished(Call& call, const grpc::Status& status) {
    if (!status.ok()) {
      if (errors_++ == 0) {
        std::fprintf(stderr, "rpc_bench: %s: %d %s\n", options_.method.c_str(),
                     static_cast<int>(status.error_code()), status.error_message().c_str());
      }
    } else if (measuring_) {
      ++call.done;
      call.bytes += static_cast<int64_t>(call.response.Length());
      const auto taken = Steady::now() - call.started;
      call.micros.push_back(std::chrono::duration<float, std::micro>(taken).count());
    }
    if (!stopping_ && errors_ == 0) return Start(call);
    std::lock_guard lock(mutex_);
    if (--running_ == 0) idle_.notify_all();
  }

  void Print(double seconds, double cpu) {
    int64_t done = 0, bytes = 0;
    std::vector<float> micros;
    for (const auto& call : calls_) {
      done += call->done;
      bytes += call->bytes;
      micros.insert(micros.end(), call->micros.begin(), call->micros.end());
    }
    std::sort(micros.begin(), micros.end());
    const auto at = [&](size_t hundredths) {
      return micros.empty() ? 0.0 : static_cast<double>(micros[micros.size() * hundredths / 100]);
    };
    const double count = static_cast<double>(std::max<int64_t>(done, 1));
    std::printf(
        "{\"method\":\"%s\",\"calls\":%lld,\"errors\":%lld,\"seconds\":%.3f,"
        "\"calls_per_second\":%.1f,\"answer_bytes\":%.1f,\"p50_us\":%.1f,\"p99_us\":%.1f,"
        "\"client_cpu_us_per_call\":%.2f,\"outstanding\":%d,\"channels\":%d}\n",
        options_.method.c_str(), static_cast<long long>(done),
        static_cast<long long>(errors_.load()), seconds, static_cast<double>(done) / seconds,
        static_cast<double>(bytes) / count, at(50), at(99), cpu * 1e6 / count, options_.outstanding,
        options_.channels);
  }

  const LoadOptions options_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  std::vector<grpc::ByteBuffer> requests_;
  std::vector<std::unique_ptr<Call>> calls_;
  std::atomic<uint64_t> next_ = 0;
  std::atomic<bool> measuring_ = false;
  std::atomic<bool> stopping_ = false;
  std::atomic<int64_t> errors_ = 0;
  std::mutex mutex_;
  std::condition_variable idle_;
  int running_ = 0;
};

int RunLoad(const LoadOptions& options) {
  Load load(options);
  if (!load.Connect()) {
    std::fprintf(stderr, "rpc_bench: nothing answers at %s\n", options.address.c_str());
    return 1;
  }
  return load.Run() ? 0 : 1;
}

int Main(int argc, char** argv) {
  CLI::App app("rpc_bench: what a unary gRPC call costs, against an echo on the bare callback API");
  app.require_subcommand(1);
  size_t bytes = 700;
  CLI::App* echo = app.add_subcommand("echo", "Serve a bare echo; ends with its standard input");
  echo->add_option("--bytes", bytes, "Size of its answer's text")->capture_default_str();

  LoadOptions options;
  CLI::App* load = app.add_subcommand("load", "Call one method for a while; prints JSON");
  load->add_option("--address", options.address, "host:port")->required();
  load->add_option("--method", options.method, "Full path of the method")->capture_default_str();
  load->add_option("--name", options.names, "Resource names to ask for in turn");
  load->add_option("--seconds", options.seconds, "How long to measure")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  load->add_option("--warm-up", options.warm_up_seconds, "Seconds before measuring")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  load->add_option("--channels", options.channels, "Connections")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  load->add_option("--outstanding", options.outstanding, "Calls under way at any moment")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  load->add_option("--identity", options.identity, "Send the caller's post, unit and role")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return *echo ? Echo(bytes) : RunLoad(options);
}

}  // namespace
}  // namespace minsheng::bench

int main(int argc, char** argv) { return minsheng::bench::Main(argc, argv); }
