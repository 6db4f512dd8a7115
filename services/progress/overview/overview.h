// The present state of all programs, kept in memory: what summaries and /metrics answer from.
//
// Each program's counts know when each of them will change, so that a question costs the same for
// 29 tasks and for a million, also in the first second after a month's end. Derived state: loaded
// at start, refreshed task by task after every commit before the answer goes out, never stored.
#ifndef MINSHENG_SERVICES_PROGRESS_OVERVIEW_OVERVIEW_H_
#define MINSHENG_SERVICES_PROGRESS_OVERVIEW_OVERVIEW_H_

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/collectable.h"
#include "services/platform/clock/clock.h"
#include "services/platform/journal/journal.h"
#include "services/progress/overview/program_counts.h"

namespace minsheng::progress {

// Thread-safe, but Load and Refresh are called by one thread at a time. No question waits for what
// they read and judge. The clock outlives it.
class Overview final : public prometheus::Collectable {
 public:
  Overview(const platform::Clock& clock, WorkingDays working_days)
      : clock_(clock), working_days_(std::move(working_days)) {}

  // Takes everything anew from the tables, some thousands of tasks at a time.
  absl::Status Load(platform::Session& session);
  // Takes what a commit touched anew, and what an earlier call failed to; on the journal's writer
  // thread.
  absl::Status Refresh(platform::Session& session, const platform::CommitNotice& notice);

  // The counts of a published program now, without those by unit. NOT_FOUND UNKNOWN_PROGRAM.
  absl::StatusOr<Recount> Now(const std::string& program);

  // Grows with every change of what answers are made from; part of every cached answer's key.
  int64_t version() const { return version_.load(); }
  // How often what is kept of the registry was rebuilt.
  int64_t rebuilds() const { return rebuilds_.load(); }

  // minsheng_tasks, minsheng_projects, minsheng_reports, minsheng_unit_reports,
  // minsheng_worst_gap_points.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  using Programs = std::map<std::string, std::unique_ptr<ProgramCounts>>;

  // A program as the tables hold it; null when it is not known or not published.
  absl::StatusOr<std::unique_ptr<ProgramCounts>> LoadProgramCounts(platform::Session& session,
                                                                   const std::string& program);
  absl::Status RefreshProgram(platform::Session& session, const std::string& program);
  absl::Status RefreshTasks(platform::Session& session);
  // Every program's counts now, those by unit among them.
  std::vector<std::pair<std::string, absl::StatusOr<Recount>>> Count() const;

  const platform::Clock& clock_;
  const WorkingDays working_days_;

  // What the next Refresh has to read; for Load and Refresh alone.
  std::set<std::string> stale_tasks_, stale_programs_;
  bool stale_ = false;  // everything

  mutable std::mutex mutex_;  // held for microseconds
  Programs programs_;         // published ones; only Load and Refresh change it
  std::atomic<int64_t> version_ = 0;
  std::atomic<int64_t> rebuilds_ = 0;
};

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_OVERVIEW_OVERVIEW_H_
