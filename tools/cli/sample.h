// The year of a sample folder: program.json, list.* with corrections.tsv, plans.csv, reports.csv,
// actions.csv.
#ifndef MINSHENG_TOOLS_CLI_SAMPLE_H_
#define MINSHENG_TOOLS_CLI_SAMPLE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "tools/cli/plan_rows.h"
#include "tools/cli/report_rows.h"

namespace minsheng::cli {

// What the list office decided at an instant.
struct ActionRow {
  enum class Kind { kReturn, kExempt, kJudge };

  int row = 0;
  absl::Time at;
  Kind kind = Kind::kReturn;
  std::string task;
  std::string period;  // kReturn, kExempt
  std::string reason;
  progress::v1::Light light = progress::v1::LIGHT_UNSPECIFIED;  // kJudge
  std::string valid_to;                                         // kJudge
};

struct Sample {
  registry::v1::District district;
  registry::v1::ImportProgramRequest import;  // without request id
  std::vector<PlanRow> plans;
  std::vector<ReportRow> reports;
  std::vector<ActionRow> actions;

  std::string program() const;
};

// plans, reports and actions may be missing; every plan and report needs its filed_at. Fails with
// what is wrong in which file, row and column.
absl::StatusOr<Sample> ReadSample(const std::string& folder);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_SAMPLE_H_
