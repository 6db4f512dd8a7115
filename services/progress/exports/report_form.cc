#include "services/progress/exports/report_form.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/progress/domain/period.h"

namespace minsheng::progress {
namespace {

constexpr char kVersion[] = "MS1";
constexpr size_t kParts = 8;
constexpr size_t kProgramSegments = 4;  // districts/D/programs/Y
constexpr size_t kTaskSegments = 8;     // …/projects/P/tasks/T

using Segments = std::vector<std::string>;

// "districts/500156/programs/2024" → "500156/2024".
std::string ShortProgram(absl::string_view name) {
  const Segments segments = absl::StrSplit(name, '/');
  return segments.size() < kProgramSegments ? "" : absl::StrCat(segments[1], "/", segments[3]);
}

// "…/projects/municipal-11/tasks/2" → "municipal-11/2".
std::string ShortTask(absl::string_view name) {
  const Segments segments = absl::StrSplit(name, '/');
  return segments.size() < kTaskSegments ? "" : absl::StrCat(segments[5], "/", segments[7]);
}

std::string EntryWords(const ReportKey& key) {
  const char* entry = key.entry == ReportKey::kNumber  ? "n"
                      : key.entry == ReportKey::kStage ? "s"
                                                       : "-";
  return absl::StrCat(entry, key.needed ? "!" : "", key.may_fall ? "~" : "");
}

bool ParseEntry(absl::string_view words, ReportKey& key) {
  if (words.empty() || words.find_first_not_of("ns-!~") != absl::string_view::npos) return false;
  key.entry = words[0] == 'n'   ? ReportKey::kNumber
              : words[0] == 's' ? ReportKey::kStage
                                : ReportKey::kNone;
  key.needed = absl::StrContains(words, "!");
  key.may_fall = absl::StrContains(words, "~");
  return true;
}

bool ParseNames(absl::string_view program, absl::string_view task, ReportKey& key) {
  const Segments of_program = absl::StrSplit(program, '/');
  const Segments of_task = absl::StrSplit(task, '/');
  const bool whole = of_program.size() == 2 && of_task.size() == 2 && !of_program[0].empty() &&
                     !of_program[1].empty() && !of_task[0].empty() && !of_task[1].empty();
  if (!whole) return false;
  key.program = absl::StrCat("districts/", of_program[0], "/programs/", of_program[1]);
  key.task = absl::StrCat(key.program, "/projects/", of_task[0], "/tasks/", of_task[1]);
  return true;
}

}  // namespace

std::string KeyWords(const ReportKey& key) {
  return absl::StrCat(kVersion, "|", ShortProgram(key.program), "|", key.period, "|",
                      ShortTask(key.task), "|", key.target, "|", EntryWords(key), "|", key.last,
                      "|", key.unit);
}

std::optional<ReportKey> ParseKey(absl::string_view words) {
  const Segments parts = absl::StrSplit(words, absl::MaxSplits('|', kParts - 1));
  ReportKey key;
  const bool read = parts.size() == kParts && parts[0] == kVersion &&
                    ParseNames(parts[1], parts[3], key) && Period::Parse(parts[2]).ok() &&
                    absl::SimpleAtoi(parts[4], &key.target) && key.target >= 0 &&
                    ParseEntry(parts[5], key);
  if (!read) return std::nullopt;
  key.period = parts[2];
  key.last = parts[6];
  key.unit = parts[7];
  return key;
}

}  // namespace minsheng::progress
