#include "services/platform/cache/envelope.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace minsheng::platform {
namespace {

constexpr absl::string_view kMagic = "MSC1";
constexpr size_t kDigitsSize = 40;
constexpr size_t kMacSize = 32;
constexpr size_t kHeaderSize = 4 + kDigitsSize + kMacSize;

struct FreeMacContext {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMacContext>;

// OpenSSL fails here only without memory or without its default provider.
void Require(bool ok) {
  if (!ok) std::abort();
}

void Update(EVP_MAC_CTX* context, absl::string_view bytes) {
  const uint64_t size = bytes.size();
  Require(EVP_MAC_update(context, reinterpret_cast<const uint8_t*>(&size), sizeof(size)) == 1);
  Require(EVP_MAC_update(context, reinterpret_cast<const uint8_t*>(bytes.data()), size) == 1);
}

}  // namespace

// Holds the keyed state, which each computation copies: keying costs more than hashing a short
// answer.
class Envelope::Mac {
 public:
  explicit Mac(const std::string& key) {
    EVP_MAC* hmac = EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr);
    Require(hmac != nullptr && !key.empty());
    keyed_.reset(EVP_MAC_CTX_new(hmac));
    EVP_MAC_free(hmac);
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    const auto* bytes = reinterpret_cast<const uint8_t*>(key.data());
    Require(EVP_MAC_init(keyed_.get(), bytes, key.size(), params) == 1);
  }

  std::string Of(absl::string_view id, absl::string_view digits, absl::string_view answer) const {
    const MacContext context(EVP_MAC_CTX_dup(keyed_.get()));
    Require(context != nullptr);
    Update(context.get(), id);
    Update(context.get(), digits);
    Update(context.get(), answer);
    std::string mac(kMacSize, '\0');
    size_t size = 0;
    auto* out = reinterpret_cast<uint8_t*>(mac.data());
    Require(EVP_MAC_final(context.get(), out, &size, mac.size()) == 1 && size == kMacSize);
    return mac;
  }

 private:
  MacContext keyed_;
};

Envelope::Envelope(std::string hmac_key) : mac_(std::make_unique<Mac>(hmac_key)) {}

Envelope::~Envelope() = default;

std::string Envelope::Seal(absl::string_view id, const CacheStamp& stamp,
                           absl::string_view answer) const {
  const std::string digits = StampDigits(stamp);
  return absl::StrCat(kMagic, digits, mac_->Of(id, digits, answer), answer);
}

std::optional<Envelope::Opened> Envelope::Open(absl::string_view id,
                                               absl::string_view bytes) const {
  if (bytes.size() < kHeaderSize || bytes.substr(0, kMagic.size()) != kMagic) return std::nullopt;

  const absl::string_view digits = bytes.substr(kMagic.size(), kDigitsSize);
  const absl::string_view mac = bytes.substr(kMagic.size() + kDigitsSize, kMacSize);
  const absl::string_view answer = bytes.substr(kHeaderSize);
  const std::string expected = mac_->Of(id, digits, answer);
  if (CRYPTO_memcmp(mac.data(), expected.data(), kMacSize) != 0) return std::nullopt;
  return Opened{std::string(digits), answer};
}

std::string Sha1Hex(absl::string_view bytes) {
  std::string digest(20, '\0');
  auto* out = reinterpret_cast<uint8_t*>(digest.data());
  Require(EVP_Digest(bytes.data(), bytes.size(), out, nullptr, EVP_sha1(), nullptr) == 1);
  return absl::BytesToHexString(digest);
}

}  // namespace minsheng::platform
