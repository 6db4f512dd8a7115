// Binds plain handler functions to gRPC's callback API: the one place, with service.cc and
// server.cc, that knows gRPC's threading.
//
//   rpc::Service service("minsheng.registry.v1.RegistryService", runtime);
//   service.Unary<GetTaskRequest, GetTaskResponse>("GetTask", rpc::kInline, [&](const CallContext&
//   c, const auto& q) {…});
//
// A call: within bounds? → deadline left? → who? → admitted? → handler → timed and counted →
// answer. A handler is a function StatusOr<Response>(const CallContext&, const Request&) and knows
// nothing of gRPC.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_SERVICE_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_SERVICE_H_

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/service_type.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "services/platform/rpc/context.h"
#include "services/platform/rpc/executor.h"
#include "services/platform/rpc/limits.h"
#include "services/platform/rpc/status.h"

namespace minsheng::platform::rpc {

// Where a handler runs: in gRPC's polling thread (microseconds, never blocks) or on the executor.
enum class Dispatch { kInline, kPooled };
inline constexpr Dispatch kInline = Dispatch::kInline;
inline constexpr Dispatch kPooled = Dispatch::kPooled;

// Calls without a deadline get this one.
inline constexpr absl::Duration kDefaultDeadline = absl::Seconds(30);

// What all services of a process share. Outlives them.
struct Environment {
  std::string service;  // "registry"; errors speak for "registry.minsheng"
  Executor* executor = nullptr;
  prometheus::Registry* metrics = nullptr;
};

// Latency by method and code: minsheng_rpc_server_handling_seconds.
class MethodMetrics {
 public:
  MethodMetrics(const Environment& environment, std::string method);
  void Observe(absl::StatusCode code, absl::Duration taken);

 private:
  prometheus::Histogram& For(absl::StatusCode code);

  prometheus::Family<prometheus::Histogram>& family_;
  const std::string service_;
  const std::string method_;
  std::array<std::atomic<prometheus::Histogram*>, 17> by_code_{};
};

CallContext ContextOf(const grpc::CallbackServerContext& server_context, const std::string& method);
absl::Status Overloaded();

// Fails at start (with the names) when methods of the .proto have no handler.
class Service : public grpc::Service {
 public:
  Service(std::string full_name, const Environment& environment);

  template <typename Request, typename Response>
  using Handler = std::function<absl::StatusOr<Response>(const CallContext&, const Request&)>;
  template <typename Response>
  using Answer = std::function<void(absl::StatusOr<Response>)>;
  // Answers later, from any thread, exactly once; must not block.
  template <typename Request, typename Response>
  using LateHandler = std::function<void(const CallContext&, const Request&, Answer<Response>)>;
  // Writes a stream of answers; blocks its own pooled thread.
  template <typename Request, typename Response>
  using StreamHandler = std::function<absl::Status(
      const CallContext&, const Request&, const std::function<absl::Status(Response)>& write)>;

  template <typename Request, typename Response>
  void Unary(const std::string& name, Dispatch dispatch, Handler<Request, Response> handler) {
    AddUnary<Request, Response>(
        name, [this, dispatch, handler = std::move(handler)](
                  const CallContext& context, const Request& request, Answer<Response> answer) {
          if (dispatch == kInline) return answer(handler(context, request));
          Pooled<Response>(context, std::move(answer),
                           [&handler, context, &request] { return handler(context, request); });
        });
  }

  template <typename Request, typename Response>
  void Late(const std::string& name, LateHandler<Request, Response> handler) {
    AddUnary<Request, Response>(name, std::move(handler));
  }

  template <typename Request, typename Response>
  void ServerStream(const std::string& name, StreamHandler<Request, Response> handler);

  // Names of methods in the descriptor that nobody bound.
  std::vector<std::string> Unbound() const;

  // How many calls are not answered yet.
  int running() const { return running_.load(); }

 private:
  struct Method {
    Method(std::string its_path, const Environment& environment, const std::string& name)
        : path(std::move(its_path)), metrics(environment, name) {}
    std::string path;  // without the leading slash
    MethodMetrics metrics;
  };

