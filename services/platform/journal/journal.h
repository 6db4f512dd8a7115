// The one write path: transactions that append to the event log, grouped so that many share one
// fsync.
//
//   request → Write(…) → one writer thread: [ savepoint: seen before? → decide → append → project
//   ]… → commit → answer
//
// Several processes may write to one PostgreSQL database: each group of writes holds the schema's
// write lock from its first look to its commit, so positions are gap-free in the order of commits,
// decisions see everything before them, and a reader never skips a late committer. What others
// wrote is noticed at the begin of the own next group, or within kCatchUpEvery, and goes the same
// way through after_commit. A lost connection is opened anew.
//
// The log is the truth: position, time, actor, request and payload, each event holding the hash of
// the one before. Tables are projections of it, made by the service's Projector in the same
// transaction, live and on replay alike.
//
// Failure codes, besides what `decide` returns: ALREADY_EXISTS REQUEST_ID_REUSED (the same request
// id with other content), RESOURCE_EXHAUSTED OVERLOADED (the queue is full), DEADLINE_EXCEEDED (not
// started in time: nothing happened), UNAVAILABLE CLOCK_MOVED_BACK (the machine's clock is behind
// the log by more than kClockSlackMax), and the database's.
#ifndef MINSHENG_SERVICES_PLATFORM_JOURNAL_JOURNAL_H_
#define MINSHENG_SERVICES_PLATFORM_JOURNAL_JOURNAL_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "minsheng/common/v1/event_log.pb.h"
#include "services/platform/clock/clock.h"
#include "services/platform/database/database.h"

namespace minsheng::platform {

using common::v1::Event;

// A fact to be appended: what it is about, and the whole of it.
struct Fact {
  std::string subject;
  std::unique_ptr<google::protobuf::Message> payload;

  template <typename Payload>
  static Fact Of(std::string subject, Payload payload) {
    return {std::move(subject), std::make_unique<Payload>(std::move(payload))};
  }
};

// Applies one event to the tables. Must depend on nothing but the event and the tables of the same
// log.
using Projector = std::function<absl::Status(Session&, const Event&)>;

// Who asks, for what, until when: the part of a request that the journal needs.
struct WriteOrigin {
  common::v1::Actor actor;
  std::string method;
  std::string request_id;  // empty: not repeatable
  std::string request_hash;
  absl::Time deadline = absl::InfiniteFuture();
};

struct Transaction {
  Session& session;
  absl::Time now;  // the recorded_at that its events will carry
};

struct Committed {
  std::vector<Event> events;  // in order; those of the first time when repeated
  bool repeated = false;
};

struct LogHead {
  int64_t position = 0;
  std::string hash;
  absl::Time recorded_at = absl::InfinitePast();
};

// What a group of writes brought, for state derived from the tables.
struct CommitNotice {
  std::vector<Event> events;       // of the own log, also those that another process wrote
  std::vector<Event> peer_events;  // of a peer's log, applied by a follower
};

// Thread-safe.
class Journal {
 public:
  static constexpr size_t kQueueMax = 4096;
  static constexpr size_t kGroupMax = 256;
  // After so long a group commits, whatever else waits: its answers, and other processes, wait too.
  static constexpr absl::Duration kGroupTimeMax = absl::Milliseconds(50);
  static constexpr absl::Duration kClockSlackMax = absl::Seconds(5);
  static constexpr absl::Duration kCatchUpEvery = absl::Milliseconds(100);

  struct Options {
    Database* database = nullptr;  // must outlive the journal
    const Clock* clock = nullptr;  // likewise
    Projector projector;
    // Called on the writer thread after a commit and before the answers. When it loses the
    // connection, the writes are stored but answered UNAVAILABLE, and the notice comes again with
    // the next one.
    std::function<absl::Status(Session&, const CommitNotice&)> after_commit;
    // Called on the writer thread after every group: how many writes, how long from BEGIN to the
    // end of COMMIT, and whether it was committed.
    std::function<void(size_t writes, absl::Duration taken, bool committed)> measure = nullptr;
  };

  static absl::StatusOr<std::unique_ptr<Journal>> Open(Options options);
  ~Journal();

