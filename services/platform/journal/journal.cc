#include "services/platform/journal/journal.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/thread.h"
#include "services/platform/base/time.h"
#include "services/platform/log/log.h"

namespace minsheng::platform {
namespace {

constexpr int64_t kOthersPage = 1000;
constexpr absl::Duration kGroupPatienceMin = absl::Seconds(1);

}  // namespace

// Lives on the caller's stack until `done`.
struct Journal::Job {
  WriteOrigin origin;
  const Decide* decide = nullptr;  // exactly one of the two
  const Change* change = nullptr;
  absl::Status status;
  Committed committed;
  std::vector<Event> peer_events;
  // Where its events stand in the notice, until that is through after_commit.
  size_t first_noticed = 0, noticed = 0;
  bool done = false;
  std::condition_variable finished;
};

Journal::Journal(Options options) : options_(std::move(options)) {}

absl::StatusOr<std::unique_ptr<Journal>> Journal::Open(Options options) {
  std::unique_ptr<Journal> journal(new Journal(std::move(options)));
  RETURN_IF_ERROR(journal->Load());
  journal->writer_ = std::thread([raw = journal.get()] { raw->Run(); });
  return journal;
}

absl::Status Journal::Load() {
  ASSIGN_OR_RETURN(session_, options_.database->OpenWriter());
  ASSIGN_OR_RETURN(head_, ReadHead(*session_));
  return absl::OkStatus();
}

Journal::~Journal() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  if (writer_.joinable()) writer_.join();
}

absl::StatusOr<Committed> Journal::Write(const WriteOrigin& origin, Decide decide) {
  Job job;
  job.origin = origin;
  job.decide = &decide;
  RETURN_IF_ERROR(Enqueue(job));
  return std::move(job.committed);
}

absl::Status Journal::Apply(Change change, std::vector<Event> peer_events) {
  Job job;
  job.change = &change;
  job.peer_events = std::move(peer_events);
  return Enqueue(job);
}

absl::Status Journal::Enqueue(Job& job) {
  std::unique_lock lock(mutex_);
  if (stopping_) return absl::UnavailableError("the service is stopping; try again");
  if (queue_.size() >= kQueueMax) {
    return Error(absl::StatusCode::kResourceExhausted, "OVERLOADED",
                 "too many writes are waiting; try again in a moment");
  }
  queue_.push_back(&job);
  work_.notify_one();
  job.finished.wait(lock, [&] { return job.done; });
  return job.status;
}

void Journal::Run() {
  NameThisThread("journal");
  std::vector<Job*> group;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      const auto ready = [&] { return stopping_ || !queue_.empty(); };
      work_.wait(lock, [&] { return watching_ || ready(); });
      if (watching_) work_.wait_for(lock, absl::ToChronoMilliseconds(kCatchUpEvery), ready);
      if (queue_.empty() && stopping_) return;
      while (!queue_.empty() && group.size() < kGroupMax) {
        group.push_back(queue_.front());
        queue_.pop_front();
      }
    }
    if (group.empty()) {
      CatchUp();
    } else {
      RunGroup(group);
    }
    group.clear();
  }
}

void Journal::RunGroup(std::vector<Job*>& group) {
  LogHead head = this->head();
  absl::Status status = Connect();
  const absl::Time start = absl::Now();
  if (status.ok()) status = TryGroup(group, head);
  if (options_.measure) options_.measure(group.size(), absl::Now() - start, status.ok());
  if (status.ok()) status = Notify(group);
  Finish(status, head, group);
  if (session_ != nullptr) session_->Tidy();
}

// What other processes wrote, without waiting for a write of the own.
void Journal::CatchUp() {
  LogHead head = this->head();
  absl::Status status = Connect();
  if (status.ok()) status = ReadOthers(head, pending_);
  std::vector<Job*> none;
  if (status.ok() && !(pending_.events.empty() && pending_.peer_events.empty())) {
    status = Notify(none);
  }
  Finish(status, head, none);
}

absl::Status Journal::Connect() {
  if (session_ != nullptr && session_->usable()) return absl::OkStatus();
  ASSIGN_OR_RETURN(session_, options_.database->OpenWriter());
  return absl::OkStatus();
}

