#include "services/platform/feed/follower.h"

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/thread.h"
#include "services/platform/log/log.h"
#include "services/platform/rpc/channel.h"

namespace minsheng::platform {
namespace {

using common::v1::ReadEventsRequest;
using common::v1::ReadEventsResponse;

constexpr int32_t kWaitMs = 10'000;
constexpr absl::Duration kPause = absl::Milliseconds(100);

absl::Status StoreKnown(Session& session, const std::string& peer, const Event& last) {
  return session.Execute(
      "INSERT INTO peers (peer, position, hash) VALUES ($1, $2, $3)"
      " ON CONFLICT (peer) DO UPDATE SET position = $2, hash = $3",
      {peer, last.position(), Blob{last.hash()}});
}

absl::Status SelectKnown(Session& session, const std::string& peer, Follower::Known& known) {
  return session.Query("SELECT position, hash FROM peers WHERE peer = $1", {peer},
                       [&](const Row& row) {
                         known = {row.Int(0), std::string(row.Bytes(1))};
                         return absl::OkStatus();
                       });
}

prometheus::Gauge& LagGauge(const Follower::Options& options) {
  return prometheus::BuildGauge()
      .Name("minsheng_feed_lag_events")
      .Help("Events of a peer's log that are not applied yet.")
      .Register(*options.metrics)
      .Add({{"service", options.service}, {"peer", options.peer}});
}

prometheus::Gauge& UpGauge(const Follower::Options& options) {
  return prometheus::BuildGauge()
      .Name("minsheng_feed_up")
      .Help("1 while a peer's log can be read and applied.")
      .Register(*options.metrics)
      .Add({{"service", options.service}, {"peer", options.peer}});
}

prometheus::Gauge& PositionGauge(const Follower::Options& options) {
  return prometheus::BuildGauge()
      .Name("minsheng_feed_position")
      .Help("Up to where a peer's log is applied and shows in what is answered.")
      .Register(*options.metrics)
      .Add({{"service", options.service}, {"peer", options.peer}});
}

}  // namespace

Follower::Follower(Options options)
    : options_(std::move(options)),
      stub_(
          common::v1::EventLogService::NewStub(rpc::Dial(options_.address, options_.credentials))),
      lag_(LagGauge(options_)),
      up_(UpGauge(options_)),
      position_(PositionGauge(options_)),
      cursor_(options_.start),
      status_(absl::UnavailableError("not contacted yet")),
      since_(absl::Now()),
      thread_([this] { Run(); }) {}

Follower::~Follower() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    if (running_ != nullptr) running_->TryCancel();
  }
  stop_.notify_all();
  thread_.join();
}

void Follower::Run() {
  NameThisThread("follower");
  while (true) {
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    const absl::Status status = Step();
    Note(status);
    if (!status.ok()) Pause(kPause);
  }
}

void Follower::Note(const absl::Status& status) {
  std::lock_guard lock(mutex_);
  if (status.ok() != status_.ok()) {
    since_ = absl::Now();
    LogInfo("peer", {{"peer", options_.peer}, {"status", status.ToString()}});
  }
  status_ = status;
  up_.Set(status.ok() ? 1 : 0);
}

bool Follower::IsHealthy() const {
  std::lock_guard lock(mutex_);
  return status_.ok();
}

std::string Follower::Health() const {
  std::lock_guard lock(mutex_);
  if (status_.ok()) return "OK";
  const absl::Duration age = absl::Trunc(absl::Now() - since_, absl::Seconds(1));
  return absl::StrCat("DEGRADED: ", status_.message(), " (for ", absl::FormatDuration(age), ")");
}

void Follower::Pause(absl::Duration time) {
  std::unique_lock lock(mutex_);
  stop_.wait_for(lock, absl::ToChronoMilliseconds(time), [&] { return stopping_; });
}

absl::Status Follower::Step() {
  // After a failure the first answer comes at once: it tells that the peer is back.
  auto response = Fetch(cursor_, IsHealthy() ? kWaitMs : 0);
  if (ReasonOf(response.status()) == "LOG_DIVERGED") return Rebuild();
  RETURN_IF_ERROR(response.status());
  if (response->events_size() > 0) {
    RETURN_IF_ERROR(ApplyAll({response->events().begin(), response->events().end()}));
    const Event& last = *response->events().rbegin();
    cursor_ = {last.position(), last.hash()};
  }
  position_.Set(static_cast<double>(cursor_.position));
  lag_.Set(static_cast<double>(response->head_position() - cursor_.position));
  return absl::OkStatus();
}

