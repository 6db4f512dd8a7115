#include "services/platform/tls/authority.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::platform::tls {
namespace {

namespace fs = std::filesystem;

constexpr char kAuthorityName[] = "ca";
constexpr char kRevocationsName[] = "crl";
// Machines whose clocks are a little behind take a new certificate at once.
constexpr absl::Duration kClockSkew = absl::Minutes(5);

absl::Status CheckName(const std::string& name) {
  constexpr size_t kLongest = 64;
  constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
  if (!name.empty() && name.size() <= kLongest && name != kAuthorityName &&
      name != kRevocationsName && name.find_first_not_of(kLetters) == std::string::npos) {
    return absl::OkStatus();
  }
  return Error(
      absl::StatusCode::kInvalidArgument, "BAD_CERTIFICATE_NAME",
      absl::StrCat("\"", name, "\": a certificate's name is of a-z, 0-9 and -, and not ca or crl"));
}

absl::Status MakeFolder(const std::string& folder) {
  std::error_code error;
  if (!fs::create_directories(folder, error)) {
    if (fs::is_directory(folder)) return absl::OkStatus();
    return Error(absl::StatusCode::kUnavailable, "TLS_FILE_UNWRITABLE",
                 absl::StrCat("cannot make the folder ", folder, ": ", error.message()));
  }
  fs::permissions(folder, fs::perms::owner_all, error);
  return absl::OkStatus();
}

absl::StatusOr<FileLock> Lock(const std::string& folder) {
  return FileLock::Take(absl::StrCat(folder, "/.lock"));
}

// The key first: whoever reads in between finds a pair that does not match and reads again.
absl::Status WritePair(const std::string& folder, const std::string& name, const KeyPair& pair) {
  RETURN_IF_ERROR(WriteWhole(KeyPath(folder, name), pair.key, Readers::kOwner));
  return WriteWhole(CertificatePath(folder, name), pair.certificate, Readers::kEverybody);
}

absl::StatusOr<KeyPair> ReadAuthority(const std::string& folder) {
  KeyPair pair;
  ASSIGN_OR_RETURN(pair.certificate, ReadWhole(AuthorityPath(folder)));
  ASSIGN_OR_RETURN(pair.key, ReadSecret(AuthorityKeyPath(folder)));
  const absl::Status matching = CheckPair(pair);
  if (!matching.ok()) return Prefixed(matching, absl::StrCat(AuthorityPath(folder), ": "));
  return pair;
}

std::vector<std::string> WithLoopback(std::vector<std::string> hosts) {
  for (const char* host : {"::1", "127.0.0.1", "localhost"}) {
    if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) {
      hosts.insert(hosts.begin(), host);
    }
  }
  return hosts;
}

}  // namespace

std::string AuthorityPath(const std::string& folder) { return absl::StrCat(folder, "/ca.pem"); }
std::string AuthorityKeyPath(const std::string& folder) { return absl::StrCat(folder, "/ca.key"); }
std::string RevocationsPath(const std::string& folder) { return absl::StrCat(folder, "/crl.pem"); }
std::string CertificatePath(const std::string& folder, const std::string& name) {
  return absl::StrCat(folder, "/", name, ".pem");
}
std::string KeyPath(const std::string& folder, const std::string& name) {
  return absl::StrCat(folder, "/", name, ".key");
}

std::vector<std::string> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().stem();
    if (entry.path().extension() == ".pem" && CheckName(name).ok()) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<Revoked> RevokedIn(const std::string& folder) {
  if (!fs::exists(RevocationsPath(folder))) return Revoked();
  ASSIGN_OR_RETURN(const std::string authority, ReadWhole(AuthorityPath(folder)));
  ASSIGN_OR_RETURN(const std::string list, ReadWhole(RevocationsPath(folder)));
  return ReadRevocationList(list, authority);
}

