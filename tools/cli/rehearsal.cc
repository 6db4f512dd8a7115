#include "tools/cli/rehearsal.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "minsheng/common/v1/event_log.grpc.pb.h"
#include "minsheng/progress/v1/progress.grpc.pb.h"
#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "tools/cli/clock.h"
#include "tools/cli/errors.h"
#include "tools/cli/names.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

using common::v1::EventLogService;
using common::v1::GetLogHeadRequest;
using progress::v1::GetAssessmentRequest;
using progress::v1::ProgressService;
using progress::v1::SummarizeProgramRequest;
using registry::v1::CreateDistrictRequest;
using registry::v1::GetProgramRequest;
using registry::v1::ImportProgramRequest;
using registry::v1::ListPlanRevisionsRequest;
using registry::v1::ListTasksRequest;
using registry::v1::PublishProgramRequest;
using registry::v1::RegistryService;

// How long progress may take to read what the registry wrote.
constexpr absl::Duration kCatchUpMax = absl::Seconds(10);
constexpr absl::Duration kCatchUpPoll = absl::Milliseconds(20);

// Tries until it is done (true) or fails.
absl::Status Await(const std::string& what, const std::function<absl::StatusOr<bool>()>& done) {
  const absl::Time until = absl::Now() + kCatchUpMax;
  do {
    ASSIGN_OR_RETURN(const bool now, done());
    if (now) return absl::OkStatus();
    absl::SleepFor(kCatchUpPoll);
  } while (absl::Now() < until);
  return Failure("FEED_LAG", absl::StrCat("progress 在", absl::FormatDuration(kCatchUpMax),
                                          "内没有读到 registry 的", what,
                                          "；请查看 progress 的 /healthz 和日志"));
}

}  // namespace

std::string DerivedRequestId(absl::Time at, const google::protobuf::Message& request) {
  platform::Hasher hasher;
  hasher.Add(request.GetTypeName());
  hasher.Add(absl::ToUnixMicros(at));
  hasher.Add(platform::DeterministicBytes(request));
  return absl::StrCat("rehearse-", absl::BytesToHexString(hasher.Finish().substr(0, 16)));
}

Rehearsal::Rehearsal(Cli& cli, Sample sample, absl::Time to, Watch watch)
    : cli_(cli), sample_(std::move(sample)), to_(to), watch_(std::move(watch)) {}

absl::Status Rehearsal::Run() {
  RETURN_IF_ERROR(OpenService(cli_.registry()));
  RETURN_IF_ERROR(OpenService(cli_.progress()));
  RETURN_IF_ERROR(SetUp());
  const std::vector<Entry> entries = Timeline();
  tally_.total = static_cast<int>(entries.size());
  for (const Entry& entry : entries) RETURN_IF_ERROR(RunEntry(entry));
  RETURN_IF_ERROR(AdvanceTo(to_));
  return AwaitPlans();
}

absl::Status Rehearsal::OpenService(const Peer& peer) {
  ASSIGN_OR_RETURN(const auto clock, GetClock(peer));
  if (!clock.rehearsal()) {
    return Failure("NOT_A_REHEARSAL",
                   absl::StrCat(peer.service(), "（", peer.address(),
                                "）运行在真实时间上；演练要用 --rehearsal 建立的数据库"));
  }
  ASSIGN_OR_RETURN(const auto head,
                   peer.Call(&EventLogService::Stub::GetLogHead, GetLogHeadRequest()));
  services_[&peer] = {platform::FromTimestamp(clock.now()), head.position() == 0};
  return absl::OkStatus();
}

absl::Status Rehearsal::SetUp() {
  GetProgramRequest get;
  get.set_name(sample_.program());
  auto program = cli_.registry().Call(&RegistryService::Stub::GetProgram, get);
  if (absl::IsNotFound(program.status())) {
    RETURN_IF_ERROR(Import());
    program = cli_.registry().Call(&RegistryService::Stub::GetProgram, get);
  }
  RETURN_IF_ERROR(program.status());
  if (program->program().state() == registry::v1::PROGRAM_STATE_DRAFT) {
    RETURN_IF_ERROR(Publish(program->program().etag()));
  }
  RETURN_IF_ERROR(LoadTasks());
  return AwaitTasks();
}