  using Decide = absl::FunctionRef<absl::StatusOr<std::vector<Fact>>(Transaction&)>;
  // Runs `decide` in a transaction of its own and appends its facts; returns once they are on disk.
  // With no facts nothing is stored and the request id stays unused. A repeated request answers the
  // events of the first time.
  absl::StatusOr<Committed> Write(const WriteOrigin& origin, Decide decide);

  using Change = absl::FunctionRef<absl::Status(Transaction&)>;
  // Runs a change that makes no events of its own: what a follower keeps of its peer, whose events
  // are passed on to after_commit. Same durability.
  absl::Status Apply(Change change, std::vector<Event> peer_events = {});

  // From now on looks every kCatchUpEvery for what other processes wrote to the same database. To
  // be called once what after_commit keeps is loaded; until then the writer thread rests.
  void WatchOthers();

  LogHead head() const;
  // How many writes wait, at most kQueueMax.
  size_t queued() const;
  // Calls `wake` after every commit with events, until the returned handle is destroyed; never
  // after that. `wake` must be quick and must not call the journal.
  std::shared_ptr<void> Subscribe(std::function<void()> wake);

  // OK, or why the last commit failed.
  absl::Status health() const;

 private:
  struct Job;
  explicit Journal(Options options);
  absl::Status Load();
  absl::Status Enqueue(Job& job);
  void Run();
  void RunGroup(std::vector<Job*>& group);
  void CatchUp();
  absl::Status Connect();
  absl::Status TryGroup(std::vector<Job*>& group, LogHead& head);
  absl::Status RunJobs(std::vector<Job*>& group, LogHead& head, CommitNotice& notice);
  absl::Status RunJob(Job& job, LogHead& head, CommitNotice& notice);
  absl::Status ReadOthers(LogHead& head, CommitNotice& notice);
  static void TakeBack(Job& job, std::vector<Event>& noticed);
  absl::Status Notify(const std::vector<Job*>& group);
  void Finish(const absl::Status& status, const LogHead& head, std::vector<Job*>& group);
  absl::Status Decided(Job& job, LogHead& head);
  absl::Status Append(Job& job, Fact fact, absl::Time now, LogHead& head);
  absl::StatusOr<bool> AnswerAgain(Job& job);
  absl::StatusOr<absl::Time> NowAfter(const LogHead& head) const;

  const Options options_;
  std::unique_ptr<Session> session_;  // this and `pending_`: the writer thread's
  CommitNotice pending_;              // committed, and not through after_commit yet

  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Job*> queue_;
  bool stopping_ = false;
  bool watching_ = false;
  LogHead head_;
  absl::Status health_;
  std::map<int64_t, std::function<void()>> subscribers_;
  int64_t last_subscriber_ = 0;
  std::thread writer_;
};

// The schema of the log itself: first of every service's migrations.
extern const char kJournalSchema[];

// What came with identity: who was bound to which district, refused attempts, revoked credentials.
// Each service gives it the next number among its own migrations.
extern const char kAccessSchema[];

// Whose request ids are told apart: an actor's district, role, unit and post, not its credential,
// which may be renewed between a request and its repetition.
std::string RequestKeyOf(const common::v1::Actor& actor);

// The hash of an event: SHA-256 over `previous_hash` and every field but the hash.
std::string HashOf(const Event& event, absl::string_view previous_hash);

// The content hash that idempotency compares.
std::string RequestHash(const google::protobuf::Message& request);

// Events after a position, at most `max`, in order.
absl::StatusOr<std::vector<Event>> ReadEvents(Session& session, int64_t after, int64_t max);
// The same one by one, `plain` unless a column holds a value of another type than its own.
absl::Status VisitEvents(Session& session, int64_t after, int64_t max,
                         absl::FunctionRef<absl::Status(Event, bool plain)> each);
// The event at a position, for its hash; NOT_FOUND.
absl::StatusOr<std::string> HashAt(Session& session, int64_t position);
absl::StatusOr<LogHead> ReadHead(Session& session);

// Stores an event as it is, with its request, for a replay.
absl::Status StoreEvent(Session& session, const Event& event);

// Notes a request as done by events [first, last].
absl::Status StoreRequest(Session& session, const Event& first, int64_t last_position);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_JOURNAL_JOURNAL_H_
