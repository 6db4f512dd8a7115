#include "services/progress/power_cut/run.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "prometheus/registry.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/feed/follower.h"
#include "services/progress/power_cut/peer.h"
#include "services/progress/power_cut/state.h"
#include "services/progress/store/project.h"

namespace minsheng::progress {

using platform::Event;
using platform::Session;

namespace {

class Recorder {
 public:
  Recorder(std::string folder, const Scale& scale, bool acknowledge_early)
      : folder_(std::move(folder)),
        scale_(scale),
        early_(acknowledge_early),
        recording_(folder_),
        peer_log_(PeerLog(scale.peer_events)) {}

  absl::StatusOr<Recorded> Record() {
    RETURN_IF_ERROR(Open());
    RETURN_IF_ERROR(WriteTogether());
    RETURN_IF_ERROR(platform::CheckpointSqlite(folder_ + "/progress.db", /*truncate=*/true));
    RETURN_IF_ERROR(WriteAlone(100));
    opened_.reset();
    RETURN_IF_ERROR(Open());
    RETURN_IF_ERROR(WriteAlone(101));
    RETURN_IF_ERROR(ReadLog());
    opened_.reset();
    const int requests = scale_.writers * scale_.writes_each + 2 * scale_.writes_after;
    return Recorded{recording_.Take(), std::move(expected_), std::move(peer_log_), requests};
  }

 private:
  absl::Status Open() {
    ASSIGN_OR_RETURN(opened_, OpenState(folder_, &expected_.ends));
    return absl::OkStatus();
  }

  // The writers, a follower of the registry, a reader that stays, and a copy, all at once.
  absl::Status WriteTogether() {
    PeerServer peer(peer_log_, [&](int64_t at) { recording_.Mark(kPeerEvents, at); });
    prometheus::Registry metrics;
    platform::Follower follower({"progress",
                                 "registry",
                                 peer.address(),
                                 nullptr,
                                 opened_->journal.get(),
                                 opened_->database.get(),
                                 ProjectRegistry,
                                 ClearRegistry,
                                 &metrics,
                                 {}});
    std::thread reader([&] { ReadForLong(); });
    std::vector<std::thread> writers;
    for (int task = 0; task < scale_.writers; ++task) {
      writers.emplace_back([&, task] { WriteMany(task, peer); });
    }
    for (std::thread& writer : writers) writer.join();
    reader.join();
    peer.AwaitAllStored();
    return first_failure_;
  }

  void WriteMany(int task, PeerServer& peer) {
    for (int version = 1; version <= scale_.writes_each; ++version) {
      Note(Write(task, version));
      peer.Allow(Done() * scale_.peer_events / (scale_.writers * scale_.writes_each));
      if (task == 0 && version == scale_.writes_each / 2) Note(Copy());
    }
  }

  absl::Status Write(int task, int version) {
    std::function<void(int64_t)> decided;
    if (early_) decided = [&](int64_t position) { recording_.Mark(kEvents, position); };
    const auto committed = WriteFacts(*opened_->journal, task, version, decided);
    RETURN_IF_ERROR(committed.status());
    if (!early_) recording_.Mark(kEvents, committed->events.back().position());
    return absl::OkStatus();
  }

  absl::Status WriteAlone(int task) {
    for (int version = 1; version <= scale_.writes_after; ++version) {
      RETURN_IF_ERROR(Write(task, version));
    }
    return absl::OkStatus();
  }

  // Keeps a read transaction open over half of the writes, so that checkpoints stop at its mark.
  void ReadForLong() {
    Note(opened_->database->Read([&](Session& session) -> absl::Status {
      RETURN_IF_ERROR(platform::QueryInt(session, "SELECT COUNT(*) FROM events").status());
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return done_ >= scale_.writers * scale_.writes_each / 2; });
      return absl::OkStatus();
    }));
  }

  absl::Status Copy() {
    RETURN_IF_ERROR(opened_->database->CopyTo(folder_ + "/copy.db"));
    recording_.Mark(kCopied, 1);
    return absl::OkStatus();
  }

  absl::Status ReadLog() {
    return opened_->database->Read([&](Session& session) -> absl::Status {
      ASSIGN_OR_RETURN(const auto events, platform::ReadEvents(session, 0, INT64_MAX));
      for (const Event& event : events) expected_.hashes.push_back(event.hash());
      return absl::OkStatus();
    });
  }

  int Done() {
    std::lock_guard lock(mutex_);
    changed_.notify_all();
    return ++done_;
  }

  void Note(const absl::Status& status) {
    std::lock_guard lock(mutex_);
    first_failure_.Update(status);
  }

  const std::string folder_;
  const Scale scale_;
  const bool early_;
  platform::Recording recording_;
  std::vector<Event> peer_log_;
  Expected expected_;
  std::unique_ptr<Opened> opened_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int done_ = 0;
  absl::Status first_failure_;
};

}  // namespace

Scale FullScale() {
  Scale scale;
  scale.writers = 6;
  scale.writes_each = 25;
  scale.writes_after = 10;
  scale.peer_events = 60;
  scale.worlds_in_turn = 1;
  scale.seeds = 2;
  scale.cut_again_every = 20;
  return scale;
}

absl::StatusOr<Recorded> RecordRun(const std::string& folder, const Scale& scale,
                                   bool acknowledge_early) {
  return Recorder(folder, scale, acknowledge_early).Record();
}

}  // namespace minsheng::progress