absl::Status Rehearsal::Import() {
  const absl::Time now = services_[&cli_.registry()].now;
  CreateDistrictRequest create;
  *create.mutable_district() = sample_.district;
  create.set_request_id(DerivedRequestId(now, create));
  RETURN_IF_ERROR(
      cli_.registry().Call(&RegistryService::Stub::CreateDistrict, create, ListOffice()).status());
  ImportProgramRequest import = sample_.import;
  import.set_request_id(DerivedRequestId(now, import));
  return cli_.registry().Call(&RegistryService::Stub::ImportProgram, import, ListOffice()).status();
}

absl::Status Rehearsal::Publish(const std::string& etag) {
  PublishProgramRequest publish;
  publish.set_name(sample_.program());
  publish.set_etag(etag);
  publish.set_request_id(DerivedRequestId(services_[&cli_.registry()].now, publish));
  return cli_.registry()
      .Call(&RegistryService::Stub::PublishProgram, publish, ListOffice())
      .status();
}

absl::Status Rehearsal::LoadTasks() {
  ListTasksRequest request;
  request.set_parent(sample_.program());
  ASSIGN_OR_RETURN(const auto list,
                   cli_.registry().ListAll(&RegistryService::Stub::ListTasks, request));
  for (const auto& task : list.tasks()) {
    leads_[task.name()] = task.lead_units_size() > 0 ? task.lead_units(0) : "";
    last_task_ = task.name();
  }
  return absl::OkStatus();
}

absl::Status Rehearsal::AwaitTasks() {
  if (last_task_.empty()) return absl::OkStatus();
  return Await("任务清单", [this]() -> absl::StatusOr<bool> {
    GetAssessmentRequest request;
    request.set_name(last_task_);
    const auto response = cli_.progress().Call(&ProgressService::Stub::GetAssessment, request);
    if (absl::IsNotFound(response.status())) return false;
    RETURN_IF_ERROR(response.status());
    return true;
  });
}

absl::StatusOr<int> Rehearsal::TasksWithoutPlan() {
  int without = 0;
  for (const auto& [task, lead] : leads_) {
    ListPlanRevisionsRequest request;
    request.set_parent(task);
    ASSIGN_OR_RETURN(const auto list,
                     cli_.registry().ListAll(&RegistryService::Stub::ListPlanRevisions, request));
    without += std::none_of(
        list.revisions().begin(), list.revisions().end(),
        [](const auto& revision) { return revision.state() == registry::v1::PLAN_STATE_APPROVED; });
  }
  return without;
}

absl::Status Rehearsal::AwaitPlans() {
  ASSIGN_OR_RETURN(const int without, TasksWithoutPlan());
  return Await("节点计划", [this, without]() -> absl::StatusOr<bool> {
    SummarizeProgramRequest request;
    request.set_name(sample_.program());
    ASSIGN_OR_RETURN(const auto summary,
                     cli_.progress().Call(&ProgressService::Stub::SummarizeProgram, request));
    return summary.tasks_without_plan() == without;
  });
}

absl::Status Rehearsal::RunEntry(const Entry& entry) {
  const Service& service = services_[entry.peer];
  if (entry.at < service.now && !service.fresh) {
    ++tally_.skipped;
    watch_(tally_, entry.at, entry.label);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(AdvanceTo(entry.at));
  if (const absl::Status done = entry.run(); !done.ok()) {
    return platform::Prefixed(done,
                              absl::StrCat(entry.label, "（", FormatInstant(entry.at), "）："));
  }
  ++tally_.sent;
  watch_(tally_, entry.at, entry.label);
  return absl::OkStatus();
}

absl::Status Rehearsal::AdvanceTo(absl::Time to) {
  for (const Peer* peer : {&cli_.registry(), &cli_.progress()}) {
    Service& service = services_[peer];
    if (to <= service.now) continue;
    const std::string request_id = absl::StrCat("rehearse-clock-", absl::ToUnixMicros(to));
    ASSIGN_OR_RETURN(service.now, AdvanceClock(*peer, to, ListOffice(), request_id));
  }
  return absl::OkStatus();
}

absl::Time Rehearsal::now() const {
  absl::Time latest = absl::InfinitePast();
  for (const auto& [peer, service] : services_) latest = std::max(latest, service.now);
  return latest;
}

std::string Rehearsal::TaskName(const std::string& given) const {
  if (IsTaskName(given)) return given;
  return TaskNameIn(sample_.program(), given).value_or(given);
}

platform::Principal Rehearsal::ListOffice() const {
  return cli_.As(kListOffice, sample_.import.report_recipient());
}

}  // namespace minsheng::cli
