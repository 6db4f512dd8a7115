// The power is cut at every step of a recorded run of progress's database, in several worlds each.
// What is recovered must be the log as it was, up to a point that lies after every event that was
// acknowledged, with tables that a replay confirms.
//
// MINSHENG_POWER_CUT=full runs it at full scale (minutes); MINSHENG_TEST_SEED=n takes other worlds.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <thread>
#include <unordered_map>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "minsheng/common/v1/event_log.grpc.pb.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/platform/feed/follower.h"
#include "services/platform/testing/power_cut_disk.h"
#include "services/platform/testing/power_cut_vfs.h"
#include "services/progress/migrations/migrations.h"
#include "services/progress/names.h"
#include "services/progress/store/project.h"

namespace minsheng::progress {
namespace {

using platform::Committed;
using platform::Database;
using platform::DiskImage;
using platform::Event;
using platform::Fact;
using platform::FileOperation;
using platform::Journal;
using platform::PowerCutDisk;
using platform::PowerCutSettings;
using platform::Session;
using platform::World;

constexpr char kTasks[] = "districts/500156/programs/2024/projects/municipal-01/tasks/";
constexpr char kEvents[] = "events";  // what the marks of a recording tell about
constexpr char kPeerEvents[] = "peer events";
constexpr char kCopied[] = "copied";

struct Scale {
  int writers = 4;
  int writes_each = 3;
  int writes_after = 4;  // after the WAL was emptied, and again after reopening; fills it
  int peer_events = 8;
  int checkpoint_pages = 20;
  int seeds = 1;              // of every world that has something to choose
  int cut_again_every = 100;  // of so many recovered disks one is cut while it recovers
  int cuts_again = 3;
};

Scale FullScale() {
  Scale scale;
  scale.writers = 6;
  scale.writes_each = 25;
  scale.writes_after = 10;
  scale.peer_events = 60;
  scale.seeds = 2;
  scale.cut_again_every = 20;
  return scale;
}

bool IsFull() {
  const char* given = std::getenv("MINSHENG_POWER_CUT");
  return given != nullptr && std::string(given) == "full";
}

uint64_t Seed() {
  const char* given = std::getenv("MINSHENG_TEST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 20240315;
}

std::vector<platform::Migration> Schema() {
  std::vector<platform::Migration> schema = {{1, platform::kJournalSchema}};
  for (const auto& migration : Migrations()) schema.push_back(migration);
  return schema;
}

std::string TaskName(int number) { return absl::StrCat(kTasks, number); }

// --- the registry's log, and the registry that serves it

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

std::vector<Event> PeerLog(int count) {
  std::vector<Event> log;
  for (int64_t position = 1; position <= count; ++position) {
    Event event = PeerEvent(position);
    event.set_hash(platform::HashOf(event, log.empty() ? "" : log.back().hash()));
    log.push_back(std::move(event));
  }
  return log;
}

// Serves the log, three events at a time, as far as it is allowed to. That a follower asks for what
// comes after a position tells that it has stored everything before.
class PeerServer final : public common::v1::EventLogService::Service {
 public:
  PeerServer(std::vector<Event> log, std::function<void(int64_t)> stored)
      : log_(std::move(log)), stored_(std::move(stored)) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  void Allow(int64_t position) {
    std::lock_guard lock(mutex_);
    allowed_ = std::max(allowed_, std::min(position, static_cast<int64_t>(log_.size())));
    changed_.notify_all();
  }

  void AwaitAllStored() {
    Allow(static_cast<int64_t>(log_.size()));
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return known_ == static_cast<int64_t>(log_.size()); });
    ended_ = true;
    changed_.notify_all();
  }

