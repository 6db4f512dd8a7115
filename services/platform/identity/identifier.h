// Who calls, by what they show: a token ("authorization: Bearer …"), else a service's client
// certificate.
//
// A token's signature is checked once; after that it is remembered (RememberedTokens) until the key
// set changes. Its expiry is looked at in every call, and whether it was revoked whenever the
// revocations grew: so a revocation counts from the call after the notice of it. What is refused is
// not remembered, or bad tokens would push out good ones; the cost of looking at signatures of
// tokens that are refused is bounded instead, per origin and second (BadSignatures), beyond which
// only remembered tokens of that origin pass until the second is over.
//
//   minsheng_identity_tokens_total{service,result}   result remembered|verified|refused
#ifndef MINSHENG_SERVICES_PLATFORM_IDENTITY_IDENTIFIER_H_
#define MINSHENG_SERVICES_PLATFORM_IDENTITY_IDENTIFIER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "prometheus/counter.h"
#include "prometheus/registry.h"
#include "services/platform/access/guard.h"
#include "services/platform/identity/bad_signatures.h"
#include "services/platform/identity/key_source.h"
#include "services/platform/identity/remembered.h"
#include "services/platform/identity/revocations.h"
#include "services/platform/identity/token.h"

namespace minsheng::platform {

// A client certificate whose chain the transport has verified.
struct CertificateInfo {
  std::vector<std::string> uris;  // its URI subject alternative names
  std::string serial;             // lower-case hex, two digits a byte
  absl::Time expires;
  bool revoked = false;  // by its authority
};

inline constexpr char kServiceUri[] = "minsheng:service/";

// Thread-safe. What it is made of outlives it.
class CredentialIdentifier final : public Identifier {
 public:
  struct Options {
    std::string service = {};
    KeySource* keys = nullptr;
    const Revocations* revocations = nullptr;
    TokenRules rules = {};
    // The caller's certificate; null: callers have none.
    std::function<std::optional<CertificateInfo>(const grpc::ServerContextBase&)> certificate =
        nullptr;
    prometheus::Registry* metrics = nullptr;
    std::function<absl::Time()> now = absl::Now;  // the real time, also in a rehearsal
  };

  explicit CredentialIdentifier(Options options);

  // UNAUTHENTICATED with the reasons of VerifyToken, CREDENTIAL_REVOKED, CERTIFICATE_UNKNOWN (a
  // certificate of no service), CERTIFICATE_EXPIRED; RESOURCE_EXHAUSTED RATE_LIMITED for a token
  // that is not remembered, from where too many bad ones came.
  absl::StatusOr<std::shared_ptr<const Principal>> Identify(
      const grpc::ServerContextBase& call) const override;

  // Whom bad signatures are counted for (of IPv6 its network of 64 bits); asked only when a token
  // is not remembered.
  using Origin = absl::FunctionRef<std::string()>;
  // The same for a token alone.
  absl::StatusOr<std::shared_ptr<const Principal>> OfToken(absl::string_view token,
                                                           Origin origin) const;
  absl::StatusOr<std::shared_ptr<const Principal>> OfCertificate(
      const CertificateInfo& certificate) const;

 private:
  absl::StatusOr<std::shared_ptr<const Principal>> Verified(absl::string_view token,
                                                            Origin origin) const;
  absl::StatusOr<std::shared_ptr<const Principal>> Known(absl::string_view token,
                                                         RememberedTokens::Entry entry) const;

  const Options options_;
  mutable RememberedTokens remembered_;
  mutable BadSignatures bad_;
  prometheus::Family<prometheus::Counter>& tokens_;
  prometheus::Counter& found_;
  prometheus::Counter& verified_;
  prometheus::Counter& refused_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_IDENTITY_IDENTIFIER_H_
