#include "services/platform/tls/material.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::platform::tls {
namespace {

using grpc::experimental::FileWatcherCertificateProvider;

constexpr unsigned int kReloadSeconds = 1;

absl::Status Failed(absl::string_view what) {
  return absl::ResourceExhaustedError(
      absl::StrCat(what, " for certificates in memory: ", strerror(errno)));
}

bool Fill(int fd, absl::string_view bytes, int64_t stamp) {
  const timespec time = {stamp, 0};
  const timespec times[] = {time, time};
  return write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
         futimens(fd, times) == 0;
}

}  // namespace

MemoryFile::~MemoryFile() {
  if (fd_ >= 0) close(fd_);
}

std::string MemoryFile::path() const { return absl::StrCat("/proc/self/fd/", fd_); }

absl::Status MemoryFile::Put(absl::string_view bytes) {
  const int fresh = memfd_create("minsheng-tls", MFD_CLOEXEC);
  if (fresh < 0) return Failed("memfd_create");
  stamp_ = std::max(absl::ToUnixSeconds(absl::Now()), stamp_ + 1);
  if (!Fill(fresh, bytes, stamp_)) {
    close(fresh);
    return Failed("write");
  }
  if (fd_ < 0) {
    fd_ = fresh;
    return absl::OkStatus();
  }
  const bool exchanged = dup3(fresh, fd_, O_CLOEXEC) >= 0;
  close(fresh);
  return exchanged ? absl::OkStatus() : Failed("dup3");
}

absl::Status Material::Put(std::shared_ptr<const Loaded> loaded) {
  const KeyPair& pair = loaded->pair;
  RETURN_IF_ERROR(authorities_.Put(loaded->authorities));
  if (!pair.key.empty()) RETURN_IF_ERROR(pair_.Put(absl::StrCat(pair.certificate, pair.key)));
  std::atomic_store(&loaded_, std::move(loaded));
  if (provider_ != nullptr) return absl::OkStatus();
  if (this->loaded()->pair.key.empty()) {
    provider_ =
        std::make_shared<FileWatcherCertificateProvider>(authorities_.path(), kReloadSeconds);
  } else {
    provider_ = std::make_shared<FileWatcherCertificateProvider>(
        pair_.path(), pair_.path(), authorities_.path(), kReloadSeconds);
  }
  return absl::OkStatus();
}

}  // namespace minsheng::platform::tls
