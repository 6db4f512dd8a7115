// certs init, issue, renew, list, revoke: the private authority of an installation. Works on files
// alone; the services follow them.
#include <filesystem>
#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/tls/authority.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/identity.h"
#include "tools/cli/json.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

using platform::tls::Authority;
using platform::tls::Certificate;
using platform::tls::Revoked;

constexpr int kDaysDefault = 365;
constexpr int kSoonDays = 30;  // as the alert MinshengCertificateExpiresSoon
constexpr int kDaysMax = 3650;

struct CertsArgs {
  std::string folder;
  std::vector<std::string> names;
  std::vector<std::string> hosts;
  std::vector<std::string> clients;
  int days = kDaysDefault;
  bool client = false;
  bool new_key = false;
};
using Args = std::shared_ptr<CertsArgs>;

absl::Duration Lasts(const CertsArgs& args) { return args.days * platform::tls::kDay; }

absl::StatusOr<Certificate> Read(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string pem, platform::tls::ReadWhole(path));
  return platform::tls::ReadCertificate(pem);
}

std::string ShowDay(absl::Time time) { return absl::FormatTime("%Y-%m-%d", time, Shanghai()); }

absl::Status IssueOne(Cli& cli, Authority& authority, const CertsArgs& args,
                      const std::string& name, bool service) {
  ASSIGN_OR_RETURN(
      const bool made,
      authority.IssueUnlessThere(
          name, {service, service ? args.hosts : std::vector<std::string>(), Lasts(args)}));
  ASSIGN_OR_RETURN(const Certificate certificate,
                   Read(platform::tls::CertificatePath(args.folder, name)));
  cli.out() << name << "  " << (made ? "已签发" : "已有有效证书，未改动") << "，有效期至 "
            << ShowDay(certificate.not_after) << '\n';
  return absl::OkStatus();
}

absl::Status Init(Cli& cli, const CertsArgs& args) {
  const bool there = std::filesystem::exists(platform::tls::AuthorityPath(args.folder));
  ASSIGN_OR_RETURN(Authority authority, Authority::Make(args.folder));
  cli.out() << "根证书  " << (there ? "已有，未改动" : "已生成") << "："
            << platform::tls::AuthorityPath(args.folder) << '\n';
  for (const char* service : {"registry", "progress"}) {
    RETURN_IF_ERROR(IssueOne(cli, authority, args, service, /*service=*/true));
  }
  for (const std::string& client : args.clients) {
    RETURN_IF_ERROR(IssueOne(cli, authority, args, client, /*service=*/false));
  }
  if (!there) {
    cli.out() << "根私钥 " << platform::tls::AuthorityKeyPath(args.folder)
              << " 只有签发时才用，请妥善保管，可移到别的机器；服务不需要它。\n";
  }
  return absl::OkStatus();
}

absl::Status IssueNamed(Cli& cli, const CertsArgs& args) {
  ASSIGN_OR_RETURN(Authority authority, Authority::Open(args.folder));
  for (const std::string& name : args.names) {
    RETURN_IF_ERROR(IssueOne(cli, authority, args, name, !args.client));
  }
  return absl::OkStatus();
}

absl::Status Renew(Cli& cli, const CertsArgs& args) {
  ASSIGN_OR_RETURN(Authority authority, Authority::Open(args.folder));
  const auto names = args.names.empty() ? platform::tls::NamesIn(args.folder) : args.names;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const Certificate certificate,
                     authority.Renew(name, Lasts(args), args.new_key));
    cli.out() << name << "  已换新，有效期至 " << ShowDay(certificate.not_after) << "，序列号 "
              << certificate.serial << '\n';
  }
  return absl::OkStatus();
}

int64_t DaysLeft(const Certificate& certificate) {
  return absl::ToInt64Hours(absl::Floor(certificate.not_after - absl::Now(), absl::Hours(24))) / 24;
}

struct Row {
  std::string name;
  Certificate certificate;
  bool revoked = false;
};

Cell StateOf(const Row& row) {
  const int64_t days = DaysLeft(row.certificate);
  if (row.revoked) return {"已吊销", Colour::kRed};
  if (days < 0) return {"已过期", Colour::kRed};
  if (days < kSoonDays) return {"将到期", Colour::kYellow};
  return {"有效", Colour::kGreen};
}

std::string JsonOf(const Row& row) {
  return ToJson(JsonParts{{"serial", JsonQuoted(row.certificate.serial)},
                          {"uri", JsonQuoted(row.certificate.uri)},
                          {"expires", JsonQuoted(FormatInstant(row.certificate.not_after))},
                          {"days_left", absl::StrCat(DaysLeft(row.certificate))},
                          {"revoked", row.revoked ? "true" : "false"}});
}

