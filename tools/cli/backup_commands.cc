// backup: consistent copies of both services' databases with their heads.
#include <filesystem>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "minsheng/common/v1/event_log.grpc.pb.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"
#include "tools/cli/manifest.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

using common::v1::BackupRequest;
using common::v1::BackupResponse;
using common::v1::EventLogService;

constexpr absl::Duration kBackupTimeout = absl::Minutes(10);

BackupEntry EntryOf(const BackupResponse& last, const std::string& sha256) {
  BackupEntry entry;
  entry.service = last.service();
  entry.sha256 = sha256;
  entry.position = absl::StrCat(last.head().position());
  entry.head_hash = absl::BytesToHexString(last.head().hash());
  entry.file = absl::StrCat(entry.service, "-", entry.position, ".db");
  if (last.head().has_recorded_at()) {
    entry.recorded_at = FormatInstant(platform::FromTimestamp(last.head().recorded_at()));
  }
  return entry;
}

// Streams one service's database into `folder`; the file gets its name only when the service's hash
// agrees.
absl::StatusOr<BackupEntry> BackUp(const Peer& peer, const platform::Principal& caller,
                                   const std::string& folder) {
  ASSIGN_OR_RETURN(WholeFile file,
                   WholeFile::Create(absl::StrCat(folder, "/", peer.service(), ".db")));
  grpc::ClientContext context;
  RETURN_IF_ERROR(peer.Begin(context, caller));
  EventLogService::Stub stub(peer.channel());
  const auto reader = stub.Backup(&context, BackupRequest());
  platform::Hasher hasher;
  BackupResponse piece;
  BackupResponse last;
  while (reader->Read(&piece)) {
    hasher.AddRaw(piece.data());
    if (const auto written = file.Write(piece.data()); !written.ok()) {
      context.TryCancel();
      return written;
    }
    if (piece.has_head()) last = piece;
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return peer.Explained(platform::FromGrpc(status));
  const std::string sha256 = hasher.Finish();
  if (!last.has_head() || last.sha256() != sha256) {
    return Failure("BACKUP_CORRUPT",
                   absl::StrCat(peer.service(), " 的备份在传输中损坏（SHA-256 不符），请重新备份"));
  }
  BackupEntry entry = EntryOf(last, absl::BytesToHexString(sha256));
  RETURN_IF_ERROR(file.Commit(absl::StrCat(folder, "/", entry.file)));
  return entry;
}

absl::Status BackUpAll(Cli& cli, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return Failure("FILE_UNWRITABLE", absl::StrCat("建不了文件夹 ", folder, "：", error.message()));
  }
  Manifest manifest;
  manifest.made_at = absl::Now();
  // The follower first: what progress has read of the registry's log is then in the registry's
  // copy.
  for (const Peer* peer : {&cli.progress(), &cli.registry()}) {
    ASSIGN_OR_RETURN(auto entry,
                     BackUp(peer->With(cli.Timeout(kBackupTimeout)), cli.As(kOperator), folder));
    if (!cli.json()) {
      cli.out() << absl::StrCat(folder, "/", entry.file) << "  位置 " << entry.position
                << "  SHA-256 " << entry.sha256 << '\n';
    }
    manifest.entries.push_back(std::move(entry));
  }
  RETURN_IF_ERROR(WriteManifest(folder, manifest));
  if (cli.json()) {
    ASSIGN_OR_RETURN(const std::string json, ReadFile(folder + "/manifest.json"));
    cli.out() << json;
  } else {
    cli.out() << "备份完成：" << folder << "/manifest.json\n";
  }
  return absl::OkStatus();
}

}  // namespace

void AddBackupCommands(CLI::App& app, Cli& cli) {
  auto folder = std::make_shared<std::string>();
  CLI::App* backup =
      app.add_subcommand("backup", "Copy both services' databases, while they run (备份)");
  backup->add_option("DIR", *folder)->required();
  cli.OnRun(backup, [folder](Cli& c) { return BackUpAll(c, *folder); });
  AddRestore(app, cli);
}

}  // namespace minsheng::cli
