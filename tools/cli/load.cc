#include "tools/cli/load.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <regex>
#include <set>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "minsheng/progress/v1/progress.grpc.pb.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "tools/cli/clock.h"
#include "tools/cli/errors.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

namespace fs = std::filesystem;

using progress::v1::BatchSubmitReportsRequest;
using progress::v1::ProgressService;

// The service takes no more at once.
constexpr size_t kBatchMax = 1000;
// Single calls under way at once: enough that the services' writer always has a group to commit.
constexpr size_t kWorkers = 16;
constexpr size_t kPlansPerShow = 256;
constexpr SampleCalls::Patience kPatience = {absl::Minutes(10), absl::Minutes(10)};

// Calls work(0) … work(count-1), several at once; the first failure ends it.
absl::Status ForEachAtOnce(size_t count, const std::function<absl::Status(size_t)>& work) {
  std::atomic<size_t> next{0};
  std::mutex mutex;
  absl::Status first;
  const auto run = [&] {
    for (size_t i = next++; i < count; i = next++) {
      const absl::Status status = work(i);
      if (status.ok()) continue;
      next = count;
      const std::lock_guard lock(mutex);
      if (first.ok()) first = status;
    }
  };
  std::vector<std::thread> threads;
  for (size_t i = 0; i < std::min(count, kWorkers); ++i) threads.emplace_back(run);
  for (std::thread& thread : threads) thread.join();
  return first;
}

absl::Time LastInstant(const Sample& sample) {
  absl::Time last = absl::InfinitePast();
  for (const PlanRow& plan : sample.plans) {
    last = std::max({last, *plan.filed_at, plan.approved_at.value_or(*plan.filed_at)});
  }
  for (const ReportRow& report : sample.reports) last = std::max(last, *report.filed_at);
  for (const ActionRow& action : sample.actions) last = std::max(last, action.at);
  return last;
}

// The service counts within the call and says "requests[1]".
absl::Status InFile(const absl::Status& status, absl::Span<const ReportRow* const> batch) {
  const std::string message(status.message());
  std::smatch found;
  size_t at = 0;
  const bool known = std::regex_search(message, found, std::regex(R"(requests\[(\d{1,4})\])")) &&
                     absl::SimpleAtoi(found[1].str(), &at) && at < batch.size();
  return platform::Prefixed(
      status, known ? absl::StrCat("reports.csv 第", batch[at]->row, "行：") : "reports.csv：");
}

}  // namespace

absl::StatusOr<std::vector<std::string>> SampleFolders(const std::string& folder) {
  if (fs::exists(fs::path(folder) / "program.json")) return std::vector<std::string>{folder};
  std::vector<std::string> folders;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string path = entry.path().string();
    if (absl::EndsWith(path, ".partial") || !fs::exists(entry.path() / "program.json")) continue;
    folders.push_back(path);
  }
  if (error) {
    return Failure("FILE_UNREADABLE", absl::StrCat("读不了文件夹 ", folder, "：", error.message()));
  }
  if (folders.empty()) {
    return Failure("NO_SAMPLE",
                   absl::StrCat(folder,
                                " 里没有 program.json，也没有含 program.json 的文件夹；"
                                "可用 minsheng generate --out ",
                                folder, " 生成"));
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::vector<LoadWave> WavesOf(const Sample& sample) {
  struct Entry {
    absl::Time at;
    const ReportRow* report = nullptr;
    const ActionRow* action = nullptr;
  };
  std::vector<Entry> entries;
  for (const ReportRow& report : sample.reports) entries.push_back({*report.filed_at, &report});
  for (const ActionRow& action : sample.actions) entries.push_back({action.at, nullptr, &action});
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.at < b.at; });
  std::vector<LoadWave> waves;
  std::map<std::string, size_t> wave_of;  // by task: that of its next row
  for (const Entry& entry : entries) {
    size_t& wave = wave_of[entry.report != nullptr ? entry.report->task : entry.action->task];
    if (wave >= waves.size()) waves.resize(wave + 1);
    if (entry.report != nullptr) {
      waves[wave].reports.push_back(entry.report);
    } else {
      waves[wave].actions.push_back(entry.action);
      if (entry.action->kind == ActionRow::Kind::kReturn) ++wave;
    }
  }
  return waves;
}

void Load::Tally::Add(const Tally& other) {
  tasks += other.tasks;
  plans += other.plans;
  reports += other.reports;
  actions += other.actions;
  list_took += other.list_took;
  plans_took += other.plans_took;
  reports_took += other.reports_took;
}

Load::Load(Cli& cli, Sample sample, Watch watch)
    : cli_(cli),
      sample_(std::move(sample)),
      calls_(cli, sample_, {cli.Timeout(kPatience.call), kPatience.catch_up}),
      watch_(std::move(watch)) {}

