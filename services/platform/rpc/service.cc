#include "services/platform/rpc/service.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "google/api/annotations.pb.h"
#include "google/protobuf/descriptor.h"
#include "services/platform/access/origin.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/rpc/percent.h"

namespace minsheng::platform::rpc {
namespace {

const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const auto* const buckets = new prometheus::Histogram::BucketBoundaries{
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
      0.05,   0.1,     0.25,   0.5,   1.0,    2.5,   10.0};
  return *buckets;
}

const google::protobuf::MethodDescriptor* DescriptorOf(const std::string& service,
                                                       const std::string& method) {
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrCat(service, ".", method));
}

bool Reads(const google::protobuf::MethodDescriptor* descriptor) {
  return descriptor != nullptr && descriptor->options().GetExtension(google::api::http).has_get();
}

absl::StatusOr<Policy> PolicyOf(const google::protobuf::MethodDescriptor* descriptor) {
  if (descriptor == nullptr) return absl::InternalError("an rpc that no .proto declares");
  return Policy::Of(*descriptor);
}

std::string OriginOf(const grpc::CallbackServerContext& context) {
  return OriginOfPeer(context.peer());
}

absl::Time DeadlineOf(const grpc::CallbackServerContext& context) {
  const absl::Time now = absl::Now();
  const absl::Time asked = absl::FromChrono(context.deadline());
  if (asked > now + absl::Hours(24)) return now + kDefaultDeadline;  // none was given
  return std::min(asked, now + kLatestDeadline);
}

std::string Metadata(const grpc::ServerContextBase& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto it = metadata.find(key);
  if (it == metadata.end()) return "";
  return PercentDecode(absl::string_view(it->second.data(), it->second.size()));
}

const char* CodeName(absl::StatusCode code) {
  static constexpr const char* kNames[] = {"OK",
                                           "CANCELLED",
                                           "UNKNOWN",
                                           "INVALID_ARGUMENT",
                                           "DEADLINE_EXCEEDED",
                                           "NOT_FOUND",
                                           "ALREADY_EXISTS",
                                           "PERMISSION_DENIED",
                                           "RESOURCE_EXHAUSTED",
                                           "FAILED_PRECONDITION",
                                           "ABORTED",
                                           "OUT_OF_RANGE",
                                           "UNIMPLEMENTED",
                                           "INTERNAL",
                                           "UNAVAILABLE",
                                           "DATA_LOSS",
                                           "UNAUTHENTICATED"};
  return kNames[static_cast<size_t>(code)];
}

}  // namespace

MethodMetrics::MethodMetrics(const Environment& environment, std::string method)
    : family_(prometheus::BuildHistogram()
                  .Name("minsheng_rpc_server_handling_seconds")
                  .Help("Time from a call's arrival to its answer, by method and code.")
                  .Register(*environment.metrics)),
      service_(environment.service),
      method_(std::move(method)) {
  For(absl::StatusCode::kOk);
}

void MethodMetrics::Observe(absl::StatusCode code, absl::Duration taken) {
  For(code).Observe(absl::ToDoubleSeconds(taken));
}

prometheus::Histogram& MethodMetrics::For(absl::StatusCode code) {
  std::atomic<prometheus::Histogram*>& slot = by_code_[static_cast<size_t>(code)];
  if (prometheus::Histogram* known = slot.load(std::memory_order_acquire)) return *known;
  // Add gives the same histogram for the same labels, so a race only finds it twice.
  prometheus::Histogram& made = family_.Add(
      {{"service", service_}, {"method", method_}, {"code", CodeName(code)}}, Buckets());
  slot.store(&made, std::memory_order_release);
  return made;
}

absl::StatusOr<std::shared_ptr<const Principal>> StatedIdentifier::Identify(
    const grpc::ServerContextBase& call) const {
  auto caller = std::make_shared<Principal>();
  caller->post = Metadata(call, "x-minsheng-post");
  caller->unit = Metadata(call, "x-minsheng-unit");
  caller->role = Metadata(call, "x-minsheng-role");
  caller->district = Metadata(call, "x-minsheng-district");
  if (caller->district.empty()) caller->district = kEveryDistrict;
  return caller;
}

absl::Status Overloaded() {
  return Error(absl::StatusCode::kResourceExhausted, "OVERLOADED",
               "the service has more calls than it can take; try again in a moment");
}

