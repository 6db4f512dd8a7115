#include "services/platform/audit/refusal_log.h"

#include <algorithm>
#include <set>

#include "google/protobuf/stubs/common.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/thread.h"
#include "services/platform/base/time.h"
#include "services/platform/log/log.h"

namespace minsheng::platform {
namespace {

constexpr size_t kRole = 2, kCredential = 4, kMethod = 6, kReason = 7;

size_t IndexOf(absl::string_view reason) {
  const auto& reasons = RefusalLog::kReasons;
  const auto found = std::find(reasons.begin(), reasons.end(), reason);
  return static_cast<size_t>(std::min(found, reasons.end() - 1) - reasons.begin());
}

// What a caller says of himself may be any bytes; the database and the answers take text.
std::string Clean(absl::string_view text) {
  text = text.substr(0, RefusalLog::kTextMax);
  std::string room(text.size(), '\0');
  const char* valid = google::protobuf::internal::UTF8CoerceToStructurallyValid(
      {text.data(), text.size()}, room.data(), '?');
  std::string clean(valid, text.size());
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  }
  return clean;
}

// An entry's key: of the reason alone, and of a caller that nobody identified.
bool IsRest(const std::array<std::string, 8>& key) { return key[kMethod] == "*"; }
bool IsUnknown(const std::array<std::string, 8>& key) {
  return !IsRest(key) && key[kRole].empty() && key[kCredential].empty();
}

Refusal RefusalOf(const std::array<std::string, 8>& key, int64_t count, absl::Time first,
                  absl::Time last) {
  Refusal refusal;
  common::v1::Actor& actor = *refusal.mutable_actor();
  actor.set_post(key[0]);
  actor.set_unit(key[1]);
  actor.set_role(key[2]);
  actor.set_district(key[3]);
  actor.set_credential(key[4]);
  refusal.set_origin(key[5]);
  refusal.set_method(key[6]);
  refusal.set_reason(key[kReason]);
  refusal.set_count(count);
  *refusal.mutable_first_time() = ToTimestamp(first);
  *refusal.mutable_last_time() = ToTimestamp(last);
  return refusal;
}

int64_t DayOf(absl::Time time) { return absl::ToUnixSeconds(time) / (24 * 3600); }

}  // namespace

RefusalLog::RefusalLog(Options options) : options_(std::move(options)) {
  auto& family = prometheus::BuildCounter()
                     .Name("minsheng_refusals_total")
                     .Help("Attempts that were refused for who the caller is, by reason.")
                     .Register(*options_.metrics);
  for (size_t i = 0; i < kReasons.size(); ++i) {
    counters_[i] = &family.Add({{"service", options_.service}, {"reason", kReasons[i]}});
  }
  thread_ = std::thread([this] { Run(); });
}

RefusalLog::~RefusalLog() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  noted_.notify_one();
  thread_.join();
  Flush().IgnoreError();
}

void RefusalLog::Note(const Principal* caller, absl::string_view origin, absl::string_view method,
                      absl::string_view reason) {
  const size_t index = IndexOf(reason);
  counters_[index]->Increment();
  Key key;
  if (caller != nullptr) {
    const bool bound = caller->district != kEveryDistrict;
    key = {Clean(caller->post), Clean(caller->unit), Clean(caller->role),
           bound ? Clean(caller->district) : "", Clean(caller->credential)};
  }
  key[5] = Clean(origin);
  key[6] = std::string(method.substr(0, 2 * kTextMax));  // of our own protos
  key[kReason] = Clean(reason);
  const absl::Time now = options_.clock->Now();
  std::lock_guard lock(mutex_);
  Entry& entry = entries_[KeyFor(std::move(key), index)];
  if (entry.count++ == 0) entry.first = now;
  entry.last = now;
  if (entries_.size() == 1) noted_.notify_one();
}

// The attempt's own entry, or that of its reason when there are too many. Counts a new one.
RefusalLog::Key RefusalLog::KeyFor(Key key, size_t reason) {
  if (entries_.contains(key) || TakeRoom(IsUnknown(key))) return key;
  Key rest;
  rest[6] = "*";
  rest[kReason] = kReasons[reason];
  if (!entries_.contains(rest)) ++rest_;
  return rest;
}

// Counts one more entry, unless there is no room for it.
bool RefusalLog::TakeRoom(bool unknown) {
  if (const int64_t day = DayOf(absl::Now()); day != day_) {
    day_ = day;
    today_ = unknown_today_ = 0;
  }
  if (entries_.size() - rest_ >= kEntriesMax || today_ >= kEntriesPerDayMax) return false;
  if (unknown && (unknown_ >= kEntriesMax / 2 || unknown_today_ >= kEntriesPerDayMax / 2)) {
    return false;
  }
  ++today_;
  if (unknown) {
    ++unknown_;
    ++unknown_today_;
  }
  return true;
}

void RefusalLog::Run() {
  NameThisThread("refusals");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    noted_.wait(lock, [&] { return stopping_ || !entries_.empty(); });
    const absl::Time end = absl::Now() + options_.minute;
    const auto pause = std::min(kEarlyAfter, options_.minute);
    while (!stopping_ && absl::Now() < end) {
      noted_.wait_for(lock, absl::ToChronoMilliseconds(pause), [&] { return stopping_; });
      lock.unlock();
      Write(/*all=*/absl::Now() >= end).IgnoreError();
      lock.lock();
    }
    early_ = 0;
  }
}

absl::Status RefusalLog::Flush() { return Write(/*all=*/true); }

// What is to be written now: everything, or what was not written at all so far.
std::vector<std::pair<RefusalLog::Key, RefusalLog::Entry>> RefusalLog::Due(bool all) {
  std::vector<std::pair<Key, Entry>> rows;
  std::lock_guard lock(mutex_);
  for (auto& [key, entry] : entries_) {
    if (!all && (entry.early || early_ >= kEarlyMax)) continue;
    if (!all) ++early_;
    entry.early = !all;  // what is left after its minute begins another
    rows.emplace_back(key, entry);
  }
  return rows;
}

absl::Status RefusalLog::Write(bool all) {
  std::lock_guard writing(writing_);
  const auto due = Due(all);
  std::vector<Refusal> rows;
  for (const auto& [key, entry] : due) {
    if (entry.count == 0) continue;
    rows.push_back(RefusalOf(key, entry.count, entry.first, entry.last));
  }
  if (!rows.empty()) {
    const absl::Status status = options_.journal->Apply(
        [&](Transaction& transaction) { return AppendRefusals(transaction.session, rows); });
    if (!status.ok()) {
      LogError("refused attempts not written yet", {{"status", status.ToString()}});
      return status;
    }
  }
  Written(due);
  std::lock_guard lock(mutex_);
  if (all) {
    std::erase_if(entries_, [](const auto& item) { return item.second.count == 0; });
    const auto count = [this](bool (*is)(const Key&)) {
      return static_cast<size_t>(std::count_if(entries_.begin(), entries_.end(),
                                               [is](const auto& item) { return is(item.first); }));
    };
    rest_ = count(IsRest);
    unknown_ = count(IsUnknown);
  }
  return absl::OkStatus();
}

// What came while it was being written is left, for the next minute when this was the last time.
void RefusalLog::Written(const std::vector<std::pair<Key, Entry>>& rows) {
  std::lock_guard lock(mutex_);
  for (const auto& [key, written] : rows) {
    Entry& entry = entries_[key];
    entry.count -= written.count;
    entry.first = written.last;
  }
}

}  // namespace minsheng::platform
