#include "services/platform/identity/token.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/platform/access/policy.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/identity/jose.h"

namespace minsheng::platform {
namespace {

using common::v1::Role;

// 9999-12-31: beyond it an instant is a mistake.
constexpr double kUnixSecondsMax = 253402300799;
constexpr size_t kDistrictDigits = 6;

absl::Status Refused(absl::string_view reason, absl::string_view message) {
  return Error(absl::StatusCode::kUnauthenticated, reason, message);
}

absl::Status Malformed(absl::string_view what) {
  return Refused("TOKEN_MALFORMED", absl::StrCat("the token ", what));
}

absl::Status BadClaim(absl::string_view claim, absl::string_view what) {
  return Error(absl::StatusCode::kUnauthenticated, "TOKEN_CLAIMS",
               absl::StrCat("the token's claim ", claim, " ", what), {{"claim", claim}});
}

struct Parts {
  JsonPtr header;
  std::string payload;
};

absl::StatusOr<Parts> Split(absl::string_view token) {
  if (token.empty()) return Refused("TOKEN_MISSING", "the call carries no token");
  if (token.size() > kTokenBytesMax) return Malformed("is longer than 8 KiB");
  const std::vector<absl::string_view> texts = absl::StrSplit(token, absl::MaxSplits('.', 3));
  if (texts.size() != 3) return Malformed("has not three parts");
  const auto header = DecodeBase64Url(texts[0]);
  auto payload = DecodeBase64Url(texts[1]);
  if (!header || !payload || !DecodeBase64Url(texts[2])) {
    return Malformed("is not in base64url");
  }
  Parts parts{ParseJsonObject(*header), *std::move(payload)};
  if (!parts.header) return Malformed("has a header that is no JSON object, or names twice");
  return parts;
}

// Whatever else may stand in a header would want to be understood (crit), bring its own key (jwk,
// jku, x5c, x5u), or change the payload (zip, b64, cty).
absl::Status CheckHeader(const json_t* header) {
  const char* name = nullptr;
  json_t* value = nullptr;
  json_object_foreach(const_cast<json_t*>(header), name, value) {
    static constexpr absl::string_view kKnown[] = {"alg", "kid", "typ", "x5t", "x5t#S256"};
    if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown)) {
      return Malformed("has a header with more than alg, kid, typ, x5t");
    }
    if (!json_is_string(value)) return Malformed("has a header whose members are not texts");
  }
  const auto type = TextMember(header, "typ");
  if (type && !absl::EqualsIgnoreCase(*type, "JWT") && !absl::EqualsIgnoreCase(*type, "at+jwt")) {
    return Malformed("is of another type than JWT");
  }
  return absl::OkStatus();
}

// The key that the header names, once its algorithm is the key's.
absl::StatusOr<const VerifyKey*> KeyFor(const json_t* header, const KeySet& keys) {
  const auto algorithm = TextMember(header, "alg");
  if (algorithm != NameOf(Algorithm::kEs256) && algorithm != NameOf(Algorithm::kRs256)) {
    return Refused("TOKEN_ALGORITHM", "the token is signed with neither ES256 nor RS256");
  }
  const auto id = TextMember(header, "kid");
  const VerifyKey* key = id ? keys.Find(*id) : nullptr;
  if (key == nullptr) {
    return Refused("TOKEN_KEY_UNKNOWN", "no key is known by the token's kid; get a new token");
  }
  if (algorithm != NameOf(key->algorithm())) {
    return Refused("TOKEN_ALGORITHM", "the token names another algorithm than its key has");
  }
  return key;
}

