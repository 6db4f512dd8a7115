#include "services/platform/identity/issuer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/base/file.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/identity/jose.h"

namespace minsheng::platform {
namespace {

constexpr char kHeadLine[] = "issued_at\tjti\trole\tunit\tpost\tdistrict\texpires\tkid\n";
constexpr size_t kColumns = 8;

std::string PathOfIssued(const std::string& folder) { return folder + "/issued.tsv"; }

std::string TextOf(absl::Time time) {
  return absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone());
}

// Held while a folder is changed.
class FolderLock {
 public:
  static absl::StatusOr<FolderLock> Take(const std::string& folder) {
    const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
      return Error(absl::StatusCode::kNotFound, "NO_ISSUER",
                   absl::StrCat("there is no issuer in ", folder));
    }
    if (flock(fd, LOCK_EX) == 0) return FolderLock(fd);
    close(fd);
    return Error(absl::StatusCode::kUnavailable, "ISSUER_BUSY", "the issuer's folder is in use");
  }
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock() {
    if (fd_ >= 0) close(fd_);
  }

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

std::string Jwks(const std::vector<std::string>& keys) {
  return absl::StrCat("{\"keys\":[", absl::StrJoin(keys, ",\n"), "]}\n");
}

// The public keys of a jwks.json that are to stay, as they stand there.
absl::StatusOr<std::vector<std::string>> KeysToStay(const std::string& folder,
                                                    const std::set<std::string>& ids) {
  ASSIGN_OR_RETURN(const std::string text, ReadPublicFile(Issuer::PathOfJwks(folder)));
  const JsonPtr jwks = ParseJsonObject(text);
  const json_t* keys = json_object_get(jwks.get(), "keys");
  std::vector<std::string> staying;
  for (size_t i = 0; i < json_array_size(keys); ++i) {
    const json_t* key = json_array_get(keys, i);
    const auto id = TextMember(key, "kid");
    if (id && ids.contains(std::string(*id))) staying.push_back(JsonText(key));
  }
  return staying;
}

absl::StatusOr<IssuedToken> ParseLine(absl::string_view line) {
  const std::vector<std::string> cells = absl::StrSplit(line, '\t');
  IssuedToken token;
  std::string why;
  if (cells.size() != kColumns ||
      !absl::ParseTime(absl::RFC3339_full, cells[0], &token.issued_at, &why) ||
      !absl::ParseTime(absl::RFC3339_full, cells[6], &token.expires, &why)) {
    return Error(absl::StatusCode::kFailedPrecondition, "FILE_UNUSABLE",
                 "issued.tsv has a line that is none of its own");
  }
  token.id = cells[1];
  token.role = cells[2];
  token.unit = cells[3];
  token.post = cells[4];
  token.district = cells[5];
  token.key_id = cells[7];
  return token;
}

}  // namespace

absl::StatusOr<Issuer> Issuer::Create(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  ASSIGN_OR_RETURN(const FolderLock lock, FolderLock::Take(folder));
  if (std::filesystem::exists(PathOfKey(folder), error)) {
    return Error(absl::StatusCode::kAlreadyExists, "ISSUER_EXISTS",
                 absl::StrCat("there is an issuer in ", folder, " already"));
  }
  ASSIGN_OR_RETURN(SigningKey key, SigningKey::Generate(Algorithm::kEs256));
  RETURN_IF_ERROR(ReplaceFile(PathOfJwks(folder), Jwks({key.PublicJwk()}), Readers::kEverybody));
  RETURN_IF_ERROR(ReplaceFile(PathOfIssued(folder), kHeadLine, Readers::kOwner));
  RETURN_IF_ERROR(ReplaceFile(PathOfKey(folder), key.PrivateJwk(), Readers::kOwner));
  return Issuer(folder, std::move(key));
}

