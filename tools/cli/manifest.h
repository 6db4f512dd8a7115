// What a backup folder holds: manifest.json.
#ifndef MINSHENG_TOOLS_CLI_MANIFEST_H_
#define MINSHENG_TOOLS_CLI_MANIFEST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace minsheng::cli {

// One service's database in the folder. Hashes are hexadecimal.
struct BackupEntry {
  std::string service;
  std::string file;      // "registry-1234.db"
  std::string sha256;    // of the file
  std::string position;  // of the log's head
  std::string head_hash;
  std::string recorded_at;  // of the head, RFC 3339; empty for an empty log
};

struct Manifest {
  absl::Time made_at;
  std::vector<BackupEntry> entries;
};

absl::Status WriteManifest(const std::string& folder, const Manifest& manifest);
// Failure BAD_MANIFEST, FILE_UNREADABLE. `made_at` is not read.
absl::StatusOr<Manifest> ReadManifest(const std::string& folder);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_MANIFEST_H_
