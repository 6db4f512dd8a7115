#include "services/progress/power_cut/peer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "services/platform/base/time.h"
#include "services/progress/power_cut/state.h"

namespace minsheng::progress {

using platform::Event;

namespace {

Event PeerEvent(int64_t position) {
  Event event;
  event.set_position(position);
  *event.mutable_recorded_at() = platform::ToTimestamp(absl::FromUnixSeconds(1'700'000'000));
  event.set_subject(TaskName(static_cast<int>(position % 5)));
  if (position % 3 == 0) {
    registry::v1::PlanApproved fact;
    fact.mutable_revision()->set_name(absl::StrCat(event.subject(), "/plan/revisions/", position));
    event.mutable_payload()->PackFrom(fact);
  } else {
    registry::v1::TaskPut fact;
    fact.mutable_task()->set_name(event.subject());
    fact.set_reason(std::string(static_cast<size_t>(position % 7) * 300, 'r'));
    event.mutable_payload()->PackFrom(fact);
  }
  return event;
}

}  // namespace

std::vector<Event> PeerLog(int count) {
  std::vector<Event> log;
  for (int64_t position = 1; position <= count; ++position) {
    Event event = PeerEvent(position);
    event.set_hash(platform::HashOf(event, log.empty() ? "" : log.back().hash()));
    log.push_back(std::move(event));
  }
  return log;
}

PeerServer::PeerServer(std::vector<Event> log, std::function<void(int64_t)> stored)
    : log_(std::move(log)), stored_(std::move(stored)) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
}

std::string PeerServer::address() const { return absl::StrCat("127.0.0.1:", port_); }

void PeerServer::Allow(int64_t position) {
  std::lock_guard lock(mutex_);
  allowed_ = std::max(allowed_, std::min(position, static_cast<int64_t>(log_.size())));
  changed_.notify_all();
}

void PeerServer::AwaitAllStored() {
  Allow(static_cast<int64_t>(log_.size()));
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return known_ == static_cast<int64_t>(log_.size()); });
  ended_ = true;
  changed_.notify_all();
}

grpc::Status PeerServer::ReadEvents(grpc::ServerContext*,
                                    const common::v1::ReadEventsRequest* request,
                                    common::v1::ReadEventsResponse* response) {
  std::unique_lock lock(mutex_);
  if (request->after() > known_) stored_(request->after());
  known_ = request->after();
  changed_.notify_all();
  changed_.wait(lock, [&] { return ended_ || allowed_ > request->after(); });
  for (int64_t at = request->after(); at < std::min(allowed_, request->after() + 3); ++at) {
    *response->add_events() = log_[static_cast<size_t>(at)];
  }
  response->set_head_position(static_cast<int64_t>(log_.size()));
  return grpc::Status::OK;
}

}  // namespace minsheng::progress
