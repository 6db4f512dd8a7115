#include "services/progress/store/record.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
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

// The days that come in practice, without the cost of the general way.
bool ReadPlainDay(absl::string_view text, absl::CivilDay& day) {
  int digits[10] = {};
  if (text.size() != 10 || text[0] == '0') return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7 ? text[i] != '-'
                         : !absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) {
      return false;
    }
    digits[i] = text[i] - '0';
  }
  const int year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
  const int month = digits[5] * 10 + digits[6], day_of_month = digits[8] * 10 + digits[9];
  day = absl::CivilDay(year, month, day_of_month);
  return day.month() == month && day.day() == day_of_month;
}

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
    case registry::v1::COMPARATOR_MORE_THAN:
      return Comparator::kMoreThan;
    case registry::v1::COMPARATOR_LESS_THAN:
      return Comparator::kLessThan;
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

absl::StatusOr<Facts> FactsOf(const Period& period, const v1::Report& report) {
  Facts facts;
  facts.period = period;
  facts.recorded_at = platform::FromTimestamp(report.record_time());
  ASSIGN_OR_RETURN(facts.started_on, ReadDay("started_on", report.started_on()));
  ASSIGN_OR_RETURN(facts.measures, ReadMeasures(report));
  return facts;
}

// --- tables → records ----------------------------------------------------------------------------

constexpr int kPageRows = 4000;

// Where a row of kRowsSql comes from.
enum Source { kHead, kRegistry, kReport, kReturn, kExemption, kJudgement };

// Everything that is known of some tasks in one statement, each part by the first columns of its
// primary key. Columns: source, task, period (or the registry's kind), version or position,
// recorded_at, reason, body.
std::string RowsSql(absl::string_view tasks) {
  const std::string where = absl::StrCat(" WHERE program = $1 AND recorded_at <= $2 AND ", tasks);
  return absl::StrCat(
      "SELECT 1, task, kind, position, recorded_at, '', body FROM registry_versions", where,
      " UNION ALL SELECT 2, task, period, version, recorded_at, '', body FROM reports", where,
      " UNION ALL SELECT 3, task, period, version, recorded_at, reason, NULL FROM report_returns",
      where, " UNION ALL SELECT 4, task, period, 0, recorded_at, reason, NULL FROM exemptions",
      where, " UNION ALL SELECT 5, task, '', position, recorded_at, '', body FROM judgements",
      where);
}

constexpr char kHeadSql[] =
    "SELECT 0, task, kind, position, recorded_at, '', body FROM registry_versions"
    " WHERE program = $1 AND recorded_at <= $2 AND task = '' AND kind = 'program'"
    " ORDER BY position DESC LIMIT 1";

const std::string& PageSql() {
  static const std::string* const kSql = new std::string(RowsSql("task > $3 AND task <= $4"));
  return *kSql;
}

const std::string& TaskSql() {
  static const std::string* const kSql = new std::string(
      absl::StrCat("SELECT * FROM (", kHeadSql, ") AS head UNION ALL ", RowsSql("task = $3")));
  return *kSql;
}