  std::shared_ptr<Method> NewMethod(const std::string& name);
  int AddCallback(const std::string& name, grpc::internal::RpcMethod::RpcType type,
                  grpc::internal::MethodHandler* handler);

  template <typename Request, typename Response>
  void AddUnary(const std::string& name, LateHandler<Request, Response> handler) {
    auto method = NewMethod(name);
    AddCallback(name, grpc::internal::RpcMethod::NORMAL_RPC,
                new grpc::internal::CallbackUnaryHandler<Request, Response>(
                    [this, method, handler = std::move(handler)](
                        grpc::CallbackServerContext* server_context, const Request* request,
                        Response* response) {
                      return React<Request, Response>(*method, handler, server_context, request,
                                                      response);
                    }));
  }

  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* React(Method& method, const LateHandler<Request, Response>& handler,
                                  grpc::CallbackServerContext* server_context,
                                  const Request* request, Response* response) {
    const absl::Time start = absl::Now();
    grpc::ServerUnaryReactor* reactor = server_context->DefaultReactor();
    ++running_;
    const Answer<Response> answer = [this, &method, start, reactor,
                                     response](absl::StatusOr<Response> result) {
      method.metrics.Observe(result.status().code(), absl::Now() - start);
      if (result.ok()) *response = *std::move(result);
      reactor->Finish(ToGrpc(result.status(), domain_));
      --running_;
    };
    if (absl::Status limits = CheckLimits(*request); !limits.ok()) {
      answer(limits);
    } else {
      handler(ContextOf(*server_context, method.path), *request, answer);
    }
    return reactor;
  }

  // The request outlives the task: gRPC keeps it until the answer.
  template <typename Response, typename Work>
  void Pooled(const CallContext& context, Answer<Response> answer, Work work) {
    const bool admitted = environment_.executor->Run([context, answer, work] {
      if (absl::Now() >= context.deadline) {
        return answer(
            absl::DeadlineExceededError("the deadline passed while the call was waiting"));
      }
      answer(work());
    });
    if (!admitted) answer(Overloaded());
  }

  const std::string full_name_;
  const Environment environment_;
  const std::string domain_;
  std::vector<std::string> bound_;
  std::atomic<int> running_ = 0;
};

// One stream: the handler writes from its own thread and waits for each write to finish.
template <typename Request, typename Response>
class StreamReactor final : public grpc::ServerWriteReactor<Response> {
 public:
  absl::Status Write(Response message) {
    std::unique_lock lock(mutex_);
    message_ = std::move(message);
    written_ = false;
    this->StartWrite(&message_);
    ready_.wait(lock, [&] { return written_; });
    return ok_ ? absl::OkStatus() : absl::CancelledError("the caller went away");
  }
  void OnWriteDone(bool ok) override {
    std::lock_guard lock(mutex_);
    written_ = true;
    ok_ = ok;
    ready_.notify_all();
  }
  void OnDone() override { delete this; }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  Response message_;
  bool written_ = false;
  bool ok_ = true;
};

template <typename Request, typename Response>
void Service::ServerStream(const std::string& name, StreamHandler<Request, Response> handler) {
  auto method = NewMethod(name);
  AddCallback(name, grpc::internal::RpcMethod::SERVER_STREAMING,
              new grpc::internal::CallbackServerStreamingHandler<Request, Response>(
                  [this, method, handler = std::move(handler)](
                      grpc::CallbackServerContext* server_context, const Request* request) {
                    auto* reactor = new StreamReactor<Request, Response>();
                    const CallContext context = ContextOf(*server_context, method->path);
                    const absl::Time start = absl::Now();
                    ++running_;
                    const auto finish = [this, method, start, reactor](const absl::Status& status) {
                      method->metrics.Observe(status.code(), absl::Now() - start);
                      reactor->Finish(ToGrpc(status, domain_));
                      --running_;
                    };
                    const bool admitted =
                        environment_.executor->Run([handler, context, request, reactor, finish] {
                          finish(handler(context, *request, [reactor](Response response) {
                            return reactor->Write(std::move(response));
                          }));
                        });
                    if (!admitted) finish(Overloaded());
                    return reactor;
                  }));
}

}  // namespace minsheng::platform::rpc

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_SERVICE_H_
