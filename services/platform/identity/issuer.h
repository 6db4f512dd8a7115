// The issuer of tokens that comes with the suite, for an installation without a single sign-on: a
// folder.
//
//   key.jwk      the private key (EC P-256), for its owner alone; a file that others may read is
//   refused jwks.json    the public keys, for the services (--jwks): the one in use, and those
//   before it
//                whose tokens still count
//   issued.tsv   what was issued: time, jti, role, unit, post, district, expiry, kid; no token
//
// One process at a time changes a folder; every file is replaced whole.
#ifndef MINSHENG_SERVICES_PLATFORM_IDENTITY_ISSUER_H_
#define MINSHENG_SERVICES_PLATFORM_IDENTITY_ISSUER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/identity/token.h"

namespace minsheng::platform {

// A line of issued.tsv.
struct IssuedToken {
  absl::Time issued_at;
  std::string id;
  std::string role;
  std::string unit;
  std::string post;
  std::string district;
  absl::Time expires;
  std::string key_id;
};

// Failure codes: NOT_FOUND NO_ISSUER (no key in the folder), FAILED_PRECONDITION KEY_READABLE
// (others may read the private key), BAD_PRIVATE_KEY, ISSUER_EXISTS, ISSUER_BUSY; UNAVAILABLE when
// a file cannot be read or written.
class Issuer {
 public:
  // Makes a folder with a first key. ALREADY_EXISTS ISSUER_EXISTS.
  static absl::StatusOr<Issuer> Create(const std::string& folder);
  static absl::StatusOr<Issuer> Open(const std::string& folder);
  static std::string PathOfKey(const std::string& folder) { return folder + "/key.jwk"; }
  static std::string PathOfJwks(const std::string& folder) { return folder + "/jwks.json"; }

  const std::string& key_id() const { return key_.id(); }

  struct Token {
    std::string text;  // a secret
    std::string id;
    absl::Time expires;
  };
  // A token for the principal (post, unit, role, district), noted in issued.tsv before it is given
  // away. INVALID_ARGUMENT TOKEN_CLAIMS.
  absl::StatusOr<Token> Issue(const Principal& principal, absl::Time now,
                              absl::Duration lifetime) const;
  // One that nobody needs to note or revoke: at most kPassingLifetimeMax.
  static constexpr absl::Duration kPassingLifetimeMax = absl::Minutes(5);
  absl::StatusOr<Token> IssuePassing(const Principal& principal, absl::Time now) const;

  // In the order of issue.
  absl::StatusOr<std::vector<IssuedToken>> List() const;

  // How long services that read jwks.json may take to know of a new key.
  static constexpr absl::Duration kSettle = absl::Seconds(2);
  // A new key, published at once and used once it has settled. Public keys stay while tokens noted
  // for them count; the one just replaced in any case, for the tokens that were not noted.
  absl::Status Rotate(absl::Time now, absl::Duration settle = kSettle);

 private:
  Issuer(std::string folder, SigningKey key) : folder_(std::move(folder)), key_(std::move(key)) {}
  absl::StatusOr<Token> Make(const Principal& principal, absl::Time now,
                             absl::Duration lifetime) const;
  absl::Status Note(const Principal& principal, const Token& token, absl::Time now) const;

  std::string folder_;
  SigningKey key_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_IDENTITY_ISSUER_H_