// What a damaged body still says is taken: the audit names the damage, and needs a service that
// starts.
void Parse(absl::string_view bytes, google::protobuf::MessageLite& message) {
  message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// The newest version of something; older ones are not parsed.
struct Newest {
  int64_t position = 0;
  std::string body;

  void Offer(const Row& row) {
    if (row.Int(3) < position) return;
    position = row.Int(3);
    body = std::string(row.Bytes(6));
  }
};

// Puts one task together from its rows, in whatever order they come.
class TaskBuilder {
 public:
  absl::Status Add(const Row& row) {
    switch (row.Int(0)) {
      case kRegistry:
        (row.Text(2) == "task" ? task_ : plan_).Offer(row);
        return absl::OkStatus();
      case kReport:
        return AddReport(row);
      case kReturn:
        returns_.push_back(
            {std::string(row.Text(2)), row.Int(3), row.Int(4), std::string(row.Text(5))});
        return absl::OkStatus();
      case kExemption: {
        ASSIGN_OR_RETURN(const Period period, Period::Parse(row.Text(2)));
        record_.exemptions[period] = std::string(row.Text(5));
        return absl::OkStatus();
      }
      default:
        judgements_.emplace_back(row.Int(3), std::string(row.Bytes(6)));
        return absl::OkStatus();
    }
  }

  // Nothing when the registry does not know the task (it was restored from a backup) or has removed
  // it.
  absl::StatusOr<std::optional<TaskRecord>> Finish(const PeriodSpan& span) {
    if (task_.body.empty()) return std::optional<TaskRecord>();
    Parse(task_.body, record_.task);
    if (record_.task.name().empty() || record_.task.removed()) return std::optional<TaskRecord>();
    record_.span = span;
    RETURN_IF_ERROR(FillRegistry());
    FillReports();
    RETURN_IF_ERROR(FillReturns());
    FillJudgements();
    RETURN_IF_ERROR(record_.DeriveFacts());
    return std::optional<TaskRecord>(std::move(record_));
  }

 private:
  struct StoredReport {
    Period period;
    int64_t version;
    std::string body;
    friend auto operator<=>(const StoredReport&, const StoredReport&) = default;
  };
  struct Return {
    std::string period;
    int64_t version;
    int64_t recorded_at;
    std::string reason;
  };

  absl::Status AddReport(const Row& row) {
    ASSIGN_OR_RETURN(const Period period, Period::Parse(row.Text(2)));
    reports_.push_back({period, row.Int(3), std::string(row.Bytes(6))});
    return absl::OkStatus();
  }

  void FillReports() {
    std::sort(reports_.begin(), reports_.end());
    for (const StoredReport& from : reports_) {
      Parse(from.body, record_.reports[from.period].emplace_back());
    }
  }

  absl::Status FillRegistry() {
    for (const registry::v1::Target& target : record_.task.targets()) {
      ASSIGN_OR_RETURN(Target read, ReadTarget(target));
      record_.targets.push_back(std::move(read));
    }
    if (plan_.body.empty()) return absl::OkStatus();
    registry::v1::PlanRevision revision;
    Parse(plan_.body, revision);
    ASSIGN_OR_RETURN(record_.plan, ReadPlan(revision));
    return absl::OkStatus();
  }

  absl::Status FillReturns() {
    for (const Return& from : returns_) {
      ASSIGN_OR_RETURN(const Period period, Period::Parse(from.period));
      Versions& versions = record_.reports[period];
      const auto index = static_cast<size_t>(from.version - 1);
      if (index >= versions.size()) continue;
      *versions[index].mutable_return_time() =
          platform::ToTimestamp(platform::FromMicros(from.recorded_at));
      versions[index].set_return_reason(from.reason);
    }
    return absl::OkStatus();
  }

  void FillJudgements() {
    std::sort(judgements_.begin(), judgements_.end());
    for (const auto& [position, body] : judgements_) Parse(body, record_.judgements.emplace_back());
  }

  TaskRecord record_;
  Newest task_;
  Newest plan_;
  std::vector<StoredReport> reports_;
  std::vector<Return> returns_;
  std::vector<std::pair<int64_t, std::string>> judgements_;  // by position
};

absl::StatusOr<ProgramHead> ReadHead(const std::string& program, const std::string& body) {
  ProgramHead head;
  Parse(body, head.program);
  if (head.program.state() != registry::v1::PROGRAM_STATE_PUBLISHED) {
    return Error(absl::StatusCode::kNotFound, "UNKNOWN_PROGRAM",
                 absl::StrCat("no published program ", program, " was known at that time"),
                 {{"name", program}});
  }
  ASSIGN_OR_RETURN(head.span, ReadSpan(head.program));
  return head;
}

struct HeadAndTask {
  ProgramHead head;
  std::optional<TaskRecord> task;
};

absl::StatusOr<HeadAndTask> LoadHeadAndTask(Session& session, const std::string& program,
                                            const std::string& task, absl::Time as_of) {
  std::string head;
  TaskBuilder builder;
  RETURN_IF_ERROR(session.Query(TaskSql(), {program, ToMicros(as_of), task},
                                [&](const Row& row) -> absl::Status {
                                  if (row.Int(0) != kHead) return builder.Add(row);
                                  head = std::string(row.Bytes(6));
                                  return absl::OkStatus();
                                }));
  HeadAndTask loaded;
  ASSIGN_OR_RETURN(loaded.head, ReadHead(program, head));
  ASSIGN_OR_RETURN(loaded.task, builder.Finish(loaded.head.span));
  return loaded;
}

// The name that ends the page after `after`; empty after the last.
absl::StatusOr<std::string> PageEnd(Session& session, const std::string& program,
                                    const std::string& after) {
  return platform::QueryText(
      session,
      absl::StrCat("SELECT COALESCE(MAX(task), '') FROM (SELECT task FROM registry_versions"
                   " WHERE program = $1 AND task > $2 ORDER BY task LIMIT ",
                   kPageRows, ") AS page"),
      {program, after});
}

}  // namespace