absl::StatusOr<std::vector<Row>> RowsOf(const std::string& folder) {
  ASSIGN_OR_RETURN(const Revoked revoked, platform::tls::RevokedIn(folder));
  std::vector<Row> rows;
  ASSIGN_OR_RETURN(Certificate authority, Read(platform::tls::AuthorityPath(folder)));
  rows.push_back({"ca", std::move(authority), false});
  for (const std::string& name : platform::tls::NamesIn(folder)) {
    ASSIGN_OR_RETURN(Certificate one, Read(platform::tls::CertificatePath(folder, name)));
    const bool gone = revoked.count(one.serial) > 0;
    rows.push_back({name, std::move(one), gone});
  }
  return rows;
}

absl::Status List(Cli& cli, const CertsArgs& args) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, RowsOf(args.folder));
  if (cli.json()) {
    JsonParts parts;
    for (const Row& row : rows) parts.emplace_back(row.name, JsonOf(row));
    cli.out() << ToJson(parts);
    return absl::OkStatus();
  }
  Table table(
      {{"名称"}, {"状态"}, {"剩余天数", Align::kRight}, {"有效期至"}, {"序列号"}, {"用于"}});
  for (const Row& row : rows) {
    std::vector<std::string> uses = row.certificate.hosts;
    if (!row.certificate.uri.empty()) uses.insert(uses.begin(), row.certificate.uri);
    table.Add({row.name, StateOf(row), DaysLeft(row.certificate),
               ShowDay(row.certificate.not_after), row.certificate.serial,
               absl::StrJoin(uses, " ")});
  }
  cli.Print(table);
  return absl::OkStatus();
}

bool IsSerial(const std::string& text) {
  return text.size() >= 16 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

absl::Status RevokeNamed(Cli& cli, const CertsArgs& args) {
  ASSIGN_OR_RETURN(Authority authority, Authority::Open(args.folder));
  for (const std::string& name : args.names) {
    std::string serial = name;
    if (!IsSerial(name)) {
      ASSIGN_OR_RETURN(const Certificate certificate,
                       Read(platform::tls::CertificatePath(args.folder, name)));
      serial = certificate.serial;
    }
    ASSIGN_OR_RETURN(const bool added, authority.Revoke(serial));
    cli.out() << name << "  " << (added ? "已吊销" : "早已吊销") << "，序列号 " << serial << '\n';
  }
  cli.out() << "运行中的服务在一秒内拒绝它们的新连接；仍要使用的请执行 minsheng certs renew "
               "--new-key 名称\n";
  return absl::OkStatus();
}

CLI::App* Add(CLI::App* group, Cli& cli, const Args& args, const std::string& name,
              const std::string& description, absl::Status (*run)(Cli&, const CertsArgs&)) {
  CLI::App* command = group->add_subcommand(name, description);
  command->add_option("--folder", args->folder, "default: pki in $MINSHENG_STATE or .minsheng");
  cli.OnRun(
      command,
      [args, run](Cli& c) {
        if (args->folder.empty()) args->folder = StateFolder() + "/pki";
        return run(c, *args);
      },
      /*offline=*/true);
  return command;
}

void AddDays(CLI::App* command, const Args& args) {
  command->add_option("--days", args->days, "how long a certificate counts")
      ->check(CLI::Range(1, kDaysMax))
      ->capture_default_str();
}

void AddHosts(CLI::App* command, const Args& args) {
  command->add_option("--host", args->hosts,
                      "further DNS name or IP address of the services; localhost, 127.0.0.1 and "
                      "::1 are always in");
}

}  // namespace

void AddCertsCommands(CLI::App& app, Cli& cli) {
  CLI::App* certs = AddGroup(app, "certs", "The services' certificates and their authority (证书)");
  const auto args = std::make_shared<CertsArgs>();
  CLI::App* init = Add(certs, cli, args, "init",
                       "Make what is missing: an authority, certificates for the services", Init);
  AddDays(init, args);
  AddHosts(init, args);
  init->add_option("--client", args->clients, "also a client certificate of this name");
  CLI::App* issue =
      Add(certs, cli, args, "issue", "Issue certificates for further names", IssueNamed);
  issue->add_option("NAME", args->names, "of a-z, 0-9 and -: the files NAME.pem and NAME.key")
      ->required();
  issue->add_flag("--client", args->client, "for clients that are no service of the suite");
  AddDays(issue, args);
  AddHosts(issue, args);
  CLI::App* renew =
      Add(certs, cli, args, "renew",
          "Replace certificates, also while services run, by ones that say the same", Renew);
  renew->add_option("NAME", args->names, "default: all");
  renew->add_flag("--new-key", args->new_key, "with a new key");
  AddDays(renew, args);
  Add(certs, cli, args, "list", "Which there are, and for how many days they count", List);
  Add(certs, cli, args, "revoke", "Make certificates count no longer, for good", RevokeNamed)
      ->add_option("NAME", args->names, "a name, or a serial number as listed")
      ->required();
}

}  // namespace minsheng::cli
