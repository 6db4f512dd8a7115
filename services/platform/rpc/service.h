// Binds plain handler functions to gRPC's callback API: the one place, with service.cc and
// server.cc, that knows gRPC's threading.
//
//   rpc::Service service("minsheng.registry.v1.RegistryService", runtime);
//   service.Unary<GetTaskRequest, GetTaskResponse>("GetTask", rpc::kInline, [&](const CallContext&
//   c, const auto& q) {…});
//
// A call: who? → not too often? → within bounds? → may they? → answer at hand? → deadline left? →
// admitted? → handler → timed, counted, refusals noted → answer. A handler is a function
// StatusOr<Response>(const CallContext&, const Request&) and knows nothing of gRPC.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_SERVICE_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_SERVICE_H_

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/service_type.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "services/platform/access/guard.h"
#include "services/platform/access/policy.h"
#include "services/platform/rpc/context.h"
#include "services/platform/rpc/executor.h"
#include "services/platform/rpc/limits.h"
#include "services/platform/rpc/open_calls.h"
#include "services/platform/rpc/status.h"

namespace minsheng::platform::rpc {

// Where a handler runs: in gRPC's polling thread (microseconds, never blocks) or on an executor:
// that of the readers when the method's google.api.http says GET, so that what only computes cannot
// crowd gRPC's two threads out of the processor, else the one whose many threads wait for the
// journal.
enum class Dispatch { kInline, kPooled };
inline constexpr Dispatch kInline = Dispatch::kInline;
inline constexpr Dispatch kPooled = Dispatch::kPooled;

// Calls without a deadline get this one.
inline constexpr absl::Duration kDefaultDeadline = absl::Seconds(30);
// And none may keep the service longer, whatever it asks for.
inline constexpr absl::Duration kLatestDeadline = absl::Minutes(15);

// Streams of a service at a time: each holds a thread while its caller reads.
inline constexpr int kStreamsRunningMax = 16;

// What all services of a process share. Outlives them.
struct Environment {
  std::string service;  // "registry"; errors speak for "registry.minsheng"
  Executor* executor = nullptr;
  Executor* readers = nullptr;
  prometheus::Registry* metrics = nullptr;
  const Identifier* identifier = nullptr;  // null: callers are believed (StatedIdentifier)
  Limiter* limiter = nullptr;              // null: none
  RefusalSink* refusals = nullptr;         // null: none
};

// Where callers are believed, on loopback without authentication: their own statement in the
// metadata x-minsheng-post, -unit, -role and -district (percent-encoded UTF-8); without a district
// they are bound to none.
class StatedIdentifier final : public Identifier {
 public:
  absl::StatusOr<std::shared_ptr<const Principal>> Identify(
      const grpc::ServerContextBase& call) const override;
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

absl::Status Overloaded();

// Tells when a call is over: its answer has left, or its caller went away.
class UnaryReactor final : public grpc::ServerUnaryReactor {
 public:
  // Before Finish.
  void AtEnd(std::function<void()> over) { over_ = std::move(over); }
  void OnDone() override {
    over_();
    delete this;
  }

 private:
  // It does not block, and need not go to a thread of gRPC's own executor: that took a quarter of
  // the speed.
  bool InternalInlineable() override { return true; }

  std::function<void()> over_;
};

// What a method answers with: a message, or the bytes of one, sent as they are.
template <typename Response>
struct Reply {
  Response message;
  std::optional<std::string> bytes;
};

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

  // The bytes of the whole answer if they are at hand in memory, else nullopt and the handler is
  // asked. Runs in gRPC's polling thread: for answers that are the same for every caller of a
  // scope.
  template <typename Request>
  using AtHand = std::function<std::optional<std::string>(Scope, const Request&)>;

  template <typename Request, typename Response>
  void Unary(const std::string& name, Dispatch dispatch, Handler<Request, Response> handler,
             AtHand<Request> at_hand = nullptr) {
    AddUnary<Request, Response>(
        name,
        [this, dispatch, executor = ExecutorFor(name), handler = std::move(handler)](
            const CallContext& context, const Request& request, Answer<Response> answer) {
          if (dispatch == kInline) return answer(handler(context, request));
          Pooled<Response>(*executor, context, std::move(answer),
                           [&handler, context, &request] { return handler(context, request); });
        },
        std::move(at_hand));
  }

