#include "tools/cli/cli.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/errors.h"
#include "tools/cli/identity.h"
#include "tools/cli/json.h"
#include "tools/cli/names.h"

namespace minsheng::cli {
namespace {

using registry::v1::ListProgramsRequest;
using registry::v1::RegistryService;

constexpr absl::Duration kTimeoutDefault = absl::Seconds(30);

bool WantsColour() {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || absl::string_view(term) == "dumb";
  return isatty(STDOUT_FILENO) != 0 && !dumb && (no_colour == nullptr || *no_colour == '\0');
}

}  // namespace

Cli::Cli(CLI::App& app) : colour_(WantsColour()) {
  const char* group = "Common options (before or after the command)";
  const auto add = [&](const char* name, std::string& value, const char* description) {
    return app.add_option(name, value, description)->group(group);
  };
  add("--output,-o", output_, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  add("--registry", registry_address_, "address of the registry")
      ->envname("MINSHENG_REGISTRY")
      ->capture_default_str();
  add("--progress", progress_address_, "address of progress")
      ->envname("MINSHENG_PROGRESS")
      ->capture_default_str();
  add("--ca", ca_,
      "ca.pem of the services' certificates; default: the state folder's, if there is one; none: "
      "without TLS")
      ->envname("MINSHENG_CA");
  add("--program", program_,
      "the year's list, districts/500156/programs/2024 or 500156/2024; default: the only one there "
      "is");
  add("--role", role_, "act in this role; default: the one that the command needs");
  add("--unit", unit_, "act for this unit, e.g. 区交通局");
  add("--post", post_, "act from this post, e.g. 联络员");
  add("--request-id", request_id_, "makes a write repeatable; default: a random one");
  app.add_option("--timeout", timeout_s_, "seconds to wait for an answer; default 30")
      ->group(group)
      ->check(CLI::PositiveNumber);
}

void Cli::OnRun(CLI::App* command, Action action, bool offline) {
  command->callback([this, action = std::move(action), offline] {
    action_ = action;
    offline_ = offline;
  });
}

absl::Status Cli::Run() {
  if (!action_) return UsageError("没有给出命令");
  if (!offline_) RETURN_IF_ERROR(OpenTls());
  return action_(*this);
}

absl::Status Cli::OpenTls() {
  if (ca_.empty()) {
    const std::string own = StateFolder() + "/pki/ca.pem";
    if (std::filesystem::exists(own)) ca_ = own;
  }
  if (ca_.empty() || ca_ == "none") return absl::OkStatus();
  ASSIGN_OR_RETURN(tls_, platform::tls::Credentials::Open(platform::tls::Files::TrustOnly(ca_)));
  return absl::OkStatus();
}

std::unique_ptr<Peer> Cli::Connect(const char* service, const std::string& address) const {
  return std::make_unique<Peer>(service, address, Timeout(kTimeoutDefault), As(kListOffice),
                                tls_ ? tls_->channel() : nullptr);
}

absl::Duration Cli::Timeout(absl::Duration otherwise) const {
  return timeout_s_ > 0 ? absl::Seconds(timeout_s_) : otherwise;
}

const Peer& Cli::registry() {
  if (!registry_) registry_ = Connect("registry", registry_address_);
  return *registry_;
}

const Peer& Cli::progress() {
  if (!progress_) progress_ = Connect("progress", progress_address_);
  return *progress_;
}

absl::StatusOr<const Peer*> Cli::PeerNamed(const std::string& service) {
  if (service == "registry") return &registry();
  if (service == "progress") return &progress();
  return UsageError(absl::StrCat("没有“", service, "”这个服务；可用：registry、progress"));
}

absl::StatusOr<std::string> Cli::Program() {
  if (program_.empty()) {
    ASSIGN_OR_RETURN(program_, OnlyProgram());
    return program_;
  }
  return ProgramName(program_);
}

absl::StatusOr<std::string> Cli::OnlyProgram() {
  ListProgramsRequest request;
  request.set_parent("districts/-");
  ASSIGN_OR_RETURN(const auto list,
                   registry().ListAll(&RegistryService::Stub::ListPrograms, request));
  if (list.programs_size() == 1) return list.programs(0).name();
  if (list.programs_size() == 0) {
    return Failure(
        "NO_PROGRAM",
        "还没有任何年度清单；请先执行 minsheng district create 和 minsheng notice import");
  }
  std::string names;
  for (const auto& program : list.programs()) {
    absl::StrAppend(&names, "\n  ", program.name(), "  ", program.title());
  }
  return Failure("SEVERAL_PROGRAMS",
                 absl::StrCat("有多个年度清单，请用 --program 指明一个：", names));
}

absl::StatusOr<std::string> Cli::Task(const std::string& given) {
  if (IsTaskName(given)) return given;
  RETURN_IF_ERROR(TaskNameIn("", given).status());
  ASSIGN_OR_RETURN(const std::string program, Program());
  return TaskNameIn(program, given);
}

platform::Principal Cli::As(const std::string& role, const std::string& unit) const {
  platform::Principal principal;
  principal.role = role_.empty() ? role : role_;
  principal.unit = unit_.empty() ? unit : unit_;
  principal.post = post_;
  if (principal.post.empty()) principal.post = principal.role == kReporter ? "联络员" : "经办人";
  return principal;
}

std::string Cli::RequestId() const {
  return request_id_.empty() ? platform::RandomId() : request_id_;
}

std::ostream& Cli::out() const { return std::cout; }

void Cli::PrintJson(const google::protobuf::Message& message) const { out() << ToJson(message); }

absl::Status Cli::Confirm(const std::string& question) const {
  if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) {
    return Failure("CONFIRMATION_NEEDED",
                   absl::StrCat(question, "：这里不能询问，请看过后加 --yes 再执行"));
  }
  std::cerr << question << "？[y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  absl::AsciiStrToLower(&answer);
  if (answer == "y" || answer == "yes" || answer == "是") return absl::OkStatus();
  return Failure("NOT_CONFIRMED", "没有确认，什么也没有改");
}

}  // namespace minsheng::cli
