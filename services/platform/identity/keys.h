// The keys that tokens are signed and checked with. A key has one algorithm, whatever a token says.
#ifndef MINSHENG_SERVICES_PLATFORM_IDENTITY_KEYS_H_
#define MINSHENG_SERVICES_PLATFORM_IDENTITY_KEYS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct json_t;

namespace minsheng::platform {

enum class Algorithm { kEs256, kRs256 };
// "ES256", "RS256".
const char* NameOf(Algorithm algorithm);

// A public key. Immutable; thread-safe.
class VerifyKey {
 public:
  // From one member of a JWKS; of it only the key itself, its id and its algorithm are used, so
  // that nothing is ever fetched for it. INVALID_ARGUMENT says why the key is of no use here.
  static absl::StatusOr<VerifyKey> FromJwk(const json_t* jwk);

  const std::string& id() const { return id_; }
  Algorithm algorithm() const { return algorithm_; }
  // Whether the signature of a token "header.payload.signature", whose header names this key's
  // algorithm, is this key's.
  bool Signed(absl::string_view token) const;

 private:
  VerifyKey() = default;
  std::string id_;
  Algorithm algorithm_ = Algorithm::kEs256;
  std::shared_ptr<json_t> key_;
};

// Public keys by id. Immutable; thread-safe.
class KeySet {
 public:
  static constexpr size_t kJwksBytesMax = 1 << 20;
  static constexpr int kRsaBitsMin = 2048;

  // Keys of other kinds or uses are left out, as RFC 7517 wants, and so are RSA keys shorter than
  // kRsaBitsMin. INVALID_ARGUMENT BAD_KEY_SET when nothing usable is left, two keys share an id, or
  // one is private.
  static absl::StatusOr<KeySet> FromJwks(absl::string_view jwks);

  // Null when there is none.
  const VerifyKey* Find(absl::string_view id) const;
  size_t size() const { return keys_.size(); }
  // Why keys were left out: one sentence each.
  const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  std::map<std::string, VerifyKey, std::less<>> keys_;
  std::vector<std::string> left_out_;
};

// A private key. Its id is its RFC 7638 thumbprint. Immutable; thread-safe.
class SigningKey {
 public:
  static constexpr int kRsaBits = 3072;

  static absl::StatusOr<SigningKey> Generate(Algorithm algorithm);
  // INVALID_ARGUMENT BAD_PRIVATE_KEY, never saying what stands in it.
  static absl::StatusOr<SigningKey> FromJwk(absl::string_view jwk);

  // The private key; a secret.
  std::string PrivateJwk() const;
  // With "use" and "alg".
  std::string PublicJwk() const;
  const std::string& id() const { return id_; }
  Algorithm algorithm() const { return algorithm_; }
  // The token whose payload is the JSON object `claims`.
  absl::StatusOr<std::string> Sign(absl::string_view claims) const;

 private:
  SigningKey() = default;
  static absl::StatusOr<SigningKey> Of(std::shared_ptr<json_t> key);

  std::string id_;
  Algorithm algorithm_ = Algorithm::kEs256;
  std::shared_ptr<json_t> key_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_IDENTITY_KEYS_H_
