// Mutated and random requests of every rpc, against everything that reads a request before its
// handler does: the parser, the bounds, the policy, names, page tokens; with --address also over
// gRPC against a running service, which must answer each call.
//
// Time: --seconds, else MINSHENG_FUZZ_SECONDS, else 5. The seed (--seed, else MINSHENG_TEST_SEED,
// else random) is printed.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <CLI/CLI.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/stubs/logging.h"
#include "minsheng/common/v1/clock.pb.h"
#include "minsheng/common/v1/credentials.pb.h"
#include "minsheng/common/v1/event_log.pb.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "services/platform/access/policy.h"
#include "services/platform/base/error.h"
#include "services/platform/rpc/limits.h"
#include "services/platform/rpc/page.h"
#include "services/platform/rpc/percent.h"
#include "services/platform/rpc/resource_name.h"

namespace minsheng {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using google::protobuf::Reflection;

// A chain of calls deeper than this is refused by the parser.
constexpr int kDepthMax = 4;

class Maker {
 public:
  explicit Maker(uint32_t seed) : random_(seed) {}

  size_t Below(size_t bound) {
    return bound == 0 ? 0 : std::uniform_int_distribution<size_t>(0, bound - 1)(random_);
  }
  bool OneIn(size_t n) { return Below(n) == 0; }
  char Byte() { return static_cast<char>(Below(256)); }

  std::string Text() {
    static const std::vector<std::string> kTexts = {
        "",
        "districts/500156",
        "districts/500156/programs/2024",
        "districts/500156/programs/2024/projects/municipal-01/tasks/1",
        "districts/-",
        "districts/500156/programs/2024/projects/municipal-01/tasks/1/reports/2024-03/revisions/7",
        "2024-03",
        "区交通局",
        "////",
        "districts/",
        "%zz%00",
        std::string("\0x", 2),
        "AAAAAAAAAAAAAAAA",
        "\xff\xfe",
        "500156"};
    if (OneIn(200)) return std::string(Below(200'000), 'x');
    std::string text = kTexts[Below(kTexts.size())];
    if (OneIn(4)) Mutate(text);
    return text;
  }

  void Fill(Message& message, int depth = 0) {
    const auto* descriptor = message.GetDescriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const FieldDescriptor* field = descriptor->field(i);
      if (OneIn(3)) continue;
      const size_t times = !field->is_repeated() ? 1 : OneIn(300) ? 10'001 : Below(3);
      for (size_t n = 0; n < times; ++n) FillField(message, field, depth);
    }
  }

  void Mutate(std::string& bytes) {
    for (size_t rounds = 1 + Below(6); rounds > 0; --rounds) {
      const size_t at = Below(bytes.size() + 1);
      switch (Below(7)) {
        case 0:
          if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(8)));
          break;
        case 1:
          if (at < bytes.size()) bytes[at] = Byte();
          break;
        case 2:
          bytes.insert(at, 1 + Below(8), Byte());
          break;
        case 3:
          bytes.erase(at, 1 + Below(16));
          break;
        case 4:
          bytes.resize(at);
          break;
        case 5:  // a length, or a number, out of all bounds
          bytes.insert(at, "\xff\xff\xff\xff\xff\xff\xff\xff\x7f");
          break;
        default:  // a part of itself again
          bytes.insert(at, bytes.substr(Below(bytes.size() + 1), Below(64)));
      }
    }
  }

  std::string Random() {
    std::string bytes(Below(300), '\0');
    for (char& byte : bytes) byte = Byte();
    return bytes;
  }

  // A message within a message, as deep as there are bytes.
  std::string Nested() {
    std::string bytes;
    for (size_t depth = Below(400); depth > 0; --depth) {
      const char tag = static_cast<char>((1 + Below(12)) << 3 | 2);
      std::string outer(1, tag);
      for (size_t size = bytes.size();; size >>= 7) {
        outer.push_back(static_cast<char>((size & 0x7f) | (size > 0x7f ? 0x80 : 0)));
        if (size <= 0x7f) break;
      }
      bytes = outer + bytes;
    }
    return bytes;
  }

