// audit: the chains are whole and the tables say what the events say (verify); who did and tried
// what (list); all of it for others to recompute (export).
#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "minsheng/common/v1/event_log.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/anchors.h"
#include "tools/cli/audit_log.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"
#include "tools/cli/json.h"

namespace minsheng::cli {
namespace {

using common::v1::EventLogService;
using common::v1::VerifyLogRequest;
using common::v1::VerifyLogResponse;

// A replay of the whole log takes its time.
constexpr absl::Duration kVerifyTimeout = absl::Minutes(10);

struct VerifyArgs {
  std::vector<std::string> services;
  std::vector<std::string> anchors;
  std::string anchors_file;
  std::string save_to;
};

// By service: what is to be held against its log.
using Anchors = std::map<std::string, VerifyLogRequest>;

absl::StatusOr<Anchors> AnchorsOf(const VerifyArgs& args) {
  std::vector<Anchor> given;
  if (!args.anchors_file.empty()) {
    ASSIGN_OR_RETURN(given, ReadAnchors(args.anchors_file));
  }
  for (const std::string& text : args.anchors) {
    ASSIGN_OR_RETURN(Anchor anchor, ParseAnchor(text));
    if (anchor.service.empty()) {
      if (args.services.size() != 1) {
        return UsageError("--anchor 属于一个服务，请同时只写出那一个服务");
      }
      anchor.service = args.services[0];
    }
    given.push_back(std::move(anchor));
  }
  Anchors anchors;
  for (Anchor& anchor : given) anchors[anchor.service] = std::move(anchor.request);
  return anchors;
}

void Show(const Cli& cli, const std::string& service, const VerifyLogResponse& response) {
  std::ostream& out = cli.out();
  out << service << "  "
      << (response.ok() ? Coloured("一致", Colour::kGreen, cli.colour())
                        : Coloured("不一致", Colour::kRed, cli.colour()))
      << "  事件 " << response.events() << "  拒绝记录 " << response.refusals() << "  核对行数 "
      << response.rows() << '\n';
  for (const std::string& finding : response.findings()) out << "  " << finding << '\n';
  out << "  锚点（请留存）：" << AnchorText(service, response) << '\n';
}

// Only heads of logs that were found whole are worth keeping.
absl::Status Save(const std::string& path, const std::vector<std::string>& lines) {
  ASSIGN_OR_RETURN(WholeFile file, WholeFile::Create(path));
  RETURN_IF_ERROR(file.Write(absl::StrCat(absl::StrJoin(lines, "\n"), "\n")));
  return file.Commit();
}

absl::Status Verify(Cli& cli, VerifyArgs args) {
  ASSIGN_OR_RETURN(Anchors anchors, AnchorsOf(args));
  if (args.services.empty()) args.services = {"registry", "progress"};
  JsonParts parts;
  std::vector<std::string> differing, heads;
  for (const std::string& service : args.services) {
    ASSIGN_OR_RETURN(const Peer* peer, cli.PeerNamed(service));
    ASSIGN_OR_RETURN(const auto response, peer->With(cli.Timeout(kVerifyTimeout))
                                              .Call(&EventLogService::Stub::VerifyLog,
                                                    anchors[service], cli.As(kAuditor)));
    if (!response.ok()) differing.push_back(service);
    heads.push_back(AnchorText(service, response));
    parts.emplace_back(service, ToJson(response));
    if (!cli.json()) Show(cli, service, response);
  }
  if (cli.json()) cli.out() << ToJson(parts);
  if (differing.empty()) {
    return args.save_to.empty() ? absl::OkStatus() : Save(args.save_to, heads);
  }
  return DifferencesError(absl::StrCat(absl::StrJoin(differing, "、"),
                                       " 的日志与数据不一致；请停止写入，保留现场，与备份核对"));
}

void AddVerify(CLI::App& audit, Cli& cli) {
  auto args = std::make_shared<VerifyArgs>();
  CLI::App* verify = audit.add_subcommand(
      "verify", "Walk the chains, replay, compare every table; exit code 3 on differences");
  verify->add_option("SERVICE", args->services, "registry, progress; default: both");
  verify
      ->add_option("--anchor", args->anchors,
                   "a head as an earlier verification printed it (may be repeated)")
      ->allow_extra_args(false);
  verify->add_option("--anchors", args->anchors_file, "a file of such heads, one a line");
  verify->add_option("--save-anchors", args->save_to,
                     "write the heads to this file when all agree; keep it elsewhere");
  cli.OnRun(verify, [args](Cli& c) { return Verify(c, *args); });
}

}  // namespace

void AddAuditCommands(CLI::App& app, Cli& cli) {
  CLI::App* audit = AddGroup(
      app, "audit", "Who did what, and proof that nothing was changed behind the log (审计、核验)");
  AddAuditList(*audit, cli);
  AddVerify(*audit, cli);
  AddAuditExport(*audit, cli);
}

}  // namespace minsheng::cli
