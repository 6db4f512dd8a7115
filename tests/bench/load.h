// A load client: keeps a number of unary calls under way and counts what comes back. It sends raw
// bytes and reads none, so that its own cost is small and the same whoever answers.
#ifndef MINSHENG_TESTS_BENCH_LOAD_H_
#define MINSHENG_TESTS_BENCH_LOAD_H_

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace minsheng::bench {

struct LoadOptions {
  std::string address;
  std::string method;
  double seconds = 3;
  double warm_up_seconds = 0.5;
  int channels = 2;
  int outstanding = 64;
  bool identity = true;  // send the caller's post, unit and role
  std::string ca;        // the authority of the server's certificate; empty: without TLS

  // The options of a command line, but for the method.
  void AddTo(CLI::App& app);
};

// Used once, by one thread.
class Load {
 public:
  // What call number n sends; called by several threads at once.
  using RequestOf = std::function<grpc::ByteBuffer(uint64_t n)>;

  Load(LoadOptions options, RequestOf request_of);

  // Calls for the given time and prints one JSON object; the exit code of the program: 1 when
  // nothing answers or a call failed, which it says.
  int Run();

 private:
  // One slot of the load; its callbacks come one after the other.
  struct Call {
    size_t number = 0;
    std::optional<grpc::ClientContext> context;
    grpc::ByteBuffer request;
    grpc::ByteBuffer response;
    std::chrono::steady_clock::time_point started;
    int64_t done = 0;
    int64_t bytes = 0;
    std::vector<float> micros;
  };

  bool Connect();
  void Start(Call& call);
  void Finished(Call& call, const grpc::Status& status);
  void AwaitIdle();
  void Print(double seconds, double cpu);

  const LoadOptions options_;
  const RequestOf request_of_;
  const std::string token_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  std::vector<std::unique_ptr<Call>> calls_;
  std::atomic<uint64_t> next_ = 0;
  std::atomic<bool> measuring_ = false;
  std::atomic<bool> stopping_ = false;
  std::atomic<int64_t> errors_ = 0;
  std::mutex mutex_;
  std::condition_variable idle_;
  int running_ = 0;
};

// A message as it goes over the wire.
grpc::ByteBuffer BufferOf(const std::string& bytes);

}  // namespace minsheng::bench

#endif  // MINSHENG_TESTS_BENCH_LOAD_H_
