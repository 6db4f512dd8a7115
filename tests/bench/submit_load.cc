// Reports submitted to a service on a database that seed_progress made, from so many clients at
// once, each on another task; prints a JSON object of what that cost.
//
//   submit_load --address 127.0.0.1:N --tasks 50000 --month 4 --outstanding 64 --seconds 2
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "tests/bench/load.h"
#include "tests/bench/seeded_list.h"

namespace minsheng::bench {
namespace {

constexpr char kMethod[] = "/minsheng.progress.v1.ProgressService/SubmitReport";

struct Options {
  LoadOptions load;
  SeededList list;
  int64_t tasks = 0;
  int month = kFirstMonth + 1;
  int skipped_group = 0;  // from 1; 0: none
};

std::vector<int64_t> TasksOf(const Options& options) {
  std::vector<int64_t> tasks;
  for (int64_t task = 0; task < options.tasks; ++task) {
    if (options.list.GroupOf(task) + 1 != options.skipped_group) tasks.push_back(task);
  }
  return tasks;
}

grpc::ByteBuffer RequestOf(const Options& options, int64_t task, uint64_t n) {
  progress::v1::SubmitReportRequest request;
  request.set_parent(options.list.TaskName(task));
  request.set_period(absl::StrFormat("%d-%02d", kSeededYear, options.month));
  request.set_request_id(absl::StrCat("load-", getpid(), "-", n));
  progress::v1::Report& report = *request.mutable_report();
  report.set_progress_text(kProgressText);
  SeededList::FillMeasure(task, options.month, *report.add_measures());
  return BufferOf(request.SerializeAsString());
}

int Main(int argc, char** argv) {
  Options options;
  options.load.method = kMethod;
  CLI::App app("submit_load: reports on the tasks of a seeded list, many at once; prints JSON");
  options.load.AddTo(app);
  app.add_option("--tasks", options.tasks, "Tasks of the list")
      ->required()
      ->check(CLI::PositiveNumber);
  app.add_option("--tasks-per-project", options.list.tasks_per_project, "As the list was seeded")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--month", options.month, "Period reported")
      ->check(CLI::Range(kFirstMonth, 12))
      ->capture_default_str();
  app.add_option("--skip-group", options.skipped_group, "Leave this group alone, from 1; 0: none")
      ->check(CLI::Range(0, kGroups))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const std::vector<int64_t> tasks = TasksOf(options);
  if (tasks.empty()) {
    std::fprintf(stderr, "submit_load: no task is left to report on\n");
    return 2;
  }
  return Load(options.load,
              [&](uint64_t n) { return RequestOf(options, tasks[n % tasks.size()], n); })
      .Run();
}

}  // namespace
}  // namespace minsheng::bench

int main(int argc, char** argv) { return minsheng::bench::Main(argc, argv); }
