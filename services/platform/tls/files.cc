#include "services/platform/tls/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/file.h"

namespace minsheng::platform::tls {
namespace {

absl::Status Unwritable(const std::string& path, absl::string_view why) {
  return Error(absl::StatusCode::kUnavailable, "TLS_FILE_UNWRITABLE",
               absl::StrCat("cannot write ", path, ": ", why), {{"file", path}});
}

// In the words of who keeps certificates.
absl::StatusOr<std::string> Told(absl::StatusOr<std::string> read, const std::string& path) {
  if (read.ok()) return read;
  const auto refused = [&](absl::string_view reason, absl::string_view text) {
    return Error(absl::StatusCode::kFailedPrecondition, reason, text, {{"file", path}});
  };
  if (ReasonOf(read.status()) == "KEY_READABLE") {
    return refused("KEY_FILE_OPEN", absl::StrCat("others than its owner may read the key file ",
                                                 path, "; close it: chmod 600 ", path));
  }
  if (ReasonOf(read.status()) == "FILE_TOO_LARGE") {
    return refused("TLS_FILE_TOO_LARGE",
                   absl::StrCat(path, " is larger than 1 MiB: not a file of certificates"));
  }
  return refused("TLS_FILE_MISSING",
                 absl::StrCat(read.status().message(),
                              "; make the certificates with tools/minsheng certs init"));
}

}  // namespace

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  return Told(ReadPublicFile(path, kFileBytesMax), path);
}

absl::StatusOr<std::string> ReadSecret(const std::string& path) {
  return Told(ReadSecretFile(path, kFileBytesMax), path);
}

absl::Status WriteWhole(const std::string& path, absl::string_view bytes, Readers readers) {
  const absl::Status status = ReplaceFile(path, bytes, readers);
  return status.ok() ? status : Unwritable(path, status.message());
}

absl::StatusOr<FileLock> FileLock::Take(const std::string& path) {
  FileLock lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (lock.fd_ < 0) return Unwritable(path, strerror(errno));
  while (flock(lock.fd_, LOCK_EX) != 0) {
    if (errno != EINTR) return Unwritable(path, strerror(errno));
  }
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock::~FileLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace minsheng::platform::tls
