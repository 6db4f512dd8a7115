#include "services/platform/identity/revocations.h"

#include "minsheng/common/v1/credentials.pb.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"

namespace minsheng::platform {

using common::v1::CredentialRevoked;
using common::v1::Revocation;

bool IsRevocation(const Event& event) { return event.payload().Is<CredentialRevoked>(); }

absl::Status ProjectRevocation(Session& session, const Event& event) {
  CredentialRevoked fact;
  if (!event.payload().UnpackTo(&fact)) return absl::InternalError("no revocation");
  const Revocation& revocation = fact.revocation();
  return session.Execute(
      "INSERT INTO revocations (credential, reason, revoked_at) VALUES ($1,$2,$3)"
      " ON CONFLICT (credential) DO NOTHING",
      {revocation.credential(), revocation.reason(),
       ToMicros(FromTimestamp(revocation.revoke_time()))});
}

absl::Status ClearRevocations(Session& session) {
  return session.Execute("DELETE FROM revocations");
}

absl::Status Revocations::Load(Session& session) {
  absl::flat_hash_set<std::string> credentials;
  RETURN_IF_ERROR(session.Query("SELECT credential FROM revocations", {}, [&](const Row& row) {
    credentials.emplace(row.Text(0));
    return absl::OkStatus();
  }));
  absl::MutexLock lock(&mutex_);
  credentials_ = std::move(credentials);
  generation_.fetch_add(1, std::memory_order_release);
  return absl::OkStatus();
}

absl::Status Revocations::Refresh(Session& session, const CommitNotice& notice) {
  for (const Event& event : notice.events) {
    if (event.payload().Is<common::v1::PeerRebuilt>()) return Load(session);
  }
  CredentialRevoked fact;
  for (const auto* events : {&notice.events, &notice.peer_events}) {
    for (const Event& event : *events) {
      if (!event.payload().UnpackTo(&fact)) continue;
      absl::MutexLock lock(&mutex_);
      credentials_.insert(fact.revocation().credential());
      generation_.fetch_add(1, std::memory_order_release);
    }
  }
  return absl::OkStatus();
}

bool Revocations::Holds(absl::string_view credential) const {
  absl::ReaderMutexLock lock(&mutex_);
  return credentials_.contains(credential);
}

}  // namespace minsheng::platform
