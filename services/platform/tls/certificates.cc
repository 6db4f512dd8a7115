#include "services/platform/tls/certificates.h"

#include <arpa/inet.h>
#include <openssl/rand.h>

#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/tls/openssl.h"

namespace minsheng::platform::tls {
namespace {

constexpr int kSerialBytes = 16;
constexpr char kServicePrefix[] = "minsheng:service/";

struct Setting {
  int nid;
  std::string value;
};

absl::Status Refused(absl::string_view reason, absl::string_view message) {
  return Error(absl::StatusCode::kFailedPrecondition, reason, message);
}

std::string Day(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

bool IsAddress(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

bool IsDnsName(absl::string_view host) {
  constexpr size_t kLongest = 253;
  constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
  if (absl::StartsWith(host, "*.")) host.remove_prefix(2);
  return !host.empty() && host.size() <= kLongest && host.front() != '.' && host.front() != '-' &&
         host.find_first_not_of(kLetters) == absl::string_view::npos;
}

absl::StatusOr<std::string> AlternativeNames(const Wanted& wanted) {
  std::vector<std::string> names;
  for (const std::string& host : wanted.hosts) {
    const bool address = IsAddress(host);
    if (!address && !IsDnsName(host)) {
      return Error(absl::StatusCode::kInvalidArgument, "BAD_HOST",
                   absl::StrCat("\"", host, "\" is neither a DNS name nor an IP address"),
                   {{"host", host}});
    }
    names.push_back(absl::StrCat(address ? "IP:" : "DNS:", host));
  }
  if (!wanted.uri.empty()) names.push_back(absl::StrCat("URI:", wanted.uri));
  return absl::StrJoin(names, ",");
}

bool SetSerial(X509* certificate) {
  std::array<unsigned char, kSerialBytes> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);  // positive, always 16 bytes
  const BigNumber number(BN_bin2bn(bytes.data(), bytes.size(), nullptr));
  return BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool SetName(X509* certificate, absl::string_view common_name) {
  X509_NAME* name = X509_get_subject_name(certificate);
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.data()),
                                    static_cast<int>(common_name.size()), -1, 0) == 1;
}

bool SetTimes(X509* certificate, absl::Time not_before, absl::Time not_after) {
  return ASN1_TIME_set(X509_getm_notBefore(certificate), absl::ToTimeT(not_before)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), absl::ToTimeT(not_after)) != nullptr;
}

bool AddExtensions(X509* certificate, X509* issuer, const std::vector<Setting>& settings) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const Setting& setting : settings) {
    const Extension extension(
        X509V3_EXT_conf_nid(nullptr, &context, setting.nid, setting.value.c_str()));
    if (extension == nullptr || X509_add_ext(certificate, extension.get(), -1) != 1) return false;
  }
  return true;
}

absl::StatusOr<KeyPair> TextsOf(X509* certificate, EVP_PKEY* key) {
  const Bio certificate_text(BIO_new(BIO_s_mem())), key_text(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(certificate_text.get(), certificate) != 1 ||
      PEM_write_bio_PrivateKey(key_text.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return OpenSslError("writing a certificate");
  }
  return KeyPair{TextOf(certificate_text.get()), TextOf(key_text.get())};
}

// A certificate for `key`, signed by `issuer_key`; self-signed when `issuer` is null.
absl::StatusOr<KeyPair> Sign(const Wanted& wanted, EVP_PKEY* key, X509* issuer,
                             EVP_PKEY* issuer_key, const std::vector<Setting>& settings) {
  const X509Certificate certificate(X509_new());
  X509* raw = certificate.get();
  const bool made =
      X509_set_version(raw, X509_VERSION_3) == 1 && SetSerial(raw) &&
      SetName(raw, wanted.common_name) && SetTimes(raw, wanted.not_before, wanted.not_after) &&
      X509_set_issuer_name(raw, X509_get_subject_name(issuer == nullptr ? raw : issuer)) == 1 &&
      X509_set_pubkey(raw, key) == 1 &&
      AddExtensions(raw, issuer == nullptr ? raw : issuer, settings) &&
      X509_sign(raw, issuer_key, EVP_sha256()) > 0;
  if (!made) return OpenSslError("making a certificate");
  return TextsOf(raw, key);
}

void AddName(const GENERAL_NAME* name, Certificate& into) {
  int type = 0;
  const auto* value = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(name, &type));
  const auto* bytes = ASN1_STRING_get0_data(value);
  const auto size = static_cast<size_t>(ASN1_STRING_length(value));
  if (type == GEN_URI && into.uri.empty()) {
    into.uri.assign(reinterpret_cast<const char*>(bytes), size);
  } else if (type == GEN_DNS) {
    into.hosts.emplace_back(reinterpret_cast<const char*>(bytes), size);
  } else if (type == GEN_IPADD && (size == 4 || size == 16)) {
    char text[INET6_ADDRSTRLEN];
    inet_ntop(size == 4 ? AF_INET : AF_INET6, bytes, text, sizeof(text));
    into.hosts.emplace_back(text);
  }
}

void ReadNames(const X509* certificate, Certificate& into) {
  const GeneralNames names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    const bool text_or_address =
        name->type == GEN_URI || name->type == GEN_DNS || name->type == GEN_IPADD;
    if (text_or_address) AddName(name, into);
  }
}

absl::Status Unreadable() {
  return Refused("CERTIFICATE_UNREADABLE", "there is no PEM certificate in the file");
}

