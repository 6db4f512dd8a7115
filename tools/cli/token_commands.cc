// token init, create, list, show, revoke, revoked, keys rotate.
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "minsheng/common/v1/credentials.grpc.pb.h"
#include "services/platform/access/policy.h"
#include "services/platform/base/error.h"
#include "services/platform/base/file.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/identity/issuer.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"
#include "tools/cli/identity.h"
#include "tools/cli/json.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

using common::v1::CredentialService;
using common::v1::ListRevocationsRequest;
using common::v1::RevokeCredentialRequest;
using platform::IssuedToken;
using platform::Issuer;

constexpr int kDaysDefault = 30;
constexpr int kDaysMax = 3660;

// A token that was typed where a file is asked for must not be repeated in an error.
bool LooksLikeAToken(const std::string& text) { return absl::StartsWith(text, "eyJ"); }

absl::Status Init(Cli& cli) {
  const std::string folder = IssuerFolder();
  ASSIGN_OR_RETURN(const Issuer issuer, Issuer::Create(folder));
  cli.out() << "已建立签发机构：" << folder << "（密钥 " << issuer.key_id() << "）\n"
            << "服务启动时用 --jwks=" << Issuer::PathOfJwks(folder) << '\n';
  return absl::OkStatus();
}

struct CreateArgs {
  std::string district = platform::kEveryDistrict;
  int days = kDaysDefault;
  std::string out;
};

absl::Status CheckRole(const std::string& role) {
  if (platform::RoleNamed(role) != common::v1::ROLE_UNSPECIFIED) return absl::OkStatus();
  std::string names;
  for (int value = common::v1::Role_MIN; value <= common::v1::Role_MAX; ++value) {
    if (value == common::v1::ROLE_UNSPECIFIED || !common::v1::Role_IsValid(value)) continue;
    absl::StrAppend(&names, names.empty() ? "" : "、",
                    platform::NameOf(static_cast<common::v1::Role>(value)));
  }
  return UsageError(absl::StrCat("请用 --role 给出身份；可用：", names));
}

// The token alone on standard output, or in a file for its owner alone; about it on standard error.
absl::Status Give(const Cli& cli, const Issuer::Token& token, const std::string& file) {
  if (!file.empty()) {
    RETURN_IF_ERROR(platform::ReplaceFile(file, token.text + "\n", platform::Readers::kOwner));
  }
  JsonParts parts = {{"jti", JsonQuoted(token.id)},
                     {"expires", JsonQuoted(FormatInstant(token.expires))}};
  if (file.empty()) parts.push_back({"token", JsonQuoted(token.text)});
  if (cli.json()) {
    cli.out() << ToJson(parts);
    return absl::OkStatus();
  }
  if (file.empty()) cli.out() << token.text << '\n';
  std::cerr << "令牌编号 " << token.id << "，有效至 " << FormatInstant(token.expires)
            << (file.empty() ? "；这是密钥，请妥善保管" : absl::StrCat("；已写入 ", file)) << '\n';
  return absl::OkStatus();
}

// Units have the same names in many districts: 区交通局 of one must not report for another's.
void WarnOfEveryDistrict(const platform::Principal& principal) {
  const bool of_unit = principal.role == platform::NameOf(common::v1::ROLE_REPORTER) ||
                       principal.role == platform::NameOf(common::v1::ROLE_COOPERATING_UNIT);
  if (!of_unit || principal.district != platform::kEveryDistrict) return;
  std::cerr << "注意：没有 --district，此令牌在每个区县都代表“" << principal.unit
            << "”；有多个区县时请写明，如 --district 500156\n";
}

absl::Status Create(Cli& cli, const CreateArgs& args) {
  platform::Principal principal = cli.As("");
  RETURN_IF_ERROR(CheckRole(principal.role));
  principal.district = args.district;
  ASSIGN_OR_RETURN(const Issuer issuer, Issuer::Open(IssuerFolder()));
  ASSIGN_OR_RETURN(const Issuer::Token token,
                   issuer.Issue(principal, absl::Now(), args.days * absl::Hours(24)));
  RETURN_IF_ERROR(Give(cli, token, args.out));
  WarnOfEveryDistrict(principal);
  return absl::OkStatus();
}

std::string JsonOf(const IssuedToken& token) {
  std::string json = ToJson(JsonParts{{"jti", JsonQuoted(token.id)},
                                      {"role", JsonQuoted(token.role)},
                                      {"unit", JsonQuoted(token.unit)},
                                      {"post", JsonQuoted(token.post)},
                                      {"district", JsonQuoted(token.district)},
                                      {"issued", JsonQuoted(FormatInstant(token.issued_at))},
                                      {"expires", JsonQuoted(FormatInstant(token.expires))}});
  return json;
}

absl::Status ListIssued(Cli& cli) {
  ASSIGN_OR_RETURN(const Issuer issuer, Issuer::Open(IssuerFolder()));
  ASSIGN_OR_RETURN(const auto tokens, issuer.List());
  if (cli.json()) {
    std::string list;
    for (const IssuedToken& token : tokens) {
      absl::StrAppend(&list, list.empty() ? "" : ",", JsonOf(token));
    }
    cli.out() << ToJson(JsonParts{{"tokens", absl::StrCat("[", list, "]")}});
    return absl::OkStatus();
  }
  Table table({{"编号"}, {"身份"}, {"单位"}, {"岗位"}, {"区县"}, {"签发"}, {"到期"}, {"状态"}});
  for (const IssuedToken& token : tokens) {
    const bool over = token.expires <= absl::Now();
    table.Add({token.id, token.role, token.unit, token.post, token.district,
               ShowInstant(token.issued_at), ShowInstant(token.expires),
               over ? Cell("过期", Colour::kGray) : Cell("未过期")});
  }
  cli.Print(table);
  return absl::OkStatus();
}

