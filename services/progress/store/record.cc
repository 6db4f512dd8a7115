#include "services/progress/store/record.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/progress/names.h"

namespace minsheng::progress {

using platform::Error;
using platform::Row;
using platform::Session;
using platform::ToMicros;

namespace {

// --- the registry's words → the domain's ---------------------------------------------------------

TargetKind KindOf(registry::v1::TargetKind kind) {
  switch (kind) {
    case registry::v1::TARGET_KIND_COUNT:
      return TargetKind::kCount;
    case registry::v1::TARGET_KIND_COVERAGE:
      return TargetKind::kCoverage;
    case registry::v1::TARGET_KIND_LEVEL:
      return TargetKind::kLevel;
    case registry::v1::TARGET_KIND_FREQUENCY:
      return TargetKind::kFrequency;
    case registry::v1::TARGET_KIND_EVENT:
      return TargetKind::kEvent;
    case registry::v1::TARGET_KIND_SERVICE:
      return TargetKind::kService;
    default:
      return TargetKind::kQualitative;
  }
}

Comparator ComparatorOf(registry::v1::Comparator comparator) {
  switch (comparator) {
    case registry::v1::COMPARATOR_AT_MOST:
      return Comparator::kAtMost;
    case registry::v1::COMPARATOR_DONE:
      return Comparator::kDone;
    case registry::v1::COMPARATOR_ALL:
      return Comparator::kAll;
    default:
      return Comparator::kAtLeast;
  }
}

absl::StatusOr<std::optional<Quantity>> ReadQuantity(const std::string& text) {
  if (text.empty()) return std::optional<Quantity>();
  ASSIGN_OR_RETURN(const Quantity quantity, Quantity::Parse(text));
  return std::optional<Quantity>(quantity);
}

absl::StatusOr<Target> ReadTarget(const registry::v1::Target& from) {
  Target target;
  target.number = from.number();
  target.kind = KindOf(from.kind());
  target.comparator = ComparatorOf(from.comparator());
  target.stage = from.stage() == registry::v1::TARGET_STAGE_START ? Stage::kStart : Stage::kFinish;
  target.indicator = from.indicator();
  target.unit = from.unit();
  target.part_of = from.part_of();
  ASSIGN_OR_RETURN(const auto value, ReadQuantity(from.value()));
  if (value) target.value = *value;
  ASSIGN_OR_RETURN(target.stretch, ReadQuantity(from.stretch()));
  ASSIGN_OR_RETURN(target.base, ReadQuantity(from.base()));
  ASSIGN_OR_RETURN(target.baseline, ReadQuantity(from.baseline()));
  ASSIGN_OR_RETURN(target.due_on, ReadDay("due_on", from.due_on()));
  for (const std::string& text : from.survey_days()) {
    ASSIGN_OR_RETURN(const auto day, ReadDay("survey_days", text));
    if (day) target.survey_days.push_back(*day);
  }
  std::sort(target.survey_days.begin(), target.survey_days.end());
  return target;
}

absl::StatusOr<Plan> ReadPlan(const registry::v1::PlanRevision& revision) {
  Plan plan;
  plan.revision = static_cast<int>(platform::rpc::LastNumber(revision.name()));
  ASSIGN_OR_RETURN(plan.starts_on, ReadDay("starts_on", revision.starts_on()));
  ASSIGN_OR_RETURN(plan.due_on, ReadDay("due_on", revision.due_on()));
  for (const registry::v1::Milestone& from : revision.milestones()) {
    ASSIGN_OR_RETURN(const auto day, ReadDay("milestones.due_on", from.due_on()));
    ASSIGN_OR_RETURN(const Quantity percent, Quantity::Parse(from.percent()));
    plan.milestones.push_back({day.value_or(absl::CivilDay()), percent, from.target()});
  }
  std::stable_sort(plan.milestones.begin(), plan.milestones.end(),
                   [](const Milestone& a, const Milestone& b) { return a.due_on < b.due_on; });
  return plan;
}

absl::StatusOr<PeriodSpan> ReadSpan(const registry::v1::Program& program) {
  ASSIGN_OR_RETURN(const auto issued_on, ReadDay("issued_on", program.issued_on()));
  const int year = static_cast<int>(platform::rpc::LastNumber(program.name()));
  return PeriodSpan::Of(year, issued_on.value_or(absl::CivilDay(year, 1, 1)));
}

WorkStage StageOf(v1::WorkStage stage) { return static_cast<WorkStage>(static_cast<int>(stage)); }

// --- tables → records ----------------------------------------------------------------------------

// Reads one program as of an instant; `only` restricts it to one task.
class Loader {
 public:
  Loader(Session& session, const std::string& program, absl::Time as_of, const std::string& only)
      : session_(session), program_(program), as_of_(ToMicros(as_of)), only_(only) {}

