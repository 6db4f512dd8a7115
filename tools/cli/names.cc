#include "tools/cli/names.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tools/cli/errors.h"

namespace minsheng::cli {
namespace {

using Segments = std::vector<std::string>;

constexpr size_t kProgramSegments = 4;  // districts/D/programs/Y
constexpr size_t kTaskSegments = 8;     // …/projects/P/tasks/T

bool IsDigits(absl::string_view text, size_t length) {
  if (text.size() != length) return false;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

bool StartsWithTask(const Segments& segments) {
  return segments.size() >= kTaskSegments && segments[0] == "districts" &&
         segments[2] == "programs" && segments[4] == "projects" && segments[6] == "tasks" &&
         !segments[5].empty() && !segments[7].empty();
}

}  // namespace

absl::StatusOr<std::string> DistrictName(absl::string_view given) {
  const Segments segments = absl::StrSplit(given, '/');
  const std::string& code = segments.back();
  const bool whole = segments.size() == 2 && segments[0] == "districts";
  if ((whole || segments.size() == 1) && IsDigits(code, 6)) return absl::StrCat("districts/", code);
  return UsageError(
      absl::StrCat("“", given, "”不是区县代码；请写 GB/T 2260 的六位代码，如 500156"));
}

absl::StatusOr<std::string> ProgramName(absl::string_view given) {
  const Segments segments = absl::StrSplit(given, '/');
  if (segments.size() == 2 && IsDigits(segments[0], 6) && IsDigits(segments[1], 4)) {
    return absl::StrCat("districts/", segments[0], "/programs/", segments[1]);
  }
  if (segments.size() == kProgramSegments && segments[0] == "districts" &&
      segments[2] == "programs") {
    return std::string(given);
  }
  return UsageError(absl::StrCat(
      "“", given, "”不是年度清单的名称；请写 districts/500156/programs/2024 或 500156/2024"));
}

bool IsTaskName(absl::string_view given) {
  const Segments segments = absl::StrSplit(given, '/');
  return segments.size() == kTaskSegments && StartsWithTask(segments);
}

absl::StatusOr<std::string> TaskNameIn(absl::string_view program, absl::string_view short_name) {
  const Segments segments = absl::StrSplit(short_name, '/');
  if (segments.size() == 2 && !segments[0].empty() && !segments[1].empty()) {
    return absl::StrCat(program, "/projects/", segments[0], "/tasks/", segments[1]);
  }
  return UsageError(
      absl::StrCat("“", short_name, "”不是任务；请写 municipal-11/2 这样的简称，或任务的全名"));
}

std::string ShortTask(absl::string_view name) {
  const Segments segments = absl::StrSplit(name, '/');
  if (!StartsWithTask(segments)) return std::string(name);
  return absl::StrCat(segments[5], "/", segments[7]);
}

std::string ProgramOf(absl::string_view name) {
  Segments segments = absl::StrSplit(name, '/');
  if (segments.size() < kProgramSegments || segments[2] != "programs") return "";
  segments.resize(kProgramSegments);
  return absl::StrJoin(segments, "/");
}

std::string LastSegment(absl::string_view name) {
  return std::string(name.substr(name.find_last_of('/') + 1));
}

}  // namespace minsheng::cli