X509Store StoreOf(absl::string_view authorities, absl::Time now) {
  X509Store store(X509_STORE_new());
  const Bio bio = Reading(authorities);
  while (const X509Certificate authority = NextCertificate(bio.get())) {
    X509_STORE_add_cert(store.get(), authority.get());
  }
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), absl::ToTimeT(now));
  return store;
}

void FreeAll(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }

}  // namespace

std::string ServiceUri(absl::string_view name) { return absl::StrCat(kServicePrefix, name); }

absl::StatusOr<KeyPair> MakeAuthority(absl::string_view common_name, absl::Time not_before,
                                      absl::Time not_after) {
  const Key key(EVP_EC_gen("P-256"));
  if (key == nullptr) return OpenSslError("making a key");
  Wanted wanted;
  wanted.common_name = std::string(common_name);
  wanted.not_before = not_before;
  wanted.not_after = not_after;
  return Sign(wanted, key.get(), nullptr, key.get(),
              {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
               {NID_key_usage, "critical,keyCertSign,cRLSign"},
               {NID_subject_key_identifier, "hash"}});
}

absl::StatusOr<KeyPair> Issue(const KeyPair& authority, const Wanted& wanted) {
  const X509Certificate issuer = NextCertificate(Reading(authority.certificate).get());
  if (issuer == nullptr) return Unreadable();
  RETURN_IF_ERROR(CheckPair(authority));
  const Key issuer_key = ReadKey(authority.key);
  const Key key = wanted.key.empty() ? Key(EVP_EC_gen("P-256")) : ReadKey(wanted.key);
  if (key == nullptr) return Refused("KEY_UNREADABLE", "the key cannot be read");
  ASSIGN_OR_RETURN(const std::string names, AlternativeNames(wanted));
  Wanted within = wanted;
  within.not_after = std::min(wanted.not_after, TimeOf(X509_get0_notAfter(issuer.get())));
  std::vector<Setting> settings = {{NID_basic_constraints, "critical,CA:FALSE"},
                                   {NID_key_usage, "critical,digitalSignature"},
                                   {NID_ext_key_usage, "serverAuth,clientAuth"},
                                   {NID_subject_key_identifier, "hash"},
                                   {NID_authority_key_identifier, "keyid:always"}};
  if (!names.empty()) settings.push_back({NID_subject_alt_name, names});
  return Sign(within, key.get(), issuer.get(), issuer_key.get(), settings);
}

absl::StatusOr<Certificate> ReadCertificate(absl::string_view pem) {
  const X509Certificate certificate = NextCertificate(Reading(pem).get());
  if (certificate == nullptr) return Unreadable();
  Certificate read;
  read.serial = SerialText(X509_get0_serialNumber(certificate.get()));
  read.not_before = TimeOf(X509_get0_notBefore(certificate.get()));
  read.not_after = TimeOf(X509_get0_notAfter(certificate.get()));
  char name[256];
  if (X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name,
                                sizeof(name)) >= 0) {
    read.common_name = name;
  }
  ReadNames(certificate.get(), read);
  return read;
}

absl::Status CheckPair(const KeyPair& pair) {
  const X509Certificate certificate = NextCertificate(Reading(pair.certificate).get());
  if (certificate == nullptr) return Unreadable();
  const Key key = ReadKey(pair.key);
  if (key == nullptr) {
    return Refused("KEY_UNREADABLE",
                   "there is no PEM private key without a passphrase in the file");
  }
  if (X509_check_private_key(certificate.get(), key.get()) == 1) return absl::OkStatus();
  ERR_clear_error();
  return Refused("KEY_MISMATCH", "the certificate belongs to another key");
}

absl::Status CheckChain(absl::string_view pem, absl::string_view authorities, absl::Time now) {
  const Bio bio = Reading(pem);
  const X509Certificate certificate = NextCertificate(bio.get());
  if (certificate == nullptr) return Unreadable();
  const absl::Time from = TimeOf(X509_get0_notBefore(certificate.get()));
  const absl::Time until = TimeOf(X509_get0_notAfter(certificate.get()));
  if (now > until) {
    return Refused("CERTIFICATE_EXPIRED", absl::StrCat("the certificate expired at ", Day(until)));
  }
  if (now < from) {
    return Refused("CERTIFICATE_NOT_YET_VALID",
                   absl::StrCat("the certificate counts from ", Day(from), " on"));
  }
  const Owned<STACK_OF(X509), FreeAll> between(sk_X509_new_null());
  while (X509Certificate next = NextCertificate(bio.get())) {
    sk_X509_push(between.get(), next.release());
  }
  const X509Store store = StoreOf(authorities, now);
  const X509StoreContext context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), between.get());
  if (X509_verify_cert(context.get()) == 1) return absl::OkStatus();
  const char* why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
  ERR_clear_error();
  return Refused("CERTIFICATE_OF_OTHER_AUTHORITY",
                 absl::StrCat("the certificate does not lead to the authority: ", why));
}

bool NamesHost(absl::string_view pem, absl::string_view host) {
  const X509Certificate certificate = NextCertificate(Reading(pem).get());
  if (certificate == nullptr || host.empty()) return false;
  const std::string name(host);
  if (IsAddress(name)) return X509_check_ip_asc(certificate.get(), name.c_str(), 0) == 1;
  return X509_check_host(certificate.get(), name.data(), name.size(),
                         X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1;
}

}  // namespace minsheng::platform::tls
