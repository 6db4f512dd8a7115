#include "services/progress/overview/overview.h"

#include "absl/strings/str_cat.h"
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
  std::lock_guard lock(mutex_);
  board_.Clear();
  gaps_.Clear();
  programs_.clear();
  ASSIGN_OR_RETURN(const auto names, ListProgramNames(session));
  for (const std::string& name : names) RETURN_IF_ERROR(LoadProgramLocked(session, name));
  ASSIGN_OR_RETURN(rebuilds_, platform::QueryInt(session,
                                                 "SELECT COUNT(*) FROM events WHERE type_url LIKE"
                                                 " '%.PeerRebuilt'"));
  ASSIGN_OR_RETURN(version_, ReadVersion(session));
  return absl::OkStatus();
}

// A program that is no longer known, or not published, counts nothing.
absl::Status Overview::LoadProgramLocked(Session& session, const std::string& program) {
  auto record = LoadProgram(session, program, absl::InfiniteFuture());
  if (absl::IsNotFound(record.status())) {
    programs_.erase(program);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(record.status());
  programs_[program] = {};
  for (const TaskRecord& task : record->tasks) PutLocked(task);
  return absl::OkStatus();
}

void Overview::PutLocked(const TaskRecord& record) {
  const std::string& name = record.task.name();
  std::vector<LightStep> lights = LightsFrom(record.input(), clock_.Now());
  if (record.task.lead_units_size() > 0) {
    gaps_.Put({ProgramOf(name), record.task.lead_units(0)}, name,
              GapsAlong(record.input(), lights));
  } else {
    gaps_.Remove(name);
  }
  board_.Put(BoardKey(record), std::move(lights));
}

absl::Status Overview::PutTask(Session& session, const std::string& task) {
  auto record = LoadTask(session, task, absl::InfiniteFuture());
  if (absl::IsNotFound(record.status())) {
    board_.Remove(task);
    gaps_.Remove(task);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(record.status());
  PutLocked(*record);
  return absl::OkStatus();
}

void Overview::Refresh(Session& session, const CommitNotice& notice) {
  std::set<std::string> tasks, programs;
  bool rebuilt = false;
  const auto note = [&](const Event& event) {
    if (event.payload().Is<common::v1::PeerRebuilt>()) rebuilt = true;
    const std::string task = TaskOf(event.subject());
    if (CheckName("", task, kTaskPattern).ok()) tasks.insert(task);
    if (CheckName("", event.subject(), kProgramPattern).ok()) programs.insert(event.subject());
  };
  for (const Event& event : notice.events) note(event);
  for (const Event& event : notice.peer_events) note(event);

  absl::Status status;
  if (rebuilt) {
    status = Load(session);
  } else {
    std::lock_guard lock(mutex_);
    for (const std::string& program : programs) status.Update(LoadProgramLocked(session, program));
    for (const std::string& task : tasks) {
      status.Update(PutTask(session, task));
      if (const auto it = programs_.find(ProgramOf(task)); it != programs_.end()) {
        it->second.recount.reset();
      }
    }
    const auto version = ReadVersion(session);
    status.Update(version.status());
    if (version.ok()) version_ = *version;
  }
  if (!status.ok()) platform::LogError("overview", {{"status", status.ToString()}});
}

absl::StatusOr<Recount> Overview::Now(const std::string& program) {
  std::lock_guard lock(mutex_);
  const auto it = programs_.find(program);
  if (it == programs_.end()) {
    return platform::Error(absl::StatusCode::kNotFound, "UNKNOWN_PROGRAM",
                           absl::StrCat("there is no published program ", program),
                           {{"name", program}});
  }
  return NowLocked(it->first, it->second);
}

absl::StatusOr<Recount> Overview::NowLocked(const std::string& name, Program& program) {
  const absl::Time now = clock_.Now();
  if (!program.recount || now >= program.recount->valid_until || now < program.at) {
    RETURN_IF_ERROR(database_.Read([&](Session& session) -> absl::Status {
      ASSIGN_OR_RETURN(const ProgramRecord record,
                       LoadProgram(session, name, absl::InfiniteFuture()));
      ASSIGN_OR_RETURN(program.recount, RecountProgram(record, working_days_, now));
      program.at = now;
      return absl::OkStatus();
    }));
  }
  Recount recount = *program.recount;
  for (GroupTally& group : recount.groups) {
    group.tally = board_.At(absl::StrCat(name, "/", group.group), now);
  }
  return recount;
}

std::vector<MetricFamily> Overview::Collect() const {
  auto* self = const_cast<Overview*>(this);  // remembers what it counted
  Gauges tasks("minsheng_tasks", "Tasks by light.");
  Gauges projects("minsheng_projects", "Projects by light.");
  Gauges reports("minsheng_reports", "Tasks by the status of their report.");
  Gauges unit_reports("minsheng_unit_reports", "Reports of the current period by first lead.");
  Gauges gaps("minsheng_worst_gap_points",
              "Gap of the worst task of a first lead in percentage points; below 0: behind.");
  std::map<DistrictPeriod, ReportingCounts> by_period;
  std::map<std::pair<std::string, std::string>, ReportingCounts> by_unit;

  std::lock_guard lock(mutex_);
  for (auto& [name, program] : self->programs_) {
    const auto recount = self->NowLocked(name, program);
    if (!recount.ok()) {
      platform::LogError("metrics", {{"program", name}, {"status", recount.status().ToString()}});
      continue;
    }
    const std::string district = DistrictCode(name);
    for (const GroupTally& group : recount->groups) AddLights(name, group, tasks, projects);
    for (const auto& [unit, tenths] : self->gaps_.Worst(name, clock_.Now())) {
      gaps.Add(
          {{"district", district}, {"year", Text(platform::rpc::LastPart(name))}, {"unit", unit}},
          tenths / 10.0);
    }
    Sum(recount->current.counts, by_period[{district, "current"}]);
    ReportingCounts& previous = by_period[{district, "previous"}];
    if (recount->previous) Sum(recount->previous->counts, previous);
    for (const auto& [unit, counts] : recount->by_unit) Sum(counts, by_unit[{district, unit}]);
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
