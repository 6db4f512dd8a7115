// audit verify: the chain is whole, and the tables say what the events say.
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "minsheng/common/v1/event_log.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/json.h"

namespace minsheng::cli {
namespace {

using common::v1::EventLogService;
using common::v1::VerifyLogRequest;
using common::v1::VerifyLogResponse;

// A replay of the whole log takes its time.
constexpr absl::Duration kVerifyTimeout = absl::Minutes(10);
constexpr size_t kHashHexDigits = 64;

struct VerifyArgs {
  std::vector<std::string> services;
  std::string anchor;
};

absl::StatusOr<VerifyLogRequest> RequestOf(const VerifyArgs& args) {
  VerifyLogRequest request;
  if (args.anchor.empty()) return request;
  const std::vector<std::string> parts = absl::StrSplit(args.anchor, ':');
  int64_t position = 0;
  const bool valid = parts.size() == 2 && absl::SimpleAtoi(parts[0], &position) && position > 0 &&
                     parts[1].size() == kHashHexDigits &&
                     parts[1].find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  if (!valid) {
    return UsageError(absl::StrCat(
        "“", args.anchor, "”不是锚点；请写成 位置:十六进制哈希，即以前核验时打印的那一行"));
  }
  if (args.services.size() != 1) return UsageError("--anchor 属于一个服务，请同时只写出那一个服务");
  request.set_anchor_position(position);
  request.set_anchor_hash(absl::HexStringToBytes(parts[1]));
  return request;
}

void Show(const Cli& cli, const std::string& service, const VerifyLogResponse& response) {
  std::ostream& out = cli.out();
  out << service << "  "
      << (response.ok() ? Coloured("一致", Colour::kGreen, cli.colour())
                        : Coloured("不一致", Colour::kRed, cli.colour()))
      << "  事件 " << response.events() << "  核对行数 " << response.rows() << '\n';
  for (const std::string& finding : response.findings()) out << "  " << finding << '\n';
  out << "  锚点（请留存）：" << response.head_position() << ':'
      << absl::BytesToHexString(response.head_hash()) << '\n';
}

absl::Status Verify(Cli& cli, VerifyArgs args) {
  ASSIGN_OR_RETURN(const VerifyLogRequest request, RequestOf(args));
  if (args.services.empty()) args.services = {"registry", "progress"};
  std::vector<VerifyLogResponse> responses;
  std::vector<std::string> differing;
  for (const std::string& service : args.services) {
    ASSIGN_OR_RETURN(const Peer* peer, cli.PeerNamed(service));
    ASSIGN_OR_RETURN(const auto response,
                     peer->With(cli.Timeout(kVerifyTimeout))
                         .Call(&EventLogService::Stub::VerifyLog, request, cli.As(kAuditor)));
    responses.push_back(response);
    if (!response.ok()) differing.push_back(service);
    if (!cli.json()) Show(cli, service, response);
  }
  if (cli.json()) {
    JsonParts parts;
    for (size_t i = 0; i < responses.size(); ++i) {
      parts.emplace_back(args.services[i], ToJson(responses[i]));
    }
    cli.out() << ToJson(parts);
  }
  if (differing.empty()) return absl::OkStatus();
  return DifferencesError(absl::StrCat(absl::StrJoin(differing, "、"),
                                       " 的日志与数据不一致；请停止写入，保留现场，与备份核对"));
}

}  // namespace

void AddAuditCommands(CLI::App& app, Cli& cli) {
  CLI::App* audit = AddGroup(app, "audit", "Proof that nothing was changed behind the log (核验)");
  auto args = std::make_shared<VerifyArgs>();
  CLI::App* verify = audit->add_subcommand(
      "verify", "Walk the chain, replay it, compare every table; exit code 3 on differences");
  verify->add_option("SERVICE", args->services, "registry, progress; default: both");
  verify->add_option("--anchor", args->anchor,
                     "POSITION:HEX as printed by an earlier verification");
  cli.OnRun(verify, [args](Cli& c) { return Verify(c, *args); });
}

}  // namespace minsheng::cli
