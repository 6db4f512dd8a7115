// How a service process is: how full its queues are, whether its database takes writes, how long
// these take, what the process uses. All series exist from the start at zero.
//
//   minsheng_queue_length{service,queue}    what waits now; queue handlers|journal
//   minsheng_queue_max{service,queue}       beyond it calls are refused as OVERLOADED
//   minsheng_handler_threads_busy{service}, minsheng_handler_threads_max{service}
//   minsheng_database_up{service}           1 while the last commit succeeded
//   minsheng_journal_commits_total{service,result}   groups of writes; result ok|error
//   minsheng_journal_commit_seconds{service}         of a group, from BEGIN to the end of COMMIT
//   minsheng_journal_group_size{service}             writes that shared a commit
//   minsheng_process_cpu_seconds_total{service}, minsheng_process_resident_bytes{service},
//   minsheng_process_start_time_seconds{service}
#ifndef MINSHENG_SERVICES_PLATFORM_RUNTIME_VITALS_H_
#define MINSHENG_SERVICES_PLATFORM_RUNTIME_VITALS_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "prometheus/collectable.h"
#include "prometheus/counter.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "services/platform/journal/journal.h"
#include "services/platform/rpc/executor.h"

namespace minsheng::platform {

// Thread-safe. What it watches outlives the last Collect.
class Vitals final : public prometheus::Collectable {
 public:
  Vitals(std::string service, std::vector<const Executor*> executors,
         prometheus::Registry& registry);

  // Before the first Collect.
  void Watch(const Journal& journal) { journal_ = &journal; }
  // One group of writes: Journal::Options::measure.
  void CountGroup(size_t writes, absl::Duration taken, bool committed);

  // The gauges, read when asked.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const std::string service_;
  const std::vector<const Executor*> executors_;  // taken together
  const Journal* journal_ = nullptr;
  const double started_;
  prometheus::Counter& committed_;
  prometheus::Counter& failed_;
  prometheus::Histogram& commit_seconds_;
  prometheus::Histogram& group_size_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_RUNTIME_VITALS_H_
