// The kinds of work that lists of livelihood projects hold, as templates. Pure.
#ifndef MINSHENG_TOOLS_CLI_GENERATE_CATALOGUE_H_
#define MINSHENG_TOOLS_CLI_GENERATE_CATALOGUE_H_

#include <cstdint>

#include "absl/types/span.h"

namespace minsheng::generate {

enum class Kind { kCount, kCoverage, kLevel, kFrequency, kEvent, kQualitative, kService };
enum class Comparator { kNone, kAtLeast, kAtMost, kDone, kAll };

// A goal before it has a figure. Figures are whole numbers of 10^-decimals: 37 with one decimal is
// 3.7.
struct GoalTemplate {
  const char* words;  // as the list says it; # stands for the figure
  const char* indicator;
  Kind kind = Kind::kCount;
  Comparator comparator = Comparator::kAtLeast;
  const char* unit = "";
  int64_t least = 0;
  int64_t most = 0;
  int64_t step = 1;
  int decimals = 0;           // of the value
  int reported_decimals = 0;  // of what reports state
  bool start = false;         // counts starts
  bool has_part = false;      // 其中市级年度目标任务…
  bool has_stretch = false;   // 力争全年完成所有
  bool by_summer = false;     // has a due day of its own: 8月底前
  int64_t base_least = 0;     // coverage
  int64_t base_most = 0;
};

struct WorkTemplate {
  const char* name;
  const char* lead;  // without the district's level, "教委"; "国网*供电公司" takes its name
  bool built = false;  // has a start of work
  absl::Span<const GoalTemplate> goals;
};

absl::Span<const WorkTemplate> Works();

// Names for projects of several unlike tasks.
absl::Span<const char* const> MixedProjects();

}  // namespace minsheng::generate

#endif  // MINSHENG_TOOLS_CLI_GENERATE_CATALOGUE_H_
