// status: how many are on schedule, which are not, who has not reported, and where to look next.
#include <algorithm>
#include <memory>

#include "minsheng/progress/v1/progress.grpc.pb.h"
#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "tools/cli/commands.h"
#include "tools/cli/overview.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

namespace pv1 = progress::v1;
using pv1::Assessment;
using pv1::Light;
using pv1::ProgressService;
using pv1::SummarizeProgramResponse;
using registry::v1::GetProgramRequest;
using registry::v1::RegistryService;

// Worst first.
constexpr Light kLagging[] = {pv1::LIGHT_SEVERELY_BEHIND, pv1::LIGHT_BEHIND, pv1::LIGHT_STALE,
                              pv1::LIGHT_SLIGHTLY_BEHIND};

absl::StatusOr<std::vector<Assessment>> Lagging(Cli& cli, const SummarizeProgramResponse& summary) {
  pv1::ListAssessmentsRequest request;
  request.set_parent(summary.name());
  *request.mutable_as_of() = summary.as_of();
  for (const Light light : kLagging) request.add_lights(light);
  ASSIGN_OR_RETURN(const auto list,
                   cli.progress().ListAll(&ProgressService::Stub::ListAssessments, request));
  std::vector<Assessment> lagging(list.assessments().begin(), list.assessments().end());
  const auto rank = [](const Assessment& assessment) {
    return std::find(std::begin(kLagging), std::end(kLagging), assessment.light());
  };
  std::stable_sort(lagging.begin(), lagging.end(),
                   [&](const Assessment& a, const Assessment& b) { return rank(a) < rank(b); });
  return lagging;
}

absl::Status ShowStatus(Cli& cli, const std::string& as_of) {
  pv1::SummarizeProgramRequest request;
  if (!as_of.empty()) {
    ASSIGN_OR_RETURN(const absl::Time time, ParseInstant(as_of));
    *request.mutable_as_of() = platform::ToTimestamp(time);
  }
  ASSIGN_OR_RETURN(*request.mutable_name(), cli.Program());
  Overview overview;
  ASSIGN_OR_RETURN(overview.summary,
                   cli.progress().Call(&ProgressService::Stub::SummarizeProgram, request));
  if (cli.json()) {
    cli.PrintJson(overview.summary);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(overview.lagging, Lagging(cli, overview.summary));
  GetProgramRequest get;
  get.set_name(request.name());
  auto program = cli.registry().Call(&RegistryService::Stub::GetProgram, get);
  if (program.ok()) overview.program = program->program();
  ShowOverview(cli, overview);
  return absl::OkStatus();
}

}  // namespace

void AddStatusCommand(CLI::App& app, Cli& cli) {
  auto as_of = std::make_shared<std::string>();
  CLI::App* status = app.add_subcommand(
      "status", "How many are on schedule, which are not, who has not reported (总览)");
  status->add_option("--as-of", *as_of, "what was known then");
  cli.OnRun(status, [as_of](Cli& c) { return ShowStatus(c, *as_of); });
}

}  // namespace minsheng::cli
