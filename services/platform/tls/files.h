// Files of certificates and keys: platform/base/file in the words of who keeps them.
#ifndef MINSHENG_SERVICES_PLATFORM_TLS_FILES_H_
#define MINSHENG_SERVICES_PLATFORM_TLS_FILES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/platform/base/file.h"

namespace minsheng::platform::tls {

inline constexpr size_t kFileBytesMax = 1 << 20;

// FAILED_PRECONDITION TLS_FILE_MISSING, naming the file and why; TLS_FILE_TOO_LARGE beyond
// kFileBytesMax.
absl::StatusOr<std::string> ReadWhole(const std::string& path);

// As ReadWhole; FAILED_PRECONDITION KEY_FILE_OPEN when anybody but the owner may read or write it.
absl::StatusOr<std::string> ReadSecret(const std::string& path);

// ReplaceFile. UNAVAILABLE TLS_FILE_UNWRITABLE.
absl::Status WriteWhole(const std::string& path, absl::string_view bytes, Readers readers);

// An exclusive lock on a file, waited for, held until destruction.
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

}  // namespace minsheng::platform::tls

#endif  // MINSHENG_SERVICES_PLATFORM_TLS_FILES_H_
