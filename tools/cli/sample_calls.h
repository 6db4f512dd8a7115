// What a sample's rows ask of the services, call by call; which call comes when is the caller's
// matter.
//
// Request ids are made from the content: what is asked again is not done again.
#ifndef MINSHENG_TOOLS_CLI_SAMPLE_CALLS_H_
#define MINSHENG_TOOLS_CLI_SAMPLE_CALLS_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "tools/cli/cli.h"
#include "tools/cli/sample.h"

namespace minsheng::cli {

// Thread-safe once SetUp has ended. Failures are those of the services.
class SampleCalls {
 public:
  // How long the calls may take, and how long progress may take to read what the registry wrote.
  struct Patience {
    absl::Duration call;
    absl::Duration catch_up;
  };

  // `sample` outlives it.
  SampleCalls(Cli& cli, const Sample& sample, Patience patience);

  const Peer& registry() const { return registry_; }
  const Peer& progress() const { return progress_; }

  // Makes the district, imports and publishes the list, as far as that has not been done, and reads
  // its tasks. `at` goes into the request ids.
  absl::Status SetUp(absl::Time at);
  // The first lead of every task, by the task's name.
  const std::map<std::string, std::string>& leads() const { return leads_; }

  // Files a plan; the revision's name.
  absl::StatusOr<std::string> File(const PlanRow& plan) const;
  // Approves a revision by its name.
  absl::Status Approve(const PlanRow& plan, const std::string& revision) const;
  // A return, an exemption or a judgement.
  absl::Status Act(const ActionRow& action) const;
  // A report's request, with its task's whole name.
  progress::v1::SubmitReportRequest RequestOf(const ReportRow& report) const;

  // Until progress knows all tasks; until it sees at most so many without an approved plan.
  // Failure FEED_LAG.
  absl::Status AwaitTasks() const;
  absl::Status AwaitPlans(int64_t without_most) const;

  std::string TaskName(const std::string& given) const;
  platform::Principal ListOffice() const;
  platform::Principal Reporter(const std::string& unit) const;

 private:
  absl::Status Import(absl::Time at) const;
  absl::Status Publish(absl::Time at, const std::string& etag) const;
  absl::Status LoadTasks();

  const Cli& cli_;
  const Sample& sample_;
  const Patience patience_;
  const Peer registry_;
  const Peer progress_;
  std::map<std::string, std::string> leads_;
  std::string last_task_;
};

// An id that is the same for the same content at the same instant.
std::string DerivedRequestId(absl::Time at, const google::protobuf::Message& request);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_SAMPLE_CALLS_H_
