// The PKI folder as the one who issues sees it: ca.pem, ca.key, crl.pem, and NAME.pem with NAME.key
// for each service and client. The services need all but ca.key, which can be kept elsewhere.
#ifndef MINSHENG_SERVICES_PLATFORM_TLS_AUTHORITY_H_
#define MINSHENG_SERVICES_PLATFORM_TLS_AUTHORITY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/tls/certificates.h"
#include "services/platform/tls/files.h"
#include "services/platform/tls/revocation_list.h"

namespace minsheng::platform::tls {

inline constexpr absl::Duration kDay = absl::Hours(24);
inline constexpr absl::Duration kAuthorityLasts = absl::Hours(24 * 3650);
inline constexpr absl::Duration kCertificateLasts = absl::Hours(24 * 365);

// Where things stand in a PKI folder.
std::string AuthorityPath(const std::string& folder);
std::string AuthorityKeyPath(const std::string& folder);
std::string RevocationsPath(const std::string& folder);
std::string CertificatePath(const std::string& folder, const std::string& name);
std::string KeyPath(const std::string& folder, const std::string& name);

// The names in the folder that have a certificate, in order; not the authority's.
std::vector<std::string> NamesIn(const std::string& folder);

// What the folder's crl.pem says; nothing when there is none.
absl::StatusOr<Revoked> RevokedIn(const std::string& folder);

// Holds the folder's lock: two commands do not change one folder at a time.
class Authority {
 public:
  // Makes the folder (mode 0700), a new authority and an empty crl.pem, each where there is none.
  static absl::StatusOr<Authority> Make(const std::string& folder);
  // FAILED_PRECONDITION TLS_FILE_MISSING when the folder has no authority, or not its key.
  static absl::StatusOr<Authority> Open(const std::string& folder);

  struct Options {
    bool service = true;  // names the service; else a client without a name of its own
    std::vector<std::string> hosts = {};  // beside localhost, 127.0.0.1 and ::1 (services only)
    absl::Duration lasts = kCertificateLasts;
  };
  // A certificate with a new key, unless the name has one that counts: then false. INVALID_ARGUMENT
  // BAD_CERTIFICATE_NAME for a name that cannot be a file's.
  absl::StatusOr<bool> IssueUnlessThere(const std::string& name, const Options& options);
  // Another certificate that says the same, from now on for `lasts`. With `new_key` for a new key;
  // without, only NAME.pem changes. NOT_FOUND when the name has none.
  absl::StatusOr<Certificate> Renew(const std::string& name, absl::Duration lasts, bool new_key);
  // Adds a serial to crl.pem; false when it stood there.
  absl::StatusOr<bool> Revoke(const std::string& serial);

 private:
  Authority(std::string folder, FileLock lock, KeyPair pair)
      : folder_(std::move(folder)), lock_(std::move(lock)), pair_(std::move(pair)) {}
  bool Counts(const std::string& name) const;
  absl::Status Write(const std::string& name, const KeyPair& pair) const;

  std::string folder_;
  FileLock lock_;
  KeyPair pair_;
};

}  // namespace minsheng::platform::tls

#endif  // MINSHENG_SERVICES_PLATFORM_TLS_AUTHORITY_H_
