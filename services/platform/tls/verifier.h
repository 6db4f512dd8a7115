// What is checked of a peer once its chain has led to the authority. Private to this folder.
#ifndef MINSHENG_SERVICES_PLATFORM_TLS_VERIFIER_H_
#define MINSHENG_SERVICES_PLATFORM_TLS_VERIFIER_H_

#include <grpcpp/security/tls_certificate_verifier.h>

#include <memory>

#include "services/platform/tls/material.h"

namespace minsheng::platform::tls {

// Of a client, when it shows a certificate: it is not revoked. Of a server: it shows one that is
// for the host which the channel wants, and not revoked.
enum class Side { kOfClients, kOfServers };

std::shared_ptr<grpc::experimental::CertificateVerifier> NewVerifier(
    Side side, std::shared_ptr<const Material> material);

}  // namespace minsheng::platform::tls

#endif  // MINSHENG_SERVICES_PLATFORM_TLS_VERIFIER_H_