 private:
  void FillField(Message& message, const FieldDescriptor* field, int depth) {
    const Reflection* reflection = message.GetReflection();
    const bool many = field->is_repeated();
    const auto number = static_cast<int64_t>(random_()) - (OneIn(2) ? INT32_MAX : 0);
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return many ? reflection->AddString(&message, field, Text())
                    : reflection->SetString(&message, field, Text());
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth >= kDepthMax) return;
        return Fill(many ? *reflection->AddMessage(&message, field)
                         : *reflection->MutableMessage(&message, field),
                    depth + 1);
      case FieldDescriptor::CPPTYPE_INT64:
        return many ? reflection->AddInt64(&message, field, number)
                    : reflection->SetInt64(&message, field, number);
      case FieldDescriptor::CPPTYPE_INT32:
        return many ? reflection->AddInt32(&message, field, static_cast<int32_t>(number))
                    : reflection->SetInt32(&message, field, static_cast<int32_t>(Below(100)));
      case FieldDescriptor::CPPTYPE_ENUM:
        return many ? reflection->AddEnumValue(&message, field, static_cast<int>(Below(20)))
                    : reflection->SetEnumValue(&message, field, static_cast<int>(Below(20)));
      case FieldDescriptor::CPPTYPE_BOOL:
        return many ? reflection->AddBool(&message, field, OneIn(2))
                    : reflection->SetBool(&message, field, OneIn(2));
      default:
        return;
    }
  }

  std::mt19937 random_;
};

struct Target {
  const MethodDescriptor* method;
  const Message* prototype;
  platform::Policy policy;
  platform::rpc::RequestLimits limits;
};

std::vector<Target> AllTargets() {
  std::vector<Target> targets;
  for (const auto* file : {common::v1::ReadEventsRequest::descriptor()->file(),
                           common::v1::GetClockRequest::descriptor()->file(),
                           common::v1::RevokeCredentialRequest::descriptor()->file(),
                           registry::v1::GetTaskRequest::descriptor()->file(),
                           progress::v1::GetAssessmentRequest::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const MethodDescriptor* method = file->service(s)->method(m);
        targets.push_back({method,
                           google::protobuf::MessageFactory::generated_factory()->GetPrototype(
                               method->input_type()),
                           platform::Policy::Of(*method).value(),
                           platform::rpc::RequestLimits(method->input_type())});
      }
    }
  }
  return targets;
}

std::string Request(const Target& target, Maker& make) {
  const size_t kind = make.Below(10);
  if (kind == 0) return make.Random();
  if (kind == 1) return make.Nested();
  std::unique_ptr<Message> message(target.prototype->New());
  make.Fill(*message);
  std::string bytes = message->SerializePartialAsString();
  if (kind > 3) make.Mutate(bytes);
  return bytes;
}

platform::Principal Caller(Maker& make) {
  static constexpr const char* kRoles[] = {"reporter",   "list_office", "public", "operator",
                                           "service",    "auditor",     "leader", "",
                                           "unspecified"};
  platform::Principal caller;
  caller.role = make.OneIn(20) ? make.Text() : kRoles[make.Below(std::size(kRoles))];
  caller.unit = make.Text();
  caller.district = make.OneIn(3) ? platform::kEveryDistrict : make.Text();
  return caller;
}

// Every text of a request as a name, of every form there is.
void ReadNames(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  const Reflection* reflection = message.GetReflection();
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->is_repeated()) continue;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      ReadNames(reflection->GetMessage(message, field));
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) continue;
    const std::string text = reflection->GetString(message, field);
    for (const char* pattern : {"districts/######", "districts/######/programs/####", "districts/-",
                                "districts/######/programs/####/projects/*/tasks/*"}) {
      platform::rpc::CheckName(field->name(), text, pattern).IgnoreError();
    }
    platform::DistrictOf(text);
    platform::rpc::LeadingParts(text, 4);
    platform::rpc::LastNumber(text);
    platform::PercentDecode(text);
  }
}

struct Counts {
  int64_t tried = 0, parsed = 0, bounded = 0, admitted = 0, paged = 0;
};

