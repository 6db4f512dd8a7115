#include "services/platform/tls/revocation_list.h"

#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/tls/openssl.h"

namespace minsheng::platform::tls {
namespace {

using Entry = Owned<X509_REVOKED, X509_REVOKED_free>;
using AsnTime = Owned<ASN1_TIME, ASN1_TIME_free>;

constexpr size_t kSerialDigitsMax = 40;  // RFC 5280: 20 bytes

Integer SerialOf(const std::string& hex) {
  const bool valid = !hex.empty() && hex.size() <= kSerialDigitsMax &&
                     hex.find_first_not_of("0123456789abcdef") == std::string::npos;
  BIGNUM* number = nullptr;
  if (!valid || BN_hex2bn(&number, hex.c_str()) == 0) return nullptr;
  const BigNumber owned(number);
  return Integer(BN_to_ASN1_INTEGER(number, nullptr));
}

absl::Status Add(X509_CRL* list, const std::string& serial, absl::Time time) {
  const Integer number = SerialOf(serial);
  if (number == nullptr) {
    return Error(absl::StatusCode::kInvalidArgument, "BAD_SERIAL",
                 absl::StrCat("\"", serial, "\" is no serial number in lower-case hex"));
  }
  const AsnTime when(ASN1_TIME_set(nullptr, absl::ToTimeT(time)));
  Entry entry(X509_REVOKED_new());
  if (X509_REVOKED_set_serialNumber(entry.get(), number.get()) != 1 ||
      X509_REVOKED_set_revocationDate(entry.get(), when.get()) != 1 ||
      X509_CRL_add0_revoked(list, entry.get()) != 1) {
    return OpenSslError("making a revocation list");
  }
  entry.release();  // the list's now
  return absl::OkStatus();
}

bool Finish(X509_CRL* list, X509* issuer, EVP_PKEY* key, absl::Time now) {
  const AsnTime from(ASN1_TIME_set(nullptr, absl::ToTimeT(now)));
  const Integer number(ASN1_INTEGER_new());
  return X509_CRL_set_version(list, X509_CRL_VERSION_2) == 1 &&
         X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer)) == 1 &&
         X509_CRL_set1_lastUpdate(list, from.get()) == 1 &&
         X509_CRL_set1_nextUpdate(list, X509_get0_notAfter(issuer)) == 1 &&
         ASN1_INTEGER_set_int64(number.get(), absl::ToUnixMicros(now)) == 1 &&
         X509_CRL_add1_ext_i2d(list, NID_crl_number, number.get(), 0, 0) == 1 &&
         X509_CRL_sort(list) == 1 && X509_CRL_sign(list, key, EVP_sha256()) > 0;
}

bool SignedByOneOf(X509_CRL* list, absl::string_view authorities) {
  const Bio bio = Reading(authorities);
  while (const X509Certificate authority = NextCertificate(bio.get())) {
    if (X509_CRL_verify(list, X509_get0_pubkey(authority.get())) == 1) return true;
    ERR_clear_error();
  }
  return false;
}

void Collect(X509_CRL* list, Revoked& into) {
  STACK_OF(X509_REVOKED)* entries = X509_CRL_get_REVOKED(list);
  for (int i = 0; entries != nullptr && i < sk_X509_REVOKED_num(entries); ++i) {
    const X509_REVOKED* entry = sk_X509_REVOKED_value(entries, i);
    into.emplace(SerialText(X509_REVOKED_get0_serialNumber(entry)),
                 TimeOf(X509_REVOKED_get0_revocationDate(entry)));
  }
}

}  // namespace

absl::StatusOr<std::string> MakeRevocationList(const KeyPair& authority, const Revoked& revoked,
                                               absl::Time now) {
  RETURN_IF_ERROR(CheckPair(authority));
  const X509Certificate issuer = NextCertificate(Reading(authority.certificate).get());
  const Key key = ReadKey(authority.key);
  const X509Crl list(X509_CRL_new());
  for (const auto& [serial, time] : revoked) RETURN_IF_ERROR(Add(list.get(), serial, time));
  const Bio text(BIO_new(BIO_s_mem()));
  if (!Finish(list.get(), issuer.get(), key.get(), now) ||
      PEM_write_bio_X509_CRL(text.get(), list.get()) != 1) {
    return OpenSslError("making a revocation list");
  }
  return TextOf(text.get());
}

absl::StatusOr<Revoked> ReadRevocationList(absl::string_view pem, absl::string_view authorities) {
  Revoked revoked;
  const Bio bio = Reading(pem);
  int lists = 0;
  while (true) {
    const X509Crl list(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    if (list == nullptr) break;
    if (!SignedByOneOf(list.get(), authorities)) {
      return Error(absl::StatusCode::kFailedPrecondition, "REVOCATIONS_OF_OTHER_AUTHORITY",
                   "the list of revoked certificates is not signed by the authority");
    }
    Collect(list.get(), revoked);
    ++lists;
  }
  if (lists > 0) return revoked;
  return Error(absl::StatusCode::kFailedPrecondition, "REVOCATIONS_UNREADABLE",
               "there is no PEM list of revoked certificates in the file");
}

}  // namespace minsheng::platform::tls
