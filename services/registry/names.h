// The names of the registry's resources.
//
//   districts/500156/programs/2024/projects/municipal-11/tasks/2/revisions/1
//   districts/500156/units/区交通局
#ifndef MINSHENG_SERVICES_REGISTRY_NAMES_H_
#define MINSHENG_SERVICES_REGISTRY_NAMES_H_

#include <cstdint>
#include <string>

#include "services/platform/rpc/resource_name.h"

namespace minsheng::registry {

using platform::rpc::CheckName;

inline constexpr absl::string_view kDistrictPattern = "districts/######";
inline constexpr absl::string_view kProgramPattern = "districts/######/programs/####";
inline constexpr absl::string_view kTaskPattern =
    "districts/######/programs/####/projects/*/tasks/*";
inline constexpr absl::string_view kRevisionPattern =
    "districts/######/programs/####/projects/*/tasks/*/revisions/*";

// The leading part of a checked name.
inline std::string DistrictOf(absl::string_view name) {
  return platform::rpc::LeadingParts(name, 2);
}
inline std::string ProgramOf(absl::string_view name) {
  return platform::rpc::LeadingParts(name, 4);
}
inline std::string TaskOf(absl::string_view name) { return platform::rpc::LeadingParts(name, 8); }
inline int YearOf(absl::string_view program) {
  return static_cast<int>(platform::rpc::LastNumber(program));
}
inline int64_t RevisionNumber(absl::string_view revision) {
  return platform::rpc::LastNumber(revision);
}

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_NAMES_H_