void Decode(const Target& target, const std::string& bytes, Maker& make, Counts& counts) {
  ++counts.tried;
  std::unique_ptr<Message> message(target.prototype->New());
  if (!message->ParseFromString(bytes)) return;
  ++counts.parsed;
  if (!target.limits.Check(*message, target.policy.request_bytes_max()).ok()) return;
  ++counts.bounded;
  ReadNames(*message);
  counts.admitted += target.policy.Admit(Caller(make), *message).ok();
  const auto* descriptor = message->GetDescriptor();
  if (descriptor->FindFieldByName("page_token") == nullptr ||
      descriptor->FindFieldByName("page_size") == nullptr) {
    return;
  }
  counts.paged += platform::rpc::ReadPage(*message).ok();
  const std::string token = platform::rpc::NextPageToken(*message, make.Text());
  message->GetReflection()->SetString(message.get(), descriptor->FindFieldByName("page_token"),
                                      token);
  message->GetReflection()->SetInt32(message.get(), descriptor->FindFieldByName("page_size"), 1);
  if (!platform::rpc::ReadPage(*message).ok()) {
    fprintf(stderr, "a page token of ours was refused\n");
    abort();
  }
}

// One call over gRPC; its answer, whatever it is, by code.
grpc::StatusCode Call(grpc::GenericStub& stub, const Target& target, const std::string& bytes,
                      Maker& make) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  for (const char* key : {"x-minsheng-role", "x-minsheng-district", "authorization"}) {
    std::string value = make.OneIn(2) ? "list_office" : platform::PercentEncode(make.Text());
    if (make.OneIn(3)) value = make.OneIn(2) ? "%" : "Bearer a.b.c";
    if (value.size() < 2'000) context.AddMetadata(key, value);
  }
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer answer;
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(
      &context,
      absl::StrCat("/", target.method->service()->full_name(), "/", target.method->name()), request,
      &queue);
  grpc::Status status;
  call->StartCall();
  call->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return status.error_code();
}

int Run(double seconds, uint32_t seed, const std::string& address) {
  printf("seed %u\n", seed);
  google::protobuf::SetLogHandler(nullptr);
  Maker make(seed);
  const std::vector<Target> targets = AllTargets();
  std::unique_ptr<grpc::GenericStub> stub;
  if (!address.empty()) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    stub = std::make_unique<grpc::GenericStub>(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  }
  Counts counts;
  std::map<int, int64_t> codes;
  const absl::Time end = absl::Now() + absl::Seconds(seconds);
  while (absl::Now() < end) {
    for (const Target& target : targets) {
      const std::string bytes = Request(target, make);
      if (stub == nullptr) {
        Decode(target, bytes, make, counts);
      } else {
        ++counts.tried;
        ++codes[Call(*stub, target, bytes, make)];
      }
    }
  }
  if (stub == nullptr) {
    printf(
        "» %zu rpcs, %ld requests: %ld parsed, %ld within bounds, %ld admitted, %ld paged; seed "
        "%u\n",
        targets.size(), counts.tried, counts.parsed, counts.bounded, counts.admitted, counts.paged,
        seed);
    return counts.admitted > 0 && counts.paged > 0 && counts.bounded < counts.parsed ? 0 : 1;
  }
  std::string by_code;
  for (const auto& [code, count] : codes)
    absl::StrAppend(&by_code, " code ", code, ": ", count, ",");
  printf("» %zu rpcs of %s, %ld calls;%s seed %u\n", targets.size(), address.c_str(), counts.tried,
         by_code.c_str(), seed);
  // UNAVAILABLE: it is gone. DEADLINE_EXCEEDED: it did not answer.
  return codes[grpc::StatusCode::UNAVAILABLE] + codes[grpc::StatusCode::DEADLINE_EXCEEDED] == 0 ? 0
                                                                                                : 1;
}

}  // namespace
}  // namespace minsheng

int main(int argc, char** argv) {
  const char* const seconds_given = getenv("MINSHENG_FUZZ_SECONDS");
  const char* const seed_given = getenv("MINSHENG_TEST_SEED");
  double seconds = seconds_given == nullptr ? 5 : atof(seconds_given);
  uint32_t seed = seed_given == nullptr ? std::random_device()()
                                        : static_cast<uint32_t>(strtoul(seed_given, nullptr, 10));
  std::string address;
  CLI::App app("Mutated requests against everything that reads a request before its handler.");
  app.add_option("--seconds", seconds);
  app.add_option("--seed", seed);
  app.add_option("--address", address, "a service's gRPC address: over gRPC instead of in process");
  CLI11_PARSE(app, argc, argv);
  return minsheng::Run(seconds, seed, address);
}
