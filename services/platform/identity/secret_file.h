// Files that hold secrets: made for their owner alone, refused when others may read them.
#ifndef MINSHENG_SERVICES_PLATFORM_IDENTITY_SECRET_FILE_H_
#define MINSHENG_SERVICES_PLATFORM_IDENTITY_SECRET_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace minsheng::platform {

enum class Readers { kOwner, kEverybody };

// NOT_FOUND when there is no such file; FAILED_PRECONDITION KEY_READABLE when it is not for its
// owner alone; UNAVAILABLE when it cannot be read or holds more than 16 MiB.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path);
// The same for a file that anybody may read.
absl::StatusOr<std::string> ReadPublicFile(const std::string& path);

// Puts a whole file, on disk, in the place of the one before. UNAVAILABLE.
absl::Status ReplaceFile(const std::string& path, absl::string_view bytes, Readers readers);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_IDENTITY_SECRET_FILE_H_
