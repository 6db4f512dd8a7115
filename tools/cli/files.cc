#include "tools/cli/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/errors.h"

namespace minsheng::cli {
namespace {

constexpr size_t kPieceBytes = 1 << 20;

absl::Status Unreadable(const std::string& path) {
  return Failure("FILE_UNREADABLE", absl::StrCat("读不了文件 ", path, "：", strerror(errno)));
}

absl::Status Unwritable(const std::string& path) {
  return Failure("FILE_UNWRITABLE", absl::StrCat("写不了文件 ", path, "：", strerror(errno)));
}

// Calls `take` with the file's pieces.
template <typename Take>
absl::Status ForEachPiece(const std::string& path, Take take) {
  errno = 0;
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) errno = EISDIR;
  std::ifstream file(path, std::ios::binary);
  if (!file || errno == EISDIR) return Unreadable(path);
  std::vector<char> piece(kPieceBytes);
  do {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    take(absl::string_view(piece.data(), static_cast<size_t>(file.gcount())));
  } while (file);
  return file.bad() ? Unreadable(path) : absl::OkStatus();
}

// Makes a rename in the folder last.
absl::Status SyncFolderOf(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Unwritable(folder);
  const bool synced = fsync(fd) == 0;
  close(fd);
  return synced ? absl::OkStatus() : Unwritable(folder);
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::string bytes;
  RETURN_IF_ERROR(
      ForEachPiece(path, [&](absl::string_view piece) { absl::StrAppend(&bytes, piece); }));
  return bytes;
}

absl::StatusOr<std::string> Sha256OfFile(const std::string& path) {
  platform::Hasher hasher;
  RETURN_IF_ERROR(ForEachPiece(path, [&](absl::string_view piece) { hasher.AddRaw(piece); }));
  return absl::BytesToHexString(hasher.Finish());
}

absl::StatusOr<WholeFile> WholeFile::Create(const std::string& path) {
  WholeFile file(path, -1);
  file.fd_ = open(file.partial().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file.fd_ < 0) return Unwritable(file.partial());
  return file;
}

WholeFile::WholeFile(WholeFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

WholeFile::~WholeFile() {
  if (fd_ < 0) return;
  close(fd_);
  unlink(partial().c_str());
}

absl::Status WholeFile::Write(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Unwritable(partial());
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status WholeFile::WriteFrom(const std::string& path) {
  absl::Status written;
  RETURN_IF_ERROR(ForEachPiece(path, [&](absl::string_view piece) {
    if (written.ok()) written = Write(piece);
  }));
  return written;
}

absl::Status WholeFile::Commit(const std::string& path) {
  if (fsync(fd_) != 0) return Unwritable(partial());
  if (rename(partial().c_str(), path.c_str()) != 0) return Unwritable(path);
  close(std::exchange(fd_, -1));
  return SyncFolderOf(path);
}

absl::Status WriteOut(const std::string& path, absl::string_view bytes, bool replace) {
  std::error_code ignored;
  if (!replace && std::filesystem::exists(path, ignored)) {
    return Failure("FILE_EXISTS", absl::StrCat(path, " 已经存在，没有改动它"));
  }
  ASSIGN_OR_RETURN(WholeFile file, WholeFile::Create(path));
  RETURN_IF_ERROR(file.Write(bytes));
  return file.Commit();
}

TextFile::TextFile(std::string path)
    : path_(std::move(path)),
      fd_(open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)) {
  if (fd_ < 0) status_ = Unwritable(path_);
}

TextFile::~TextFile() {
  if (fd_ >= 0) close(fd_);
}

void TextFile::Flush() {
  absl::string_view rest = text_;
  bytes_ += static_cast<int64_t>(rest.size());
  while (status_.ok() && !rest.empty()) {
    const ssize_t written = write(fd_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) status_ = Unwritable(path_);
    rest.remove_prefix(written < 0 ? 0 : static_cast<size_t>(written));
  }
  text_.clear();
}

void TextFile::FlushWhenLarge() {
  if (text_.size() >= kPieceBytes) Flush();
}

absl::Status TextFile::Close() {
  Flush();
  if (fd_ >= 0 && close(std::exchange(fd_, -1)) != 0 && status_.ok()) status_ = Unwritable(path_);
  return status_;
}

absl::StatusOr<FileLock> FileLock::Take(const std::string& path) {
  FileLock lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.fd_ < 0) return Unwritable(path);
  if (flock(lock.fd_, LOCK_EX | LOCK_NB) == 0) return lock;
  return Failure("STATE_IN_USE", absl::StrCat(path, " 被占用：服务还在运行，请先停下服务再恢复"));
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock::~FileLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace minsheng::cli
