#include <memory>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "tools/cli/audit_log.h"
#include "tools/cli/files.h"
#include "tools/cli/json.h"

namespace minsheng::cli {
namespace {

using common::v1::Actor;
using common::v1::Event;
using common::v1::Refusal;

struct ExportArgs {
  std::vector<std::string> services;
  std::string file;
};

// One JSON object on a line, member by member.
class Line {
 public:
  Line(absl::string_view kind, absl::string_view service) {
    Text("kind", kind).Text("service", service);
  }
  Line& Text(absl::string_view name, absl::string_view value) {
    return Raw(name, JsonQuoted(value));
  }
  Line& Number(absl::string_view name, int64_t value) { return Raw(name, absl::StrCat(value)); }
  Line& Hex(absl::string_view name, absl::string_view bytes) {
    return Text(name, absl::BytesToHexString(bytes));
  }
  Line& Who(const Actor& actor) {
    return Text("post", actor.post())
        .Text("unit", actor.unit())
        .Text("role", actor.role())
        .Text("district", actor.district())
        .Text("credential", actor.credential());
  }
  Line& Micros(absl::string_view name, const google::protobuf::Timestamp& stamp) {
    return Number(name, platform::ToMicros(platform::FromTimestamp(stamp)));
  }
  std::string End() { return text_ + "}\n"; }

 private:
  Line& Raw(absl::string_view name, absl::string_view json) {
    absl::StrAppend(&text_, text_.size() > 1 ? ", " : "", "\"", name, "\": ", json);
    return *this;
  }
  std::string text_ = "{";
};

std::string LineOf(const std::string& service, const Event& event) {
  return Line("event", service)
      .Number("position", event.position())
      .Micros("recorded_at_us", event.recorded_at())
      .Text("subject", event.subject())
      .Who(event.actor())
      .Text("method", event.method())
      .Text("request_id", event.request_id())
      .Hex("request_hash", event.request_hash())
      .Text("type_url", event.payload().type_url())
      .Text("payload", absl::Base64Escape(event.payload().value()))
      .Hex("hash", event.hash())
      .End();
}

std::string LineOf(const std::string& service, const Refusal& refusal) {
  return Line("refusal", service)
      .Number("position", refusal.position())
      .Who(refusal.actor())
      .Text("origin", refusal.origin())
      .Text("method", refusal.method())
      .Text("reason", refusal.reason())
      .Number("count", refusal.count())
      .Micros("first_at_us", refusal.first_time())
      .Micros("last_at_us", refusal.last_time())
      .Hex("hash", refusal.hash())
      .End();
}

// Standard output, or a file that is there only when it is whole.
class Sink {
 public:
  static absl::StatusOr<Sink> Of(const Cli& cli, const std::string& file) {
    Sink sink(cli);
    if (!file.empty()) {
      ASSIGN_OR_RETURN(auto whole, WholeFile::Create(file));
      sink.file_.emplace(std::move(whole));
    }
    return sink;
  }
  absl::Status Write(const std::string& text) {
    if (file_) return file_->Write(text);
    cli_.out() << text;
    return absl::OkStatus();
  }
  absl::Status End() { return file_ ? file_->Commit() : absl::OkStatus(); }

 private:
  explicit Sink(const Cli& cli) : cli_(cli) {}
  const Cli& cli_;
  std::optional<WholeFile> file_;
};

absl::Status ExportService(Cli& cli, const std::string& service, Sink& sink) {
  ASSIGN_OR_RETURN(const AuditLog log, AuditLog::Of(cli, service));
  ProgressBar bar(/*quiet=*/false);
  int64_t events = 0, refusals = 0;
  std::string events_hash, refusals_hash;
  RETURN_IF_ERROR(log.EachEvent(bar, [&](const Event& event) {
    events = event.position();
    events_hash = event.hash();
    return sink.Write(LineOf(service, event));
  }));
  RETURN_IF_ERROR(log.EachRefusal([&](const Refusal& refusal) {
    refusals = refusal.position();
    refusals_hash = refusal.hash();
    return sink.Write(LineOf(service, refusal));
  }));
  return sink.Write(Line("head", service)
                        .Number("events", events)
                        .Hex("events_hash", events_hash)
                        .Number("refusals", refusals)
                        .Hex("refusals_hash", refusals_hash)
                        .End());
}

absl::Status Export(Cli& cli, const ExportArgs& args) {
  std::vector<std::string> services = args.services;
  if (services.empty()) services = {"registry", "progress"};
  ASSIGN_OR_RETURN(Sink sink, Sink::Of(cli, args.file));
  for (const std::string& service : services) {
    RETURN_IF_ERROR(ExportService(cli, service, sink));
  }
  return sink.End();
}

}  // namespace

void AddAuditExport(CLI::App& audit, Cli& cli) {
  auto args = std::make_shared<ExportArgs>();
  CLI::App* command = audit.add_subcommand(
      "export",
      "Events and refused attempts with their hashes as JSON lines, the heads at the end; "
      "tests/security/chain.py recomputes them");
  command->add_option("SERVICE", args->services, "registry, progress; default: both");
  command->add_option("--to", args->file, "write this file; default: standard output");
  cli.OnRun(command, [args](Cli& c) { return Export(c, *args); });
}

}  // namespace minsheng::cli
