#include "services/progress/overview/overview.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "prometheus/metric_family.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/platform/log/log.h"
#include "services/progress/names.h"

namespace minsheng::progress {

using platform::CommitNotice;
using platform::Event;
using platform::Session;
using prometheus::ClientMetric;
using prometheus::MetricFamily;

namespace {

// One gauge with its labels.
class Gauges {
 public:
  Gauges(const char* name, const char* help) {
    family_.name = name;
    family_.help = help;
    family_.type = prometheus::MetricType::Gauge;
  }
  template <typename Number>
  void Add(std::vector<ClientMetric::Label> labels, Number value) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = static_cast<double>(value);
    family_.metric.push_back(std::move(metric));
  }
  MetricFamily Take() { return std::move(family_); }

 private:
  MetricFamily family_;
};

std::string Text(absl::string_view text) { return std::string(text); }

// The codes in a program's name.
std::string DistrictCode(const std::string& program) {
  return Text(platform::rpc::LastPart(DistrictOf(program)));
}

void AddLights(const std::string& program, const GroupTally& group, Gauges& tasks,
               Gauges& projects) {
  for (size_t i = 0; i < kLightCount; ++i) {
    const std::vector<ClientMetric::Label> labels = {
        {"district", DistrictCode(program)},
        {"year", Text(platform::rpc::LastPart(program))},
        {"group", group.group},
        {"light", Text(LightName(static_cast<Light>(i)))}};
    tasks.Add(labels, group.tally.tasks[i]);
    projects.Add(labels, group.tally.projects[i]);
  }
}

// The positions of the own log and of the peers' logs only grow, together one by one: a sum names
// one state. A rebuild, which may turn a peer's position back, is counted apart.
absl::StatusOr<int64_t> ReadVersion(Session& session) {
  return platform::QueryInt(session,
                            "SELECT COALESCE((SELECT MAX(position) FROM events), 0)"
                            " + COALESCE((SELECT SUM(position) FROM peers), 0)");
}

using DistrictPeriod = std::pair<std::string, const char*>;

void Sum(const ReportingCounts& part, ReportingCounts& whole) {
  for (size_t i = 0; i < part.size(); ++i) whole[i] += part[i];
}

}  // namespace

absl::Status Overview::Load(Session& session) {
  const absl::Time start = absl::Now();
  int64_t tasks = 0;
  Programs programs;
  ASSIGN_OR_RETURN(const auto names, ListProgramNames(session));
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(auto counts, LoadProgramCounts(session, name));
    if (!counts) continue;
    tasks += counts->task_count();
    programs[name] = std::move(counts);
  }
  ASSIGN_OR_RETURN(const int64_t rebuilds,
                   platform::QueryInt(session,
                                      "SELECT COUNT(*) FROM events WHERE type_url LIKE"
                                      " '%.PeerRebuilt'"));
  ASSIGN_OR_RETURN(const int64_t version, ReadVersion(session));
  platform::LogInfo("overview loaded", {{"programs", absl::StrCat(programs.size())},
                                        {"tasks", absl::StrCat(tasks)},
                                        {"took", absl::FormatDuration(absl::Now() - start)}});
  std::lock_guard lock(mutex_);
  programs_.swap(programs);
  rebuilds_ = rebuilds;
  version_ = version;
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<ProgramCounts>> Overview::LoadProgramCounts(
    Session& session, const std::string& program) {
  const auto head = LoadProgramHead(session, program, absl::InfiniteFuture());
  if (absl::IsNotFound(head.status())) return nullptr;
  RETURN_IF_ERROR(head.status());
  auto counts = std::make_unique<ProgramCounts>(*head, working_days_);
  const absl::Time now = clock_.Now();
  RETURN_IF_ERROR(ForEachTask(session, *head, absl::InfiniteFuture(), [&](const TaskRecord& task) {
    counts->Put(counts->Judge(task, now));
    return absl::OkStatus();
  }));
  counts->Settle();
  return counts;
}