absl::Status Load::Run() {
  RETURN_IF_ERROR(CheckTimes());
  const absl::Time begin = absl::Now();
  Done(0, "清单");
  RETURN_IF_ERROR(calls_.SetUp(absl::UnixEpoch()));
  tally_.tasks = static_cast<int64_t>(calls_.leads().size());
  const absl::Time listed = absl::Now();
  Done(0, "计划");
  RETURN_IF_ERROR(SendPlans());
  const absl::Time planned = absl::Now();
  Done(0, "月报");
  RETURN_IF_ERROR(calls_.AwaitTasks());
  for (const LoadWave& wave : WavesOf(sample_)) {
    RETURN_IF_ERROR(SendReports(wave.reports));
    RETURN_IF_ERROR(SendActions(wave.actions));
  }
  RETURN_IF_ERROR(calls_.AwaitPlans(TasksWithoutPlan()));
  tally_.list_took = listed - begin;
  tally_.plans_took = planned - listed;
  tally_.reports_took = absl::Now() - planned;
  return absl::OkStatus();
}

absl::Status Load::CheckTimes() {
  const absl::Time last = LastInstant(sample_);
  for (const Peer* peer : {&cli_.registry(), &cli_.progress()}) {
    ASSIGN_OR_RETURN(const auto clock, GetClock(*peer));
    const absl::Time now = platform::FromTimestamp(clock.now());
    if (now >= last) continue;
    const std::string next = FormatInstant(last);
    return Failure(
        "TOO_EARLY",
        absl::StrCat(peer->service(), " 的时间是 ", FormatInstant(now), "，而 ", sample_.program(),
                     " 的最后一行在 ", next, "；装入不推进时间，什么也没有写。",
                     clock.rehearsal()
                         ? absl::StrCat("请先执行 minsheng clock advance ", next,
                                        "，或用 minsheng rehearse 按日期演练")
                         : std::string("运行在真实时间上的服务只能装入已经过去的年度")));
  }
  return absl::OkStatus();
}

absl::Status Load::SendPlans() {
  std::map<std::string, std::vector<const PlanRow*>> by_task;
  for (const PlanRow& plan : sample_.plans) by_task[plan.task].push_back(&plan);
  std::vector<std::vector<const PlanRow*>> tasks;
  for (auto& [task, plans] : by_task) {
    std::stable_sort(plans.begin(), plans.end(), [](const PlanRow* a, const PlanRow* b) {
      return *a->filed_at < *b->filed_at;
    });
    tasks.push_back(std::move(plans));
  }
  for (size_t first = 0; first < tasks.size(); first += kPlansPerShow) {
    const size_t count = std::min(kPlansPerShow, tasks.size() - first);
    RETURN_IF_ERROR(ForEachAtOnce(count, [&](size_t i) { return SendTask(tasks[first + i]); }));
    int64_t plans = 0;
    for (size_t i = first; i < first + count; ++i) plans += static_cast<int64_t>(tasks[i].size());
    tally_.plans += plans;
    Done(plans, "计划");
  }
  return absl::OkStatus();
}

// A task's revisions, one after the other.
absl::Status Load::SendTask(const std::vector<const PlanRow*>& plans) const {
  for (const PlanRow* plan : plans) {
    const auto send = [&]() -> absl::Status {
      ASSIGN_OR_RETURN(const std::string revision, calls_.File(*plan));
      return plan->approved_at ? calls_.Approve(*plan, revision) : absl::OkStatus();
    };
    if (const absl::Status status = send(); !status.ok()) {
      return platform::Prefixed(status,
                                absl::StrCat("plans.csv 第", plan->row, "行 ", plan->task, "："));
    }
  }
  return absl::OkStatus();
}

absl::Status Load::SendReports(const std::vector<const ReportRow*>& reports) {
  for (size_t first = 0; first < reports.size(); first += kBatchMax) {
    const auto batch = absl::MakeConstSpan(reports).subspan(first, kBatchMax);
    BatchSubmitReportsRequest request;
    request.set_parent(sample_.program());
    for (const ReportRow* row : batch) {
      auto& one = *request.add_requests() = calls_.RequestOf(*row);
      if (!one.report().received_on().empty()) continue;
      one.mutable_report()->set_received_on(
          absl::FormatTime("%Y-%m-%d", *row->filed_at, Shanghai()));
    }
    request.set_request_id(DerivedRequestId(*batch.front()->filed_at, request));
    const auto response = calls_.progress().Call(&ProgressService::Stub::BatchSubmitReports,
                                                 request, calls_.ListOffice());
    if (!response.ok()) return InFile(response.status(), batch);
    tally_.reports += response->reports_size();
    Done(static_cast<int64_t>(batch.size()), "月报");
  }
  return absl::OkStatus();
}

absl::Status Load::SendActions(const std::vector<const ActionRow*>& actions) {
  RETURN_IF_ERROR(ForEachAtOnce(actions.size(), [&](size_t i) {
    return platform::Prefixed(calls_.Act(*actions[i]),
                              absl::StrCat("actions.csv 第", actions[i]->row, "行："));
  }));
  tally_.actions += static_cast<int64_t>(actions.size());
  Done(static_cast<int64_t>(actions.size()), "处置");
  return absl::OkStatus();
}

int64_t Load::TasksWithoutPlan() const {
  std::set<std::string> planned;
  for (const PlanRow& plan : sample_.plans) {
    if (plan.approved_at) planned.insert(calls_.TaskName(plan.task));
  }
  return tally_.tasks - static_cast<int64_t>(planned.size());
}

void Load::Done(int64_t rows, const std::string& doing) {
  done_ += rows;
  watch_(
      done_,
      static_cast<int64_t>(sample_.plans.size() + sample_.reports.size() + sample_.actions.size()),
      doing);
}

}  // namespace minsheng::cli