absl::StatusOr<Issuer> Issuer::Open(const std::string& folder) {
  const auto text = ReadSecretFile(PathOfKey(folder));
  if (absl::IsNotFound(text.status())) {
    return Error(absl::StatusCode::kNotFound, "NO_ISSUER",
                 absl::StrCat("there is no issuer in ", folder));
  }
  RETURN_IF_ERROR(text.status());
  ASSIGN_OR_RETURN(SigningKey key, SigningKey::FromJwk(*text));
  return Issuer(folder, std::move(key));
}

absl::StatusOr<Issuer::Token> Issuer::Make(const Principal& principal, absl::Time now,
                                           absl::Duration lifetime) const {
  Claims claims;
  claims.id = RandomId();
  claims.role = principal.role;
  claims.unit = principal.unit;
  claims.post = principal.post;
  claims.district = principal.district;
  claims.issued_at = absl::FromUnixSeconds(absl::ToUnixSeconds(now));
  claims.expires = claims.issued_at + lifetime;
  ASSIGN_OR_RETURN(std::string text, Mint(claims, key_));
  return Token{std::move(text), claims.id, claims.expires};
}

absl::StatusOr<Issuer::Token> Issuer::IssuePassing(const Principal& principal,
                                                   absl::Time now) const {
  return Make(principal, now, kPassingLifetimeMax);
}

absl::StatusOr<Issuer::Token> Issuer::Issue(const Principal& principal, absl::Time now,
                                            absl::Duration lifetime) const {
  ASSIGN_OR_RETURN(const FolderLock lock, FolderLock::Take(folder_));
  ASSIGN_OR_RETURN(Token token, Make(principal, now, lifetime));
  RETURN_IF_ERROR(Note(principal, token, now));
  return token;
}

absl::Status Issuer::Note(const Principal& principal, const Token& token, absl::Time now) const {
  ASSIGN_OR_RETURN(std::string text, ReadSecretFile(PathOfIssued(folder_)));
  const std::vector<std::string> cells = {TextOf(now),           token.id,       principal.role,
                                          principal.unit,        principal.post, principal.district,
                                          TextOf(token.expires), key_.id()};
  absl::StrAppend(&text, absl::StrJoin(cells, "\t"), "\n");
  return ReplaceFile(PathOfIssued(folder_), text, Readers::kOwner);
}

absl::StatusOr<std::vector<IssuedToken>> Issuer::List() const {
  ASSIGN_OR_RETURN(const std::string text, ReadSecretFile(PathOfIssued(folder_)));
  std::vector<IssuedToken> tokens;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    if (absl::StrCat(line, "\n") == kHeadLine) continue;
    ASSIGN_OR_RETURN(IssuedToken token, ParseLine(line));
    tokens.push_back(std::move(token));
  }
  return tokens;
}

absl::Status Issuer::Rotate(absl::Time now, absl::Duration settle) {
  ASSIGN_OR_RETURN(const FolderLock lock, FolderLock::Take(folder_));
  ASSIGN_OR_RETURN(const std::vector<IssuedToken> issued, List());
  // Another process may have rotated since this one read the key.
  ASSIGN_OR_RETURN(const Issuer present, Open(folder_));
  std::set<std::string> needed = {present.key_id()};
  for (const IssuedToken& token : issued) {
    if (token.expires > now) needed.insert(token.key_id);
  }
  ASSIGN_OR_RETURN(std::vector<std::string> keys, KeysToStay(folder_, needed));
  ASSIGN_OR_RETURN(SigningKey next, SigningKey::Generate(Algorithm::kEs256));
  keys.insert(keys.begin(), next.PublicJwk());
  RETURN_IF_ERROR(ReplaceFile(PathOfJwks(folder_), Jwks(keys), Readers::kEverybody));
  absl::SleepFor(settle);
  RETURN_IF_ERROR(ReplaceFile(PathOfKey(folder_), next.PrivateJwk(), Readers::kOwner));
  key_ = std::move(next);
  return absl::OkStatus();
}

}  // namespace minsheng::platform