// Moves `head` only when the group is committed.
absl::Status Journal::TryGroup(std::vector<Job*>& group, LogHead& head) {
  absl::Time patience = absl::Now() + kGroupPatienceMin;
  for (const Job* job : group) patience = std::max(patience, job->origin.deadline);
  RETURN_IF_ERROR(session_->BeginWrite(patience));
  CommitNotice notice;
  LogHead after = head;
  absl::Status status;
  if (options_.database->shared()) status = ReadOthers(after, notice);
  if (status.ok()) status = RunJobs(group, after, notice);
  if (status.ok()) status = session_->Execute("COMMIT");
  if (!status.ok()) {
    LogError("commit failed", {{"status", status.ToString()}});
    session_->Execute("ROLLBACK").IgnoreError();
    return status;
  }
  head = after;
  for (Job* job : group) job->first_noticed += pending_.events.size();
  std::move(notice.events.begin(), notice.events.end(), std::back_inserter(pending_.events));
  std::move(notice.peer_events.begin(), notice.peer_events.end(),
            std::back_inserter(pending_.peer_events));
  return absl::OkStatus();
}

// What has no time in this group waits for the next, before all others.
absl::Status Journal::RunJobs(std::vector<Job*>& group, LogHead& head, CommitNotice& notice) {
  const absl::Time end = absl::Now() + kGroupTimeMax;
  for (size_t i = 0; i < group.size(); ++i) {
    if (i > 0 && absl::Now() >= end) {
      std::lock_guard lock(mutex_);
      queue_.insert(queue_.begin(), group.begin() + static_cast<std::ptrdiff_t>(i), group.end());
      group.resize(i);
      break;
    }
    RETURN_IF_ERROR(RunJob(*group[i], head, notice));
  }
  return absl::OkStatus();
}

// Also what was committed by this process when the connection was lost before it could know.
absl::Status Journal::ReadOthers(LogHead& head, CommitNotice& notice) {
  while (true) {
    ASSIGN_OR_RETURN(auto events, ReadEvents(*session_, head.position, kOthersPage));
    if (events.empty()) return absl::OkStatus();
    const Event& last = events.back();
    head = {last.position(), last.hash(), FromTimestamp(last.recorded_at())};
    std::move(events.begin(), events.end(), std::back_inserter(notice.events));
  }
}

void Journal::TakeBack(Job& job, std::vector<Event>& noticed) {
  const auto first = noticed.begin() + static_cast<ptrdiff_t>(job.first_noticed);
  std::move(first, first + static_cast<ptrdiff_t>(job.noticed),
            std::back_inserter(job.committed.events));
}

// Only a lost connection keeps the notice for another try.
absl::Status Journal::Notify(const std::vector<Job*>& group) {
  absl::Status status;
  if (options_.after_commit) status = options_.after_commit(*session_, pending_);
  if (!session_->usable()) return status;
  if (!status.ok()) LogError("after commit", {{"status", status.ToString()}});
  for (Job* job : group) TakeBack(*job, pending_.events);
  pending_ = {};
  return absl::OkStatus();
}

void Journal::Finish(const absl::Status& status, const LogHead& head, std::vector<Job*>& group) {
  std::lock_guard lock(mutex_);
  // That others can be read does not say that a write would succeed; that others hold the lock for
  // long, not that it would fail.
  const bool telling = status.ok() ? !group.empty() : !absl::IsDeadlineExceeded(status);
  if (telling) health_ = status;
  const bool moved = head.position != head_.position;
  head_ = head;
  for (Job* job : group) {
    if (!status.ok()) job->status = status;
    job->done = true;
    job->finished.notify_one();
  }
  if (!moved) return;
  for (const auto& [id, wake] : subscribers_) wake();
}

// A refused job is undone alone; only a failure of the database itself fails the group.
absl::Status Journal::RunJob(Job& job, LogHead& head, CommitNotice& notice) {
  RETURN_IF_ERROR(session_->Execute("SAVEPOINT job"));
  LogHead after = head;
  job.status = Decided(job, after);
  if (IsDatabaseFailure(job.status)) return job.status;
  if (!job.status.ok()) {
    job.committed = {};
    RETURN_IF_ERROR(session_->Execute("ROLLBACK TO job"));
    return session_->Execute("RELEASE job");
  }
  RETURN_IF_ERROR(session_->Execute("RELEASE job"));
  head = after;
  if (job.committed.repeated) return absl::OkStatus();
  job.first_noticed = notice.events.size();
  job.noticed = job.committed.events.size();
  std::move(job.committed.events.begin(), job.committed.events.end(),
            std::back_inserter(notice.events));
  job.committed.events.clear();
  std::move(job.peer_events.begin(), job.peer_events.end(), std::back_inserter(notice.peer_events));
  return absl::OkStatus();
}

