// The chain of refused attempts as it lies in table `refusals`: positions without gaps, each entry
// holding the hash of the one before. It stands beside the log of facts: what was refused is none.
#ifndef MINSHENG_SERVICES_PLATFORM_JOURNAL_REFUSAL_STORE_H_
#define MINSHENG_SERVICES_PLATFORM_JOURNAL_REFUSAL_STORE_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "minsheng/common/v1/event_log.pb.h"
#include "services/platform/database/database.h"

namespace minsheng::platform {

using common::v1::Refusal;

// SHA-256 over `previous_hash` and every field but the hash, in the order of the table's columns.
std::string HashOf(const Refusal& refusal, absl::string_view previous_hash);

// Entries after a position, at most `max`, in order. `plain` is false when a column holds a value
// of another type than its own, which only SQLite allows.
absl::Status VisitRefusals(Session& session, int64_t after, int64_t max,
                           absl::FunctionRef<absl::Status(const Refusal&, bool plain)> each);
absl::StatusOr<std::vector<Refusal>> ReadRefusals(Session& session, int64_t after, int64_t max);

// Appends entries, giving them their positions and hashes. The session must hold the write lock.
absl::Status AppendRefusals(Session& session, std::vector<Refusal> refusals);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_JOURNAL_REFUSAL_STORE_H_
