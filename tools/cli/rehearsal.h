// Goes through the year of a sample on services whose time is moved by hand.
//
// Everything is done at its own instant and in order of time, with request ids made from the
// content: running again repeats nothing, and a later `to` goes on where the last run ended, also
// one that was interrupted.
#ifndef MINSHENG_TOOLS_CLI_REHEARSAL_H_
#define MINSHENG_TOOLS_CLI_REHEARSAL_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tools/cli/cli.h"
#include "tools/cli/sample.h"
#include "tools/cli/sample_calls.h"

namespace minsheng::cli {

class Rehearsal {
 public:
  struct Tally {
    int total = 0;    // entries up to `to`
    int sent = 0;     // done now
    int skipped = 0;  // before the time of a service that holds them already
  };
  // Told after every entry.
  using Watch = std::function<void(const Tally&, absl::Time at, const std::string& label)>;

  // `cli` outlives it.
  Rehearsal(Cli& cli, Sample sample, absl::Time to, Watch watch);

  // Refusals are those of the services, each with the file and row. NOT_A_REHEARSAL before anything
  // is written.
  absl::Status Run();
  const Tally& tally() const { return tally_; }
  // The services' time after Run: `to`, or later where it stood later.
  absl::Time now() const;

 private:
  // What happens at an instant on one service.
  struct Entry {
    absl::Time at;
    const Peer* peer;
    std::string label;  // "plans.csv 第2行 district-02/1 报送计划"
    std::function<absl::Status()> run;
  };
  // A service's time, and whether it held anything when the rehearsal began.
  struct Service {
    absl::Time now;
    bool fresh = false;
  };

  absl::Status OpenService(const Peer& peer);
  absl::StatusOr<int> TasksWithoutPlan();

  std::vector<Entry> Timeline();
  void AddPlan(const PlanRow& plan, std::vector<Entry>& entries);
  void AddReport(const ReportRow& report, std::vector<Entry>& entries);
  void AddAction(const ActionRow& action, std::vector<Entry>& entries);
  absl::Status Approve(const PlanRow& plan);
  absl::Status Submit(const ReportRow& report);

  absl::Status RunEntry(const Entry& entry);
  absl::Status AdvanceTo(absl::Time to);
  absl::StatusOr<std::string> RevisionToApprove(const PlanRow& plan);

  Cli& cli_;
  const Sample sample_;
  SampleCalls calls_;
  const absl::Time to_;
  const Watch watch_;
  Tally tally_;
  std::map<const Peer*, Service> services_;
};

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_REHEARSAL_H_
