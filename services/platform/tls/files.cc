#include "services/platform/tls/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::platform::tls {
namespace {

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

absl::Status Missing(const std::string& path) {
  return Error(absl::StatusCode::kFailedPrecondition, "TLS_FILE_MISSING",
               absl::StrCat("cannot read ", path, ": ", strerror(errno),
                            "; make the certificates with tools/minsheng certs init"),
               {{"file", path}});
}

absl::Status Unwritable(const std::string& path) {
  return Error(absl::StatusCode::kUnavailable, "TLS_FILE_UNWRITABLE",
               absl::StrCat("cannot write ", path, ": ", strerror(errno)), {{"file", path}});
}

absl::StatusOr<std::string> ReadAll(int fd, const std::string& path) {
  std::string bytes;
  char piece[16384];
  while (true) {
    const ssize_t got = read(fd, piece, sizeof(piece));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Missing(path);
    if (got == 0) return bytes;
    bytes.append(piece, static_cast<size_t>(got));
    if (bytes.size() > kFileBytesMax) {
      return Error(absl::StatusCode::kFailedPrecondition, "TLS_FILE_TOO_LARGE",
                   absl::StrCat(path, " is larger than 1 MiB: not a file of certificates"),
                   {{"file", path}});
    }
  }
}

absl::Status CheckSecret(int fd, const std::string& path) {
  struct stat state {};
  if (fstat(fd, &state) != 0) return Missing(path);
  if ((state.st_mode & 077) == 0) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "KEY_FILE_OPEN",
               absl::StrCat("others than its owner may read the key file ", path,
                            "; close it: chmod 600 ", path),
               {{"file", path}});
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
  return fd.get() >= 0 && fsync(fd.get()) == 0 ? absl::OkStatus() : Unwritable(folder);
}

}  // namespace

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return Missing(path);
  return ReadAll(fd.get(), path);
}

absl::StatusOr<std::string> ReadSecret(const std::string& path) {
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return Missing(path);
  RETURN_IF_ERROR(CheckSecret(fd.get(), path));
  return ReadAll(fd.get(), path);
}

absl::Status WriteWhole(const std::string& path, absl::string_view bytes, int mode) {
  const std::string partial = absl::StrCat(path, ".", RandomId());
  const Descriptor fd(open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (fd.get() < 0) return Unwritable(partial);
  // fchmod, for the umask may have taken bits away.
  if (WriteAll(fd.get(), bytes) && fchmod(fd.get(), static_cast<mode_t>(mode)) == 0 &&
      fsync(fd.get()) == 0 && rename(partial.c_str(), path.c_str()) == 0) {
    return SyncFolderOf(path);
  }
  const absl::Status status = Unwritable(path);
  unlink(partial.c_str());
  return status;
}

absl::StatusOr<FileLock> FileLock::Take(const std::string& path) {
  FileLock lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kSecretMode));
  if (lock.fd_ < 0) return Unwritable(path);
  while (flock(lock.fd_, LOCK_EX) != 0) {
    if (errno != EINTR) return Unwritable(path);
  }
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock::~FileLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace minsheng::platform::tls
