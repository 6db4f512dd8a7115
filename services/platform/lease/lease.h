// A duty that one of several processes on one database does at a time: timers, senders.
//
//   Lease lease(journal, "reminders", term);
//   … every third of the term: const auto token = lease.Hold();
//   if (token.ok() && *token) … work; in each write: RETURN_IF_ERROR(Lease::Check(session,
//   "reminders", **token))
//
// Who holds it is decided by clocks, and may be wrong for as long as they differ; that no former
// holder writes is decided by the fencing token, which only grows: Check inside the transaction
// that the duty writes. Not thread-safe; the journal outlives it. Failure codes: the journal's, and
// FAILED_PRECONDITION LEASE_LOST.
#ifndef MINSHENG_SERVICES_PLATFORM_LEASE_LEASE_H_
#define MINSHENG_SERVICES_PLATFORM_LEASE_LEASE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/journal/journal.h"

namespace minsheng::platform {

// The table of leases, a migration of every service.
extern const char kLeaseSchema[];

class Lease {
 public:
  Lease(Journal& journal, std::string duty, absl::Duration term);
  // Lets go, so that another need not wait for the term's end.
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  // Takes or renews it for a term from now. The fencing token; nullopt while another process holds
  // it.
  absl::StatusOr<std::optional<int64_t>> Hold();

  // OK while nobody took the duty with a later token.
  static absl::Status Check(Session& session, const std::string& duty, int64_t token);

 private:
  Journal& journal_;
  const std::string duty_;
  const std::string holder_;
  const absl::Duration term_;
  std::optional<int64_t> token_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_LEASE_LEASE_H_