TaskInput TaskRecord::input() const { return {span, targets, plan ? &*plan : nullptr, facts}; }

absl::Status TaskRecord::Add(const Period& period, v1::Report report) {
  ASSIGN_OR_RETURN(Facts fact, FactsOf(period, report));
  reports[period].push_back(std::move(report));
  const auto next = std::find_if(facts.begin(), facts.end(),
                                 [&](const Facts& known) { return known.period >= period; });
  if (next != facts.end() && next->period == period) {
    *next = std::move(fact);
  } else {
    facts.insert(next, std::move(fact));
  }
  return absl::OkStatus();
}

absl::Status TaskRecord::DeriveFacts() {
  facts.clear();
  for (const auto& [period, versions] : reports) {
    if (versions.empty() || versions.back().has_return_time()) continue;
    ASSIGN_OR_RETURN(Facts fact, FactsOf(period, versions.back()));
    facts.push_back(std::move(fact));
  }
  return absl::OkStatus();
}

absl::StatusOr<ProgramHead> LoadProgramHead(Session& session, const std::string& program,
                                            absl::Time as_of) {
  std::string body;
  RETURN_IF_ERROR(session.Query(kHeadSql, {program, ToMicros(as_of)}, [&](const Row& row) {
    body = std::string(row.Bytes(6));
    return absl::OkStatus();
  }));
  return ReadHead(program, body);
}

absl::Status ForEachTask(Session& session, const ProgramHead& head, absl::Time as_of,
                         absl::FunctionRef<absl::Status(const TaskRecord&)> each) {
  const std::string& program = head.program.name();
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const std::string end, PageEnd(session, program, after));
    if (end.empty()) return absl::OkStatus();
    absl::flat_hash_map<std::string, TaskBuilder> page(kPageRows);
    RETURN_IF_ERROR(session.Query(PageSql(), {program, ToMicros(as_of), after, end},
                                  [&](const Row& row) { return page[row.Text(1)].Add(row); }));
    for (auto& [name, builder] : page) {
      ASSIGN_OR_RETURN(const auto record, builder.Finish(head.span));
      if (record) RETURN_IF_ERROR(each(*record));
    }
    after = end;
  }
}

absl::StatusOr<ProgramRecord> LoadProgram(Session& session, const std::string& program,
                                          absl::Time as_of, const std::string& task) {
  ProgramRecord record;
  if (!task.empty()) {
    ASSIGN_OR_RETURN(HeadAndTask loaded, LoadHeadAndTask(session, program, task, as_of));
    static_cast<ProgramHead&>(record) = std::move(loaded.head);
    if (loaded.task) record.tasks.push_back(*std::move(loaded.task));
    return record;
  }
  ASSIGN_OR_RETURN(static_cast<ProgramHead&>(record), LoadProgramHead(session, program, as_of));
  RETURN_IF_ERROR(ForEachTask(session, record, as_of, [&](const TaskRecord& one) {
    record.tasks.push_back(one);
    return absl::OkStatus();
  }));
  std::sort(record.tasks.begin(), record.tasks.end(), [](const TaskRecord& a, const TaskRecord& b) {
    return a.task.ordinal() < b.task.ordinal();
  });
  return record;
}

absl::StatusOr<TaskRecord> LoadTask(Session& session, const std::string& task, absl::Time as_of) {
  auto loaded = LoadHeadAndTask(session, ProgramOf(task), task, as_of);
  if (loaded.ok() && loaded->task) return *std::move(loaded->task);
  if (!loaded.ok() && !absl::IsNotFound(loaded.status())) return loaded.status();
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
  ASSIGN_OR_RETURN(const absl::CivilDay due_on, DueDay(period, working_days));
  return ReportingOf(record, period, completed_on, due_on, instant);
}

absl::StatusOr<ReportingState> ReportingOf(const TaskRecord& record, const Period& period,
                                           const std::optional<absl::CivilDay>& completed_on,
                                           absl::CivilDay due_on, absl::Time instant) {
  ReportingInput input;
  input.period = period;
  input.due_on = due_on;
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
  if (ReadPlainDay(text, day)) return std::optional<absl::CivilDay>(day);
  if (text.size() == 10 && absl::ParseCivilTime(text, &day) && absl::FormatCivilTime(day) == text) {
    return std::optional<absl::CivilDay>(day);
  }
  return Error(absl::StatusCode::kInvalidArgument, "BAD_DATE",
               absl::StrCat(field, "：“", text.substr(0, 40), "”不是日期，应写作 2024-06-30"),
               {{"field", field}});
}

}  // namespace minsheng::progress
