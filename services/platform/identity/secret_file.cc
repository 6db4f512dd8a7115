#include "services/platform/identity/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"

namespace minsheng::platform {
namespace {

constexpr off_t kBytesMax = 16 << 20;

absl::Status Failed(const std::string& path, absl::string_view what) {
  return Error(absl::StatusCode::kUnavailable, "FILE_UNUSABLE",
               absl::StrCat("cannot ", what, " ", path, ": ", strerror(errno)));
}

absl::StatusOr<std::string> Read(const std::string& path, bool secret) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return absl::NotFoundError(absl::StrCat("no file ", path));
  if (fd < 0) return Failed(path, "open");
  const absl::Cleanup close_it = [fd] { close(fd); };
  struct stat about;
  if (fstat(fd, &about) != 0) return Failed(path, "look at");
  if (secret && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error(absl::StatusCode::kFailedPrecondition, "KEY_READABLE",
                 absl::StrCat(path, " may be read by others; do: chmod 600 ", path));
  }
  if (about.st_size > kBytesMax) return absl::UnavailableError(absl::StrCat(path, " is too long"));
  std::string bytes(static_cast<size_t>(about.st_size), '\0');
  size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = read(fd, &bytes[size], bytes.size() - size);
    if (got < 0) return Failed(path, "read");
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

bool WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(fd) == 0;
}

}  // namespace

absl::StatusOr<std::string> ReadSecretFile(const std::string& path) { return Read(path, true); }
absl::StatusOr<std::string> ReadPublicFile(const std::string& path) { return Read(path, false); }

absl::Status ReplaceFile(const std::string& path, absl::string_view bytes, Readers readers) {
  const std::string partial = absl::StrCat(path, ".", RandomId());
  const int fd = open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return Failed(partial, "make");
  const bool whole = WriteAll(fd, bytes) && (readers == Readers::kOwner || fchmod(fd, 0644) == 0);
  close(fd);
  if (whole && rename(partial.c_str(), path.c_str()) == 0) return absl::OkStatus();
  const absl::Status status = Failed(path, "write");
  unlink(partial.c_str());
  return status;
}

}  // namespace minsheng::platform
