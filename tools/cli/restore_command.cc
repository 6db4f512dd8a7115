// restore: puts a backup's databases back, while the services are stopped.
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"
#include "tools/cli/manifest.h"

namespace minsheng::cli {
namespace {

namespace fs = std::filesystem;

struct RestoreArgs {
  std::string folder;
  std::string state;
  std::string only;
};

// STATE/registry.db, or STATE/registry/registry.db where each service has a folder of its own.
std::string DatabasePath(const std::string& state, const std::string& service) {
  const fs::path own = fs::path(state) / service;
  const fs::path folder = fs::is_directory(own) ? own : fs::path(state);
  return (folder / (service + ".db")).string();
}

absl::Status CheckSha256(const std::string& path, const std::string& expected) {
  ASSIGN_OR_RETURN(const std::string actual, Sha256OfFile(path));
  if (actual == absl::AsciiStrToLower(expected)) return absl::OkStatus();
  return Failure(
      "BACKUP_CORRUPT",
      absl::StrCat(path, " 与 manifest.json 记载的 SHA-256 不符，已损坏或被换过；什么也没有恢复"));
}

absl::StatusOr<WholeFile> Staged(const std::string& from, const std::string& database) {
  ASSIGN_OR_RETURN(WholeFile copy, WholeFile::Create(database));
  RETURN_IF_ERROR(copy.WriteFrom(from));
  return copy;
}

// A log left behind would be replayed into the restored database, so it goes first.
absl::Status RemoveJournals(const std::string& database) {
  for (const char* ending : {"-wal", "-shm"}) {
    std::error_code error;
    fs::remove(database + ending, error);
    if (!error) continue;
    return Failure("FILE_UNWRITABLE",
                   absl::StrCat("删不了 ", database, ending, "：", error.message()));
  }
  return absl::OkStatus();
}

absl::Status RestoreOne(const std::string& folder, const BackupEntry& entry,
                        const std::string& state) {
  const std::string from = absl::StrCat(folder, "/", entry.file);
  const std::string database = DatabasePath(state, entry.service);
  ASSIGN_OR_RETURN(const FileLock lock, FileLock::Take(database + ".lock"));
  ASSIGN_OR_RETURN(WholeFile copy, Staged(from, database));
  RETURN_IF_ERROR(RemoveJournals(database));
  return copy.Commit();
}

absl::Status Restore(Cli& cli, const RestoreArgs& args) {
  ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(args.folder));
  std::error_code error;
  fs::create_directories(args.state, error);
  if (error) {
    return Failure("FILE_UNWRITABLE",
                   absl::StrCat("建不了文件夹 ", args.state, "：", error.message()));
  }
  std::vector<BackupEntry> chosen;
  for (const BackupEntry& entry : manifest.entries) {
    if (args.only.empty() || entry.service == args.only) chosen.push_back(entry);
  }
  if (chosen.empty()) return UsageError(absl::StrCat("备份中没有服务“", args.only, "”"));
  for (const BackupEntry& entry : chosen) {
    RETURN_IF_ERROR(CheckSha256(absl::StrCat(args.folder, "/", entry.file), entry.sha256));
    // Both must be free before either is touched.
    RETURN_IF_ERROR(FileLock::Take(DatabasePath(args.state, entry.service) + ".lock").status());
  }
  for (const BackupEntry& entry : chosen) {
    RETURN_IF_ERROR(RestoreOne(args.folder, entry, args.state));
    cli.out() << "已恢复 " << DatabasePath(args.state, entry.service) << "（位置 " << entry.position
              << "）\n";
  }
  cli.out() << "请重新启动服务（tools/quickstart），再用 minsheng audit verify 核验。\n";
  return absl::OkStatus();
}

}  // namespace

void AddRestore(CLI::App& app, Cli& cli) {
  auto args = std::make_shared<RestoreArgs>();
  CLI::App* restore = app.add_subcommand(
      "restore", "Put a backup's databases back; the services must be stopped (恢复)");
  restore->add_option("DIR", args->folder, "a folder made by backup")->required();
  restore->add_option("--state", args->state, "the services' state folder")->required();
  restore->add_option("--only", args->only, "only this service");
  cli.OnRun(restore, [args](Cli& c) { return Restore(c, *args); });
}

}  // namespace minsheng::cli
