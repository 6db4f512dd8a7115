// OpenSSL's objects with an owner, and conversions that certificates and revocation lists share.
// Private to this folder.
#ifndef MINSHENG_SERVICES_PLATFORM_TLS_OPENSSL_H_
#define MINSHENG_SERVICES_PLATFORM_TLS_OPENSSL_H_

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace minsheng::platform::tls {

template <auto release>
struct Releaser {
  template <typename T>
  void operator()(T* object) const {
    release(object);
  }
};
template <typename T, auto release>
using Owned = std::unique_ptr<T, Releaser<release>>;

using Bio = Owned<BIO, BIO_free_all>;
using BigNumber = Owned<BIGNUM, BN_free>;
using Integer = Owned<ASN1_INTEGER, ASN1_INTEGER_free>;
using Extension = Owned<X509_EXTENSION, X509_EXTENSION_free>;
using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using X509Certificate = Owned<X509, X509_free>;
using X509Crl = Owned<X509_CRL, X509_CRL_free>;
using X509Store = Owned<X509_STORE, X509_STORE_free>;
using X509StoreContext = Owned<X509_STORE_CTX, X509_STORE_CTX_free>;
using GeneralNames = Owned<GENERAL_NAMES, GENERAL_NAMES_free>;

inline Bio Reading(absl::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// What was written to a memory BIO.
inline std::string TextOf(BIO* bio) {
  const char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return std::string(bytes, static_cast<size_t>(size));
}

// Null when there is none in the text.
inline X509Certificate NextCertificate(BIO* bio) {
  X509Certificate certificate(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
  if (certificate == nullptr) ERR_clear_error();
  return certificate;
}

// Null for no key, or one that asks for a passphrase.
inline Key ReadKey(absl::string_view pem) {
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  Key key(PEM_read_bio_PrivateKey(Reading(pem).get(), nullptr, no_passphrase, nullptr));
  if (key == nullptr) ERR_clear_error();
  return key;
}

// OpenSSL failed at what cannot fail but for memory and our own mistakes.
inline absl::Status OpenSslError(absl::string_view doing) {
  char text[256];
  ERR_error_string_n(ERR_get_error(), text, sizeof(text));
  ERR_clear_error();
  return absl::InternalError(absl::StrCat(doing, ": ", text));
}

inline std::string SerialText(const ASN1_INTEGER* serial) {
  const BigNumber number(ASN1_INTEGER_to_BN(serial, nullptr));
  char* hex = BN_bn2hex(number.get());
  std::string text = absl::AsciiStrToLower(hex);
  OPENSSL_free(hex);
  return text;
}

inline absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTimeT(timegm(&parts));
}

}  // namespace minsheng::platform::tls

#endif  // MINSHENG_SERVICES_PLATFORM_TLS_OPENSSL_H_
