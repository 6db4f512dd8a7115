#include "services/platform/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"

namespace minsheng::platform {
namespace {

constexpr mode_t kOwnersMode = 0600, kPublicMode = 0644;

// Closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  const int fd_;
};

absl::Status Failed(const std::string& path, absl::string_view what) {
  return Error(absl::StatusCode::kUnavailable, "FILE_UNUSABLE",
               absl::StrCat("cannot ", what, " ", path, ": ", strerror(errno)), {{"file", path}});
}

absl::StatusOr<std::string> ReadAll(int fd, const std::string& path, size_t bytes_max) {
  std::string bytes;
  char piece[16384];
  while (true) {
    const ssize_t got = read(fd, piece, sizeof(piece));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed(path, "read");
    if (got == 0) return bytes;
    bytes.append(piece, static_cast<size_t>(got));
    if (bytes.size() > bytes_max) {
      return Error(absl::StatusCode::kOutOfRange, "FILE_TOO_LARGE",
                   absl::StrCat(path, " holds more than ", bytes_max, " bytes"), {{"file", path}});
    }
  }
}

absl::StatusOr<std::string> Read(const std::string& path, Readers readers, size_t bytes_max) {
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0 && errno == ENOENT) return absl::NotFoundError(absl::StrCat("no file ", path));
  if (fd.get() < 0) return Failed(path, "open");
  struct stat about {};
  if (fstat(fd.get(), &about) != 0) return Failed(path, "look at");
  if (readers == Readers::kOwner && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error(absl::StatusCode::kFailedPrecondition, "KEY_READABLE",
                 absl::StrCat(path, " may be read by others; do: chmod 600 ", path),
                 {{"file", path}});
  }
  return ReadAll(fd.get(), path, bytes_max);
}

bool WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

absl::Status SyncFolderOf(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  const Descriptor fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() >= 0 && fsync(fd.get()) == 0) return absl::OkStatus();
  return Failed(folder, "write");
}

}  // namespace

absl::StatusOr<std::string> ReadSecretFile(const std::string& path, size_t bytes_max) {
  return Read(path, Readers::kOwner, bytes_max);
}

absl::StatusOr<std::string> ReadPublicFile(const std::string& path, size_t bytes_max) {
  return Read(path, Readers::kEverybody, bytes_max);
}

absl::Status ReplaceFile(const std::string& path, absl::string_view bytes, Readers readers) {
  const std::string partial = absl::StrCat(path, ".", RandomId());
  const Descriptor fd(open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnersMode));
  if (fd.get() < 0) return Failed(partial, "make");
  const mode_t mode = readers == Readers::kOwner ? kOwnersMode : kPublicMode;
  if (WriteAll(fd.get(), bytes) && fchmod(fd.get(), mode) == 0 && fsync(fd.get()) == 0 &&
      rename(partial.c_str(), path.c_str()) == 0) {
    return SyncFolderOf(path);
  }
  const absl::Status status = Failed(path, "write");
  unlink(partial.c_str());
  return status;
}

}  // namespace minsheng::platform
