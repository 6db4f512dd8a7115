// How large the generated districts are, and from which seed. Pure.
#ifndef MINSHENG_TOOLS_CLI_GENERATE_OPTIONS_H_
#define MINSHENG_TOOLS_CLI_GENERATE_OPTIONS_H_

#include <cstdint>

namespace minsheng::generate {

inline constexpr int kProjectsMax = 9'999;         // numbers of projects have four digits,
inline constexpr int kTasksPerProjectMax = 9'999;  // and so have those of tasks
inline constexpr int kTasksMax = 100'000;  // of one list: it stays within the importer's rows

struct Options {
  uint64_t seed = 1;
  int year = 2024;
  int projects = 23;
  int tasks_per_project = 0;  // 0: as published lists have them, mostly one and up to four
  int first_month = 1;        // the notice's month, with which reporting begins
  int months = 12;  // reported, from the first on; with December comes the closing account (决算)
  bool reports = true;
};

}  // namespace minsheng::generate

#endif  // MINSHENG_TOOLS_CLI_GENERATE_OPTIONS_H_
