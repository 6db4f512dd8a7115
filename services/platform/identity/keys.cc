#include "services/platform/identity/keys.h"

#include <rhonabwy.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/identity/jose.h"

namespace minsheng::platform {
namespace {

constexpr size_t kKeyIdBytesMax = 256;
// The library never fetches anything.
constexpr int kOffline = R_FLAG_IGNORE_REMOTE;

void StartLibrary() {
  static const int started = r_global_init();
  static_cast<void>(started);
}

std::shared_ptr<json_t> Shared(json_t* json) { return {json, JsonRelease()}; }

std::string Taken(char* text) {
  std::string taken = text == nullptr ? "" : text;
  r_free(text);
  return taken;
}

// A copy of the named members, as far as they are texts.
std::shared_ptr<json_t> Members(const json_t* jwk, std::initializer_list<const char*> names) {
  auto copy = Shared(json_object());
  for (const char* name : names) {
    const json_t* member = json_object_get(jwk, name);
    if (json_is_string(member))
      json_object_set_new(copy.get(), name, json_copy(const_cast<json_t*>(member)));
  }
  return copy;
}

// The one algorithm that a key may be used with: of its kind, and what it says itself.
absl::StatusOr<Algorithm> AlgorithmOf(const json_t* jwk) {
  const auto kind = TextMember(jwk, "kty");
  Algorithm algorithm = Algorithm::kRs256;
  if (kind == "EC" && TextMember(jwk, "crv") == "P-256") {
    algorithm = Algorithm::kEs256;
  } else if (kind != "RSA") {
    return absl::InvalidArgumentError("is neither RSA nor EC on P-256");
  }
  if (json_object_get(jwk, "alg") != nullptr && TextMember(jwk, "alg") != NameOf(algorithm)) {
    return absl::InvalidArgumentError(absl::StrCat("is not for ", NameOf(algorithm)));
  }
  if (json_object_get(jwk, "use") != nullptr && TextMember(jwk, "use") != "sig") {
    return absl::InvalidArgumentError("is not for signatures");
  }
  return algorithm;
}

bool IsPrivate(const json_t* jwk) { return json_object_get(jwk, "d") != nullptr; }

absl::Status BadKeySet(absl::string_view why) {
  return Error(
      absl::StatusCode::kInvalidArgument, "BAD_KEY_SET",
      absl::StrCat("the key set ", why, "; the one before stays in use, if there was one"));
}

absl::Status BadPrivateKey() {
  return Error(absl::StatusCode::kInvalidArgument, "BAD_PRIVATE_KEY",
               "not a private key in JWK form for ES256 or RS256");
}

}  // namespace

const char* NameOf(Algorithm algorithm) {
  return algorithm == Algorithm::kEs256 ? "ES256" : "RS256";
}

absl::StatusOr<VerifyKey> VerifyKey::FromJwk(const json_t* jwk) {
  StartLibrary();
  VerifyKey key;
  const auto id = TextMember(jwk, "kid");
  if (!id || id->empty() || id->size() > kKeyIdBytesMax) {
    return absl::InvalidArgumentError("has no usable kid");
  }
  key.id_ = std::string(*id);
  ASSIGN_OR_RETURN(key.algorithm_, AlgorithmOf(jwk));
  key.key_ = key.algorithm_ == Algorithm::kEs256 ? Members(jwk, {"kty", "crv", "x", "y"})
                                                 : Members(jwk, {"kty", "n", "e"});
  unsigned int bits = 0;
  if (r_jwk_is_valid(key.key_.get()) != RHN_OK ||
      (r_jwk_key_type(key.key_.get(), &bits, kOffline) & R_KEY_TYPE_PUBLIC) == 0) {
    return absl::InvalidArgumentError("cannot be read");
  }
  if (key.algorithm_ == Algorithm::kRs256 && bits < KeySet::kRsaBitsMin) {
    return absl::InvalidArgumentError(
        absl::StrCat("has ", bits, " bits; RSA needs ", KeySet::kRsaBitsMin));
  }
  return key;
}

bool VerifyKey::Signed(absl::string_view token) const {
  jws_t* parsed = nullptr;
  if (r_jws_init(&parsed) != RHN_OK) return false;
  const std::unique_ptr<jws_t, decltype(&r_jws_free)> jws(parsed, &r_jws_free);
  const jwa_alg expected = algorithm_ == Algorithm::kEs256 ? R_JWA_ALG_ES256 : R_JWA_ALG_RS256;
  return r_jws_advanced_compact_parsen(parsed, token.data(), token.size(), R_PARSE_NONE,
                                       kOffline) == RHN_OK &&
         parsed->alg == expected && r_jws_verify_signature(parsed, key_.get(), kOffline) == RHN_OK;
}

absl::StatusOr<KeySet> KeySet::FromJwks(absl::string_view jwks) {
  if (jwks.size() > kJwksBytesMax) return BadKeySet("is longer than 1 MiB");
  const JsonPtr json = ParseJsonObject(jwks);
  const json_t* keys = json_object_get(json.get(), "keys");
  if (!json_is_array(keys)) return BadKeySet("is no JWKS: an object with the array \"keys\"");
  KeySet set;
  for (size_t i = 0; i < json_array_size(keys); ++i) {
    const json_t* jwk = json_array_get(keys, i);
    if (IsPrivate(jwk)) return BadKeySet(absl::StrCat("holds a private key, the ", i + 1, ". one"));
    absl::StatusOr<VerifyKey> key = VerifyKey::FromJwk(jwk);
    if (!key.ok()) {
      set.left_out_.push_back(absl::StrCat("key ", i + 1, " ", key.status().message()));
      continue;
    }
    const std::string id = key->id();
    if (!set.keys_.emplace(id, *std::move(key)).second) {
      return BadKeySet(absl::StrCat("holds two keys with the kid of the ", i + 1, ". one"));
    }
  }
  if (set.keys_.empty()) return BadKeySet("holds no usable key");
  return set;
}

const VerifyKey* KeySet::Find(absl::string_view id) const {
  const auto it = keys_.find(id);
  return it == keys_.end() ? nullptr : &it->second;
}

absl::StatusOr<SigningKey> SigningKey::Of(std::shared_ptr<json_t> key) {
  SigningKey signing;
  ASSIGN_OR_RETURN(signing.algorithm_, AlgorithmOf(key.get()));
  signing.id_ = Taken(r_jwk_thumbprint(key.get(), R_JWK_THUMB_SHA256, kOffline));
  signing.key_ = std::move(key);
  return signing;
}

absl::StatusOr<SigningKey> SigningKey::Generate(Algorithm algorithm) {
  StartLibrary();
  auto key = Shared(json_object());
  auto public_part = Shared(json_object());
  const bool curve = algorithm == Algorithm::kEs256;
  if (r_jwk_generate_key_pair(key.get(), public_part.get(), curve ? R_KEY_TYPE_EC : R_KEY_TYPE_RSA,
                              curve ? 256 : kRsaBits, nullptr) != RHN_OK) {
    return absl::InternalError("cannot make a key");
  }
  return Of(std::move(key));
}

absl::StatusOr<SigningKey> SigningKey::FromJwk(absl::string_view jwk) {
  StartLibrary();
  const JsonPtr json = ParseJsonObject(jwk);
  if (!json || !IsPrivate(json.get())) return BadPrivateKey();
  auto key =
      Members(json.get(), {"kty", "crv", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi"});
  if (r_jwk_is_valid(key.get()) != RHN_OK) return BadPrivateKey();
  auto signing = Of(std::move(key));
  if (!signing.ok()) return BadPrivateKey();
  return signing;
}

std::string SigningKey::PrivateJwk() const { return JsonText(key_.get()); }

std::string SigningKey::PublicJwk() const {
  const auto key = Members(key_.get(), {"kty", "crv", "x", "y", "n", "e"});
  json_object_set_new(key.get(), "kid", json_string(id_.c_str()));
  json_object_set_new(key.get(), "use", json_string("sig"));
  json_object_set_new(key.get(), "alg", json_string(NameOf(algorithm_)));
  return JsonText(key.get());
}

absl::StatusOr<std::string> SigningKey::Sign(absl::string_view claims) const {
  jwt_t* made = nullptr;
  if (r_jwt_init(&made) != RHN_OK) return absl::InternalError("cannot make a token");
  const std::unique_ptr<jwt_t, decltype(&r_jwt_free)> jwt(made, &r_jwt_free);
  const jwa_alg algorithm = algorithm_ == Algorithm::kEs256 ? R_JWA_ALG_ES256 : R_JWA_ALG_RS256;
  const bool filled = r_jwt_set_header_str_value(made, "kid", id_.c_str()) == RHN_OK &&
                      r_jwt_set_sign_alg(made, algorithm) == RHN_OK &&
                      r_jwt_set_full_claims_json_str(made, std::string(claims).c_str()) == RHN_OK;
  std::string token;
  if (filled) token = Taken(r_jwt_serialize_signed(made, key_.get(), kOffline));
  if (token.empty()) return absl::InternalError("cannot sign a token");
  return token;
}

}  // namespace minsheng::platform