  absl::StatusOr<ProgramRecord> Load() {
    RETURN_IF_ERROR(LoadRegistry());
    if (record_.program.state() != registry::v1::PROGRAM_STATE_PUBLISHED) {
      return Error(absl::StatusCode::kNotFound, "UNKNOWN_PROGRAM",
                   absl::StrCat("no published program ", program_, " was known at that time"),
                   {{"name", program_}});
    }
    ASSIGN_OR_RETURN(record_.span, ReadSpan(record_.program));
    RETURN_IF_ERROR(LoadReports());
    RETURN_IF_ERROR(LoadReturns());
    RETURN_IF_ERROR(LoadExemptions());
    RETURN_IF_ERROR(LoadJudgements());
    return Finish();
  }

 private:
  absl::Status Select(absl::string_view columns_and_table, absl::string_view order,
                      absl::FunctionRef<absl::Status(const Row&)> each) {
    return session_.Query(
        absl::StrCat("SELECT ", columns_and_table,
                     " WHERE program = $1 AND recorded_at <= $2 AND (task = $3 OR $3 = '')"
                     " ORDER BY ",
                     order),
        {program_, as_of_, only_}, each);
  }

  // Later versions overwrite earlier ones.
  absl::Status LoadRegistry() {
    RETURN_IF_ERROR(session_.Query(
        "SELECT body FROM registry_versions WHERE program = $1 AND task = '' AND kind = 'program'"
        " AND recorded_at <= $2 ORDER BY position DESC LIMIT 1",
        {program_, as_of_}, [&](const Row& row) {
          record_.program.ParseFromString(std::string(row.Bytes(0)));
          return absl::OkStatus();
        }));
    return Select("kind, task, body FROM registry_versions", "task, kind, position",
                  [&](const Row& row) {
                    const std::string task(row.Text(1)), body(row.Bytes(2));
                    if (row.Text(0) == "task") tasks_[task].task.ParseFromString(body);
                    if (row.Text(0) == "plan") plans_[task].ParseFromString(body);
                    return absl::OkStatus();
                  });
  }

  absl::StatusOr<Versions*> VersionsAt(const Row& row) {
    ASSIGN_OR_RETURN(const Period period, Period::Parse(row.Text(1)));
    return &tasks_[std::string(row.Text(0))].reports[period];
  }

  absl::Status LoadReports() {
    return Select("task, period, body FROM reports", "task, period, version",
                  [&](const Row& row) -> absl::Status {
                    ASSIGN_OR_RETURN(Versions * versions, VersionsAt(row));
                    versions->emplace_back().ParseFromString(std::string(row.Bytes(2)));
                    return absl::OkStatus();
                  });
  }

  absl::Status LoadReturns() {
    return Select("task, period, version, recorded_at, reason FROM report_returns",
                  "task, period, version", [&](const Row& row) -> absl::Status {
                    ASSIGN_OR_RETURN(Versions * versions, VersionsAt(row));
                    const size_t index = static_cast<size_t>(row.Int(2) - 1);
                    if (index >= versions->size()) return absl::OkStatus();
                    v1::Report& report = (*versions)[index];
                    *report.mutable_return_time() =
                        platform::ToTimestamp(platform::FromMicros(row.Int(3)));
                    report.set_return_reason(std::string(row.Text(4)));
                    return absl::OkStatus();
                  });
  }

  absl::Status LoadExemptions() {
    return Select("task, period, reason FROM exemptions", "task, period",
                  [&](const Row& row) -> absl::Status {
                    ASSIGN_OR_RETURN(const Period period, Period::Parse(row.Text(1)));
                    tasks_[std::string(row.Text(0))].exemptions[period] = std::string(row.Text(2));
                    return absl::OkStatus();
                  });
  }

  absl::Status LoadJudgements() {
    return Select("task, body FROM judgements", "task, position", [&](const Row& row) {
      tasks_[std::string(row.Text(0))].judgements.emplace_back().ParseFromString(
          std::string(row.Bytes(1)));
      return absl::OkStatus();
    });
  }

  // Reports of tasks that the registry does not know (it was restored from a backup) are left out.
  absl::StatusOr<ProgramRecord> Finish() {
    for (auto& [name, task] : tasks_) {
      if (task.task.name().empty() || task.task.removed()) continue;
      RETURN_IF_ERROR(Derive(name, task));
      record_.tasks.push_back(std::move(task));
    }
    std::sort(record_.tasks.begin(), record_.tasks.end(),
              [](const TaskRecord& a, const TaskRecord& b) {
                return a.task.ordinal() < b.task.ordinal();
              });
    return std::move(record_);
  }

  absl::Status Derive(const std::string& name, TaskRecord& task) {
    task.span = record_.span;
    for (const registry::v1::Target& target : task.task.targets()) {
      ASSIGN_OR_RETURN(Target read, ReadTarget(target));
      task.targets.push_back(std::move(read));
    }
    if (const auto plan = plans_.find(name); plan != plans_.end()) {
      ASSIGN_OR_RETURN(task.plan, ReadPlan(plan->second));
    }
    return task.DeriveFacts();
  }