absl::StatusOr<Authority> Authority::Make(const std::string& folder) {
  RETURN_IF_ERROR(MakeFolder(folder));
  ASSIGN_OR_RETURN(FileLock lock, Lock(folder));
  const absl::Time now = absl::Now();
  if (!fs::exists(AuthorityPath(folder)) && !fs::exists(AuthorityKeyPath(folder))) {
    ASSIGN_OR_RETURN(const KeyPair made,
                     MakeAuthority("Minsheng private CA", now - kClockSkew, now + kAuthorityLasts));
    RETURN_IF_ERROR(WritePair(folder, kAuthorityName, made));
  }
  ASSIGN_OR_RETURN(KeyPair pair, ReadAuthority(folder));
  if (!fs::exists(RevocationsPath(folder))) {
    ASSIGN_OR_RETURN(const std::string list, MakeRevocationList(pair, {}, now));
    RETURN_IF_ERROR(WriteWhole(RevocationsPath(folder), list, Readers::kEverybody));
  }
  return Authority(folder, std::move(lock), std::move(pair));
}

absl::StatusOr<Authority> Authority::Open(const std::string& folder) {
  RETURN_IF_ERROR(ReadWhole(AuthorityPath(folder)).status());
  ASSIGN_OR_RETURN(FileLock lock, Lock(folder));
  ASSIGN_OR_RETURN(KeyPair pair, ReadAuthority(folder));
  return Authority(folder, std::move(lock), std::move(pair));
}

// Its certificate and key match, come from this authority, and neither expired nor are revoked.
bool Authority::Counts(const std::string& name) const {
  const auto certificate = ReadWhole(CertificatePath(folder_, name));
  const auto key = ReadWhole(KeyPath(folder_, name));
  if (!certificate.ok() || !key.ok() || !CheckPair({*certificate, *key}).ok() ||
      !CheckChain(*certificate, pair_.certificate, absl::Now()).ok()) {
    return false;
  }
  const auto revoked = RevokedIn(folder_);
  return !revoked.ok() || revoked->count(ReadCertificate(*certificate)->serial) == 0;
}

absl::Status Authority::Write(const std::string& name, const KeyPair& pair) const {
  return WritePair(folder_, name, pair);
}

absl::StatusOr<bool> Authority::IssueUnlessThere(const std::string& name, const Options& options) {
  RETURN_IF_ERROR(CheckName(name));
  if (Counts(name)) return false;
  const absl::Time now = absl::Now();
  Wanted wanted;
  wanted.common_name = name;
  wanted.uri = options.service ? ServiceUri(name) : "";
  wanted.hosts = options.service ? WithLoopback(options.hosts) : options.hosts;
  wanted.not_before = now - kClockSkew;
  wanted.not_after = now + options.lasts;
  ASSIGN_OR_RETURN(const KeyPair pair, Issue(pair_, wanted));
  RETURN_IF_ERROR(Write(name, pair));
  return true;
}

absl::StatusOr<Certificate> Authority::Renew(const std::string& name, absl::Duration lasts,
                                             bool new_key) {
  RETURN_IF_ERROR(CheckName(name));
  const auto old = ReadWhole(CertificatePath(folder_, name));
  if (!old.ok()) {
    return Error(absl::StatusCode::kNotFound, "UNKNOWN_CERTIFICATE",
                 absl::StrCat("no certificate of this name: ", name), {{"name", name}});
  }
  ASSIGN_OR_RETURN(const Certificate said, ReadCertificate(*old));
  const absl::Time now = absl::Now();
  Wanted wanted{said.common_name, said.uri, said.hosts, now - kClockSkew, now + lasts, ""};
  if (!new_key) {
    ASSIGN_OR_RETURN(wanted.key, ReadSecret(KeyPath(folder_, name)));
  }
  ASSIGN_OR_RETURN(const KeyPair pair, Issue(pair_, wanted));
  if (new_key) {
    RETURN_IF_ERROR(Write(name, pair));
  } else {
    RETURN_IF_ERROR(
        WriteWhole(CertificatePath(folder_, name), pair.certificate, Readers::kEverybody));
  }
  return ReadCertificate(pair.certificate);
}

absl::StatusOr<bool> Authority::Revoke(const std::string& serial) {
  ASSIGN_OR_RETURN(Revoked revoked, RevokedIn(folder_));
  const absl::Time now = absl::Now();
  if (!revoked.emplace(serial, now).second) return false;
  ASSIGN_OR_RETURN(const std::string list, MakeRevocationList(pair_, revoked, now));
  RETURN_IF_ERROR(WriteWhole(RevocationsPath(folder_), list, Readers::kEverybody));
  return true;
}

}  // namespace minsheng::platform::tls
