// An office document's zip, read from memory within the limits: nothing that the archive declares
// of itself is believed. Not thread-safe.
//
// Refusals: BAD_ARCHIVE (damaged, encrypted, or with names that no office writes), TRUNCATED (the
// directory at the end is missing), TOO_LARGE (the package, its parts).
#ifndef MINSHENG_SERVICES_REGISTRY_READER_PACKAGE_H_
#define MINSHENG_SERVICES_REGISTRY_READER_PACKAGE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct zip;

namespace minsheng::registry {

class Package {
 public:
  // `bytes` must outlive the package.
  static absl::StatusOr<Package> Open(absl::string_view bytes);

  // Names are compared without regard to ASCII case, as packages have it.
  bool Has(absl::string_view name) const;
  // The part unpacked, its checksum tested. BAD_ARCHIVE when there is no such part.
  absl::StatusOr<std::string> Read(absl::string_view name);

 private:
  struct Entry {
    std::uint64_t index = 0;
    std::uint64_t packed_bytes = 0;
  };
  struct Discard {
    void operator()(zip* archive) const;
  };

  explicit Package(zip* archive) : archive_(archive) {}
  absl::Status Index(std::size_t package_bytes);
  absl::StatusOr<std::string> Unpack(const Entry& entry, absl::string_view name);

  std::unique_ptr<zip, Discard> archive_;
  std::map<std::string, Entry> entries_;
  std::size_t unpacked_bytes_ = 0;
};

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_PACKAGE_H_