  template <typename Request, typename Response>
  void Late(const std::string& name, LateHandler<Request, Response> handler) {
    AddUnary<Request, Response>(name, std::move(handler), nullptr);
  }

  template <typename Request, typename Response>
  void ServerStream(const std::string& name, StreamHandler<Request, Response> handler);

  // Names of methods in the descriptor that nobody bound.
  std::vector<std::string> Unbound() const;
  // INTERNAL when an rpc does not declare who may call it.
  const absl::Status& declared() const { return declared_; }

  // How many calls are not answered yet.
  int running() const { return running_.load(); }

 private:
  struct Method {
    Method(std::string its_path, const google::protobuf::Descriptor* request,
           const Environment& environment, const std::string& name,
           absl::StatusOr<Policy> its_policy, bool it_writes, bool it_streams)
        : path(std::move(its_path)),
          limits(request),
          policy(std::move(its_policy)),
          writes(it_writes),
          streams(it_streams),
          metrics(environment, name) {}
    const std::string path;  // without the leading slash
    const RequestLimits limits;
    const absl::StatusOr<Policy> policy;  // no service starts with one that failed
    const bool writes;
    const bool streams;
    MethodMetrics metrics;
  };
  // A call that has come in. gRPC keeps the server's context until the answer.
  struct Call {
    std::shared_ptr<Method> method;
    absl::Time start;
    grpc::CallbackServerContext* server;
    std::shared_ptr<const Principal> caller;  // null until identified
    bool begun = false;                       // the limiter let it in
  };

  // What stands before the handler: who calls, not too often, within bounds, may they.
  absl::StatusOr<CallContext> Admit(Call& call, const google::protobuf::Message& request) const;
  // Before the answer: timed, counted, a refusal noted.
  void Close(const Call& call, const absl::Status& status);
  // What to do when the call is over; it is cut off when that takes too long.
  std::function<void()> EndOf(const Call& call);
  Executor* ExecutorFor(const std::string& method) const;
  std::shared_ptr<Method> NewMethod(const std::string& name,
                                    const google::protobuf::Descriptor* request);
  int AddCallback(const std::string& name, grpc::internal::RpcMethod::RpcType type,
                  grpc::internal::MethodHandler* handler);

  template <typename Request, typename Response>
  void AddUnary(const std::string& name, LateHandler<Request, Response> handler,
                AtHand<Request> at_hand) {
    auto method = NewMethod(name, Request::descriptor());
    AddCallback(name, grpc::internal::RpcMethod::NORMAL_RPC,
                new grpc::internal::CallbackUnaryHandler<Request, Reply<Response>>(
                    [this, method, handler = std::move(handler), at_hand = std::move(at_hand)](
                        grpc::CallbackServerContext* server_context, const Request* request,
                        Reply<Response>* reply) {
                      ++running_;
                      auto* reactor = new UnaryReactor();
                      React<Request, Response>({method, absl::Now(), server_context, nullptr},
                                               reactor, handler, at_hand, *request, *reply);
                      return reactor;
                    }));
  }

  template <typename Request, typename Response>
  void React(Call call, UnaryReactor* reactor, const LateHandler<Request, Response>& handler,
             const AtHand<Request>& at_hand, const Request& request, Reply<Response>& reply) {
    const absl::StatusOr<CallContext> context = Admit(call, request);
    reactor->AtEnd(EndOf(call));
    if (!context.ok()) return Finish(call, *reactor, context.status());
    if (at_hand) reply.bytes = at_hand(context->scope, request);
    if (reply.bytes) return Finish(call, *reactor, absl::OkStatus());
    handler(*context, request,
            [this, call = std::move(call), reactor, &reply](absl::StatusOr<Response> result) {
              if (result.ok()) reply.message = *std::move(result);
              Finish(call, *reactor, result.status());
            });
  }

  void Finish(const Call& call, grpc::ServerUnaryReactor& reactor, const absl::Status& status);

