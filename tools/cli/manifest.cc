#include "tools/cli/manifest.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"
#include "tools/cli/json.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

namespace pb = google::protobuf;

constexpr char kManifest[] = "manifest.json";

std::string EntryJson(const BackupEntry& entry) {
  return ToJson(JsonParts{{"file", JsonQuoted(entry.file)},
                          {"sha256", JsonQuoted(entry.sha256)},
                          {"position", JsonQuoted(entry.position)},
                          {"head_hash", JsonQuoted(entry.head_hash)},
                          {"recorded_at", JsonQuoted(entry.recorded_at)}});
}

}  // namespace

absl::Status WriteManifest(const std::string& folder, const Manifest& manifest) {
  JsonParts services;
  for (const BackupEntry& entry : manifest.entries) {
    services.emplace_back(entry.service, EntryJson(entry));
  }
  const std::string made_at =
      FormatInstant(absl::FromUnixSeconds(absl::ToUnixSeconds(manifest.made_at)));
  ASSIGN_OR_RETURN(WholeFile file, WholeFile::Create(absl::StrCat(folder, "/", kManifest)));
  RETURN_IF_ERROR(file.Write(
      ToJson(JsonParts{{"made_at", JsonQuoted(made_at)}, {"services", ToJson(services)}})));
  return file.Commit();
}

absl::StatusOr<Manifest> ReadManifest(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/", kManifest);
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  ASSIGN_OR_RETURN(const pb::Struct whole, ParseJson(text, path));
  Manifest manifest;
  for (const auto& [service, value] : JsonObject(whole, "services").fields()) {
    const pb::Struct& part = value.struct_value();
    BackupEntry entry{service,
                      JsonText(part, "file"),
                      JsonText(part, "sha256"),
                      JsonText(part, "position"),
                      JsonText(part, "head_hash"),
                      JsonText(part, "recorded_at")};
    if (entry.file.empty() || absl::StrContains(entry.file, '/') || entry.sha256.empty()) {
      return Failure("BAD_MANIFEST",
                     absl::StrCat(path, " 中 ", service, " 的 file 或 sha256 不完整"));
    }
    manifest.entries.push_back(std::move(entry));
  }
  if (manifest.entries.empty()) {
    return Failure("BAD_MANIFEST", absl::StrCat(path, " 没有记载任何备份"));
  }
  return manifest;
}

}  // namespace minsheng::cli
