// Where a package's parts refer to each other. Thread-safe: plain values.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_RELATIONSHIPS_H_
#define MINSHENG_SERVICES_REGISTRY_READER_RELATIONSHIPS_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/registry/reader/package.h"

namespace minsheng::registry {

// `type` is the last step of the type's URI (worksheet, styles), `part` a name in the package.
struct Relationship {
  std::string type;
  std::string part;
};

// By id. Empty when `part` has none; "" asks for those of the whole package.
absl::StatusOr<std::map<std::string, Relationship>> ReadRelationships(Package& package,
                                                                      absl::string_view part);

// The part of this type, or "".
std::string PartOfType(const std::map<std::string, Relationship>& relationships,
                       absl::string_view type);

// The document or workbook that the package is about: what its relationships say, or `usual`.
absl::StatusOr<std::string> MainPart(Package& package, absl::string_view usual);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_RELATIONSHIPS_H_
