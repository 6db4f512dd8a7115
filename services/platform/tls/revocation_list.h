// The authority's list of certificates that no longer count (crl.pem).
#ifndef MINSHENG_SERVICES_PLATFORM_TLS_REVOCATION_LIST_H_
#define MINSHENG_SERVICES_PLATFORM_TLS_REVOCATION_LIST_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/platform/tls/certificates.h"

namespace minsheng::platform::tls {

// Serial number in lower-case hex → when it was revoked.
using Revoked = std::map<std::string, absl::Time, std::less<>>;

// Signed by the authority. It counts until the authority ends: a list that nobody renews must not
// stop a service. INVALID_ARGUMENT BAD_SERIAL for a serial that is no hex number.
absl::StatusOr<std::string> MakeRevocationList(const KeyPair& authority, const Revoked& revoked,
                                               absl::Time now);

// What every list in the text says. FAILED_PRECONDITION REVOCATIONS_UNREADABLE when there is none,
// or REVOCATIONS_OF_OTHER_AUTHORITY when one is not signed by any of `authorities`.
absl::StatusOr<Revoked> ReadRevocationList(absl::string_view pem, absl::string_view authorities);

}  // namespace minsheng::platform::tls

#endif  // MINSHENG_SERVICES_PLATFORM_TLS_REVOCATION_LIST_H_