  // The request outlives the task: gRPC keeps it until the answer.
  template <typename Response, typename Work>
  static void Pooled(Executor& executor, const CallContext& context, Answer<Response> answer,
                     Work work) {
    const bool admitted = executor.Run([context, answer, work] {
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
  std::deque<std::string> paths_;  // gRPC keeps pointers to them
  absl::Status declared_;
  std::atomic<int> running_ = 0;
  std::atomic<int> streaming_ = 0;
  OpenCalls open_calls_;
};

// One stream: the handler writes from its own thread and waits for each write to finish.
template <typename Request, typename Response>
class StreamReactor final : public grpc::ServerWriteReactor<Response> {
 public:
  // A caller that does not read one message for so long is cut off, and its thread free again.
  static constexpr std::chrono::seconds kWriteMax{20};

  explicit StreamReactor(grpc::CallbackServerContext* context) : context_(context) {}

  // Before Finish.
  void AtEnd(std::function<void()> over) { over_ = std::move(over); }
  absl::Status Write(Response message) {
    std::unique_lock lock(mutex_);
    message_ = std::move(message);
    written_ = false;
    this->StartWrite(&message_);
    if (!ready_.wait_for(lock, kWriteMax, [&] { return written_; })) {
      lock.unlock();
      context_->TryCancel();
      lock.lock();
      ready_.wait(lock, [&] { return written_; });
    }
    return ok_ ? absl::OkStatus() : absl::CancelledError("the caller went away");
  }
  void OnWriteDone(bool ok) override {
    std::lock_guard lock(mutex_);
    written_ = true;
    ok_ = ok;
    ready_.notify_all();
  }
  void OnDone() override {
    over_();
    delete this;
  }

 private:
  grpc::CallbackServerContext* const context_;
  std::function<void()> over_;
  std::mutex mutex_;
  std::condition_variable ready_;
  Response message_;
  bool written_ = false;
  bool ok_ = true;
};

template <typename Request, typename Response>
void Service::ServerStream(const std::string& name, StreamHandler<Request, Response> handler) {
  auto method = NewMethod(name, Request::descriptor());
  AddCallback(name, grpc::internal::RpcMethod::SERVER_STREAMING,
              new grpc::internal::CallbackServerStreamingHandler<Request, Response>(
                  [this, method, handler = std::move(handler)](
                      grpc::CallbackServerContext* server_context, const Request* request) {
                    auto* reactor = new StreamReactor<Request, Response>(server_context);
                    ++running_;
                    Call call{method, absl::Now(), server_context, nullptr};
                    const absl::StatusOr<CallContext> context = Admit(call, *request);
                    reactor->AtEnd(EndOf(call));
                    const auto finish = [this, call, reactor](const absl::Status& status) {
                      Close(call, status);
                      --streaming_;
                      --running_;
                      reactor->Finish(ToGrpc(status, domain_));
                    };
                    const bool room = ++streaming_ <= kStreamsRunningMax;
                    if (!context.ok() || !room) {
                      finish(context.ok() ? Overloaded() : context.status());
                      return reactor;
                    }
                    const bool admitted = environment_.executor->Run(
                        [handler, context = *context, request, reactor, finish] {
                          finish(handler(context, *request, [reactor](Response response) {
                            return reactor->Write(std::move(response));
                          }));
                        });
                    if (!admitted) finish(Overloaded());
                    return reactor;
                  }));
}

}  // namespace minsheng::platform::rpc

namespace grpc {

template <typename Response>
class SerializationTraits<minsheng::platform::rpc::Reply<Response>> {
 public:
  static Status Serialize(const minsheng::platform::rpc::Reply<Response>& reply, ByteBuffer* out,
                          bool* own_buffer) {
    if (!reply.bytes) {
      return SerializationTraits<Response>::Serialize(reply.message, out, own_buffer);
    }
    const Slice slice(*reply.bytes);
    ByteBuffer(&slice, 1).Swap(out);
    *own_buffer = true;
    return Status::OK;
  }
};

}  // namespace grpc

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_SERVICE_H_
