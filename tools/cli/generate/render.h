// A generated district in the files of a sample: program.json, list.csv, corrections.tsv,
// plans.csv, reports.csv, actions.csv. Every function appends to `out`. Pure.
#ifndef MINSHENG_TOOLS_CLI_GENERATE_RENDER_H_
#define MINSHENG_TOOLS_CLI_GENERATE_RENDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/cli/generate/list.h"
#include "tools/cli/generate/year.h"

namespace minsheng::generate {

// Planned money of a list, in tenths of 万元, by group.
using GroupTotals = std::vector<int64_t>;

void AppendProgram(const List& list, std::string* out);

// The title, the header and the total; a group's heading; one task.
void AppendListHead(const List& list, const GroupTotals& totals, std::string* out);
void AppendGroup(const Group& group, int64_t total, std::string* out);
void AppendTask(const List& list, const Task& task, std::string* out);

// What the contents do not say of their goals.
void AppendCorrectionsHead(std::string* out);
void AppendCorrections(const Task& task, std::string* out);

void AppendPlansHead(std::string* out);
void AppendPlan(const Task& task, const Plan& plan, std::string* out);

void AppendReportsHead(std::string* out);
void AppendReport(const List& list, const Task& task, const Report& report, std::string* out);

void AppendActionsHead(std::string* out);
void AppendAction(const List& list, const Task& task, const Action& action, std::string* out);

}  // namespace minsheng::generate

#endif  // MINSHENG_TOOLS_CLI_GENERATE_RENDER_H_
