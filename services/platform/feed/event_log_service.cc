#include "services/platform/feed/event_log_service.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/thread.h"
#include "services/platform/base/time.h"
#include "services/platform/journal/refusal_store.h"

namespace minsheng::platform {

using common::v1::BackupRequest;
using common::v1::BackupResponse;
using common::v1::GetLogHeadRequest;
using common::v1::GetLogHeadResponse;
using common::v1::ListRefusalsRequest;
using common::v1::ListRefusalsResponse;
using common::v1::ReadEventsRequest;
using common::v1::ReadEventsResponse;
using common::v1::VerifyLogRequest;
using common::v1::VerifyLogResponse;

namespace {

constexpr int32_t kReadDefault = 500;
constexpr int32_t kReadMax = 1000;
constexpr int kPagesMax = 20;  // that one answer looks through for a district's events
constexpr size_t kReadBytesMax = 8 << 20;
constexpr int32_t kWaitMsMax = 30'000;
constexpr size_t kWaitersMax = 1000;
constexpr size_t kChunkBytes = 1 << 20;
constexpr size_t kHashBytes = 32;

GetLogHeadResponse HeadMessage(const LogHead& head) {
  GetLogHeadResponse message;
  message.set_position(head.position);
  message.set_hash(head.hash);
  if (head.position > 0) *message.mutable_recorded_at() = ToTimestamp(head.recorded_at);
  return message;
}

absl::Status Diverged(absl::string_view what) {
  return Error(absl::StatusCode::kAborted, "LOG_DIVERGED",
               absl::StrCat("this is not the log that was read before: ", what,
                            "; it was restored from a backup, read it again from the beginning"));
}

// Who sees only some of the events knows no hashes.
absl::Status CheckSameLog(Session& session, const ReadEventsRequest& request, bool every,
                          int64_t head) {
  if (request.after() > head) return Diverged("it ends before the given position");
  if (!every || request.after() == 0 || request.after_hash().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string hash, HashAt(session, request.after()));
  return hash == request.after_hash() ? absl::OkStatus()
                                      : Diverged("another event stands at the given position");
}

template <typename Request>
absl::StatusOr<int64_t> PageOf(const Request& request) {
  if (request.after() < 0 || request.max() < 0) {
    return Error(absl::StatusCode::kInvalidArgument, "NEGATIVE",
                 "after and max must not be negative");
  }
  return request.max() == 0 ? kReadDefault : std::min(request.max(), kReadMax);
}

// Adds those of the district (empty: of every one), as many as an answer may hold.
void Take(std::vector<Event> events, absl::string_view district, ReadEventsResponse& response) {
  size_t bytes = 0;
  for (Event& event : events) {
    bytes += event.payload().value().size();
    if (bytes > kReadBytesMax && response.events_size() > 0) return;
    response.set_read_to(event.position());
    if (!district.empty() && DistrictOf(event.subject()) != district) continue;
    *response.add_events() = std::move(event);
  }
}

// An anchor as it came in a request.
absl::StatusOr<LogHead> AnchorOf(int64_t position, const std::string& hash,
                                 absl::string_view field) {
  if (position < 0 || hash.size() != (position == 0 ? 0 : kHashBytes)) {
    return Error(absl::StatusCode::kInvalidArgument, "BAD_ANCHOR",
                 "an anchor is a position from 1 and its hash of 32 bytes, as a head was printed",
                 {{"field", field}});
  }
  LogHead anchor;
  anchor.position = position;
  anchor.hash = hash;
  return anchor;
}

absl::Status Stopping() { return absl::UnavailableError("the service is stopping; try again"); }

// Removes the file, and what SQLite keeps beside it, when it goes.
struct TemporaryFile {
  std::string path;
  ~TemporaryFile() {
    std::error_code ignored;
    for (const char* suffix : {"", ".lock", "-wal", "-shm"}) {
      std::filesystem::remove(path + suffix, ignored);
    }
  }
};

// The head of the log that a copy holds, which may be behind the live one by now.
absl::StatusOr<LogHead> HeadOfCopy(const std::string& path) {
  ASSIGN_OR_RETURN(const auto copy, OpenSqlite(path, {}));
  ASSIGN_OR_RETURN(const auto session, copy->OpenWriter());
  return ReadHead(*session);
}

}  // namespace

EventLogService::EventLogService(const rpc::Environment& environment, Options options)
    : Service("minsheng.common.v1.EventLogService", environment),
      options_(std::move(options)),
      service_(environment.service) {
  Late<ReadEventsRequest, ReadEventsResponse>(
      "ReadEvents", [this](const CallContext& context, const ReadEventsRequest& request,
                           ReadAnswer answer) { Read(context, request, std::move(answer)); });
  Unary<GetLogHeadRequest, GetLogHeadResponse>(
      "GetLogHead", rpc::kPooled,
      [this](const CallContext&, const GetLogHeadRequest&) { return Head(); });
  Unary<ListRefusalsRequest, ListRefusalsResponse>(
      "ListRefusals", rpc::kPooled,
      [this](const CallContext& context, const ListRefusalsRequest& request) {
        return ListRefusals(context, request);
      });
  Unary<VerifyLogRequest, VerifyLogResponse>(
      "VerifyLog", rpc::kPooled,
      [this](const CallContext&, const VerifyLogRequest& request) { return Verify(request); });
  ServerStream<BackupRequest, BackupResponse>(
      "Backup",
      [this](const CallContext&, const BackupRequest&,
             const std::function<absl::Status(BackupResponse)>& write) { return Backup(write); });
  subscription_ = options_.journal->Subscribe([this] {
    std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_one();
  });
  thread_ = std::thread([this] { ServeWaiters(); });
}

EventLogService::~EventLogService() { Stop(); }

void EventLogService::Stop() {
  subscription_.reset();
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void EventLogService::Read(const CallContext& context, const ReadEventsRequest& request,
                           ReadAnswer answer) {
  const absl::Duration wait =
      absl::Milliseconds(std::clamp(request.wait_ms(), int32_t{0}, kWaitMsMax));
  Waiter waiter{request, context.principal.district, std::min(absl::Now() + wait, context.deadline),
                std::move(answer)};
  std::lock_guard lock(mutex_);
  if (stopping_) return waiter.answer(Stopping());
  if (waiters_.size() >= kWaitersMax) return waiter.answer(rpc::Overloaded());
  waiters_.push_back(std::move(waiter));
  woken_ = true;
  changed_.notify_one();
}

absl::StatusOr<ReadEventsResponse> EventLogService::ReadNow(const ReadEventsRequest& request,
                                                            const std::string& district) {
  ASSIGN_OR_RETURN(const int64_t max, PageOf(request));
  ReadEventsResponse response;
  response.set_read_to(request.after());
  RETURN_IF_ERROR(options_.database->Read([&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const LogHead head, ReadHead(session));
    const bool every = district == kEveryDistrict;
    RETURN_IF_ERROR(CheckSameLog(session, request, every, head.position));
    response.set_head_position(head.position);
    for (int page = 0; page < kPagesMax && response.events_size() == 0; ++page) {
      ASSIGN_OR_RETURN(auto events, ReadEvents(session, response.read_to(), max));
      if (events.empty()) break;
      Take(std::move(events), every ? "" : district, response);
    }
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<ListRefusalsResponse> EventLogService::ListRefusals(
    const CallContext& context, const ListRefusalsRequest& request) {
  ASSIGN_OR_RETURN(const int64_t max, PageOf(request));
  const std::string& district = context.principal.district;
  ListRefusalsResponse response;
  response.set_read_to(request.after());
  RETURN_IF_ERROR(options_.database->Read(context.deadline, [&](Session& session) -> absl::Status {
    for (int page = 0; page < kPagesMax && response.refusals_size() == 0; ++page) {
      ASSIGN_OR_RETURN(auto refusals, ReadRefusals(session, response.read_to(), max));
      if (refusals.empty()) break;
      response.set_read_to(refusals.back().position());
      for (Refusal& refusal : refusals) {
        if (district != kEveryDistrict && refusal.actor().district() != district) continue;
        *response.add_refusals() = std::move(refusal);
      }
    }
    return absl::OkStatus();
  }));
  return response;
}

// One thread answers all readers: those who have something to read, and those whose wait is over.
void EventLogService::ServeWaiters() {
  NameThisThread("feed");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    absl::Time next = absl::Now() + absl::Seconds(30);
    for (const Waiter& waiter : waiters_) next = std::min(next, waiter.until);
    changed_.wait_until(lock, absl::ToChronoTime(next), [&] { return woken_ || stopping_; });
    woken_ = false;
    std::list<Waiter> taken = std::move(waiters_);
    waiters_.clear();
    lock.unlock();
    std::list<Waiter> kept;
    for (auto it = taken.begin(); it != taken.end();) {
      auto response = ReadNow(it->request, it->district);
      const bool at_end = response.ok() && response->events_size() == 0 &&
                          response->read_to() >= response->head_position();
      const bool wait = at_end && absl::Now() < it->until;
      const auto current = it++;
      if (wait) {
        // What is of other districts need not be looked through again.
        if (current->district != kEveryDistrict) current->request.set_after(response->read_to());
        kept.splice(kept.end(), taken, current);
      } else {
        current->answer(std::move(response));
      }
    }
    lock.lock();
    waiters_.splice(waiters_.end(), kept);
  }
  for (Waiter& waiter : waiters_) waiter.answer(Stopping());
  waiters_.clear();
}

// From the database: another process may have written since this one looked.
absl::StatusOr<GetLogHeadResponse> EventLogService::Head() {
  LogHead head;
  RETURN_IF_ERROR(options_.database->Read([&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(head, ReadHead(session));
    return absl::OkStatus();
  }));
  return HeadMessage(head);
}

absl::StatusOr<VerifyLogResponse> EventLogService::Verify(const VerifyLogRequest& request) {
  VerifyPlan plan = options_.plan();
  ASSIGN_OR_RETURN(plan.anchor,
                   AnchorOf(request.anchor_position(), request.anchor_hash(), "anchor_hash"));
  ASSIGN_OR_RETURN(plan.refusals_anchor,
                   AnchorOf(request.refusals_anchor_position(), request.refusals_anchor_hash(),
                            "refusals_anchor_hash"));
  VerifyResult result;
  RETURN_IF_ERROR(options_.database->Read([&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(result, VerifyLog(session, plan));
    return absl::OkStatus();
  }));
  VerifyLogResponse response;
  response.set_ok(result.findings.empty());
  response.set_events(result.events);
  response.set_rows(result.rows);
  response.set_head_position(result.head.position);
  response.set_head_hash(result.head.hash);
  response.set_refusals(result.refusals);
  response.set_refusals_head_hash(result.refusals_head.hash);
  for (std::string& finding : result.findings) response.add_findings(std::move(finding));
  return response;
}

absl::Status EventLogService::Backup(const std::function<absl::Status(BackupResponse)>& write) {
  const TemporaryFile copy{absl::StrCat(options_.backup_folder, "/backup-", RandomId(), ".tmp")};
  RETURN_IF_ERROR(options_.database->CopyTo(copy.path));
  ASSIGN_OR_RETURN(const LogHead head, HeadOfCopy(copy.path));
  std::ifstream file(copy.path, std::ios::binary);
  Hasher hasher;
  std::string chunk(kChunkBytes, '\0');
  while (file.read(chunk.data(), kChunkBytes), file.gcount() > 0) {
    BackupResponse part;
    part.set_data(chunk.data(), static_cast<size_t>(file.gcount()));
    hasher.AddRaw(part.data());
    RETURN_IF_ERROR(write(std::move(part)));
  }
  BackupResponse last;
  *last.mutable_head() = HeadMessage(head);
  last.set_service(service_);
  last.set_sha256(hasher.Finish());
  return write(std::move(last));
}

}  // namespace minsheng::platform
