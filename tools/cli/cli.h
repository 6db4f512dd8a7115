// What every command stands on: the common options, the two services, the caller, and how answers
// are printed.
//
// A command group adds its subcommands to the app; the one that was chosen leaves its action here,
// which main runs.
#ifndef MINSHENG_TOOLS_CLI_CLI_H_
#define MINSHENG_TOOLS_CLI_CLI_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "services/platform/rpc/context.h"
#include "services/platform/tls/credentials.h"
#include "tools/cli/peer.h"
#include "tools/cli/table.h"

namespace minsheng::cli {

inline constexpr char kListOffice[] = "list_office";
inline constexpr char kReporter[] = "reporter";
inline constexpr char kAuditor[] = "auditor";
inline constexpr char kOperator[] = "operator";

class Cli {
 public:
  using Action = std::function<absl::Status(Cli&)>;

  // Adds the common options to the app, which keeps pointers to this.
  explicit Cli(CLI::App& app);

  // Makes `action` what runs when `command` is chosen; `offline` when it asks no service.
  void OnRun(CLI::App* command, Action action, bool offline = false);
  absl::Status Run();

  const Peer& registry();
  const Peer& progress();
  // "registry" or "progress"; usage error for another name.
  absl::StatusOr<const Peer*> PeerNamed(const std::string& service);
  // --timeout, or else `otherwise`.
  absl::Duration Timeout(absl::Duration otherwise) const;

  // --program, or the only one the registry has. Failure NO_PROGRAM; SEVERAL_PROGRAMS lists them.
  absl::StatusOr<std::string> Program();
  // A task's whole name from "municipal-11/2" or the whole name.
  absl::StatusOr<std::string> Task(const std::string& given);

  // Who calls: --role, --unit and --post where given, else these.
  platform::Principal As(const std::string& role, const std::string& unit = "") const;
  // --request-id, or a random one.
  std::string RequestId() const;

  bool json() const { return output_ == "json"; }
  // Whether standard output is a terminal that wants colours.
  bool colour() const { return colour_; }
  std::ostream& out() const;
  void PrintJson(const google::protobuf::Message& message) const;
  void Print(const Table& table) const { table.Print(out(), colour_); }
  // Asks on the terminal; failure CONFIRMATION_NEEDED without one.
  absl::Status Confirm(const std::string& question) const;

 private:
  absl::StatusOr<std::string> OnlyProgram();
  absl::Status OpenTls();
  std::unique_ptr<Peer> Connect(const char* service, const std::string& address) const;

  std::string output_ = "table";
  std::string registry_address_ = "127.0.0.1:50051";
  std::string progress_address_ = "127.0.0.1:50052";
  std::string ca_;
  std::string program_;
  std::string role_;
  std::string unit_;
  std::string post_;
  std::string request_id_;
  double timeout_s_ = 0;
  const bool colour_;
  std::unique_ptr<platform::tls::Credentials> tls_;  // null: without TLS
  std::unique_ptr<Peer> registry_;
  std::unique_ptr<Peer> progress_;
  Action action_;
  bool offline_ = false;
};

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_CLI_H_
