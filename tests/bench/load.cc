#include "tests/bench/load.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

namespace minsheng::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr auto kDeadline = std::chrono::seconds(10);
constexpr auto kConnectingMax = std::chrono::seconds(5);

void Sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

void LoadOptions::AddTo(CLI::App& app) {
  app.add_option("--address", address, "host:port")->required();
  app.add_option("--seconds", seconds, "How long to measure")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--warm-up", warm_up_seconds, "Seconds before measuring")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--channels", channels, "Connections")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option("--outstanding", outstanding, "Calls under way at any moment")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  app.add_option("--identity", identity, "Send the caller's post, unit and role")
      ->capture_default_str();
  app.add_option("--ca", ca, "ca.pem of the server's certificate; a token comes in MINSHENG_TOKEN");
}

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

namespace {

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const std::string& ca) {
  if (ca.empty()) return grpc::InsecureChannelCredentials();
  std::ifstream file(ca, std::ios::binary);
  grpc::SslCredentialsOptions options;
  options.pem_root_certs.assign(std::istreambuf_iterator<char>(file), {});
  return grpc::SslCredentials(options);
}

std::string TokenHeader() {
  const char* token = std::getenv("MINSHENG_TOKEN");
  return token == nullptr ? "" : std::string("Bearer ") + token;
}

}  // namespace

Load::Load(LoadOptions options, RequestOf request_of)
    : options_(std::move(options)), request_of_(std::move(request_of)), token_(TokenHeader()) {
  const auto credentials = CredentialsOf(options_.ca);
  for (int i = 0; i < options_.channels; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channels_.push_back(grpc::CreateCustomChannel(options_.address, credentials, arguments));
    stubs_.push_back(std::make_unique<grpc::GenericStub>(channels_.back()));
  }
}

bool Load::Connect() {
  const auto deadline = std::chrono::system_clock::now() + kConnectingMax;
  return std::all_of(channels_.begin(), channels_.end(),
                     [&](const auto& channel) { return channel->WaitForConnected(deadline); });
}

int Load::Run() {
  if (!Connect()) {
    std::fprintf(stderr, "nothing answers at %s\n", options_.address.c_str());
    return 1;
  }
  running_ = options_.outstanding;
  for (int i = 0; i < options_.outstanding; ++i) {
    calls_.push_back(std::make_unique<Call>());
    calls_.back()->number = static_cast<size_t>(i);
  }
  for (const auto& call : calls_) Start(*call);
  Sleep(options_.warm_up_seconds);
  measuring_ = true;
  const auto start = Steady::now();
  const double cpu_start = CpuSeconds();
  Sleep(options_.seconds);
  measuring_ = false;
  const double seconds = std::chrono::duration<double>(Steady::now() - start).count();
  const double cpu = CpuSeconds() - cpu_start;
  AwaitIdle();
  Print(seconds, cpu);
  return errors_ == 0 ? 0 : 1;
}

void Load::AwaitIdle() {
  stopping_ = true;
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [&] { return running_ == 0; });
}

void Load::Start(Call& call) {
  call.context.emplace();
  call.context->set_deadline(std::chrono::system_clock::now() + kDeadline);
  if (!token_.empty()) {
    call.context->AddMetadata("authorization", token_);
  } else if (options_.identity) {
    call.context->AddMetadata("x-minsheng-post", "%E6%B5%8B%E8%AF%95");
    call.context->AddMetadata("x-minsheng-unit", "%E5%8C%BA%E4%BA%A4%E9%80%9A%E5%B1%80");
    call.context->AddMetadata("x-minsheng-role", "list_office");
  }
  call.request = request_of_(next_++);
  call.started = Steady::now();
  stubs_[call.number % stubs_.size()]->UnaryCall(
      &*call.context, options_.method, {}, &call.request, &call.response,
      [this, &call](const grpc::Status& status) { Finished(call, status); });
}

void Load::Finished(Call& call, const grpc::Status& status) {
  if (!status.ok()) {
    if (errors_++ == 0) {
      std::fprintf(stderr, "%s: %d %s\n", options_.method.c_str(),
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

void Load::Print(double seconds, double cpu) {
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
      options_.method.c_str(), static_cast<long long>(done), static_cast<long long>(errors_.load()),
      seconds, static_cast<double>(done) / seconds, static_cast<double>(bytes) / count, at(50),
      at(99), cpu * 1e6 / count, options_.outstanding, options_.channels);
}

}  // namespace minsheng::bench