absl::Status Journal::Decided(Job& job, LogHead& head) {
  if (absl::Now() >= job.origin.deadline) {
    return absl::DeadlineExceededError(
        "the deadline passed before the write began; nothing was stored");
  }
  ASSIGN_OR_RETURN(const absl::Time now, NowAfter(head));
  Transaction transaction{*session_, now};
  if (job.change) return (*job.change)(transaction);

  ASSIGN_OR_RETURN(const bool repeated, AnswerAgain(job));
  if (repeated) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<Fact> facts, (*job.decide)(transaction));
  for (Fact& fact : facts) RETURN_IF_ERROR(Append(job, std::move(fact), now, head));
  if (facts.empty()) return absl::OkStatus();
  return StoreRequest(*session_, job.committed.events.front(), head.position);
}

absl::StatusOr<bool> Journal::AnswerAgain(Job& job) {
  const WriteOrigin& origin = job.origin;
  if (origin.request_id.empty()) return false;
  const std::string principal = RequestKeyOf(origin.actor);
  int64_t first = 0, last = 0;
  std::string hash;
  RETURN_IF_ERROR(
      session_->Query("SELECT request_hash, first_position, last_position FROM requests"
                      " WHERE principal = $1 AND method = $2 AND request_id = $3",
                      {principal, origin.method, origin.request_id}, [&](const Row& row) {
                        hash = std::string(row.Bytes(0));
                        first = row.Int(1);
                        last = row.Int(2);
                        return absl::OkStatus();
                      }));
  if (first == 0) return false;
  if (hash != origin.request_hash) {
    return Error(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                 "this request_id was used with other content; take a new one for a new request",
                 {{"request_id", origin.request_id}});
  }
  ASSIGN_OR_RETURN(job.committed.events, ReadEvents(*session_, first - 1, last - first + 1));
  job.committed.repeated = true;
  return true;
}

absl::Status Journal::Append(Job& job, Fact fact, absl::Time now, LogHead& head) {
  Event event;
  event.set_position(head.position + 1);
  *event.mutable_recorded_at() = ToTimestamp(now);
  event.set_subject(std::move(fact.subject));
  *event.mutable_actor() = job.origin.actor;
  event.set_method(job.origin.method);
  event.set_request_id(job.origin.request_id);
  event.set_request_hash(job.origin.request_hash);
  event.mutable_payload()->set_type_url(
      absl::StrCat("type.googleapis.com/", fact.payload->GetDescriptor()->full_name()));
  event.mutable_payload()->set_value(DeterministicBytes(*fact.payload));
  event.set_hash(HashOf(event, head.hash));
  RETURN_IF_ERROR(StoreEvent(*session_, event));
  RETURN_IF_ERROR(options_.projector(*session_, event));
  head = {event.position(), event.hash(), now};
  job.committed.events.push_back(std::move(event));
  return absl::OkStatus();
}

absl::StatusOr<absl::Time> Journal::NowAfter(const LogHead& head) const {
  const absl::Time now = options_.clock->Now();
  if (now >= head.recorded_at) return now;
  if (head.recorded_at - now <= kClockSlackMax) return head.recorded_at;
  return Error(
      absl::StatusCode::kUnavailable, "CLOCK_MOVED_BACK",
      absl::StrCat("this machine's clock is ", absl::FormatDuration(head.recorded_at - now),
                   " behind the last recorded event; set the clock right"));
}

void Journal::WatchOthers() {
  std::lock_guard lock(mutex_);
  watching_ = options_.database->shared();
  work_.notify_one();
}

LogHead Journal::head() const {
  std::lock_guard lock(mutex_);
  return head_;
}

size_t Journal::queued() const {
  std::lock_guard lock(mutex_);
  return queue_.size();
}

absl::Status Journal::health() const {
  std::lock_guard lock(mutex_);
  return health_;
}

std::shared_ptr<void> Journal::Subscribe(std::function<void()> wake) {
  std::lock_guard lock(mutex_);
  const int64_t id = ++last_subscriber_;
  subscribers_.emplace(id, std::move(wake));
  return std::shared_ptr<void>(nullptr, [this, id](void*) {
    std::lock_guard unsubscribe(mutex_);
    subscribers_.erase(id);
  });
}

}  // namespace minsheng::platform