absl::StatusOr<std::string> TextFrom(const std::string& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  if (LooksLikeAToken(file)) {
    return UsageError("令牌不能写在命令行上（别人看得到）；请给出文件，或用 - 从标准输入读");
  }
  return ReadFile(file);
}

absl::Status Show(Cli& cli, const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, TextFrom(file));
  ASSIGN_OR_RETURN(const std::string claims,
                   platform::UncheckedClaims(absl::StripAsciiWhitespace(text)));
  ASSIGN_OR_RETURN(const auto object, ParseJson(claims, file));
  cli.PrintJson(object);
  return absl::OkStatus();
}

struct RevokeArgs {
  std::string credential;
  std::string reason;
};

absl::Status Revoke(Cli& cli, const RevokeArgs& args) {
  if (LooksLikeAToken(args.credential)) {
    return UsageError("请给出令牌的编号（jti），不要给出令牌本身；编号见 minsheng token list");
  }
  RevokeCredentialRequest request;
  request.set_credential(absl::StartsWith(args.credential, "certificate:")
                             ? args.credential
                             : platform::CredentialOfToken(args.credential));
  request.set_reason(args.reason);
  request.set_request_id(cli.RequestId());
  ASSIGN_OR_RETURN(
      const auto response,
      cli.registry().Call(&CredentialService::Stub::RevokeCredential, request, cli.As(kOperator)));
  if (cli.json()) {
    cli.PrintJson(response);
    return absl::OkStatus();
  }
  cli.out() << "已吊销 " << response.revocation().credential() << "（"
            << ShowInstant(response.revocation().revoke_time()) << "，"
            << response.revocation().reason() << "）\n";
  return absl::OkStatus();
}

absl::Status ListRevoked(Cli& cli) {
  ASSIGN_OR_RETURN(const auto list, cli.registry()
                                        .As(cli.As(kOperator))
                                        .ListAll(&CredentialService::Stub::ListRevocations,
                                                 ListRevocationsRequest()));
  if (cli.json()) {
    cli.PrintJson(list);
    return absl::OkStatus();
  }
  Table table({{"凭据"}, {"吊销时间"}, {"原因"}});
  for (const auto& revocation : list.revocations()) {
    table.Add(
        {revocation.credential(), ShowInstant(revocation.revoke_time()), revocation.reason()});
  }
  cli.Print(table);
  return absl::OkStatus();
}

absl::Status RotateKeys(Cli& cli) {
  ASSIGN_OR_RETURN(Issuer issuer, Issuer::Open(IssuerFolder()));
  RETURN_IF_ERROR(issuer.Rotate(absl::Now()));
  cli.out() << "已换用新密钥 " << issuer.key_id() << "；旧公钥保留到其令牌到期\n";
  return absl::OkStatus();
}

void AddCreate(CLI::App& token, Cli& cli) {
  auto args = std::make_shared<CreateArgs>();
  CLI::App* create = token.add_subcommand(
      "create", "Make a token: --role reporter --unit 区交通局 [--post 联络员] --days 30");
  create->add_option("--district", args->district, "500156; default: * (none in particular)");
  create->add_option("--days", args->days, "how long it counts")
      ->check(CLI::Range(1, kDaysMax))
      ->capture_default_str();
  create->add_option("--out", args->out, "a file for the token; default: standard output");
  cli.OnRun(create, [args](Cli& c) { return Create(c, *args); });
}

void AddRevoke(CLI::App& token, Cli& cli) {
  auto args = std::make_shared<RevokeArgs>();
  CLI::App* revoke = token.add_subcommand("revoke", "Make a token count no longer, for good");
  revoke->add_option("JTI", args->credential, "the token's id, or certificate:SERIAL")->required();
  revoke->add_option("--reason", args->reason, "why")->required();
  cli.OnRun(revoke, [args](Cli& c) { return Revoke(c, *args); });
}

void AddShow(CLI::App& token, Cli& cli) {
  auto file = std::make_shared<std::string>("-");
  CLI::App* show = token.add_subcommand("show", "What a token says; nothing is checked");
  show->add_option("FILE", *file, "a file that holds it; - is standard input")
      ->capture_default_str();
  cli.OnRun(show, [file](Cli& c) { return Show(c, *file); });
}

}  // namespace

void AddTokenCommands(CLI::App& app, Cli& cli) {
  CLI::App* token = AddGroup(app, "token", "Tokens and the issuer that comes with it (令牌)");
  cli.OnRun(token->add_subcommand("init", "Make the issuer: a folder with its first key"), Init);
  AddCreate(*token, cli);
  cli.OnRun(token->add_subcommand("list", "What was issued"), ListIssued);
  AddShow(*token, cli);
  AddRevoke(*token, cli);
  cli.OnRun(token->add_subcommand("revoked", "What is revoked"), ListRevoked);
  CLI::App* keys = AddGroup(*token, "keys", "The issuer's keys");
  cli.OnRun(keys->add_subcommand("rotate", "Sign with a new key from now on"), RotateKeys);
}

}  // namespace minsheng::cli