// A claim that is a NumericDate; `otherwise` when it is absent.
absl::StatusOr<absl::Time> TimeClaim(const json_t* claims, const char* name, absl::Time otherwise) {
  const json_t* claim = json_object_get(claims, name);
  if (claim == nullptr) return otherwise;
  if (!json_is_number(claim)) return BadClaim(name, "is no number");
  const double seconds = json_number_value(claim);
  if (!(seconds >= 0 && seconds <= kUnixSecondsMax)) return BadClaim(name, "is out of range");
  if (json_is_integer(claim)) return absl::FromUnixSeconds(json_integer_value(claim));
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

absl::Status TokenExpired() {
  return Refused("TOKEN_EXPIRED", "the token has expired; get a new one");
}

absl::Status CheckTimes(const json_t* claims, absl::Time now, absl::Time& expires) {
  ASSIGN_OR_RETURN(expires, TimeClaim(claims, "exp", absl::InfinitePast()));
  if (expires == absl::InfinitePast()) return BadClaim("exp", "is missing");
  for (const char* name : {"nbf", "iat"}) {
    ASSIGN_OR_RETURN(const absl::Time from, TimeClaim(claims, name, absl::InfinitePast()));
    if (from > now + kClockSkewMax) {
      return Refused("TOKEN_NOT_YET_VALID",
                     absl::StrCat("the token's ", name, " lies ahead; look at the clocks"));
    }
  }
  return absl::OkStatus();
}

bool Holds(const json_t* list, absl::string_view text) {
  for (size_t i = 0; i < json_array_size(list); ++i) {
    const json_t* item = json_array_get(list, i);
    if (json_is_string(item) && text == json_string_value(item)) return true;
  }
  return false;
}

absl::Status CheckAddress(const json_t* claims, const TokenRules& rules) {
  if (TextMember(claims, "iss") != rules.issuer) {
    return Refused("TOKEN_ISSUER", "the token is from another issuer");
  }
  if (TextMember(claims, "aud") != rules.audience &&
      !Holds(json_object_get(claims, "aud"), rules.audience)) {
    return Refused("TOKEN_AUDIENCE", "the token is for another audience");
  }
  return absl::OkStatus();
}

// A text without control characters; empty when the claim is absent.
absl::StatusOr<std::string> NameClaim(const json_t* claims, const char* name) {
  if (json_object_get(claims, name) == nullptr) return "";
  const auto text = TextMember(claims, name);
  if (!text) return BadClaim(name, "is no text");
  if (text->size() > kNameBytesMax) return BadClaim(name, "is longer than 256 bytes");
  const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (std::any_of(text->begin(), text->end(), control)) {
    return BadClaim(name, "holds a control character");
  }
  return std::string(*text);
}

bool IsDistrict(absl::string_view text) {
  return text == kEveryDistrict || (text.size() == kDistrictDigits &&
                                    std::all_of(text.begin(), text.end(), absl::ascii_isdigit));
}

absl::StatusOr<Principal> PrincipalOf(const json_t* claims) {
  Principal principal;
  const auto id = TextMember(claims, "jti");
  if (!id || !IsTokenId(*id)) return BadClaim("jti", "is missing, or no short id");
  principal.credential = CredentialOfToken(*id);
  ASSIGN_OR_RETURN(principal.role, NameClaim(claims, "role"));
  const Role role = RoleNamed(principal.role);
  if (role == common::v1::ROLE_UNSPECIFIED || NameOf(role) != principal.role) {
    return BadClaim("role", "is no role");
  }
  ASSIGN_OR_RETURN(principal.district, NameClaim(claims, "district"));
  if (!IsDistrict(principal.district)) {
    return BadClaim("district", "is neither six digits nor *");
  }
  ASSIGN_OR_RETURN(principal.unit, NameClaim(claims, "unit"));
  const bool of_unit =
      role == common::v1::ROLE_REPORTER || role == common::v1::ROLE_COOPERATING_UNIT;
  if (of_unit && principal.unit.empty()) return BadClaim("unit", "is missing");
  ASSIGN_OR_RETURN(principal.post, NameClaim(claims, "post"));
  return principal;
}

JsonPtr ToJson(const Claims& claims) {
  JsonPtr json(json_object());
  const auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) json_object_set_new(json.get(), name, json_string(value.c_str()));
  };
  const auto time = [&](const char* name, absl::Time value) {
    json_object_set_new(json.get(), name, json_integer(absl::ToUnixSeconds(value)));
  };
  text("iss", claims.rules.issuer);
  text("aud", claims.rules.audience);
  text("jti", claims.id);
  text("role", claims.role);
  text("unit", claims.unit);
  text("post", claims.post);
  text("district", claims.district);
  time("iat", claims.issued_at);
  time("nbf", claims.issued_at);
  time("exp", claims.expires);
  return json;
}

}  // namespace

std::string CredentialOfToken(absl::string_view id) { return absl::StrCat("token:", id); }

bool IsTokenId(absl::string_view id) {
  return !id.empty() && id.size() <= kTokenIdBytesMax &&
         std::all_of(id.begin(), id.end(), absl::ascii_isgraph);
}

absl::StatusOr<Principal> VerifyToken(absl::string_view token, const KeySet& keys,
                                      const TokenRules& rules, absl::Time now) {
  ASSIGN_OR_RETURN(Principal principal, VerifySigned(token, keys, rules, now));
  if (now >= principal.expires) return TokenExpired();
  return principal;
}

absl::StatusOr<Principal> VerifySigned(absl::string_view token, const KeySet& keys,
                                       const TokenRules& rules, absl::Time now) {
  ASSIGN_OR_RETURN(const Parts parts, Split(token));
  RETURN_IF_ERROR(CheckHeader(parts.header.get()));
  ASSIGN_OR_RETURN(const VerifyKey* key, KeyFor(parts.header.get(), keys));
  if (!key->Signed(token)) {
    return Refused("TOKEN_SIGNATURE", "the token was not signed with the key that it names");
  }
  const JsonPtr claims = ParseJsonObject(parts.payload);
  if (!claims) return Malformed("has a payload that is no JSON object, or names twice");
  RETURN_IF_ERROR(CheckAddress(claims.get(), rules));
  absl::Time expires;
  RETURN_IF_ERROR(CheckTimes(claims.get(), now, expires));
  ASSIGN_OR_RETURN(Principal principal, PrincipalOf(claims.get()));
  principal.expires = expires;
  return principal;
}

absl::StatusOr<std::string> Mint(const Claims& claims, const SigningKey& key) {
  const JsonPtr json = ToJson(claims);
  const absl::Status usable = PrincipalOf(json.get()).status();
  if (!usable.ok()) {
    return Error(absl::StatusCode::kInvalidArgument, "TOKEN_CLAIMS", usable.message());
  }
  return key.Sign(JsonText(json.get()));
}

absl::StatusOr<std::string> UncheckedClaims(absl::string_view token) {
  ASSIGN_OR_RETURN(const Parts parts, Split(token));
  const JsonPtr claims = ParseJsonObject(parts.payload);
  if (!claims) return Malformed("has a payload that is no JSON object, or names twice");
  return JsonText(claims.get());
}

}  // namespace minsheng::platform
