// Small files, read whole and replaced whole or not at all; those that hold secrets are made for
// their owner alone and refused when others may read them.
#ifndef MINSHENG_SERVICES_PLATFORM_BASE_FILE_H_
#define MINSHENG_SERVICES_PLATFORM_BASE_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace minsheng::platform {

enum class Readers { kOwner, kEverybody };

inline constexpr size_t kFileBytesDefault = 16 << 20;

// NOT_FOUND when there is no such file; FAILED_PRECONDITION KEY_READABLE when it is not for its
// owner alone; OUT_OF_RANGE FILE_TOO_LARGE beyond `bytes_max`; UNAVAILABLE FILE_UNUSABLE when it
// cannot be read.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path,
                                           size_t bytes_max = kFileBytesDefault);
// The same for a file that anybody may read.
absl::StatusOr<std::string> ReadPublicFile(const std::string& path,
                                           size_t bytes_max = kFileBytesDefault);

// Puts a whole file, on disk, in the place of the one before, with exactly the mode 0600 or 0644
// whatever the umask. UNAVAILABLE FILE_UNUSABLE.
absl::Status ReplaceFile(const std::string& path, absl::string_view bytes, Readers readers);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_BASE_FILE_H_
