// Credentials that no longer count: the table `revocations`, a projection of CredentialRevoked
// events (of the own log, or of a followed one), and the same in memory for every call to look at.
#ifndef MINSHENG_SERVICES_PLATFORM_IDENTITY_REVOCATIONS_H_
#define MINSHENG_SERVICES_PLATFORM_IDENTITY_REVOCATIONS_H_

#include <atomic>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "services/platform/journal/journal.h"

namespace minsheng::platform {

bool IsRevocation(const Event& event);
// Applies an event that IsRevocation; of a credential revoked twice the first one stays.
absl::Status ProjectRevocation(Session& session, const Event& event);
// Forgets them all: for a follower whose peer's log is another one now.
absl::Status ClearRevocations(Session& session);

// Thread-safe.
class Revocations {
 public:
  // Reads the table. Before the journal watches others, so that nothing escapes it.
  absl::Status Load(Session& session);
  // Adds what a commit brought, of the own log or a peer's; reads the table anew when a peer's log
  // was rebuilt. For after_commit.
  absl::Status Refresh(Session& session, const CommitNotice& notice);

  // "token:…" or "certificate:…".
  bool Holds(absl::string_view credential) const;
  // Grows after every change; cheap.
  uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_set<std::string> credentials_;
  std::atomic<uint64_t> generation_ = 1;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_IDENTITY_REVOCATIONS_H_
