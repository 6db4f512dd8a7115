#include "tools/cli/plan_rows.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/cells.h"
#include "tools/cli/csv.h"
#include "tools/cli/errors.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

using registry::v1::Milestone;
using registry::v1::PlanRevision;

const std::vector<CsvColumn>& Columns() {
  static const auto* const columns = new std::vector<CsvColumn>{{"task", "任务"},
                                                                {"filed_at", "报送时间"},
                                                                {"approved_at", "批准时间"},
                                                                {"starts_on", "计划开工"},
                                                                {"due_on", "计划完成"},
                                                                {"milestone_on", "节点日期", true},
                                                                {"percent", "计划进度", true},
                                                                {"target", "目标号"},
                                                                {"text", "节点内容"},
                                                                {"responsible_post", "责任岗位"},
                                                                {"reason", "调整原因"},
                                                                {"document_number", "文号"}};
  return *columns;
}

Milestone ReadMilestone(Cells& cells) {
  Milestone milestone;
  cells.Needed("milestone_on");
  milestone.set_due_on(cells.Day("milestone_on"));
  milestone.set_percent(cells.Percent("percent"));
  milestone.set_text(cells.Text("text"));
  milestone.set_responsible_post(cells.Text("responsible_post"));
  milestone.set_target(cells.Number("target"));
  return milestone;
}

PlanRow ReadPlan(Cells& cells) {
  PlanRow plan;
  plan.row = cells.row();
  if (!cells.Text("task").empty()) plan.task = cells.Task("task");
  plan.filed_at = cells.Instant("filed_at");
  plan.approved_at = cells.Instant("approved_at");
  plan.document_number = cells.Text("document_number");
  plan.revision.set_starts_on(cells.Day("starts_on"));
  plan.revision.set_due_on(cells.Day("due_on"));
  plan.revision.set_reason(cells.Text("reason"));
  return plan;
}

// A later row of a revision may leave out what the first says, but not say something else.
void CheckAgrees(const PlanRow& first, Cells& cells) {
  const auto check = [&](const char* column, const std::string& said) {
    const std::string& text = cells.Text(column);
    if (text.empty() || text == said) return;
    cells.Note(column, absl::StrCat("与同一计划的第", first.row, "行不一致（“", said, "”）"));
  };
  check("starts_on", first.revision.starts_on());
  check("due_on", first.revision.due_on());
  check("reason", first.revision.reason());
  check("document_number", first.document_number);
  const auto approved_at = cells.Instant("approved_at");
  if (approved_at && approved_at != first.approved_at) {
    cells.Note("approved_at", absl::StrCat("与同一计划的第", first.row, "行不一致"));
  }
}

}  // namespace

absl::StatusOr<std::vector<PlanRow>> ReadPlans(const std::string& path) {
  ASSIGN_OR_RETURN(const auto rows, ReadCsv(path, Columns()));
  std::vector<PlanRow> plans;
  std::map<std::pair<std::string, std::string>, size_t> index;
  CellErrors errors;
  for (const CsvRow& row : rows) {
    Cells cells(row, errors);
    const auto [it, fresh] = index.try_emplace({row["task"], row["filed_at"]}, plans.size());
    if (fresh) {
      plans.push_back(ReadPlan(cells));
    } else {
      CheckAgrees(plans[it->second], cells);
    }
    *plans[it->second].revision.add_milestones() = ReadMilestone(cells);
  }
  RETURN_IF_ERROR(errors.ToStatus(path));
  return plans;
}

absl::StatusOr<Milestone> ParseMilestone(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 2));
  const auto percent = parts.size() > 1 ? ParsePercent(parts[1]) : absl::nullopt;
  if (!percent || !ParseDay(parts[0]).ok()) {
    return UsageError(
        absl::StrCat("“", text, "”不是节点；请写成 日期:百分数:内容，如 2024-06-30:40:首批完工"));
  }
  Milestone milestone;
  milestone.set_due_on(parts[0]);
  milestone.set_percent(*percent);
  if (parts.size() > 2) milestone.set_text(parts[2]);
  return milestone;
}

}  // namespace minsheng::cli
