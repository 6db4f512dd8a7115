// Puts a sample into running services in few large calls, without moving their time: lists are
// published, plans filed and approved, reports filed in batches, decisions made.
//
// Everything is recorded at the time of the load. Reports say by received_on on which day they came
// in, so that what was on time stays so; but nothing is known of earlier instants, completion dates
// are the load's, and plans count as approved now. A rehearsal gives these, too. Request ids are
// made from the content: a load that was interrupted can be started again.
#ifndef MINSHENG_TOOLS_CLI_LOAD_H_
#define MINSHENG_TOOLS_CLI_LOAD_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/cli/cli.h"
#include "tools/cli/sample.h"
#include "tools/cli/sample_calls.h"

namespace minsheng::cli {

// Sample folders: `folder` itself when it holds a program.json, else those in it, by name, without
// unfinished ones (….partial). Failure NO_SAMPLE.
absl::StatusOr<std::vector<std::string>> SampleFolders(const std::string& folder);

// A task's reports up to its next returned one, for all tasks: what can be sent before these
// decisions are made. Tasks know nothing of each other, so that only the order within each matters.
struct LoadWave {
  std::vector<const ReportRow*> reports;  // by time
  std::vector<const ActionRow*> actions;  // that follow them
};
std::vector<LoadWave> WavesOf(const Sample& sample);

class Load {
 public:
  struct Tally {
    int64_t tasks = 0;
    int64_t plans = 0;
    int64_t reports = 0;
    int64_t actions = 0;
    absl::Duration list_took;
    absl::Duration plans_took;
    absl::Duration reports_took;  // decisions included

    void Add(const Tally& other);
  };
  // Told after every piece of work: how many of the sample's rows are done, of how many, and what
  // is being done.
  using Watch = std::function<void(int64_t done, int64_t total, const std::string& doing)>;

  // `cli` outlives it.
  Load(Cli& cli, Sample sample, Watch watch);

  // Refusals are those of the services, with the file and row. TOO_EARLY, before anything is
  // written, when the services' time is before the sample's last row.
  absl::Status Run();
  const Tally& tally() const { return tally_; }

 private:
  absl::Status CheckTimes();
  absl::Status SendPlans();
  absl::Status SendTask(const std::vector<const PlanRow*>& plans) const;
  absl::Status SendReports(const std::vector<const ReportRow*>& reports);
  absl::Status SendActions(const std::vector<const ActionRow*>& actions);
  int64_t TasksWithoutPlan() const;
  void Done(int64_t rows, const std::string& doing);

  Cli& cli_;
  const Sample sample_;
  SampleCalls calls_;
  const Watch watch_;
  int64_t done_ = 0;
  Tally tally_;
};

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_LOAD_H_
