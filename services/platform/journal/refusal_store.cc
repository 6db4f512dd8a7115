#include "services/platform/journal/refusal_store.h"

#include <array>

#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"

namespace minsheng::platform {
namespace {

int64_t Micros(const google::protobuf::Timestamp& stamp) { return ToMicros(FromTimestamp(stamp)); }

Refusal RefusalFrom(const Row& row) {
  Refusal refusal;
  refusal.set_position(row.Int(0));
  common::v1::Actor& actor = *refusal.mutable_actor();
  actor.set_post(std::string(row.Text(1)));
  actor.set_unit(std::string(row.Text(2)));
  actor.set_role(std::string(row.Text(3)));
  actor.set_district(std::string(row.Text(4)));
  actor.set_credential(std::string(row.Text(5)));
  refusal.set_origin(std::string(row.Text(6)));
  refusal.set_method(std::string(row.Text(7)));
  refusal.set_reason(std::string(row.Text(8)));
  refusal.set_count(row.Int(9));
  *refusal.mutable_first_time() = ToTimestamp(FromMicros(row.Int(10)));
  *refusal.mutable_last_time() = ToTimestamp(FromMicros(row.Int(11)));
  refusal.set_hash(std::string(row.Bytes(12)));
  return refusal;
}

bool IsPlain(const Row& row) {
  using Type = Row::Type;
  static constexpr std::array kTypes = {
      Type::kInt,  Type::kText, Type::kText, Type::kText, Type::kText, Type::kText, Type::kText,
      Type::kText, Type::kText, Type::kInt,  Type::kInt,  Type::kInt,  Type::kBytes};
  for (size_t i = 0; i < kTypes.size(); ++i) {
    if (row.TypeOf(static_cast<int>(i)) != kTypes[i]) return false;
  }
  return true;
}

absl::Status Store(Session& session, const Refusal& refusal) {
  const common::v1::Actor& actor = refusal.actor();
  return session.Execute(
      "INSERT INTO refusals (position, post, unit, role, district, credential, origin, method,"
      " reason, count, first_at, last_at, hash)"
      " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
      {refusal.position(), actor.post(), actor.unit(), actor.role(), actor.district(),
       actor.credential(), refusal.origin(), refusal.method(), refusal.reason(), refusal.count(),
       Micros(refusal.first_time()), Micros(refusal.last_time()), Blob{refusal.hash()}});
}

}  // namespace

std::string HashOf(const Refusal& refusal, absl::string_view previous_hash) {
  const common::v1::Actor& actor = refusal.actor();
  return Hasher()
      .Add(previous_hash)
      .Add(refusal.position())
      .Add(actor.post())
      .Add(actor.unit())
      .Add(actor.role())
      .Add(actor.district())
      .Add(actor.credential())
      .Add(refusal.origin())
      .Add(refusal.method())
      .Add(refusal.reason())
      .Add(refusal.count())
      .Add(Micros(refusal.first_time()))
      .Add(Micros(refusal.last_time()))
      .Finish();
}

absl::Status VisitRefusals(Session& session, int64_t after, int64_t max,
                           absl::FunctionRef<absl::Status(const Refusal&, bool plain)> each) {
  return session.Query(
      "SELECT position, post, unit, role, district, credential, origin, method, reason, count,"
      " first_at, last_at, hash FROM refusals WHERE position > $1 ORDER BY position LIMIT $2",
      {after, max}, [&](const Row& row) { return each(RefusalFrom(row), IsPlain(row)); });
}

absl::StatusOr<std::vector<Refusal>> ReadRefusals(Session& session, int64_t after, int64_t max) {
  std::vector<Refusal> refusals;
  RETURN_IF_ERROR(VisitRefusals(session, after, max, [&](const Refusal& refusal, bool) {
    refusals.push_back(refusal);
    return absl::OkStatus();
  }));
  return refusals;
}

absl::Status AppendRefusals(Session& session, std::vector<Refusal> refusals) {
  int64_t position = 0;
  std::string hash;
  RETURN_IF_ERROR(
      session.Query("SELECT position, hash FROM refusals ORDER BY position DESC LIMIT 1", {},
                    [&](const Row& row) {
                      position = row.Int(0);
                      hash = std::string(row.Bytes(1));
                      return absl::OkStatus();
                    }));
  for (Refusal& refusal : refusals) {
    refusal.set_position(++position);
    hash = HashOf(refusal, hash);
    refusal.set_hash(hash);
    RETURN_IF_ERROR(Store(session, refusal));
  }
  return absl::OkStatus();
}

}  // namespace minsheng::platform
