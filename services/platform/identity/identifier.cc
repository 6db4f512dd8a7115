#include "services/platform/identity/identifier.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/platform/access/origin.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::platform {
namespace {

constexpr char kAuthorization[] = "authorization";
constexpr absl::string_view kBearer = "bearer ";
constexpr char kServiceRole[] = "service";

using Caller = std::shared_ptr<const Principal>;

absl::Status Refused(absl::string_view reason, absl::string_view message) {
  return Error(absl::StatusCode::kUnauthenticated, reason, message);
}

absl::Status Revoked() {
  return Refused("CREDENTIAL_REVOKED", "the credential was revoked; get a new one");
}

// The call's bearer token; nullopt when it has no authorization.
absl::StatusOr<std::optional<absl::string_view>> TokenOf(const grpc::ServerContextBase& call) {
  const auto [first, last] = call.client_metadata().equal_range(kAuthorization);
  if (first == last) return std::nullopt;
  if (std::next(first) != last) {
    return Refused("TOKEN_MALFORMED", "the call carries more than one authorization");
  }
  const absl::string_view value(first->second.data(), first->second.size());
  if (!absl::StartsWithIgnoreCase(value, kBearer)) {
    return Refused("TOKEN_MALFORMED", "the authorization is not \"Bearer\" and a token");
  }
  return value.substr(kBearer.size());
}

// Whether a token was refused only after its signature had been looked at: as one that has expired
// is, which anybody may keep who once had one.
bool CostsASignature(absl::string_view reason) {
  return reason != "TOKEN_MISSING" && reason != "TOKEN_MALFORMED" && reason != "TOKEN_ALGORITHM" &&
         reason != "TOKEN_KEY_UNKNOWN";
}

}  // namespace

CredentialIdentifier::CredentialIdentifier(Options options)
    : options_(std::move(options)),
      tokens_(prometheus::BuildCounter()
                  .Name("minsheng_identity_tokens_total")
                  .Help("Tokens that came with calls: remembered, verified or refused.")
                  .Register(*options_.metrics)),
      found_(tokens_.Add({{"service", options_.service}, {"result", "remembered"}})),
      verified_(tokens_.Add({{"service", options_.service}, {"result", "verified"}})),
      refused_(tokens_.Add({{"service", options_.service}, {"result", "refused"}})) {}

absl::StatusOr<Caller> CredentialIdentifier::Identify(const grpc::ServerContextBase& call) const {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> token, TokenOf(call));
  if (token) return OfToken(*token, [&] { return OriginOfPeer(call.peer()); });
  const auto certificate =
      options_.certificate ? options_.certificate(call) : std::optional<CertificateInfo>();
  if (certificate) return OfCertificate(*certificate);
  return Refused("TOKEN_MISSING", "the call carries neither a token nor a service's certificate");
}

absl::StatusOr<Caller> CredentialIdentifier::OfToken(absl::string_view token, Origin origin) const {
  std::optional<RememberedTokens::Entry> entry = remembered_.Find(token);
  const bool known = entry && entry->keys == options_.keys->generation();
  absl::StatusOr<Caller> caller = known ? Known(token, *entry) : Verified(token, origin);
  (!caller.ok() ? refused_ : known ? found_ : verified_).Increment();
  return caller;
}

absl::StatusOr<Caller> CredentialIdentifier::Known(absl::string_view token,
                                                   RememberedTokens::Entry entry) const {
  if (options_.now() >= entry.principal->expires) {
    remembered_.Forget(token);
    return Refused("TOKEN_EXPIRED", "the token has expired; get a new one");
  }
  const uint64_t revocations = options_.revocations->generation();
  if (entry.revocations == revocations) return entry.principal;
  if (options_.revocations->Holds(entry.principal->credential)) {
    remembered_.Forget(token);
    return Revoked();
  }
  entry.revocations = revocations;
  remembered_.Put(token, entry);
  return entry.principal;
}

absl::StatusOr<Caller> CredentialIdentifier::Verified(absl::string_view token,
                                                      Origin origin) const {
  const absl::Time now = options_.now();
  const std::string from = NetworkOf(origin());
  if (bad_.TooMany(from, now)) {
    return Error(absl::StatusCode::kResourceExhausted, "RATE_LIMITED",
                 "too many bad tokens came from there; try again in a second",
                 {{"retry_after_ms", "1000"}});
  }
  // Taken before anything is looked at: a change meanwhile makes the token looked at again.
  RememberedTokens::Entry entry;
  entry.keys = options_.keys->generation();
  entry.revocations = options_.revocations->generation();
  auto principal = VerifyToken(token, *options_.keys->keys(), options_.rules, now);
  if (!principal.ok()) {
    const std::string reason = ReasonOf(principal.status());
    if (CostsASignature(reason)) bad_.Note(from, now);
    if (reason == "TOKEN_KEY_UNKNOWN") options_.keys->Missed();
    return principal.status();
  }
  if (options_.revocations->Holds(principal->credential)) {
    bad_.Note(from, now);
    return Revoked();
  }
  entry.principal = std::make_shared<const Principal>(*std::move(principal));
  remembered_.Put(token, entry);
  return entry.principal;
}

absl::StatusOr<Caller> CredentialIdentifier::OfCertificate(
    const CertificateInfo& certificate) const {
  auto caller = std::make_shared<Principal>();
  for (absl::string_view uri : certificate.uris) {
    if (absl::ConsumePrefix(&uri, kServiceUri)) caller->unit = std::string(uri);
  }
  if (caller->unit.empty()) {
    return Refused("CERTIFICATE_UNKNOWN", "the client certificate is not that of a service");
  }
  if (options_.now() >= certificate.expires) {
    return Refused("CERTIFICATE_EXPIRED", "the client certificate has expired");
  }
  caller->role = kServiceRole;
  caller->district = kEveryDistrict;
  caller->credential = absl::StrCat("certificate:", certificate.serial);
  caller->expires = certificate.expires;
  if (certificate.revoked || options_.revocations->Holds(caller->credential)) return Revoked();
  return caller;
}

}  // namespace minsheng::platform
