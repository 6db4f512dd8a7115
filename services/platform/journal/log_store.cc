#include "absl/strings/str_cat.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/platform/journal/journal.h"

namespace minsheng::platform {

const char kJournalSchema[] = R"sql(
CREATE TABLE events (
  position BIGINT PRIMARY KEY,
  recorded_at BIGINT NOT NULL,
  subject TEXT NOT NULL,
  post TEXT NOT NULL,
  unit TEXT NOT NULL,
  role TEXT NOT NULL,
  method TEXT NOT NULL,
  request_id TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  type_url TEXT NOT NULL,
  payload BLOB NOT NULL,
  hash BLOB NOT NULL
);
CREATE TABLE requests (
  principal TEXT NOT NULL,
  method TEXT NOT NULL,
  request_id TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  first_position BIGINT NOT NULL,
  last_position BIGINT NOT NULL,
  PRIMARY KEY (principal, method, request_id)
);
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
CREATE TABLE peers (
  peer TEXT PRIMARY KEY,
  position BIGINT NOT NULL,
  hash BLOB NOT NULL
);
)sql";

const char kAccessSchema[] = R"sql(
ALTER TABLE events ADD COLUMN district TEXT NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN credential TEXT NOT NULL DEFAULT '';
CREATE TABLE refusals (
  position BIGINT PRIMARY KEY,
  post TEXT NOT NULL,
  unit TEXT NOT NULL,
  role TEXT NOT NULL,
  district TEXT NOT NULL,
  credential TEXT NOT NULL,
  origin TEXT NOT NULL,
  method TEXT NOT NULL,
  reason TEXT NOT NULL,
  count BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  hash BLOB NOT NULL
);
CREATE TABLE revocations (
  credential TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  revoked_at BIGINT NOT NULL
);
)sql";

std::string HashOf(const Event& event, absl::string_view previous_hash) {
  Hasher hasher;
  hasher.Add(previous_hash)
      .Add(event.position())
      .Add(ToMicros(FromTimestamp(event.recorded_at())))
      .Add(event.subject())
      .Add(event.actor().post())
      .Add(event.actor().unit())
      .Add(event.actor().role())
      .Add(event.method())
      .Add(event.request_id())
      .Add(event.request_hash())
      .Add(event.payload().type_url())
      .Add(event.payload().value());
  // Events from before callers were bound to districts keep their hashes.
  const auto& actor = event.actor();
  if (!actor.district().empty() || !actor.credential().empty()) {
    hasher.Add(actor.district()).Add(actor.credential());
  }
  return hasher.Finish();
}

std::string RequestHash(const google::protobuf::Message& request) {
  return Sha256(DeterministicBytes(request));
}

namespace {

// SQLite alone takes a value of another type than its column's; what was written here has none.
bool IsPlain(const Row& row) {
  for (int i = 0; i < row.size(); ++i) {
    const bool number = i <= 1, bytes = i == 8 || i == 10 || i == 11;
    const Row::Type type =
        number ? Row::Type::kInt : (bytes ? Row::Type::kBytes : Row::Type::kText);
    if (row.TypeOf(i) != type) return false;
  }
  return true;
}

Event EventFrom(const Row& row) {
  Event event;
  event.set_position(row.Int(0));
  *event.mutable_recorded_at() = ToTimestamp(FromMicros(row.Int(1)));
  event.set_subject(std::string(row.Text(2)));
  event.mutable_actor()->set_post(std::string(row.Text(3)));
  event.mutable_actor()->set_unit(std::string(row.Text(4)));
  event.mutable_actor()->set_role(std::string(row.Text(5)));
  event.set_method(std::string(row.Text(6)));
  event.set_request_id(std::string(row.Text(7)));
  event.set_request_hash(std::string(row.Bytes(8)));
  event.mutable_payload()->set_type_url(std::string(row.Text(9)));
  event.mutable_payload()->set_value(std::string(row.Bytes(10)));
  event.set_hash(std::string(row.Bytes(11)));
  event.mutable_actor()->set_district(std::string(row.Text(12)));
  event.mutable_actor()->set_credential(std::string(row.Text(13)));
  return event;
}

}  // namespace

std::string RequestKeyOf(const common::v1::Actor& actor) {
  return absl::StrCat(actor.district(), actor.district().empty() ? "" : "/", actor.role(), "/",
                      actor.unit(), "/", actor.post());
}

absl::Status VisitEvents(Session& session, int64_t after, int64_t max,
                         absl::FunctionRef<absl::Status(Event, bool plain)> each) {
  return session.Query(
      "SELECT position, recorded_at, subject, post, unit, role, method, request_id, request_hash,"
      " type_url, payload, hash, district, credential FROM events WHERE position > $1"
      " ORDER BY position LIMIT $2",
      {after, max}, [&](const Row& row) { return each(EventFrom(row), IsPlain(row)); });
}

absl::StatusOr<std::vector<Event>> ReadEvents(Session& session, int64_t after, int64_t max) {
  std::vector<Event> events;
  RETURN_IF_ERROR(VisitEvents(session, after, max, [&](Event event, bool) {
    events.push_back(std::move(event));
    return absl::OkStatus();
  }));
  return events;
}

absl::StatusOr<std::string> HashAt(Session& session, int64_t position) {
  return QueryText(session, "SELECT hash FROM events WHERE position = $1", {position});
}

absl::StatusOr<LogHead> ReadHead(Session& session) {
  LogHead head;
  RETURN_IF_ERROR(
      session.Query("SELECT position, hash, recorded_at FROM events ORDER BY position DESC LIMIT 1",
                    {}, [&](const Row& row) {
                      head = {row.Int(0), std::string(row.Bytes(1)), FromMicros(row.Int(2))};
                      return absl::OkStatus();
                    }));
  return head;
}

absl::Status StoreEvent(Session& session, const Event& event) {
  return session.Execute(
      "INSERT INTO events (position, recorded_at, subject, post, unit, role, method, request_id,"
      " request_hash, type_url, payload, hash, district, credential)"
      " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)",
      {event.position(), ToMicros(FromTimestamp(event.recorded_at())), event.subject(),
       event.actor().post(), event.actor().unit(), event.actor().role(), event.method(),
       event.request_id(), Blob{event.request_hash()}, event.payload().type_url(),
       Blob{event.payload().value()}, Blob{event.hash()}, event.actor().district(),
       event.actor().credential()});
}

absl::Status StoreRequest(Session& session, const Event& first, int64_t last_position) {
  if (first.request_id().empty()) return absl::OkStatus();
  const std::string principal = RequestKeyOf(first.actor());
  return session.Execute(
      "INSERT INTO requests (principal, method, request_id, request_hash, first_position,"
      " last_position) VALUES ($1,$2,$3,$4,$5,$6)"
      " ON CONFLICT (principal, method, request_id) DO UPDATE SET last_position = $6",
      {principal, first.method(), first.request_id(), Blob{first.request_hash()}, first.position(),
       last_position});
}

}  // namespace minsheng::platform