Service::Service(std::string full_name, const Environment& environment)
    : full_name_(std::move(full_name)),
      environment_(environment),
      domain_(absl::StrCat(environment.service, ".minsheng")) {}

std::shared_ptr<Service::Method> Service::NewMethod(const std::string& name,
                                                    const google::protobuf::Descriptor* request) {
  const auto* descriptor = DescriptorOf(full_name_, name);
  auto method = std::make_shared<Method>(absl::StrCat(full_name_, "/", name), request, environment_,
                                         name, PolicyOf(descriptor), !Reads(descriptor),
                                         descriptor != nullptr && descriptor->server_streaming());
  declared_.Update(method->policy.status());
  return method;
}

absl::StatusOr<CallContext> Service::Admit(Call& call,
                                           const google::protobuf::Message& request) const {
  static const StatedIdentifier stated;
  const Identifier& identifier =
      environment_.identifier == nullptr ? stated : *environment_.identifier;
  auto caller = identifier.Identify(*call.server);
  if (caller.ok()) call.caller = *caller;
  if (environment_.limiter != nullptr) {
    const std::string origin = call.caller ? "" : OriginOf(*call.server);
    RETURN_IF_ERROR(environment_.limiter->Begin(call.caller.get(), origin, call.method->writes));
    call.begun = true;
  }
  RETURN_IF_ERROR(caller.status());
  const Policy& policy = *call.method->policy;
  RETURN_IF_ERROR(call.method->limits.Check(request, policy.request_bytes_max()));
  CallContext context;
  ASSIGN_OR_RETURN(context.scope, policy.Admit(*call.caller, request));
  context.principal = *call.caller;
  context.method = call.method->path;
  context.deadline = DeadlineOf(*call.server);
  return context;
}

void Service::Close(const Call& call, const absl::Status& status) {
  call.method->metrics.Observe(status.code(), absl::Now() - call.start);
  const bool refused = absl::IsPermissionDenied(status) || absl::IsUnauthenticated(status);
  if (refused && environment_.refusals != nullptr) {
    environment_.refusals->Note(call.caller.get(), OriginOf(*call.server), call.method->path,
                                ReasonOf(status));
  }
}

std::function<void()> Service::EndOf(const Call& call) {
  // Streams may last as long as any call; a unary one without a deadline has the default.
  const absl::Time until =
      (call.method->streams ? call.start + kLatestDeadline : DeadlineOf(*call.server)) +
      OpenCalls::kGrace;
  // At its own deadline gRPC ends a call by itself.
  const bool ends = absl::FromChrono(call.server->deadline()) <= until;
  const OpenCalls::Handle open = ends ? nullptr : open_calls_.Add(*call.server, until);
  if (!call.begun) {
    return [this, open] {
      if (open) open_calls_.Remove(open);
    };
  }
  return [this, open, caller = call.caller,
          origin = call.caller ? std::string() : OriginOf(*call.server)] {
    if (open) open_calls_.Remove(open);
    environment_.limiter->End(caller.get(), origin);
  };
}

void Service::Finish(const Call& call, grpc::ServerUnaryReactor& reactor,
                     const absl::Status& status) {
  Close(call, status);
  // Before the answer: after it the server may end, and this service with it.
  --running_;
  reactor.Finish(ToGrpc(status, domain_));
}

int Service::AddCallback(const std::string& name, grpc::internal::RpcMethod::RpcType type,
                         grpc::internal::MethodHandler* handler) {
  const std::string& path = paths_.emplace_back(absl::StrCat("/", full_name_, "/", name));
  const int index = static_cast<int>(bound_.size());
  AddMethod(new grpc::internal::RpcServiceMethod(path.c_str(), type, nullptr));
  MarkMethodCallback(index, handler);
  bound_.push_back(name);
  return index;
}

Executor* Service::ExecutorFor(const std::string& method) const {
  return Reads(DescriptorOf(full_name_, method)) ? environment_.readers : environment_.executor;
}

std::vector<std::string> Service::Unbound() const {
  std::vector<std::string> missing;
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(full_name_);
  if (descriptor == nullptr) return {absl::StrCat(full_name_, " itself")};
  for (int i = 0; i < descriptor->method_count(); ++i) {
    const std::string& name = descriptor->method(i)->name();
    if (std::find(bound_.begin(), bound_.end(), name) == bound_.end()) missing.push_back(name);
  }
  return missing;
}

}  // namespace minsheng::platform::rpc
