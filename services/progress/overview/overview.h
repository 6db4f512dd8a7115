// The present state of all programs, kept in memory: what summaries and /metrics answer from.
//
// Lights come from the board, which knows when each will change; the rest of a program's counts is
// taken anew when something of it changed or a civil day that matters has come. Derived state:
// loaded at start, refreshed after every commit before the answer goes out, never stored.
#ifndef MINSHENG_SERVICES_PROGRESS_OVERVIEW_OVERVIEW_H_
#define MINSHENG_SERVICES_PROGRESS_OVERVIEW_OVERVIEW_H_

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "prometheus/collectable.h"
#include "services/platform/clock/clock.h"
#include "services/platform/journal/journal.h"
#include "services/progress/domain/board.h"
#include "services/progress/domain/gaps.h"
#include "services/progress/overview/recount.h"

namespace minsheng::progress {

// Thread-safe. Database and clock outlive it.
class Overview final : public prometheus::Collectable {
 public:
  Overview(platform::Database& database, const platform::Clock& clock, WorkingDays working_days)
      : database_(database), clock_(clock), working_days_(std::move(working_days)) {}

  // Takes everything anew from the tables.
  absl::Status Load(platform::Session& session);
  // Takes what a commit touched anew; on the journal's writer thread.
  void Refresh(platform::Session& session, const platform::CommitNotice& notice);

  // The counts of a published program now. NOT_FOUND UNKNOWN_PROGRAM.
  absl::StatusOr<Recount> Now(const std::string& program);

  // Grows with every change of what answers are made from; part of every cached answer's key.
  int64_t version() const { return version_.load(); }
  // How often what is kept of the registry was rebuilt.
  int64_t rebuilds() const { return rebuilds_.load(); }

  // minsheng_tasks, minsheng_projects, minsheng_reports, minsheng_unit_reports,
  // minsheng_worst_gap_points.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  struct Program {
    std::optional<Recount> recount;  // taken at `at`, good until recount->valid_until
    absl::Time at;
  };

  absl::Status LoadProgramLocked(platform::Session& session, const std::string& program);
  void PutLocked(const TaskRecord& record);
  absl::Status PutTask(platform::Session& session, const std::string& task);
  absl::StatusOr<Recount> NowLocked(const std::string& name, Program& program);

  platform::Database& database_;
  const platform::Clock& clock_;
  const WorkingDays working_days_;
  mutable std::mutex mutex_;
  Board board_;
  GapBoard gaps_;
  std::map<std::string, Program> programs_;  // published ones
  std::atomic<int64_t> version_ = 0;
  std::atomic<int64_t> rebuilds_ = 0;
};

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_OVERVIEW_OVERVIEW_H_
