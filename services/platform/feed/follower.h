// Follows a peer's event log: read, apply, remember the position, all in one transaction.
//
// At-least-once delivery, exactly-once effect: duplicates are skipped, a gap is read again, and a
// log that is another one at a known position (the peer was restored from a backup) makes the
// follower rebuild all that it keeps of it, which it records as an event PeerRebuilt of its own.
//
// Where several processes share one database each follows with a cursor of its own: whoever comes
// first applies, the others find it applied, and all pass every event on to what they derive from
// it.
#ifndef MINSHENG_SERVICES_PLATFORM_FEED_FOLLOWER_H_
#define MINSHENG_SERVICES_PLATFORM_FEED_FOLLOWER_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "minsheng/common/v1/event_log.grpc.pb.h"
#include "prometheus/gauge.h"
#include "prometheus/registry.h"
#include "services/platform/journal/journal.h"

namespace minsheng::platform {

// Runs a thread of its own from Start to destruction. The journal outlives it.
class Follower {
 public:
  // A place in the peer's log.
  struct Known {
    int64_t position = 0;
    std::string hash;
  };
  struct Options {
    std::string service;  // who follows
    std::string peer;     // whom
    std::string address;
    std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr;  // null: without TLS
    Journal* journal = nullptr;
    Database* database = nullptr;
    Projector projector;                          // applies a peer's event to the own tables
    std::function<absl::Status(Session&)> clear;  // empties those tables
    prometheus::Registry* metrics = nullptr;
    Known start;  // where the cursor begins: ReadKnown, from before anything was derived
  };

  // Up to where the peer's log is applied in the tables.
  static absl::StatusOr<Known> ReadKnown(Database& database, const std::string& peer);

  explicit Follower(Options options);
  ~Follower();

  // "OK", or what is wrong and since when.
  std::string Health() const;
  // Events of the peer after a position, for an audit.
  absl::StatusOr<std::vector<Event>> Read(int64_t after) const;
  const Options& options() const { return options_; }

 private:
  void Run();
  absl::Status Step();
  absl::StatusOr<common::v1::ReadEventsResponse> Fetch(const Known& known, int32_t wait_ms) const;
  absl::Status ApplyAll(std::vector<Event> events);
  absl::Status Rebuild();
  absl::StatusOr<std::vector<Event>> ReadWholeLog() const;
  void Note(const absl::Status& status);
  bool IsHealthy() const;
  void Pause(absl::Duration time);

  const Options options_;
  std::unique_ptr<common::v1::EventLogService::Stub> stub_;
  prometheus::Gauge& lag_;
  prometheus::Gauge& up_;
  prometheus::Gauge& position_;
  Known cursor_;  // up to where this process has passed events on; its thread's
  mutable std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  absl::Status status_;
  absl::Time since_;
  mutable grpc::ClientContext* running_ = nullptr;
  std::thread thread_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_FEED_FOLLOWER_H_
