#include "tools/cli/identity.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/base/file.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/identity/issuer.h"
#include "services/platform/rpc/channel.h"
#include "services/platform/rpc/server.h"
#include "tools/cli/errors.h"

namespace minsheng::cli {
namespace {

using platform::Issuer;
using platform::Principal;

// A token is made anew when it has no more than this left: a call and its repetitions end before.
constexpr absl::Duration kLeftMin = absl::Minutes(1);

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The holder's own token; nullopt when there is none.
absl::StatusOr<std::optional<std::string>> OwnToken() {
  const std::string given = Environment("MINSHENG_TOKEN");
  if (!given.empty()) return given;
  const std::string named = Environment("MINSHENG_TOKEN_FILE");
  const std::string path = named.empty() ? StateFolder() + "/token" : named;
  const auto text = platform::ReadSecretFile(path);
  if (text.ok()) return std::string(absl::StripAsciiWhitespace(*text));
  if (named.empty() && absl::IsNotFound(text.status())) return std::nullopt;
  if (platform::ReasonOf(text.status()) == "KEY_READABLE") return text.status();
  return Failure("TOKEN_FILE_UNUSABLE", absl::StrCat("读不了令牌文件 ", path));
}

// Tokens of the built-in issuer, each made when it is first needed.
class Tokens {
 public:
  explicit Tokens(Issuer issuer) : issuer_(std::move(issuer)) {}

  absl::StatusOr<std::string> For(Principal caller) {
    if (caller.district.empty()) caller.district = platform::kEveryDistrict;
    const std::vector<std::string> key = {caller.role, caller.unit, caller.post, caller.district};
    std::lock_guard lock(mutex_);
    Issuer::Token& token = made_[key];
    if (token.expires < absl::Now() + kLeftMin) {
      ASSIGN_OR_RETURN(token, issuer_.IssuePassing(caller, absl::Now()));
    }
    return token.text;
  }

 private:
  const Issuer issuer_;
  std::mutex mutex_;
  std::map<std::vector<std::string>, Issuer::Token> made_;
};

// What this process shows.
struct Own {
  absl::Status status;
  std::optional<std::string> token;
  std::unique_ptr<Tokens> tokens;
};

Own ReadOwn() {
  Own own;
  auto token = OwnToken();
  own.status = token.status();
  if (token.ok()) own.token = *std::move(token);
  if (!own.status.ok() || own.token) return own;
  auto issuer = Issuer::Open(IssuerFolder());
  if (issuer.ok()) own.tokens = std::make_unique<Tokens>(*std::move(issuer));
  if (!absl::IsNotFound(issuer.status())) own.status = issuer.status();
  return own;
}

absl::StatusOr<std::string> TokenFor(const Principal& caller) {
  static const Own own = ReadOwn();
  RETURN_IF_ERROR(own.status);
  if (own.token) return *own.token;
  if (own.tokens) return own.tokens->For(caller);
  return "";
}

}  // namespace

std::string StateFolder() {
  const std::string given = Environment("MINSHENG_STATE");
  return given.empty() ? ".minsheng" : given;
}

std::string IssuerFolder() { return StateFolder() + "/issuer"; }

bool IsThisMachine(const std::string& address) {
  absl::string_view rest = address;
  if (!absl::ConsumePrefix(&rest, "dns:///") && !absl::ConsumePrefix(&rest, "ipv4:")) {
    absl::ConsumePrefix(&rest, "ipv6:");
  }
  const std::vector<absl::string_view> all = absl::StrSplit(rest, ',');
  return std::all_of(all.begin(), all.end(), platform::rpc::IsLoopback);
}

absl::Status ShowIdentity(grpc::ClientContext& context, const Principal& caller, bool secure) {
  ASSIGN_OR_RETURN(const std::string token, TokenFor(caller));
  if (!token.empty() && !secure) {
    return Failure("TLS_NEEDED",
                   "令牌只能经加密的连接送出；请用 --ca 或 MINSHENG_CA 指明服务证书的 ca.pem");
  }
  if (!token.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
  platform::rpc::Identify(context, caller);
  return absl::OkStatus();
}

}  // namespace minsheng::cli
