// The names that progress knows.
//
//   districts/500156/programs/2024/projects/municipal-11/tasks/2/reports/2024-06@2
#ifndef MINSHENG_SERVICES_PROGRESS_NAMES_H_
#define MINSHENG_SERVICES_PROGRESS_NAMES_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "services/platform/rpc/resource_name.h"

namespace minsheng::progress {

using platform::rpc::CheckName;

inline constexpr absl::string_view kProgramPattern = "districts/######/programs/####";
inline constexpr absl::string_view kTaskPattern =
    "districts/######/programs/####/projects/*/tasks/*";
inline constexpr absl::string_view kReportPattern =
    "districts/######/programs/####/projects/*/tasks/*/reports/*";

inline std::string DistrictOf(absl::string_view name) {
  return platform::rpc::LeadingParts(name, 2);
}
inline std::string ProgramOf(absl::string_view name) {
  return platform::rpc::LeadingParts(name, 4);
}
inline std::string ProjectOf(absl::string_view name) {
  return platform::rpc::LeadingParts(name, 6);
}
inline std::string TaskOf(absl::string_view name) { return platform::rpc::LeadingParts(name, 8); }

// A report is named by its period, a version of it also by its number.
inline std::string ReportName(absl::string_view task, absl::string_view period) {
  return absl::StrCat(task, "/reports/", period);
}
inline std::string ReportName(absl::string_view task, absl::string_view period, int version) {
  return absl::StrCat(ReportName(task, period), "@", version);
}

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_NAMES_H_
