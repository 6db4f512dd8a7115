// Keys and tokens made with OpenSSL, so that what librhonabwy checks is not its own work.
#ifndef MINSHENG_SERVICES_PLATFORM_IDENTITY_TESTING_H_
#define MINSHENG_SERVICES_PLATFORM_IDENTITY_TESTING_H_

#include <openssl/evp.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace minsheng::platform::testing {

class TestKey {
 public:
  static TestKey Ec(std::string kid);
  static TestKey Rsa(int bits, std::string kid);

  const std::string& kid() const { return kid_; }
  std::string algorithm() const;  // "ES256", "RS256"
  std::string PublicJwk() const;
  std::string PublicPem() const;
  // base64url(header).base64url(payload).base64url(signature)
  std::string Sign(absl::string_view header, absl::string_view payload) const;
  // With the right header.
  std::string Sign(absl::string_view payload) const;

 private:
  TestKey(EVP_PKEY* key, std::string kid) : key_(key, &EVP_PKEY_free), kid_(std::move(kid)) {}
  std::string Signature(absl::string_view input) const;
  std::string Number(const char* parameter, size_t bytes_min) const;

  std::shared_ptr<EVP_PKEY> key_;
  std::string kid_;
};

// {"keys":[…]}
std::string JwksOf(const std::vector<TestKey>& keys);
// A token signed with HMAC-SHA-256 and this secret.
std::string SignHs256(absl::string_view header, absl::string_view payload,
                      absl::string_view secret);
std::string Base64Url(absl::string_view bytes);

// A good payload's claims as JSON texts, {"iss": "\"minsheng\""}; to be changed and joined.
using ClaimTexts = std::map<std::string, std::string>;
ClaimTexts GoodClaims(absl::Time now);
std::string Json(const ClaimTexts& claims);

}  // namespace minsheng::platform::testing

#endif  // MINSHENG_SERVICES_PLATFORM_IDENTITY_TESTING_H_