absl::StatusOr<Follower::Known> Follower::ReadKnown(Database& database, const std::string& peer) {
  Known known;
  RETURN_IF_ERROR(
      database.Read([&](Session& session) { return SelectKnown(session, peer, known); }));
  return known;
}

absl::StatusOr<ReadEventsResponse> Follower::Fetch(const Known& known, int32_t wait_ms) const {
  grpc::ClientContext context;
  context.set_deadline(
      absl::ToChronoTime(absl::Now() + absl::Milliseconds(wait_ms) + absl::Seconds(5)));
  rpc::Identify(context, {"", options_.service, "service"});
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return absl::CancelledError("stopping");
    running_ = &context;
  }
  ReadEventsRequest request;
  request.set_after(known.position);
  request.set_after_hash(known.hash);
  request.set_wait_ms(wait_ms);
  ReadEventsResponse response;
  const grpc::Status status = rpc::Await(
      [&](auto done) { stub_->async()->ReadEvents(&context, &request, &response, done); });
  std::lock_guard lock(mutex_);
  running_ = nullptr;
  if (!status.ok()) return FromGrpc(status);
  return response;
}

// The position is looked at inside the transaction, so whatever came twice is skipped and a gap
// refused.
absl::Status Follower::ApplyAll(std::vector<Event> events) {
  return options_.journal->Apply(
      [&](Transaction& transaction) -> absl::Status {
        Session& session = transaction.session;
        Known known;
        RETURN_IF_ERROR(SelectKnown(session, options_.peer, known));
        int64_t at = known.position;
        for (const Event& event : events) {
          if (event.position() <= at) continue;
          if (event.position() != at + 1) {
            return absl::DataLossError(absl::StrCat("a gap in the log of ", options_.peer));
          }
          RETURN_IF_ERROR(options_.projector(session, event));
          at = event.position();
        }
        return at == known.position ? absl::OkStatus()
                                    : StoreKnown(session, options_.peer, events.back());
      },
      events);
}

absl::StatusOr<std::vector<Event>> Follower::ReadWholeLog() const {
  std::vector<Event> all;
  while (true) {
    Known known;
    if (!all.empty()) known = {all.back().position(), all.back().hash()};
    ASSIGN_OR_RETURN(const ReadEventsResponse response, Fetch(known, 0));
    if (response.events_size() == 0) return all;
    all.insert(all.end(), response.events().begin(), response.events().end());
  }
}

// Where another process rebuilt already, only the cursor follows.
absl::Status Follower::Rebuild() {
  const Known old = cursor_;
  LogWarning("peer's log diverged; rebuilding", {{"peer", options_.peer}});
  ASSIGN_OR_RETURN(const std::vector<Event> events, ReadWholeLog());
  WriteOrigin origin;
  origin.actor.set_role("service");
  origin.actor.set_unit(options_.service);
  origin.method = "Follower/Rebuild";
  const auto rebuilt = options_.journal->Write(
      origin, [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
        Known known;
        RETURN_IF_ERROR(SelectKnown(transaction.session, options_.peer, known));
        if (known.position != old.position || known.hash != old.hash) return std::vector<Fact>();
        RETURN_IF_ERROR(options_.clear(transaction.session));
        RETURN_IF_ERROR(
            transaction.session.Execute("DELETE FROM peers WHERE peer = $1", {options_.peer}));
        for (const Event& event : events) {
          RETURN_IF_ERROR(options_.projector(transaction.session, event));
        }
        common::v1::PeerRebuilt fact;
        fact.set_peer(options_.peer);
        fact.set_old_position(old.position);
        fact.set_old_hash(old.hash);
        if (!events.empty()) {
          RETURN_IF_ERROR(StoreKnown(transaction.session, options_.peer, events.back()));
          fact.set_new_position(events.back().position());
          fact.set_new_hash(events.back().hash());
        }
        std::vector<Fact> facts;
        facts.push_back(Fact::Of(absl::StrCat("peers/", options_.peer), std::move(fact)));
        return facts;
      });
  RETURN_IF_ERROR(rebuilt.status());
  ASSIGN_OR_RETURN(cursor_, ReadKnown(*options_.database, options_.peer));
  position_.Set(static_cast<double>(cursor_.position));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Event>> Follower::Read(int64_t after) const {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
  rpc::Identify(context, {"", options_.service, "service"});
  ReadEventsRequest request;
  request.set_after(after);
  ReadEventsResponse response;
  const grpc::Status status = stub_->ReadEvents(&context, request, &response);
  if (!status.ok()) return FromGrpc(status);
  return std::vector<Event>(response.events().begin(), response.events().end());
}

}  // namespace minsheng::platform
