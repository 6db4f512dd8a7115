#include "services/platform/runtime/vitals.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <utility>

#include "absl/time/clock.h"

namespace minsheng::platform {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using Labels = std::vector<ClientMetric::Label>;

MetricFamily Gauges(const char* name, const char* help,
                    const std::vector<std::pair<Labels, double>>& values) {
  MetricFamily family{name, help, prometheus::MetricType::Gauge, {}};
  for (const auto& [labels, value] : values) {
    ClientMetric metric;
    metric.label = labels;
    metric.gauge.value = value;
    family.metric.push_back(std::move(metric));
  }
  return family;
}

double ResidentBytes() {
  int64_t pages_in_all = 0, resident_pages = 0;
  std::ifstream("/proc/self/statm") >> pages_in_all >> resident_pages;
  return static_cast<double>(resident_pages * sysconf(_SC_PAGESIZE));
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return absl::ToDoubleSeconds(absl::DurationFromTimeval(usage.ru_utime) +
                               absl::DurationFromTimeval(usage.ru_stime));
}

MetricFamily CpuCounter(const Labels& service) {
  MetricFamily family{"minsheng_process_cpu_seconds_total",
                      "Processor time that the process has used.",
                      prometheus::MetricType::Counter,
                      {}};
  ClientMetric metric;
  metric.label = service;
  metric.counter.value = CpuSeconds();
  family.metric.push_back(std::move(metric));
  return family;
}

prometheus::Family<prometheus::Counter>& Commits(prometheus::Registry& registry) {
  return prometheus::BuildCounter()
      .Name("minsheng_journal_commits_total")
      .Help("Groups of writes, by how their commit went.")
      .Register(registry);
}

prometheus::Histogram& CommitSeconds(const std::string& service, prometheus::Registry& registry) {
  return prometheus::BuildHistogram()
      .Name("minsheng_journal_commit_seconds")
      .Help("Time of a group of writes, from BEGIN to the end of COMMIT.")
      .Register(registry)
      .Add({{"service", service}},
           prometheus::Histogram::BucketBoundaries{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                   0.1, 0.25, 0.5, 1.0, 2.5, 10.0});
}

prometheus::Histogram& GroupSize(const std::string& service, prometheus::Registry& registry) {
  return prometheus::BuildHistogram()
      .Name("minsheng_journal_group_size")
      .Help("Writes that shared a commit.")
      .Register(registry)
      .Add({{"service", service}},
           prometheus::Histogram::BucketBoundaries{1, 2, 4, 8, 16, 32, 64, 128, 256});
}

}  // namespace

Vitals::Vitals(std::string service, std::vector<const Executor*> executors,
               prometheus::Registry& registry)
    : service_(std::move(service)),
      executors_(std::move(executors)),
      started_(absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch())),
      committed_(Commits(registry).Add({{"service", service_}, {"result", "ok"}})),
      failed_(Commits(registry).Add({{"service", service_}, {"result", "error"}})),
      commit_seconds_(CommitSeconds(service_, registry)),
      group_size_(GroupSize(service_, registry)) {}

void Vitals::CountGroup(size_t writes, absl::Duration taken, bool committed) {
  (committed ? committed_ : failed_).Increment();
  commit_seconds_.Observe(absl::ToDoubleSeconds(taken));
  group_size_.Observe(static_cast<double>(writes));
}

std::vector<MetricFamily> Vitals::Collect() const {
  const Labels service = {{"service", service_}};
  const Labels handlers = {{"service", service_}, {"queue", "handlers"}};
  const Labels journal = {{"service", service_}, {"queue", "journal"}};
  Executor::Load load;
  size_t threads_max = 0;
  for (const Executor* executor : executors_) {
    const Executor::Load one = executor->load();
    load.busy += one.busy;
    load.queued += one.queued;
    threads_max += executor->threads_max();
  }
  const auto number = [](size_t value) { return static_cast<double>(value); };
  return {
      Gauges("minsheng_queue_length", "What waits in a queue.",
             {{handlers, number(load.queued)}, {journal, number(journal_->queued())}}),
      Gauges("minsheng_queue_max", "How much may wait in a queue before calls are refused.",
             {{handlers, number(executors_.size() * Executor::kQueueMax)},
              {journal, number(Journal::kQueueMax)}}),
      Gauges("minsheng_handler_threads_busy", "Threads that run a handler.",
             {{service, number(load.busy)}}),
      Gauges("minsheng_handler_threads_max", "How many threads may run handlers.",
             {{service, number(threads_max)}}),
      Gauges("minsheng_database_up", "1 while the last commit succeeded.",
             {{service, journal_->health().ok() ? 1 : 0}}),
      CpuCounter(service),
      Gauges("minsheng_process_resident_bytes", "Memory that the process holds.",
             {{service, ResidentBytes()}}),
      Gauges("minsheng_process_start_time_seconds", "When the process started, in Unix seconds.",
             {{service, started_}}),
  };
}

}  // namespace minsheng::platform
