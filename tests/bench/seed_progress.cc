// Makes a progress service's database with many tasks in one program, through the service's own
// projectors: what the measurements of a large list start from. A rehearsal's, so that every run
// sees the same time.
//
//   seed_progress --tasks 1000000 --units 40 --reports-per-task 2 --out FOLDER
//   minsheng-progress --state=FOLDER --rehearsal …
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/platform/journal/journal.h"
#include "services/progress/domain/period.h"
#include "services/progress/migrations/migrations.h"
#include "services/progress/names.h"
#include "services/progress/store/project.h"
#include "tests/bench/seeded_list.h"

namespace minsheng::progress {
namespace {

using bench::kFirstMonth;
using bench::kGroups;
constexpr int kYear = bench::kSeededYear;
constexpr int64_t kRowsPerCommit = 50'000;
constexpr const char* kProgram = bench::kSeededProgram;

struct Options {
  int64_t tasks = 1'000'000;
  int64_t units = 40;
  int64_t tasks_per_project = 3;
  int reports_per_task = 2;
  uint64_t seed = 1;
  std::string out;
};

class Seeder {
 public:
  Seeder(const Options& options, platform::Session& session)
      : options_(options), session_(session), random_(options.seed) {}

  absl::Status Seed() {
    RETURN_IF_ERROR(session_.Execute("BEGIN"));
    RETURN_IF_ERROR(PutProgram());
    for (int64_t task = 0; task < options_.tasks; ++task) RETURN_IF_ERROR(PutTask(task));
    for (int i = 0; i < options_.reports_per_task; ++i) {
      for (int64_t task = 0; task < options_.tasks; ++task) {
        RETURN_IF_ERROR(Report(task, kFirstMonth + i));
      }
    }
    RETURN_IF_ERROR(Finish());
    std::fprintf(stderr, "\r%lld tasks, %lld reports\n", static_cast<long long>(options_.tasks),
                 static_cast<long long>(own_.position));
    return absl::OkStatus();
  }

 private:
  struct Log {
    int64_t position = 0;
    std::string hash;
  };

  int64_t Between(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random_);
  }

  template <typename Payload>
  platform::Event EventOf(const std::string& subject, absl::Time recorded_at,
                          const Payload& payload, Log& log) {
    platform::Event event;
    event.set_position(++log.position);
    event.set_subject(subject);
    *event.mutable_recorded_at() = platform::ToTimestamp(recorded_at);
    event.mutable_actor()->set_role("list_office");
    event.mutable_payload()->PackFrom(payload);
    event.set_hash(platform::HashOf(event, log.hash));
    log.hash = event.hash();
    return event;
  }

  template <typename Payload>
  absl::Status FromRegistry(const std::string& subject, const Payload& payload) {
    const absl::Time at = StartOf(absl::CivilDay(kYear, kFirstMonth, 15));
    RETURN_IF_ERROR(ProjectRegistry(session_, EventOf(subject, at, payload, registry_)));
    return Written();
  }

  absl::Status Written() {
    if (++rows_ % kRowsPerCommit != 0) return absl::OkStatus();
    RETURN_IF_ERROR(session_.Execute("COMMIT"));
    std::fprintf(stderr, "\r%lld rows", static_cast<long long>(rows_));
    return session_.Execute("BEGIN");
  }

  absl::Status PutProgram() {
    registry::v1::ProgramPublished fact;
    registry::v1::Program& program = *fact.mutable_program();
    program.set_name(kProgram);
    program.set_state(registry::v1::PROGRAM_STATE_PUBLISHED);
    program.set_issued_on("2024-03-15");
    for (int i = 1; i <= kGroups; ++i) program.add_groups()->set_id(absl::StrCat("group", i));
    return FromRegistry(kProgram, fact);
  }

  void FillTarget(int64_t number, registry::v1::Task& task) {
    registry::v1::Target& target = *task.add_targets();
    target.set_number(1);
    target.set_indicator("新改建农村公路");
    if (bench::SeededList::IsEvent(number)) {
      target.set_kind(registry::v1::TARGET_KIND_EVENT);
      target.set_comparator(registry::v1::COMPARATOR_DONE);
    } else {
      target.set_kind(registry::v1::TARGET_KIND_COUNT);
      target.set_value(absl::StrCat(bench::SeededList::ValueOf(number)));
      target.set_unit("公里");
    }
    if (Between(1, 4) == 1) target.set_due_on(absl::StrCat("2024-0", Between(6, 9), "-30"));
  }

  absl::Status PutTask(int64_t number) {
    registry::v1::TaskPut fact;
    registry::v1::Task& task = *fact.mutable_task();
    task.set_name(list_.TaskName(number));
    task.set_project_title("城乡道路提升工程");
    task.set_group(list_.GroupName(number));
    task.set_content("新建和改建农村公路，完善交通标识，年内完工并通车。");
    task.set_ordinal(static_cast<int32_t>(number + 1));
    // Every unit leads a task, as far as there are so many.
    const int64_t unit = number < options_.units ? number + 1 : Between(1, options_.units);
    task.add_lead_units(absl::StrCat("单位", unit));
    FillTarget(number, task);
    RETURN_IF_ERROR(FromRegistry(task.name(), fact));
    return Between(1, 10) == 1 ? absl::OkStatus() : ApprovePlan(task.name());
  }