// A version of the head that leaves the tasks as they were costs nothing.
absl::Status Overview::RefreshProgram(Session& session, const std::string& program) {
  if (const auto known = programs_.find(program); known != programs_.end()) {
    const auto head = LoadProgramHead(session, program, absl::InfiniteFuture());
    std::lock_guard lock(mutex_);
    if (head.ok() && known->second->TakeHead(*head)) return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(auto counts, LoadProgramCounts(session, program));
  std::lock_guard lock(mutex_);
  if (counts) {
    programs_[program].swap(counts);
  } else {
    programs_.erase(program);
  }
  return absl::OkStatus();
}

// Tasks of programs that are not published are read when these are.
absl::Status Overview::RefreshTasks(Session& session) {
  struct Fresh {
    ProgramCounts* program;
    TaskCounts counts;
    bool known;
  };
  std::vector<Fresh> fresh;
  absl::Status status;
  std::erase_if(stale_tasks_, [&](const std::string& task) {
    const auto program = programs_.find(ProgramOf(task));
    if (program == programs_.end()) return true;
    const auto record = LoadTask(session, task, absl::InfiniteFuture());
    if (!record.ok() && !absl::IsNotFound(record.status())) {
      status.Update(record.status());
      return false;
    }
    Fresh& one = fresh.emplace_back(Fresh{program->second.get(), {}, record.ok()});
    one.counts.name = task;
    if (one.known) one.counts = one.program->Judge(*record, clock_.Now());
    return true;
  });
  std::lock_guard lock(mutex_);
  for (const Fresh& one : fresh) {
    one.known ? one.program->Put(one.counts) : one.program->Remove(one.counts.name);
  }
  for (const Fresh& one : fresh) one.program->Settle();
  return status;
}

absl::Status Overview::Refresh(Session& session, const CommitNotice& notice) {
  const auto note = [&](const Event& event) {
    if (event.payload().Is<common::v1::PeerRebuilt>()) stale_ = true;
    if (CheckName("", event.subject(), kProgramPattern).ok()) {
      stale_programs_.insert(event.subject());
      return;
    }
    std::string task = TaskOf(event.subject());
    if (CheckName("", task, kTaskPattern).ok()) stale_tasks_.insert(std::move(task));
  };
  for (const Event& event : notice.events) note(event);
  for (const Event& event : notice.peer_events) note(event);

  if (stale_) {
    RETURN_IF_ERROR(Load(session));
    stale_ = false;
    stale_programs_.clear();
    stale_tasks_.clear();
    return absl::OkStatus();
  }
  absl::Status status;
  std::erase_if(stale_programs_, [&](const std::string& program) {
    const absl::Status read = RefreshProgram(session, program);
    status.Update(read);
    return read.ok();
  });
  status.Update(RefreshTasks(session));
  ASSIGN_OR_RETURN(version_, ReadVersion(session));
  return status;
}

absl::StatusOr<Recount> Overview::Now(const std::string& program) {
  std::lock_guard lock(mutex_);
  const auto it = programs_.find(program);
  if (it == programs_.end()) {
    return platform::Error(absl::StatusCode::kNotFound, "UNKNOWN_PROGRAM",
                           absl::StrCat("there is no published program ", program),
                           {{"name", program}});
  }
  return it->second->At(clock_.Now());
}

std::vector<std::pair<std::string, absl::StatusOr<Recount>>> Overview::Count() const {
  std::vector<std::pair<std::string, absl::StatusOr<Recount>>> counted;
  std::lock_guard lock(mutex_);
  const absl::Time now = clock_.Now();
  for (const auto& [name, program] : programs_) {
    absl::StatusOr<Recount> recount = program->At(now);
    if (recount.ok()) {
      auto by_unit = program->ByUnit(now);
      if (by_unit.ok()) recount->by_unit = *std::move(by_unit);
      recount->worst_gaps = program->WorstGaps(now);
    }
    counted.emplace_back(name, std::move(recount));
  }
  return counted;
}

std::vector<MetricFamily> Overview::Collect() const {
  Gauges tasks("minsheng_tasks", "Tasks by light.");
  Gauges projects("minsheng_projects", "Projects by light.");
  Gauges reports("minsheng_reports", "Tasks by the status of their report.");
  Gauges unit_reports("minsheng_unit_reports", "Reports of the current period by first lead.");
  Gauges gaps("minsheng_worst_gap_points",
              "Gap of the worst task of a first lead in percentage points; below 0: behind.");
  std::map<DistrictPeriod, ReportingCounts> by_period;
  std::map<std::pair<std::string, std::string>, ReportingCounts> by_unit;

  for (const auto& [name, counted] : Count()) {
    if (!counted.ok()) {
      platform::LogError("metrics", {{"program", name}, {"status", counted.status().ToString()}});
      continue;
    }
    const std::string district = DistrictCode(name);
    for (const GroupTally& group : counted->groups) AddLights(name, group, tasks, projects);
    for (const auto& [unit, tenths] : counted->worst_gaps) {
      gaps.Add(
          {{"district", district}, {"year", Text(platform::rpc::LastPart(name))}, {"unit", unit}},
          tenths / 10.0);
    }
    Sum(counted->current.counts, by_period[{district, "current"}]);
    ReportingCounts& previous = by_period[{district, "previous"}];
    if (counted->previous) Sum(counted->previous->counts, previous);
    for (const auto& [unit, counts] : counted->by_unit) Sum(counts, by_unit[{district, unit}]);
  }
  for (size_t i = 0; i < kReportingStateCount; ++i) {
    const std::string state = Text(ReportingStateName(static_cast<ReportingState>(i)));
    for (const auto& [key, counts] : by_period) {
      reports.Add({{"district", key.first}, {"period", key.second}, {"state", state}}, counts[i]);
    }
    for (const auto& [key, counts] : by_unit) {
      unit_reports.Add({{"district", key.first}, {"unit", key.second}, {"state", state}},
                       counts[i]);
    }
  }
  return {tasks.Take(), projects.Take(), reports.Take(), unit_reports.Take(), gaps.Take()};
}

}  // namespace minsheng::progress
