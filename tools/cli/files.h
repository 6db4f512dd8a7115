// Files: read whole, written whole or not at all.
#ifndef MINSHENG_TOOLS_CLI_FILES_H_
#define MINSHENG_TOOLS_CLI_FILES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace minsheng::cli {

// Failure FILE_UNREADABLE, naming the file and why.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// A file that takes its name only when it is whole and on disk. Until Commit it is called
// "<path>.partial"; without Commit that is removed. Failure FILE_UNWRITABLE.
class WholeFile {
 public:
  static absl::StatusOr<WholeFile> Create(const std::string& path);
  WholeFile(WholeFile&& other) noexcept;
  WholeFile& operator=(WholeFile&&) = delete;
  ~WholeFile();

  absl::Status Write(absl::string_view bytes);
  // All of another file's bytes.
  absl::Status WriteFrom(const std::string& path);
  // Flushes to disk and gives the file `path` (another name than Create's, in the same folder, when
  // it is only known now).
  absl::Status Commit(const std::string& path);
  absl::Status Commit() { return Commit(path_); }

 private:
  WholeFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  std::string partial() const { return path_ + ".partial"; }

  std::string path_;
  int fd_;
};

// Writes a file that is there only when it is whole. Failure FILE_EXISTS when there is one already
// and it is not to be replaced.
absl::Status WriteOut(const std::string& path, absl::string_view bytes, bool replace);

// A text written piece by piece and not kept in memory, in a folder that gets its own name only
// when all of it is whole; so nothing is flushed to disk for each file. Failure FILE_UNWRITABLE,
// told once, by Close.
class TextFile {
 public:
  explicit TextFile(std::string path);
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  ~TextFile();

  // Append here, then tell: what has gathered is written when it is large.
  std::string& text() { return text_; }
  void Flush();
  void FlushWhenLarge();
  absl::Status Close();
  int64_t bytes() const { return bytes_; }

 private:
  const std::string path_;
  int fd_;
  std::string text_;
  int64_t bytes_ = 0;
  absl::Status status_;
};

// SHA-256 of a file, read in pieces; hexadecimal.
absl::StatusOr<std::string> Sha256OfFile(const std::string& path);

// A lock on `path` that the services take on their databases ("<database>.lock"), held until
// destruction. FAILED_PRECONDITION STATE_IN_USE when another process holds it.
class FileLock {
 public:
  static absl::StatusOr<FileLock> Take(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_FILES_H_
