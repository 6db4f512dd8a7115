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

void Set(pb::Struct& object, const char* key, const std::string& value) {
  (*object.mutable_fields())[key].set_string_value(value);
}

}  // namespace

absl::Status WriteManifest(const std::string& folder, const Manifest& manifest) {
  pb::Struct whole;
  Set(whole, "made_at", FormatInstant(manifest.made_at));
  pb::Struct& services = *(*whole.mutable_fields())["services"].mutable_struct_value();
  for (const BackupEntry& entry : manifest.entries) {
    pb::Struct& part = *(*services.mutable_fields())[entry.service].mutable_struct_value();
    Set(part, "file", entry.file);
    Set(part, "sha256", entry.sha256);
    Set(part, "position", entry.position);
    Set(part, "head_hash", entry.head_hash);
    Set(part, "recorded_at", entry.recorded_at);
  }
  ASSIGN_OR_RETURN(WholeFile file, WholeFile::Create(absl::StrCat(folder, "/", kManifest)));
  RETURN_IF_ERROR(file.Write(ToJson(whole)));
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
