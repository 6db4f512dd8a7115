#include "tools/cli/rehearsal.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "minsheng/common/v1/event_log.grpc.pb.h"
#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "tools/cli/clock.h"
#include "tools/cli/errors.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

using common::v1::EventLogService;
using common::v1::GetLogHeadRequest;
using registry::v1::ListPlanRevisionsRequest;
using registry::v1::RegistryService;

// How long a call may take, and progress to read what the registry wrote.
constexpr SampleCalls::Patience kPatience = {absl::Seconds(30), absl::Seconds(10)};

}  // namespace

Rehearsal::Rehearsal(Cli& cli, Sample sample, absl::Time to, Watch watch)
    : cli_(cli),
      sample_(std::move(sample)),
      calls_(cli, sample_, {cli.Timeout(kPatience.call), kPatience.catch_up}),
      to_(to),
      watch_(std::move(watch)) {}

absl::Status Rehearsal::Run() {
  RETURN_IF_ERROR(OpenService(cli_.registry()));
  RETURN_IF_ERROR(OpenService(cli_.progress()));
  RETURN_IF_ERROR(calls_.SetUp(services_[&cli_.registry()].now));
  RETURN_IF_ERROR(calls_.AwaitTasks());
  const std::vector<Entry> entries = Timeline();
  tally_.total = static_cast<int>(entries.size());
  for (const Entry& entry : entries) RETURN_IF_ERROR(RunEntry(entry));
  RETURN_IF_ERROR(AdvanceTo(to_));
  ASSIGN_OR_RETURN(const int without, TasksWithoutPlan());
  return calls_.AwaitPlans(without);
}

absl::Status Rehearsal::OpenService(const Peer& peer) {
  ASSIGN_OR_RETURN(const auto clock, GetClock(peer));
  if (!clock.rehearsal()) {
    return Failure("NOT_A_REHEARSAL",
                   absl::StrCat(peer.service(), "（", peer.address(),
                                "）运行在真实时间上；演练要用 --rehearsal 建立的数据库"));
  }
  ASSIGN_OR_RETURN(const auto head, peer.Call(&EventLogService::Stub::GetLogHead,
                                              GetLogHeadRequest(), cli_.As(kAuditor)));
  services_[&peer] = {platform::FromTimestamp(clock.now()), head.position() == 0};
  return absl::OkStatus();
}

absl::StatusOr<int> Rehearsal::TasksWithoutPlan() {
  int without = 0;
  for (const auto& [task, lead] : calls_.leads()) {
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
    ASSIGN_OR_RETURN(service.now, AdvanceClock(*peer, to, cli_.As(kOperator), request_id));
  }
  return absl::OkStatus();
}

absl::Time Rehearsal::now() const {
  absl::Time latest = absl::InfinitePast();
  for (const auto& [peer, service] : services_) latest = std::max(latest, service.now);
  return latest;
}

}  // namespace minsheng::cli
