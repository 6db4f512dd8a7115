// X.509 certificates as the suite uses them: a private authority, certificates of services and
// clients, and what a certificate says. OpenSSL alone; pure but for randomness. Texts are PEM.
//
// A service's certificate names it by the URI minsheng:service/NAME; a client's without one only
// opens connections.
#ifndef MINSHENG_SERVICES_PLATFORM_TLS_CERTIFICATES_H_
#define MINSHENG_SERVICES_PLATFORM_TLS_CERTIFICATES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace minsheng::platform::tls {

// What a certificate says.
struct Certificate {
  std::string serial;  // lower-case hex, two digits a byte
  std::string uri;     // the first URI among its names; empty when it has none
  std::string common_name;
  std::vector<std::string> hosts;  // DNS names and IP addresses, as text
  absl::Time not_before;
  absl::Time not_after;
};

// A certificate and its private key.
struct KeyPair {
  std::string certificate;
  std::string key;
};

// What a certificate is to say.
struct Wanted {
  std::string common_name;
  std::string uri;                 // empty: none
  std::vector<std::string> hosts;  // DNS names or IP addresses
  absl::Time not_before;
  absl::Time not_after;  // cut to the authority's
  std::string key;       // empty: a new one, EC P-256
};

// "minsheng:service/registry".
std::string ServiceUri(absl::string_view name);

// A new private authority (EC P-256, self-signed, signs certificates and revocations only).
absl::StatusOr<KeyPair> MakeAuthority(absl::string_view common_name, absl::Time not_before,
                                      absl::Time not_after);

// A certificate for servers and clients signed by the authority. INVALID_ARGUMENT BAD_HOST for a
// name that is neither a DNS name nor an IP address.
absl::StatusOr<KeyPair> Issue(const KeyPair& authority, const Wanted& wanted);

// The first certificate of the text. FAILED_PRECONDITION CERTIFICATE_UNREADABLE.
absl::StatusOr<Certificate> ReadCertificate(absl::string_view pem);

// FAILED_PRECONDITION KEY_MISMATCH when the key is not that of the text's first certificate,
// KEY_UNREADABLE when it is none (or needs a passphrase).
absl::Status CheckPair(const KeyPair& pair);

// Whether the text's first certificate, with the help of those after it, leads to one in
// `authorities` and counts at `now`. FAILED_PRECONDITION CERTIFICATE_EXPIRED,
// CERTIFICATE_NOT_YET_VALID or CERTIFICATE_OF_OTHER_AUTHORITY.
absl::Status CheckChain(absl::string_view pem, absl::string_view authorities, absl::Time now);

// Whether the certificate is for a host: an IP address, or a DNS name (wildcards count). The
// common name does not.
bool NamesHost(absl::string_view pem, absl::string_view host);

}  // namespace minsheng::platform::tls

#endif  // MINSHENG_SERVICES_PLATFORM_TLS_CERTIFICATES_H_
