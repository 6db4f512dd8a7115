// The list that seed_progress makes, in formulas: so that a load client knows every task, and what
// may be reported of it, without asking.
#ifndef MINSHENG_TESTS_BENCH_SEEDED_LIST_H_
#define MINSHENG_TESTS_BENCH_SEEDED_LIST_H_

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "minsheng/progress/v1/progress.pb.h"

namespace minsheng::bench {

constexpr int kSeededYear = 2024;
constexpr int kFirstMonth = 3;
constexpr int kGroups = 3;
constexpr char kSeededProgram[] = "districts/500156/programs/2024";

// Task and group numbers count from 0; names from 1.
struct SeededList {
  int64_t tasks_per_project = 3;

  int64_t GroupOf(int64_t task) const { return task / tasks_per_project % kGroups; }
  std::string GroupName(int64_t task) const { return absl::StrCat("group", GroupOf(task) + 1); }
  std::string TaskName(int64_t task) const {
    return absl::StrCat(kSeededProgram, "/projects/", GroupName(task), "-",
                        task / tasks_per_project + 1, "/tasks/", task % tasks_per_project + 1);
  }

  // One in three has an event for a target, the others a count.
  static bool IsEvent(int64_t task) { return task % 3 == 0; }
  // Counted targets are this large, whoever asks.
  static int64_t ValueOf(int64_t task) { return 10 + task * 37 % 4990; }
  // Percent a month.
  static int64_t PaceOf(int64_t task) { return 5 + task * 7919 % 18; }

  // How far the task's target is at a month's end.
  static void FillMeasure(int64_t task, int month, progress::v1::Measure& measure) {
    FillDone(task, std::min<int64_t>(100, (month - kFirstMonth + 1) * PaceOf(task)), measure);
  }
  static void FillDone(int64_t task, int64_t percent, progress::v1::Measure& measure) {
    measure.set_target(1);
    if (IsEvent(task)) {
      measure.set_work_stage(static_cast<progress::v1::WorkStage>(1 + percent / 25));
    } else {
      measure.set_value(absl::StrCat(ValueOf(task) * percent / 100));
    }
  }
};

constexpr char kProgressText[] = "路基工程正在推进，已完成部分路段的路面硬化。";

}  // namespace minsheng::bench

#endif  // MINSHENG_TESTS_BENCH_SEEDED_LIST_H_
