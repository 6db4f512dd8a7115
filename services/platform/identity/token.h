// Signed tokens (JWT): who somebody is, as an issuer states it for a time.
//
// Header: alg (ES256 or RS256), kid; typ, x5t and x5t#S256 may stand there, nothing else. Claims:
//
//   iss, aud   as the rules say; aud may be a list that holds ours
//   exp        required; the token counts until then, to the second
//   nbf, iat   may lie ahead by kClockSkewMax, for an issuer whose clock is ahead of ours
//   jti        required; by it the token is revoked
//   role       required; a Role of access.proto in lower case
//   district   required; "500156", or "*" for none in particular
//   unit       required for reporters and cooperating units
//   post       optional
//
// Further claims pass unread. Pure functions; a token never appears in an error.
#ifndef MINSHENG_SERVICES_PLATFORM_IDENTITY_TOKEN_H_
#define MINSHENG_SERVICES_PLATFORM_IDENTITY_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/platform/access/principal.h"
#include "services/platform/identity/keys.h"

namespace minsheng::platform {

inline constexpr size_t kTokenBytesMax = 8 << 10;
inline constexpr absl::Duration kClockSkewMax = absl::Seconds(60);
inline constexpr size_t kTokenIdBytesMax = 128;
inline constexpr size_t kNameBytesMax = 256;  // of a unit or a post

// What a service expects of every token.
struct TokenRules {
  std::string issuer = "minsheng";
  std::string audience = "minsheng";
};

// Who the token's bearer is; credential "token:<jti>".
//
// UNAUTHENTICATED TOKEN_MISSING (empty), TOKEN_MALFORMED, TOKEN_KEY_UNKNOWN, TOKEN_ALGORITHM (not
// the one of its key), TOKEN_SIGNATURE, TOKEN_ISSUER, TOKEN_AUDIENCE, TOKEN_EXPIRED,
// TOKEN_NOT_YET_VALID, TOKEN_CLAIMS (naming the claim).
absl::StatusOr<Principal> VerifyToken(absl::string_view token, const KeySet& keys,
                                      const TokenRules& rules, absl::Time now);

// The same, also for a token that has expired: its principal's `expires` is then in the past.
absl::StatusOr<Principal> VerifySigned(absl::string_view token, const KeySet& keys,
                                       const TokenRules& rules, absl::Time now);

// What is written into a token.
struct Claims {
  TokenRules rules;  // iss and aud
  std::string id;
  std::string role;
  std::string unit;
  std::string post;
  std::string district;
  absl::Time issued_at;
  absl::Time expires;
};

// A token with these claims. INVALID_ARGUMENT TOKEN_CLAIMS when VerifyToken would refuse them.
absl::StatusOr<std::string> Mint(const Claims& claims, const SigningKey& key);

// The claims as JSON, for people to look at: nothing is checked. UNAUTHENTICATED TOKEN_MALFORMED.
absl::StatusOr<std::string> UncheckedClaims(absl::string_view token);

// "token:" and a token's id.
std::string CredentialOfToken(absl::string_view id);
// 1 to kTokenIdBytesMax visible characters of ASCII.
bool IsTokenId(absl::string_view id);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_IDENTITY_TOKEN_H_