  Session& session_;
  const std::string program_;
  const int64_t as_of_;
  const std::string only_;
  ProgramRecord record_;
  std::map<std::string, TaskRecord> tasks_;
  std::map<std::string, registry::v1::PlanRevision> plans_;
};

}  // namespace

TaskInput TaskRecord::input() const { return {span, targets, plan ? &*plan : nullptr, facts}; }

absl::Status TaskRecord::Add(const Period& period, v1::Report report) {
  reports[period].push_back(std::move(report));
  return DeriveFacts();
}

absl::Status TaskRecord::DeriveFacts() {
  facts.clear();
  for (const auto& [period, versions] : reports) {
    if (versions.empty() || versions.back().has_return_time()) continue;
    const v1::Report& newest = versions.back();
    Facts fact;
    fact.period = period;
    fact.recorded_at = platform::FromTimestamp(newest.record_time());
    ASSIGN_OR_RETURN(fact.started_on, ReadDay("started_on", newest.started_on()));
    ASSIGN_OR_RETURN(fact.measures, ReadMeasures(newest));
    facts.push_back(std::move(fact));
  }
  return absl::OkStatus();
}

absl::StatusOr<ProgramRecord> LoadProgram(Session& session, const std::string& program,
                                          absl::Time as_of, const std::string& task) {
  return Loader(session, program, as_of, task).Load();
}

absl::StatusOr<TaskRecord> LoadTask(Session& session, const std::string& task, absl::Time as_of) {
  auto program = LoadProgram(session, ProgramOf(task), as_of, task);
  if (program.ok() && program->tasks.size() == 1) return std::move(program->tasks.front());
  if (!program.ok() && !absl::IsNotFound(program.status())) return program.status();
  return Error(absl::StatusCode::kNotFound, "UNKNOWN_TASK",
               absl::StrCat("there is no task ", task, " in a published list at that time"),
               {{"name", task}});
}

absl::StatusOr<std::vector<std::string>> ListProgramNames(Session& session) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(session.Query(
      "SELECT DISTINCT program FROM registry_versions WHERE kind = 'program' ORDER BY program", {},
      [&](const Row& row) {
        names.emplace_back(row.Text(0));
        return absl::OkStatus();
      }));
  return names;
}

const v1::Judgement* JudgementAt(const TaskRecord& record, absl::Time instant) {
  for (auto it = record.judgements.rbegin(); it != record.judgements.rend(); ++it) {
    const auto day = ReadDay("valid_to", it->valid_to());
    if (day.ok() && day->has_value() && instant < StartOf(**day + 1)) return &*it;
  }
  return nullptr;
}

absl::StatusOr<ReportingState> ReportingOf(const TaskRecord& record, const Period& period,
                                           const std::optional<absl::CivilDay>& completed_on,
                                           const WorkingDays& working_days, absl::Time instant) {
  ReportingInput input;
  input.period = period;
  ASSIGN_OR_RETURN(input.due_on, DueDay(period, working_days));
  std::vector<ReportVersion> versions;
  if (const auto it = record.reports.find(period); it != record.reports.end()) {
    for (const v1::Report& report : it->second) {
      ASSIGN_OR_RETURN(const auto received, ReadDay("received_on", report.received_on()));
      versions.push_back({report.version(), received.value_or(absl::CivilDay()),
                          report.nothing_to_report(), report.has_return_time()});
    }
  }
  input.versions = versions;
  input.exempted = record.exemptions.contains(period);
  input.completed_on = completed_on;
  return ReportingStateAt(input, instant);
}

absl::StatusOr<std::vector<Measure>> ReadMeasures(const v1::Report& report) {
  std::vector<Measure> measures;
  for (int i = 0; i < report.measures_size(); ++i) {
    const v1::Measure& from = report.measures(i);
    Measure measure;
    measure.target = from.target();
    measure.stage = StageOf(from.work_stage());
    if (from.value().empty() && measure.stage == WorkStage::kNone) {
      const std::string field = absl::StrCat("measures[", i, "]");
      return Error(
          absl::StatusCode::kInvalidArgument, "MEASURE_MISSING",
          absl::StrCat(field,
                       "：既没有数值也没有形象进度；没有完成量请填 0，没有新情况请不填这一项"),
          {{"field", field}});
    }
    if (!from.value().empty()) {
      const auto value = Quantity::Parse(from.value());
      if (!value.ok()) {
        const std::string field = absl::StrCat("measures[", i, "].value");
        return Error(absl::StatusCode::kInvalidArgument, "BAD_NUMBER",
                     absl::StrCat(field, "：“", from.value(),
                                  "”不是数，请填写不带单位的累计数，最多六位小数"),
                     {{"field", field}});
      }
      measure.value = *value;
    }
    measures.push_back(measure);
  }
  return measures;
}

absl::StatusOr<std::optional<absl::CivilDay>> ReadDay(absl::string_view field,
                                                      absl::string_view text) {
  if (text.empty()) return std::optional<absl::CivilDay>();
  absl::CivilDay day;
  if (text.size() == 10 && absl::ParseCivilTime(text, &day) && absl::FormatCivilTime(day) == text) {
    return std::optional<absl::CivilDay>(day);
  }
  return Error(absl::StatusCode::kInvalidArgument, "BAD_DATE",
               absl::StrCat(field, "：“", text.substr(0, 40), "”不是日期，应写作 2024-06-30"),
               {{"field", field}});
}

}  // namespace minsheng::progress
