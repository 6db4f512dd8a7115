// What people put right in the reading of a list: a TSV with a header line, one row for each task
// or target that needs it. Columns, in any order: `task` (municipal-11/2) and optional `no`, the
// target's number, blank for the task itself. A row of a task sets content, amount (with its unit:
// 1500万元), leads, assists; a row of a target sets any of the columns of targets.h, adds a target
// when the number is new, or leaves it out with `drop` yes. A blank cell changes nothing, "-"
// empties. Corrections stay with their task, so that importing the list again keeps them.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_CORRECTIONS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_CORRECTIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "services/registry/domain/targets.h"

namespace minsheng::registry {

inline constexpr int kMaxCorrections = 200'000;
inline constexpr int kMaxCorrectionErrorLines = 20;

// `target` is 0 for the task itself. `content` is the task's content when the correction was made,
// empty for one that is new. `line` is its line in the file, 0 for one from the store.
struct Correction {
  std::string task;
  int target = 0;
  bool dropped = false;
  TargetCells cells = {};
  std::string content = "";
  int line = 0;
};

// Refuses (INVALID_ARGUMENT, minsheng/reason) with the encodings' reasons, TOO_MANY_ROWS, or with
// BAD_CORRECTIONS and all errors in one Chinese message, one line each, at most
// kMaxCorrectionErrorLines lines. What a cell says is checked where it is applied.
absl::StatusOr<std::vector<Correction>> ParseCorrections(absl::string_view bytes,
                                                         absl::string_view filename);

// The same as bytes of a table that ParseCorrections reads.
std::string CorrectionsTable(absl::Span<const Correction> corrections);

// "municipal-07/1#2:base=1200", "municipal-07/1:amount=1500万元", "municipal-07/1#3:drop" as a
// correction. Refuses with BAD_CORRECTIONS.
absl::StatusOr<Correction> ParseCorrectionFlag(absl::string_view flag);

// Later ones win, cell by cell. In the order of task and target.
std::vector<Correction> MergeCorrections(absl::Span<const Correction> kept,
                                         absl::Span<const Correction> more);

// What makes `before` into `after`, for one task; targets are told apart by their numbers.
std::vector<Correction> CorrectionsBetween(absl::string_view task,
                                           absl::Span<const TargetRow> before,
                                           absl::Span<const TargetRow> after);

// Sets the cells of `correction` over `cells`.
void Overlay(const Correction& correction, TargetCells& cells);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_CORRECTIONS_H_
