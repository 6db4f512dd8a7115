// The certificate that a caller showed, for who identifies callers.
#ifndef MINSHENG_SERVICES_PLATFORM_TLS_PEER_H_
#define MINSHENG_SERVICES_PLATFORM_TLS_PEER_H_

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/strings/string_view.h"
#include "services/platform/tls/certificates.h"

namespace minsheng::platform::tls {

// Null on a connection without TLS or without a client certificate. TLS has checked that it leads
// to the authority, had not expired and was not revoked when the connection was made; whether it
// still counts is the caller's to ask. Thread-safe, does not block: each text is parsed once and
// remembered (kPeersMax texts).
std::shared_ptr<const Certificate> PeerCertificate(const grpc::ServerContextBase& call);

inline constexpr size_t kPeersMax = 1024;

// "registry" for "minsheng:service/registry"; empty for any other URI.
absl::string_view ServiceNamed(absl::string_view uri);

}  // namespace minsheng::platform::tls

#endif  // MINSHENG_SERVICES_PLATFORM_TLS_PEER_H_
