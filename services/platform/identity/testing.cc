#include "services/platform/identity/testing.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace minsheng::platform::testing {
namespace {

constexpr size_t kP256Bytes = 32;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// r and s, each in 32 bytes, of a DER signature.
std::string RawSignature(absl::string_view der) {
  const unsigned char* at = Bytes(der);
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  std::string raw(2 * kP256Bytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, kP256Bytes);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + kP256Bytes, kP256Bytes);
  ECDSA_SIG_free(signature);
  return raw;
}

std::string Header(const TestKey& key) {
  return absl::StrCat("{\"alg\":\"", key.algorithm(), "\",\"kid\":\"", key.kid(),
                      "\",\"typ\":\"JWT\"}");
}

}  // namespace

std::string Base64Url(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

TestKey TestKey::Ec(std::string kid) { return TestKey(EVP_EC_gen("P-256"), std::move(kid)); }

TestKey TestKey::Rsa(int bits, std::string kid) {
  return TestKey(EVP_RSA_gen(static_cast<unsigned>(bits)), std::move(kid));
}

std::string TestKey::algorithm() const {
  return EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_EC ? "ES256" : "RS256";
}

std::string TestKey::Number(const char* parameter, size_t bytes_min) const {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key_.get(), parameter, &number);
  const size_t size = std::max(bytes_min, static_cast<size_t>(BN_num_bytes(number)));
  std::string bytes(size, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size));
  BN_free(number);
  return Base64Url(bytes);
}

std::string TestKey::PublicJwk() const {
  const std::string tail =
      absl::StrCat("\",\"use\":\"sig\",\"alg\":\"", algorithm(), "\",\"kid\":\"", kid_, "\"}");
  if (algorithm() == "ES256") {
    return absl::StrCat("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"",
                        Number(OSSL_PKEY_PARAM_EC_PUB_X, kP256Bytes), "\",\"y\":\"",
                        Number(OSSL_PKEY_PARAM_EC_PUB_Y, kP256Bytes), tail);
  }
  return absl::StrCat("{\"kty\":\"RSA\",\"n\":\"", Number(OSSL_PKEY_PARAM_RSA_N, 1), "\",\"e\":\"",
                      Number(OSSL_PKEY_PARAM_RSA_E, 1), tail);
}

std::string TestKey::PublicPem() const {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(memory, key_.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(memory);
  return pem;
}

std::string TestKey::Signature(absl::string_view input) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  size_t size = 0;
  EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get());
  EVP_DigestSign(context, nullptr, &size, Bytes(input), input.size());
  std::string signature(size, '\0');
  EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, Bytes(input),
                 input.size());
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return algorithm() == "ES256" ? RawSignature(signature) : signature;
}

std::string TestKey::Sign(absl::string_view header, absl::string_view payload) const {
  const std::string input = absl::StrCat(Base64Url(header), ".", Base64Url(payload));
  return absl::StrCat(input, ".", Base64Url(Signature(input)));
}

std::string TestKey::Sign(absl::string_view payload) const { return Sign(Header(*this), payload); }

std::string JwksOf(const std::vector<TestKey>& keys) {
  const auto jwk = [](std::string* out, const TestKey& key) { out->append(key.PublicJwk()); };
  return absl::StrCat("{\"keys\":[", absl::StrJoin(keys, ",", jwk), "]}");
}

std::string SignHs256(absl::string_view header, absl::string_view payload,
                      absl::string_view secret) {
  const std::string input = absl::StrCat(Base64Url(header), ".", Base64Url(payload));
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), Bytes(input), input.size(),
       reinterpret_cast<unsigned char*>(mac.data()), &size);
  mac.resize(size);
  return absl::StrCat(input, ".", Base64Url(mac));
}

ClaimTexts GoodClaims(absl::Time now) {
  const int64_t at = absl::ToUnixSeconds(now);
  return {{"iss", "\"minsheng\""},   {"aud", "\"minsheng\""},          {"iat", absl::StrCat(at)},
          {"nbf", absl::StrCat(at)}, {"exp", absl::StrCat(at + 3600)}, {"jti", "\"t-1\""},
          {"sub", "\"u-1\""},        {"role", "\"reporter\""},         {"unit", "\"区交通局\""},
          {"post", "\"联络员\""},    {"district", "\"500156\""}};
}

std::string Json(const ClaimTexts& claims) {
  const auto member = [](std::string* out, const ClaimTexts::value_type& claim) {
    absl::StrAppend(out, "\"", claim.first, "\":", claim.second);
  };
  return absl::StrCat("{", absl::StrJoin(claims, ",", member), "}");
}

}  // namespace minsheng::platform::testing
