// plans.csv: one row per milestone; rows of one task with one filed_at are one revision.
#ifndef MINSHENG_TOOLS_CLI_PLAN_ROWS_H_
#define MINSHENG_TOOLS_CLI_PLAN_ROWS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "minsheng/registry/v1/registry.pb.h"

namespace minsheng::cli {

// A plan as filed. Without `filed_at` when the table has no such column.
struct PlanRow {
  int row = 0;  // of its first milestone
  std::string task;
  absl::optional<absl::Time> filed_at;
  absl::optional<absl::Time> approved_at;
  std::string document_number;
  registry::v1::PlanRevision revision;  // milestones, starts_on, due_on, reason
};

// In the order of their first rows. Columns: task (may be missing when a plan is filed for a given
// task), filed_at, approved_at, starts_on, due_on, milestone_on, percent, target, text,
// responsible_post, reason, document_number. What is said of the whole revision stands in its first
// row and may be repeated, but not contradicted. Fails with BAD_CELLS, every cell told.
absl::StatusOr<std::vector<PlanRow>> ReadPlans(const std::string& path);

// "2024-06-30:40:首批完工", "2024-06-30:40". Usage error for anything else.
absl::StatusOr<registry::v1::Milestone> ParseMilestone(absl::string_view text);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_PLAN_ROWS_H_
