// What a service does at several times what it can: finds its best rate with a closed loop, then calls
// at a multiple of it in an open loop, as a crowd does, and counts what is answered and how fast the
// rest is refused.
//
//   overload --address 127.0.0.1:N --method /…/ListAssessments --request FILE --times 3
//
// FILE holds a serialised request. Prints one JSON object.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace minsheng::bench {
namespace {

using Steady = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Options {
  std::string address;
  std::string method;
  std::vector<std::string> request_files;
  double seconds = 5;
  double times = 3;
  double deadline_seconds = 2;
  int rounds = 3;
  int outstanding = 64;
};

struct Counts {
  int64_t answered = 0;
  int64_t refused = 0;  // RESOURCE_EXHAUSTED
  int64_t late = 0;     // DEADLINE_EXCEEDED
  int64_t failed = 0;
  std::vector<float> refused_ms;
  std::vector<float> answered_ms;
};

class Crowd {
 public:
  explicit Crowd(const Options& options) : options_(options) {
    for (int i = 0; i < 4; ++i) {
      grpc::ChannelArguments arguments;
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      stubs_.push_back(std::make_unique<grpc::GenericStub>(grpc::CreateCustomChannel(
          options_.address, grpc::InsecureChannelCredentials(), arguments)));
    }
    for (const std::string& path : options_.request_files) {
      std::ifstream file(path, std::ios::binary);
      const grpc::Slice slice(std::string(std::istreambuf_iterator<char>(file), {}));
      requests_.emplace_back(&slice, 1);
    }
  }

  // As many at a time as given, each followed by the next: the best rate.
  double ClosedLoop(double seconds) {
    counts_ = {};
    again_ = true;
    const auto begin = Steady::now();
    for (int i = 0; i < options_.outstanding; ++i) Call();
    std::this_thread::sleep_for(Seconds(seconds));
    again_ = false;
    AwaitIdle();
    return static_cast<double>(counts_.answered) / Seconds(Steady::now() - begin).count();
  }

  // So many a second, whatever becomes of them. Rate of answers within the time of calling.
  double OpenLoop(double per_second, double seconds, double& offered) {
    counts_ = {};
    const auto begin = Steady::now();
    int64_t called = 0;
    double passed = 0;
    while ((passed = Seconds(Steady::now() - begin).count()) < seconds) {
      for (const auto due = static_cast<int64_t>(passed * per_second); called < due; ++called) Call();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    offered = static_cast<double>(called) / passed;
    int64_t answered = 0;
    {
      std::lock_guard lock(mutex_);
      answered = counts_.answered;
    }
    AwaitIdle();
    return static_cast<double>(answered) / passed;
  }

  const Counts& counts() const { return counts_; }

 private:
  struct One {
    grpc::ClientContext context;
    grpc::ByteBuffer response;
    Steady::time_point begun = Steady::now();
  };

  void Call() {
    ++running_;
    auto* one = new One;
    one->context.set_deadline(
        std::chrono::system_clock::now() +
        std::chrono::duration_cast<std::chrono::microseconds>(Seconds(options_.deadline_seconds)));
    one->context.AddMetadata("x-minsheng-role", "list_office");
    const uint64_t number = next_++;
    stubs_[number % stubs_.size()]->UnaryCall(
        &one->context, options_.method, {}, &requests_[number % requests_.size()], &one->response,
        [this, one](const grpc::Status& status) { Finished(one, status); });
  }

  void Finished(One* one, const grpc::Status& status) {
    const float ms = std::chrono::duration<float, std::milli>(Steady::now() - one->begun).count();
    delete one;
    {
      std::lock_guard lock(mutex_);
      if (status.ok()) {
        ++counts_.answered;
        counts_.answered_ms.push_back(ms);
      } else if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
        ++counts_.refused;
        counts_.refused_ms.push_back(ms);
      } else if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
        ++counts_.late;
      } else if (counts_.failed++ == 0) {
        std::fprintf(stderr, "overload: %d %s\n", static_cast<int>(status.error_code()),
                     status.error_message().c_str());
      }
    }
    if (again_) Call();
    --running_;
  }

  void AwaitIdle() {
    while (running_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  const Options options_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  std::vector<grpc::ByteBuffer> requests_;
  std::atomic<uint64_t> next_ = 0;
  std::atomic<int64_t> running_ = 0;
  std::atomic<bool> again_ = false;
  std::mutex mutex_;
  Counts counts_;
};

double At(std::vector<float> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto index = static_cast<size_t>(share * static_cast<double>(values.size()));
  return static_cast<double>(values[std::min(values.size() - 1, index)]);
}

int Run(const Options& options) {
  Crowd crowd(options);
  crowd.ClosedLoop(1);
  std::vector<double> ratios;
  Counts last;
  double best = 0, good = 0, offered = 0;
  for (int round = 0; round < options.rounds; ++round) {
    best = crowd.ClosedLoop(options.seconds);
    good = crowd.OpenLoop(best * options.times, options.seconds, offered);
    last = crowd.counts();
    ratios.push_back(good / best);
  }
  std::sort(ratios.begin(), ratios.end());
  std::printf(
      "{\"ratio\":%.3f,\"ratio_min\":%.3f,\"ratio_max\":%.3f,\"best_per_second\":%.0f,"
      "\"offered_per_second\":%.0f,\"answered_per_second\":%.0f,\"answered_p99_ms\":%.1f,"
      "\"refused\":%lld,\"refused_p50_ms\":%.1f,\"refused_p99_ms\":%.1f,\"late\":%lld,"
      "\"failed\":%lld}\n",
      ratios[ratios.size() / 2], ratios.front(), ratios.back(), best, offered, good,
      At(last.answered_ms, 0.99), static_cast<long long>(last.refused), At(last.refused_ms, 0.5),
      At(last.refused_ms, 0.99), static_cast<long long>(last.late),
      static_cast<long long>(last.failed));
  return last.failed == 0 ? 0 : 1;
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("overload: goodput and refusals of a method called faster than it can answer");
  app.add_option("--address", options.address, "host:port")->required();
  app.add_option("--method", options.method, "Full path of the method")->required();
  app.add_option("--request", options.request_files, "Files with serialised requests, taken in turn")
      ->required();
  app.add_option("--seconds", options.seconds, "Length of each phase")->capture_default_str();
  app.add_option("--times", options.times, "Multiple of the best rate")->capture_default_str();
  app.add_option("--rounds", options.rounds, "Pairs of phases; the median counts")
      ->check(CLI::Range(1, 99))
      ->capture_default_str();
  app.add_option("--deadline", options.deadline_seconds, "Of each call, in seconds")
      ->capture_default_str();
  app.add_option("--outstanding", options.outstanding, "Calls under way in the closed loop")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return Run(options);
}

}  // namespace
}  // namespace minsheng::bench

int main(int argc, char** argv) { return minsheng::bench::Main(argc, argv); }