  grpc::Status ReadEvents(grpc::ServerContext*, const common::v1::ReadEventsRequest* request,
                          common::v1::ReadEventsResponse* response) override {
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

 private:
  const std::vector<Event> log_;
  const std::function<void(int64_t)> stored_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int64_t allowed_ = 0;
  int64_t known_ = 0;
  bool ended_ = false;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// --- a run

std::vector<Fact> Facts(int task, int version) {
  std::vector<Fact> facts;
  v1::ReportSubmitted submitted;
  v1::Report& report = *submitted.mutable_report();
  report.set_name(ReportName(TaskName(task), "2024-06"));
  report.set_version(version);
  report.set_problems(std::string(static_cast<size_t>(version * 7919 + task * 104729) % 6000, 'p'));
  facts.push_back(Fact::Of(report.name(), submitted));
  if (version % 3 != 0) return facts;
  v1::JudgementRecorded recorded;
  recorded.set_parent(TaskName(task));
  recorded.mutable_judgement()->set_reason(std::string(500, 'j'));
  facts.push_back(Fact::Of(recorded.parent(), recorded));
  return facts;
}

// What a recovered log is held against.
struct Expected {
  std::vector<std::string> hashes;  // of every event, from the first
  std::set<int64_t> ends = {0};     // positions at which a group of writes ended
};

struct Recorded {
  std::vector<FileOperation> operations;
  Expected expected;
  std::vector<Event> peer;
  int requests = 0;
};

// One state: the database and its journal, as a service opens them.
struct Opened {
  platform::SystemClock clock;
  std::unique_ptr<Database> database;
  std::unique_ptr<Journal> journal;
};

absl::StatusOr<std::unique_ptr<Opened>> OpenState(const std::string& folder,
                                                  std::set<int64_t>* ends = nullptr) {
  auto opened = std::make_unique<Opened>();
  ASSIGN_OR_RETURN(opened->database, platform::OpenSqlite(folder + "/progress.db", Schema()));
  const auto note = [ends](Session&, const platform::CommitNotice& notice) {
    if (ends && !notice.events.empty()) ends->insert(notice.events.back().position());
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(opened->journal,
                   Journal::Open({opened->database.get(), &opened->clock, Project, note}));
  return opened;
}

absl::StatusOr<Committed> WriteFacts(Journal& journal, int task, int version,
                                     const std::function<void(int64_t)>& decided = {}) {
  platform::WriteOrigin origin;
  origin.actor.set_role("reporter");
  origin.actor.set_unit("区交通局");
  origin.method = "minsheng.progress.v1.ProgressService/SubmitReport";
  origin.request_id = absl::StrCat(task, "-", version);
  origin.request_hash = platform::Sha256(origin.request_id);
  return journal.Write(
      origin, [&](platform::Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
        std::vector<Fact> facts = Facts(task, version);
        ASSIGN_OR_RETURN(const auto head, platform::ReadHead(transaction.session));
        if (decided) decided(head.position + static_cast<int64_t>(facts.size()));
        return facts;
      });
}

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
    platform::Follower follower({"progress", "registry", peer.address(), opened_->journal.get(),
                                 opened_->database.get(), ProjectRegistry, ClearRegistry,
                                 &metrics, {}});
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

// --- what is recovered

struct Verdict {
  std::string fault;  // a short name; empty: as it must be
  std::string detail;
  int64_t position = 0;
  int64_t peer_position = 0;
  std::string written_hash;  // of the event that was written afterwards
};

// Puts a disk's files into a folder, opens what is there as the service does, and looks.
class Judge {
 public:
  Judge(std::string folder, const std::vector<Event>& peer)
      : folder_(std::move(folder)), peer_(peer) {}

  Verdict Look(const DiskImage& image, const Expected& expected) {
    Put(image);
    return Recover(expected, {});
  }

  // The same, and notes what the recovery does to the files.
  Verdict LookRecording(const DiskImage& image, const Expected& expected,
                        std::vector<FileOperation>& operations) {
    Put(image);
    platform::Recording recording(folder_);
    Verdict verdict =
        Recover(expected, [&](int64_t position) { recording.Mark(kEvents, position); });
    operations = recording.Take();
    return verdict;
  }

  // Whether a backup's copy can be used.
  bool CopyIsWhole(const DiskImage& image) {
    Put(image);
    const auto database = platform::OpenSqlite(folder_ + "/copy.db", {});
    return database.ok() && (*database)
                                ->Read([](Session& session) -> absl::Status {
                                  RETURN_IF_ERROR(Integrity(session));
                                  ASSIGN_OR_RETURN(const auto head, platform::ReadHead(session));
                                  return head.position > 0 ? absl::OkStatus()
                                                           : absl::DataLossError("empty");
                                })
                                .ok();
  }

  const std::string& folder() const { return folder_; }

 private:
  void Put(const DiskImage& image) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
    for (const auto& [name, content] : image) {
      std::ofstream(folder_ + "/" + name, std::ios::binary) << content;
    }
  }

  Verdict Recover(const Expected& expected, const std::function<void(int64_t)>& written) {
    Verdict verdict;
    const auto opened = OpenState(folder_);
    if (!opened.ok()) return Fault(verdict, "unusable", opened.status().ToString());
    const platform::LogHead head = (*opened)->journal->head();
    verdict.position = head.position;
    if (head.position > static_cast<int64_t>(expected.hashes.size()) ||
        (head.position > 0 &&
         head.hash != expected.hashes[static_cast<size_t>(head.position - 1)])) {
      return Fault(verdict, "not a prefix", absl::StrCat("ends with event ", head.position));
    }
    if (expected.ends.count(head.position) == 0) {
      return Fault(verdict, "half a group", absl::StrCat("ends with event ", head.position));
    }
    const auto committed = WriteFacts(*(*opened)->journal, 999, 3 * ++looks_);
    if (!committed.ok()) return Fault(verdict, "not writable", committed.status().ToString());
    verdict.written_hash = committed->events.back().hash();
    if (written) written(committed->events.back().position());
    const absl::Status status =
        (*opened)->database->Read([&](Session& session) { return Audit(session, verdict); });
    return status.ok() ? verdict : Fault(verdict, "unreadable", status.ToString());
  }

  static Verdict Fault(Verdict& verdict, const char* fault, const std::string& detail) {
    verdict.fault = fault;
    verdict.detail = detail;
    return verdict;
  }

  absl::Status Audit(Session& session, Verdict& verdict) {
    RETURN_IF_ERROR(Integrity(session));
    const platform::VerifyPeer peer = {
        "registry", ProjectRegistry, [&](int64_t after) -> absl::StatusOr<std::vector<Event>> {
          return std::vector<Event>(peer_.begin() + after, peer_.end());
        }};
    const auto schema = Schema();
    ASSIGN_OR_RETURN(
        const auto result,
        platform::VerifyLog(session, {schema, Project, ProjectedTables(), {peer}, {}}));
    if (!result.findings.empty()) Fault(verdict, "audit", absl::StrJoin(result.findings, "; "));
    return session.Query("SELECT position, hash FROM peers", {}, [&](const platform::Row& row) {
      verdict.peer_position = row.Int(0);
      if (row.Bytes(1) != peer_[static_cast<size_t>(row.Int(0) - 1)].hash()) {
        Fault(verdict, "audit", "the peer's position has another event's hash");
      }
      return absl::OkStatus();
    });
  }

  static absl::Status Integrity(Session& session) {
    ASSIGN_OR_RETURN(const std::string answer,
                     platform::QueryText(session, "PRAGMA integrity_check"));
    return answer == "ok" ? absl::OkStatus() : absl::DataLossError(answer);
  }

  const std::string folder_;
  const std::vector<Event>& peer_;
  int looks_ = 0;
};

// --- the cuts

struct Tally {
  int64_t operations = 0, syncs = 0, cuts = 0, worlds = 0, disks = 0;
  int64_t lost = 0;       // worlds without an acknowledged event
  int64_t lost_peer = 0;  // worlds without a peer's event that the follower had moved past
  int64_t cut_again = 0, cut_again_faulty = 0;
  int64_t copies = 0, copies_broken = 0;
  int64_t truncations = 0, deletions = 0, folder_syncs = 0;
  int64_t checkpoints = 0;                // syncs of the database's own file
  int64_t wal_begun = 0;                  // headers written: the WAL begins, or begins anew
  std::map<std::string, int64_t> writes;  // by file
  std::map<std::string, int64_t> faults;  // worlds by fault
  std::string first;                      // the first thing that was wrong

  int64_t faulty() const {
    int64_t sum = 0;
    for (const auto& [fault, count] : faults) sum += count;
    return sum;
  }
  int64_t fault(const char* name) const { return Get(faults, name); }
  int64_t writes_to(const char* name) const { return Get(writes, name); }

  static int64_t Get(const std::map<std::string, int64_t>& counts, const char* name) {
    const auto found = counts.find(name);
    return found == counts.end() ? 0 : found->second;
  }
};

class Cutter {
 public:
  Cutter(const Scale& scale, const Recorded& recorded, std::string folder, int stride)
      : scale_(scale),
        recorded_(recorded),
        judge_(std::move(folder), recorded.peer),
        stride_(stride) {}

  Tally CutEverywhere(const std::vector<World>& worlds) {
    PowerCutDisk disk;
    for (const FileOperation& operation : recorded_.operations) {
      disk.Take(operation);
      Count(operation);
      if (tally_.operations % stride_ == 0) Cut(disk, worlds);
    }
    return tally_;
  }

 private:
  void Count(const FileOperation& operation) {
    ++tally_.operations;
    using Kind = FileOperation::Kind;
    switch (operation.kind) {
      case Kind::kOpen:
      case Kind::kCreate:
        names_[operation.file] = operation.name;
        break;
      case Kind::kWrite:
        ++tally_.writes[names_[operation.file]];
        if (operation.offset == 0 && names_[operation.file] == "progress.db-wal") {
          ++tally_.wal_begun;
        }
        break;
      case Kind::kTruncate:
        ++tally_.truncations;
        break;
      case Kind::kSync:
        ++tally_.syncs;
        if (names_[operation.file] == "progress.db") ++tally_.checkpoints;
        break;
      case Kind::kDelete:
        ++tally_.deletions;
        break;
      case Kind::kSyncFolder:
        ++tally_.folder_syncs;
        break;
      case Kind::kMark:
        marks_[operation.name] = std::max(marks_[operation.name], operation.offset);
        break;
    }
  }

  void Cut(const PowerCutDisk& disk, const std::vector<World>& worlds) {
    ++tally_.cuts;
    for (const World world : worlds) {
      const bool chooses = world != World::kNothing && world != World::kAll;
      for (int i = 0; i < (chooses ? scale_.seeds : 1); ++i) {
        const uint64_t seed = Seed() * 1'000'003 +
                              static_cast<uint64_t>(tally_.operations * 64 + i * 8) +
                              static_cast<uint64_t>(world);
        DiskImage image = disk.Cut(world, seed);
        if (world == World::kGarbage) image["progress.db-shm"] = Garbage(seed);
        Look(std::move(image), absl::StrCat("cut after operation ", tally_.operations, ", world ",
                                            WorldName(world), ", seed ", seed));
      }
    }
  }

  // The index in shared memory is a mapped file: anything may be left of it.
  static std::string Garbage(uint64_t seed) {
    std::mt19937_64 random(seed);
    std::string garbage(32 << 10, '\0');
    for (char& byte : garbage) byte = static_cast<char>(random());
    return garbage;
  }

  // The same disk is looked at once, however many worlds come to it.
  void Look(DiskImage image, const std::string& where) {
    ++tally_.worlds;
    LookAtCopy(image);
    image.erase("copy.db");
    image.erase("copy.db-journal");
    const auto [known, is_new] = verdicts_.try_emplace(absl::HashOf(image));
    if (is_new) {
      ++tally_.disks;
      known->second = tally_.disks % scale_.cut_again_every == 0
                          ? CutAgain(image, where)
                          : judge_.Look(image, recorded_.expected);
    }
    Hold(known->second, image, where);
  }

  void Hold(const Verdict& verdict, const DiskImage& image, const std::string& where) {
    if (!verdict.fault.empty()) {
      ++tally_.faults[verdict.fault];
      return Blame(image, absl::StrCat(where, ": ", verdict.fault, ": ", verdict.detail));
    }
    if (verdict.position < marks_[kEvents]) {
      ++tally_.lost;
      Blame(image, absl::StrCat(where, ": event ", marks_[kEvents], " was acknowledged, the log",
                                " ends with ", verdict.position));
    }
    if (verdict.peer_position < marks_[kPeerEvents]) {
      ++tally_.lost_peer;
      Blame(image, absl::StrCat(where, ": the follower was past event ", marks_[kPeerEvents],
                                ", and is at ", verdict.peer_position));
    }
  }

  // Cuts the power once more, while the state recovers and takes its next write.
  Verdict CutAgain(const DiskImage& image, const std::string& where) {
    std::vector<FileOperation> operations;
    const Verdict verdict = judge_.LookRecording(image, recorded_.expected, operations);
    if (!verdict.fault.empty() || operations.empty()) return verdict;
    Expected expected;
    expected.hashes.assign(recorded_.expected.hashes.begin(),
                           recorded_.expected.hashes.begin() + verdict.position);
    // Two facts are written, so the group is whole at the one or at the other end.
    expected.hashes.push_back("");
    expected.hashes.push_back(verdict.written_hash);
    expected.ends = {verdict.position, verdict.position + 2};
    for (int i = 0; i < scale_.cuts_again; ++i) {
      CutOnce(image, operations, expected, verdict, where);
    }
    return verdict;
  }

  void CutOnce(const DiskImage& image, const std::vector<FileOperation>& operations,
               const Expected& expected, const Verdict& before, const std::string& where) {
    const size_t steps = 1 + random_() % operations.size();
    const World world = platform::kHonestWorlds[random_() % platform::kHonestWorlds.size()];
    const uint64_t seed = random_();
    PowerCutDisk disk(image);
    int64_t acknowledged = before.position;
    for (size_t i = 0; i < steps; ++i) {
      disk.Take(operations[i]);
      if (operations[i].kind == FileOperation::Kind::kMark) acknowledged = operations[i].offset;
    }
    const DiskImage again = disk.Cut(world, seed);
    const Verdict after = judge_.Look(again, expected);
    ++tally_.cut_again;
    if (after.fault.empty() && after.position >= acknowledged &&
        after.peer_position == before.peer_position) {
      return;
    }
    ++tally_.cut_again_faulty;
    Blame(again, absl::StrCat(where, ", cut again after its operation ", steps, ", world ",
                              WorldName(world), ": ", after.fault, ": ", after.detail,
                              "; the log ends with ", after.position, " of ", acknowledged));
  }

  // A copy that was reported as made must be there, and whole.
  void LookAtCopy(const DiskImage& image) {
    if (marks_[kCopied] == 0) return;
    const auto copy = image.find("copy.db");
    const DiskImage alone = copy == image.end() ? DiskImage() : DiskImage({*copy});
    const auto [known, is_new] = copies_.try_emplace(absl::HashOf(alone));
    if (is_new) known->second = !alone.empty() && judge_.CopyIsWhole(alone);
    ++tally_.copies;
    if (!known->second) ++tally_.copies_broken;
  }

  void Blame(const DiskImage& image, std::string what) {
    if (!tally_.first.empty()) return;
    std::string files;
    for (const auto& [name, content] : image) {
      absl::StrAppend(&files, " ", name, " (", content.size(), " bytes)");
    }
    tally_.first = absl::StrCat(what, "; on disk:", files);
  }

  const Scale scale_;
  const Recorded& recorded_;
  Judge judge_;
  const int stride_;
  Tally tally_;
  std::map<int, std::string> names_;  // of files
  std::map<std::string, int64_t> marks_;
  std::unordered_map<size_t, Verdict> verdicts_;
  std::unordered_map<size_t, bool> copies_;
  std::mt19937_64 random_{Seed()};
};

class PowerCutTest : public testing::Test {
 protected:
  PowerCutTest() {
    std::string pattern = testing::TempDir() + "/power-cut.XXXXXX";
    folder_ = mkdtemp(pattern.data());
    std::filesystem::create_directory(folder_ + "/run");
    pattern =
        std::string(std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : folder_.c_str()) +
        "/power-cut.XXXXXX";
    worlds_ = mkdtemp(pattern.data());
  }
  ~PowerCutTest() override {
    std::filesystem::remove_all(folder_);
    std::filesystem::remove_all(worlds_);
  }

  // Records a run with the settings, and cuts it under those of a program that sets its own.
  Tally CutRun(PowerCutSettings settings, const std::vector<World>& worlds, const Scale& scale,
               int stride = 1, const std::function<void(Recorded&)>& spoil = {},
               bool acknowledge_early = false) {
    settings.checkpoint_pages = scale.checkpoint_pages;
    const absl::Time begin = absl::Now();
    EXPECT_TRUE(platform::InstallPowerCutVfs(settings).ok());
    auto recorded = Recorder(folder_ + "/run", scale, acknowledge_early).Record();
    EXPECT_TRUE(recorded.ok()) << recorded.status();
    if (!recorded.ok()) return {};
    if (spoil) spoil(*recorded);
    PowerCutSettings own;
    own.powersafe_overwrite = settings.powersafe_overwrite;
    EXPECT_TRUE(platform::InstallPowerCutVfs(own).ok());
    const Tally tally = Cutter(scale, *recorded, worlds_ + "/world", stride).CutEverywhere(worlds);
    Print(*recorded, tally, absl::Now() - begin);
    return tally;
  }

  static void Print(const Recorded& recorded, const Tally& tally, absl::Duration took) {
    std::string writes;
    for (const auto& [name, count] : tally.writes) absl::StrAppend(&writes, " ", name, " ", count);
    std::cout << absl::StrCat(
        "  operations: ", tally.operations, " · writes:", writes, " · syncs: ", tally.syncs,
        " (database ", tally.checkpoints, ", folder ", tally.folder_syncs,
        ") · WAL begun: ", tally.wal_begun, " times · truncations: ", tally.truncations,
        " · deletions: ", tally.deletions, "\n  events: ", recorded.expected.hashes.size(),
        " · requests: ", recorded.requests, " · groups: ", recorded.expected.ends.size() - 1,
        " · peer's events: ", recorded.peer.size(), " · seed: ", Seed(), "\n  cuts: ", tally.cuts,
        " · worlds: ", tally.worlds, " · different disks: ", tally.disks,
        " · cut again while recovering: ", tally.cut_again,
        " · took: ", absl::FormatDuration(absl::Trunc(took, absl::Milliseconds(10))),
        "\n  acknowledged events lost: ", tally.lost, " · peer's events lost: ", tally.lost_peer,
        " · not a prefix: ", tally.fault("not a prefix"),
        " · half a group: ", tally.fault("half a group"),
        " · unusable: ", tally.fault("unusable") + tally.fault("not writable"),
        " · unreadable: ", tally.fault("unreadable"), " · audit: ", tally.fault("audit"),
        " · wrong after a second cut: ", tally.cut_again_faulty,
        " · finished copies damaged: ", tally.copies_broken, " of ", tally.copies, "\n");
    if (!tally.first.empty()) std::cout << "  first: " << tally.first << "\n";
  }

  static void ExpectNothingWrong(const Tally& tally) {
    EXPECT_GT(tally.disks, 0);
    EXPECT_EQ(tally.lost, 0) << tally.first;
    EXPECT_EQ(tally.lost_peer, 0) << tally.first;
    EXPECT_EQ(tally.faulty(), 0) << tally.first;
    EXPECT_EQ(tally.cut_again_faulty, 0) << tally.first;
    EXPECT_EQ(tally.copies_broken, 0);
    ExpectWhatWasToBeCut(tally);
  }

  // The run must hold what a power cut can hurt: a claim about nothing is none.
  static void ExpectWhatWasToBeCut(const Tally& tally) {
    EXPECT_GT(tally.writes_to("progress.db-wal"), 0);
    EXPECT_GT(tally.writes_to("progress.db-journal"), 0);
    EXPECT_GT(tally.writes_to("copy.db"), 0);
    EXPECT_GT(tally.checkpoints, 5);  // making, emptying and closing need 4
    EXPECT_GT(tally.wal_begun, 4);    // as many that begin in a new or empty file
    EXPECT_GT(tally.truncations, 0);
    EXPECT_GT(tally.deletions, 1);
    EXPECT_GT(tally.folder_syncs, 2);
  }

  std::string folder_;  // of the run, on a disk
  std::string worlds_;  // in memory where there is such a place: nothing there needs to last
};

TEST_F(PowerCutTest, WhatIsRecoveredIsAPrefixWithEveryAcknowledgedEvent) {
  ExpectNothingWrong(CutRun({}, platform::kHonestWorlds, IsFull() ? FullScale() : Scale()));
}

// A disk that damages bytes beside a torn write needs to be made known to SQLite, and then is safe.
TEST_F(PowerCutTest, ADiskThatDamagesItsNeighbourhoodIsSurvivedWhenSqliteKnows) {
  PowerCutSettings settings;
  settings.powersafe_overwrite = false;
  ExpectNothingWrong(CutRun(settings, {World::kBeside}, Scale(), IsFull() ? 1 : 2));
}

// The controls: each takes away what the claim rests on, and must be caught.
TEST_F(PowerCutTest, ControlADiskThatDamagesItsNeighbourhoodUnknownToSqliteLosesEvents) {
  EXPECT_GT(CutRun({}, {World::kBeside}, Scale(), IsFull() ? 1 : 2).lost, 0);
}

TEST_F(PowerCutTest, ControlSynchronousNormalLosesAcknowledgedEvents) {
  PowerCutSettings settings;
  settings.synchronous = "NORMAL";
  const Tally tally = CutRun(settings, {World::kNothing, World::kWrites}, Scale(), 5);
  EXPECT_GT(tally.lost, 0);
  EXPECT_EQ(tally.faulty(), 0) << tally.first;  // it loses the end, and damages nothing
}

TEST_F(PowerCutTest, ControlSynchronousOffLosesEventsAndDamagesTheDatabase) {
  PowerCutSettings settings;
  settings.synchronous = "OFF";
  const Tally tally = CutRun(settings, {World::kNothing, World::kWrites}, Scale(), 5);
  EXPECT_GT(tally.lost, 0);
  EXPECT_GT(tally.faulty(), 0);
}

// Whether SQLite syncs the folder after making the database, its journal and its WAL is seen.
TEST_F(PowerCutTest, ControlAFolderThatIsNeverSyncedLosesTheDatabase) {
  const Tally tally = CutRun({}, {World::kNothing}, Scale(), 5, [](Recorded& recorded) {
    std::erase_if(recorded.operations, [](const FileOperation& operation) {
      return operation.kind == FileOperation::Kind::kSyncFolder;
    });
  });
  EXPECT_GT(tally.lost, 0);
}

TEST_F(PowerCutTest, ControlAnAnswerBeforeTheCommitIsFound) {
  EXPECT_GT(CutRun({}, {World::kNothing}, Scale(), 5, {}, /*acknowledge_early=*/true).lost, 0);
}

}  // namespace
}  // namespace minsheng::progress