  absl::Status ApprovePlan(const std::string& task) {
    registry::v1::PlanApproved fact;
    registry::v1::PlanRevision& plan = *fact.mutable_revision();
    plan.set_name(absl::StrCat(task, "/plans/1"));
    plan.set_starts_on(absl::StrCat("2024-0", Between(3, 5), "-01"));
    plan.set_due_on("2024-12-31");
    int64_t percent = 0;
    for (const char* day : {"2024-06-30", "2024-09-30", "2024-12-31"}) {
      percent = day[5] == '1' ? 100 : std::min<int64_t>(100, percent + Between(15, 50));
      registry::v1::Milestone& milestone = *plan.add_milestones();
      milestone.set_due_on(day);
      milestone.set_percent(absl::StrCat(percent));
    }
    return FromRegistry(task, fact);
  }

  // Recorded on the month's last day; one in ten is missing, one in twenty has nothing.
  absl::Status Report(int64_t number, int month) {
    if (Between(1, 10) == 1) return absl::OkStatus();
    const Period period = Period::Month(absl::CivilMonth(kYear, month));
    const absl::Time recorded_at = period.End() - absl::Hours(20);
    const std::string task = list_.TaskName(number);
    v1::ReportSubmitted fact;
    v1::Report& report = *fact.mutable_report();
    report.set_name(ReportName(task, period.ToString(), 1));
    report.set_version(1);
    report.set_received_on(absl::FormatCivilTime(DayOf(recorded_at)));
    *report.mutable_record_time() = platform::ToTimestamp(recorded_at);
    if (Between(1, 20) == 1) {
      report.set_nothing_to_report(true);
    } else {
      report.set_progress_text(bench::kProgressText);
      bench::SeededList::FillMeasure(number, month, *report.add_measures());
    }
    const platform::Event event = EventOf(task, recorded_at, fact, own_);
    RETURN_IF_ERROR(platform::StoreEvent(session_, event));
    RETURN_IF_ERROR(Project(session_, event));
    return Written();
  }

  // The time stands in the month after the last reported one.
  absl::Status Finish() {
    const absl::CivilMonth month(kYear, kFirstMonth + options_.reports_per_task);
    const absl::Time now = StartOf(absl::CivilDay(month) + 9) + absl::Hours(9);
    const std::string text = absl::FormatTime(absl::RFC3339_full, now, absl::UTCTimeZone());
    RETURN_IF_ERROR(session_.Execute(
        "INSERT INTO settings (name, value) VALUES ('rehearsal_now', $1)", {text}));
    RETURN_IF_ERROR(
        session_.Execute("INSERT INTO peers (peer, position, hash) VALUES ('registry', $1, $2)",
                         {registry_.position, platform::Blob{registry_.hash}}));
    return session_.Execute("COMMIT");
  }

  const Options options_;
  const bench::SeededList list_{options_.tasks_per_project};
  platform::Session& session_;
  std::mt19937_64 random_;
  Log own_, registry_;
  int64_t rows_ = 0;
};

absl::Status Run(const Options& options) {
  std::filesystem::create_directories(options.out);
  const std::string path = absl::StrCat(options.out, "/progress.db");
  if (std::filesystem::exists(path)) {
    return absl::AlreadyExistsError(absl::StrCat(path, " exists; give another folder"));
  }
  std::vector<platform::Migration> migrations{{1, platform::kJournalSchema}};
  for (const platform::Migration& migration : Migrations()) migrations.push_back(migration);
  ASSIGN_OR_RETURN(auto database, platform::OpenSqlite(path, migrations));
  ASSIGN_OR_RETURN(auto session, database->OpenWriter());
  return Seeder(options, *session).Seed();
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app(
      "Makes a progress service's database (a rehearsal's) with many tasks in one program.");
  app.add_option("--tasks", options.tasks, "tasks of the program")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, int64_t{100'000'000}));
  app.add_option("--units", options.units, "units that lead them")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  app.add_option("--tasks-per-project", options.tasks_per_project, "tasks of each project")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--reports-per-task", options.reports_per_task, "months reported, from March")
      ->capture_default_str()
      ->check(CLI::Range(0, 9));
  app.add_option("--seed", options.seed, "of everything that is drawn")->capture_default_str();
  app.add_option("--out", options.out, "folder for progress.db, which must not exist yet")
      ->required();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "seed_progress: %s\n", std::string(status.message()).c_str());
  return 1;
}

}  // namespace
}  // namespace minsheng::progress

int main(int argc, char** argv) { return minsheng::progress::Main(argc, argv); }
