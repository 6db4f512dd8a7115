#include "services/platform/identity/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <random>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/identity/testing.h"

namespace minsheng::platform {
namespace {

using testing::ClaimTexts;
using testing::GoodClaims;
using testing::Json;
using testing::JwksOf;
using testing::SignHs256;
using testing::TestKey;

const absl::Time kNow = absl::FromUnixSeconds(1'760'000'000);

// Two keys that count, an elliptic and an RSA one, and one that does not.
struct Keys {
  TestKey ec = TestKey::Ec("ec");
  TestKey rsa = TestKey::Rsa(2048, "rsa");
  TestKey stranger = TestKey::Ec("ec");
  KeySet set = *KeySet::FromJwks(JwksOf({ec, rsa}));
};

const Keys& TheKeys() {
  static const auto* const keys = new Keys();
  return *keys;
}

absl::StatusOr<Principal> Verify(absl::string_view token, absl::Time now = kNow) {
  return VerifyToken(token, TheKeys().set, TokenRules(), now);
}

std::string ReasonFor(absl::string_view token, absl::Time now = kNow) {
  const auto principal = Verify(token, now);
  if (principal.ok()) return "ACCEPTED";
  EXPECT_EQ(principal.status().code(), absl::StatusCode::kUnauthenticated);
  if (token.size() > 20) {
    EXPECT_FALSE(absl::StrContains(principal.status().ToString(), token.substr(0, 20)));
  }
  return ReasonOf(principal.status());
}

std::string With(const std::string& claim, const std::string& json) {
  ClaimTexts claims = GoodClaims(kNow);
  claims[claim] = json;
  if (json.empty()) claims.erase(claim);
  return TheKeys().ec.Sign(Json(claims));
}

std::string Header(const std::string& members) {
  return TheKeys().ec.Sign(members, Json(GoodClaims(kNow)));
}

TEST(Token, SaysWhoItsBearerIs) {
  for (const TestKey* key : {&TheKeys().ec, &TheKeys().rsa}) {
    const auto principal = Verify(key->Sign(Json(GoodClaims(kNow))));
    ASSERT_TRUE(principal.ok()) << key->algorithm() << principal.status();
    EXPECT_EQ(principal->role, "reporter");
    EXPECT_EQ(principal->unit, "区交通局");
    EXPECT_EQ(principal->post, "联络员");
    EXPECT_EQ(principal->district, "500156");
    EXPECT_EQ(principal->credential, "token:t-1");
    EXPECT_EQ(principal->expires, kNow + absl::Hours(1));
  }
}

struct Case {
  const char* what;
  std::string token;
  const char* reason;
};

void Expect(const std::vector<Case>& cases) {
  for (const Case& one : cases) EXPECT_EQ(ReasonFor(one.token), one.reason) << one.what;
}

TEST(Token, ClaimsAreChecked) {
  const auto at = [](int64_t offset) { return absl::StrCat(absl::ToUnixSeconds(kNow) + offset); };
  Expect({
      {"the audience stands in a list", With("aud", R"(["other","minsheng"])"), "ACCEPTED"},
      {"no district in particular", With("district", "\"*\""), "ACCEPTED"},
      {"without a post", With("post", ""), "ACCEPTED"},
      {"without iat", With("iat", ""), "ACCEPTED"},
      {"without nbf", With("nbf", ""), "ACCEPTED"},
      {"issued by a clock ahead of ours", With("iat", at(60)), "ACCEPTED"},
      {"from a clock ahead of ours", With("nbf", at(60)), "ACCEPTED"},
      {"fractions of a second", With("exp", at(1) + ".5"), "ACCEPTED"},
      {"claims that nobody reads", With("name", "{\"a\":[1]}"), "ACCEPTED"},
      {"the last second is over", With("exp", at(0)), "TOKEN_EXPIRED"},
      {"long over", With("exp", at(-86400)), "TOKEN_EXPIRED"},
      {"not yet", With("nbf", at(61)), "TOKEN_NOT_YET_VALID"},
      {"issued in the future", With("iat", at(61)), "TOKEN_NOT_YET_VALID"},
      {"wrong issuer", With("iss", "\"elsewhere\""), "TOKEN_ISSUER"},
      {"no issuer", With("iss", ""), "TOKEN_ISSUER"},
      {"issuers in a list", With("iss", "[\"minsheng\"]"), "TOKEN_ISSUER"},
      {"wrong audience", With("aud", "\"elsewhere\""), "TOKEN_AUDIENCE"},
      {"wrong audiences", With("aud", "[\"elsewhere\", 1]"), "TOKEN_AUDIENCE"},
      {"no audience", With("aud", ""), "TOKEN_AUDIENCE"},
      {"no expiry", With("exp", ""), "TOKEN_CLAIMS"},
      {"expiry as text", With("exp", "\"" + at(60) + "\""), "TOKEN_CLAIMS"},
      {"expiry beyond all time", With("exp", "1e300"), "TOKEN_CLAIMS"},
      {"negative time", With("nbf", "-1"), "TOKEN_CLAIMS"},
      {"no id", With("jti", ""), "TOKEN_CLAIMS"},
      {"empty id", With("jti", "\"\""), "TOKEN_CLAIMS"},
      {"id with a blank", With("jti", "\"a b\""), "TOKEN_CLAIMS"},
      {"id too long", With("jti", "\"" + std::string(129, 'a') + "\""), "TOKEN_CLAIMS"},
      {"no role", With("role", ""), "TOKEN_CLAIMS"},
      {"no such role", With("role", "\"mayor\""), "TOKEN_CLAIMS"},
      {"role in capitals", With("role", "\"REPORTER\""), "TOKEN_CLAIMS"},
      {"unspecified role", With("role", "\"unspecified\""), "TOKEN_CLAIMS"},
      {"roles in a list", With("role", "[\"reporter\"]"), "TOKEN_CLAIMS"},
      {"no district", With("district", ""), "TOKEN_CLAIMS"},
      {"district of five digits", With("district", "\"50015\""), "TOKEN_CLAIMS"},
      {"district as a number", With("district", "500156"), "TOKEN_CLAIMS"},
      {"reporter without unit", With("unit", ""), "TOKEN_CLAIMS"},
      {"unit with a line break", With("unit", "\"a\\nb\""), "TOKEN_CLAIMS"},
      {"unit too long", With("unit", "\"" + std::string(257, 'a') + "\""), "TOKEN_CLAIMS"},
      {"post is no text", With("post", "7"), "TOKEN_CLAIMS"},
  });
}

TEST(Token, HeadersAreChecked) {
  Expect({
      {"good", Header(R"({"alg":"ES256","kid":"ec"})"), "ACCEPTED"},
      {"alg none", Header(R"({"alg":"none","kid":"ec"})"), "TOKEN_ALGORITHM"},
      {"alg None", Header(R"({"alg":"None","kid":"ec"})"), "TOKEN_ALGORITHM"},
      {"no alg", Header(R"({"kid":"ec"})"), "TOKEN_ALGORITHM"},
      {"HS256", Header(R"({"alg":"HS256","kid":"ec"})"), "TOKEN_ALGORITHM"},
      {"ES384", Header(R"({"alg":"ES384","kid":"ec"})"), "TOKEN_ALGORITHM"},
      {"PS256", Header(R"({"alg":"PS256","kid":"rsa"})"), "TOKEN_ALGORITHM"},
      {"the other key's algorithm", Header(R"({"alg":"RS256","kid":"ec"})"), "TOKEN_ALGORITHM"},
      {"no kid", Header(R"({"alg":"ES256"})"), "TOKEN_KEY_UNKNOWN"},
      {"unknown kid", Header(R"({"alg":"ES256","kid":"x"})"), "TOKEN_KEY_UNKNOWN"},
      {"kid is no text", Header(R"({"alg":"ES256","kid":1})"), "TOKEN_MALFORMED"},
      {"crit", Header(R"({"alg":"ES256","kid":"ec","crit":["exp"]})"), "TOKEN_MALFORMED"},
      {"jku", Header(R"({"alg":"ES256","kid":"ec","jku":"https://a/"})"), "TOKEN_MALFORMED"},
      {"x5u", Header(R"({"alg":"ES256","kid":"ec","x5u":"https://a/"})"), "TOKEN_MALFORMED"},
      {"x5c", Header(R"({"alg":"ES256","kid":"ec","x5c":["MA=="]})"), "TOKEN_MALFORMED"},
      {"zip", Header(R"({"alg":"ES256","kid":"ec","zip":"DEF"})"), "TOKEN_MALFORMED"},
      {"b64", Header(R"({"alg":"ES256","kid":"ec","b64":false})"), "TOKEN_MALFORMED"},
      {"nested", Header(R"({"alg":"ES256","kid":"ec","cty":"JWT"})"), "TOKEN_MALFORMED"},
      {"another type", Header(R"({"alg":"ES256","kid":"ec","typ":"JWE"})"), "TOKEN_MALFORMED"},
      {"alg twice", Header(R"({"alg":"none","kid":"ec","alg":"ES256"})"), "TOKEN_MALFORMED"},
      {"a list", Header(R"(["alg"])"), "TOKEN_MALFORMED"},
  });
}

// Tokens that somebody without a private key can make.
TEST(Token, ForgeriesAreRefused) {
  const Keys& keys = TheKeys();
  const std::string good = Json(GoodClaims(kNow));
  const std::string token = keys.ec.Sign(good);
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  const std::string none = testing::Base64Url(R"({"alg":"none","kid":"ec"})");
  const auto hs = [&](const char* kid, const std::string& secret) {
    return SignHs256(absl::StrCat(R"({"alg":"HS256","kid":")", kid, "\"}"), good, secret);
  };
  // The same with the right algorithm's name over the HMAC.
  const auto posing = [&](const TestKey& key, const std::string& secret) {
    return SignHs256(absl::StrCat(R"({"alg":")", key.algorithm(), R"(","kid":")", key.kid(), "\"}"),
                     good, secret);
  };
  ClaimTexts lead = GoodClaims(kNow);
  lead["role"] = "\"leader\"";
  const std::string altered = testing::Base64Url(Json(lead));
  const std::string own_key =
      absl::StrCat(R"({"alg":"ES256","kid":"ec","jwk":)", keys.stranger.PublicJwk(), "}");
  const std::string zeros = testing::Base64Url(std::string(64, '\0'));
  Expect({
      {"unsigned", none + "." + parts[1] + ".", "TOKEN_ALGORITHM"},
      {"unsigned with its old signature", none + "." + parts[1] + "." + parts[2],
       "TOKEN_ALGORITHM"},
      {"signature cut off", parts[0] + "." + parts[1] + ".", "TOKEN_SIGNATURE"},
      {"zeros for a signature", parts[0] + "." + parts[1] + "." + zeros, "TOKEN_SIGNATURE"},
      {"HS256, EC PEM", hs("ec", keys.ec.PublicPem()), "TOKEN_ALGORITHM"},
      {"HS256, EC JWK", hs("ec", keys.ec.PublicJwk()), "TOKEN_ALGORITHM"},
      {"HS256, RSA PEM", hs("rsa", keys.rsa.PublicPem()), "TOKEN_ALGORITHM"},
      {"HS256, RSA JWK", hs("rsa", keys.rsa.PublicJwk()), "TOKEN_ALGORITHM"},
      {"HMAC posing as ES256", posing(keys.ec, keys.ec.PublicPem()), "TOKEN_SIGNATURE"},
      {"HMAC posing as RS256", posing(keys.rsa, keys.rsa.PublicPem()), "TOKEN_SIGNATURE"},
      {"altered payload", parts[0] + "." + altered + "." + parts[2], "TOKEN_SIGNATURE"},
      {"a stranger's key, the known kid", keys.stranger.Sign(good), "TOKEN_SIGNATURE"},
      {"the RSA key's kid over the other's signature",
       keys.ec.Sign(R"({"alg":"RS256","kid":"rsa"})", good), "TOKEN_SIGNATURE"},
      {"brings its own key", keys.stranger.Sign(own_key, good), "TOKEN_MALFORMED"},
      {"header as another signed one",
       Header(R"({"alg":"ES256","kid":"ec","typ":"jwt"})")
               .substr(0, Header(R"({"alg":"ES256","kid":"ec","typ":"jwt"})").find('.')) +
           "." + parts[1] + "." + parts[2],
       "TOKEN_SIGNATURE"},
      {"a role twice, signed",
       keys.ec.Sign(good.substr(0, good.size() - 1) + ",\"role\":\"leader\"}"), "TOKEN_MALFORMED"},
      {"payload no object", keys.ec.Sign("[]"), "TOKEN_MALFORMED"},
      {"empty", "", "TOKEN_MISSING"},
      {"two parts", parts[0] + "." + parts[1], "TOKEN_MALFORMED"},
      {"four parts", token + ".", "TOKEN_MALFORMED"},
      {"encrypted form", token + "..", "TOKEN_MALFORMED"},
      {"padding", token + "==", "TOKEN_MALFORMED"},
      {"a line break", token + "\n", "TOKEN_MALFORMED"},
      {"JSON form", R"({"payload":"","signatures":[]})", "TOKEN_MALFORMED"},
      {"too long", std::string(kTokenBytesMax + 1, 'a'), "TOKEN_MALFORMED"},
  });
}

// Bytes changed, cut, doubled and put in at random; the seed is fixed.
TEST(Token, NoMutationIsAccepted) {
  constexpr int kMutations = 100'000;
  const std::string good = TheKeys().ec.Sign(Json(GoodClaims(kNow)));
  std::mt19937 chance(20261125);
  static constexpr char kLetters[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.{}\"=\n\x7f";
  const auto at = [&](size_t size) {
    return std::uniform_int_distribution<size_t>(0, size - 1)(chance);
  };
  std::map<std::string, int> reasons;
  for (int i = 0; i < kMutations; ++i) {
    std::string token = good;
    for (size_t times = 1 + at(3); times > 0; --times) {
      const size_t place = at(token.size());
      switch (at(4)) {
        case 0:
          token[place] = kLetters[at(sizeof(kLetters) - 1)];
          break;
        case 1:
          token.insert(place, 1, static_cast<char>(at(256)));
          break;
        case 2:
          token.erase(place, 1 + at(4));
          break;
        default:
          token.insert(place, token.substr(at(token.size()), at(40)));
          break;
      }
      if (token.empty()) token = ".";
    }
    if (token != good) ++reasons[ReasonFor(token)];
  }
  EXPECT_EQ(reasons.count("ACCEPTED"), 0u);
  for (const auto& [reason, count] : reasons) printf("» %s %d\n", reason.c_str(), count);
}

TEST(Token, WhatIsMintedVerifies) {
  for (const Algorithm algorithm : {Algorithm::kEs256, Algorithm::kRs256}) {
    const SigningKey made = *SigningKey::Generate(algorithm);
    const SigningKey key = *SigningKey::FromJwk(made.PrivateJwk());
    EXPECT_EQ(key.id(), made.id());
    const KeySet keys = *KeySet::FromJwks(absl::StrCat("{\"keys\":[", key.PublicJwk(), "]}"));
    Claims claims;
    claims.id = "t-9";
    claims.role = "cooperating_unit";
    claims.unit = "区水利局";
    claims.district = "500156";
    claims.issued_at = kNow;
    claims.expires = kNow + absl::Hours(1);
    const auto token = Mint(claims, key);
    ASSERT_TRUE(token.ok()) << token.status();
    const auto principal = VerifyToken(*token, keys, TokenRules(), kNow);
    ASSERT_TRUE(principal.ok()) << principal.status();
    EXPECT_EQ(principal->credential, "token:t-9");
    EXPECT_EQ(principal->unit, "区水利局");
    EXPECT_TRUE(absl::StrContains(*UncheckedClaims(*token), "区水利局"));
    claims.unit.clear();
    EXPECT_EQ(ReasonOf(Mint(claims, key).status()), "TOKEN_CLAIMS");
  }
}

TEST(Keys, PrivateOnesAreReadAndNeverTold) {
  const std::string secret = SigningKey::Generate(Algorithm::kEs256)->PrivateJwk();
  for (const std::string& bad :
       {std::string(), std::string("{}"), secret.substr(0, secret.size() - 9),
        SigningKey::Generate(Algorithm::kEs256)->PublicJwk()}) {
    const auto key = SigningKey::FromJwk(bad);
    EXPECT_EQ(ReasonOf(key.status()), "BAD_PRIVATE_KEY");
  }
}

TEST(Keys, SetsAreReadAsRfc7517Wants) {
  const TestKey ec = TestKey::Ec("ec"), weak = TestKey::Rsa(1024, "weak");
  const auto set_of = [](const std::vector<std::string>& keys) {
    return KeySet::FromJwks(absl::StrCat("{\"keys\":[", absl::StrJoin(keys, ","), "]}"));
  };
  const std::string jwk = ec.PublicJwk();
  const auto without = [&](const char* from, const char* to) {
    return absl::StrReplaceAll(jwk, {{from, to}, {"\"ec\"", "\"x\""}});
  };
  const std::vector<std::string> ignored = {
      weak.PublicJwk(),
      R"({"kty":"oct","k":"c2VjcmV0","kid":"o","alg":"HS256"})",
      R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"e"})",
      without("\"use\":\"sig\"", "\"use\":\"enc\""),
      without("\"alg\":\"ES256\"", "\"alg\":\"HS256\""),
      without("\"P-256\"", "\"P-384\""),
      without("\"kid\":\"ec\"", "\"kid\":\"\""),
      R"({"kty":"EC","crv":"P-256","kid":"n"})",
      "7"};
  for (const std::string& key : ignored) {
    const auto set = set_of({jwk, key});
    ASSERT_TRUE(set.ok()) << key << set.status();
    EXPECT_EQ(set->size(), 1u) << key;
    EXPECT_EQ(set->left_out().size(), 1u) << key;
    EXPECT_EQ(ReasonOf(set_of({key}).status()), "BAD_KEY_SET") << key;
  }
  EXPECT_EQ(ReasonOf(set_of({jwk, jwk}).status()), "BAD_KEY_SET") << "one id twice";
  EXPECT_EQ(ReasonOf(set_of({SigningKey::Generate(Algorithm::kEs256)->PrivateJwk()}).status()),
            "BAD_KEY_SET")
      << "private";
  for (const char* text : {"", "[]", "{}", "{\"keys\":1}", "{\"keys\":[]}", "nonsense"}) {
    EXPECT_EQ(ReasonOf(KeySet::FromJwks(text).status()), "BAD_KEY_SET") << text;
  }
}

TEST(Keys, WithoutAlgAKeyStillHasOneAlgorithm) {
  const std::string jwk =
      absl::StrReplaceAll(TheKeys().rsa.PublicJwk(), {{",\"alg\":\"RS256\"", ""}});
  const auto set = KeySet::FromJwks(absl::StrCat("{\"keys\":[", jwk, "]}"));
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->Find("rsa")->algorithm(), Algorithm::kRs256);
}

// What a bad token costs: how many signatures one core checks in a second.
TEST(Token, CostOfAVerification) {
  for (const TestKey* key : {&TheKeys().ec, &TheKeys().rsa}) {
    const std::string good = key->Sign(Json(GoodClaims(kNow)));
    constexpr int kTimes = 500;
    const absl::Time start = absl::Now();
    for (int i = 0; i < kTimes; ++i) ASSERT_TRUE(Verify(good).ok());
    printf("» %s: %.0f verifications a second\n", key->algorithm().c_str(),
           kTimes / absl::ToDoubleSeconds(absl::Now() - start));
  }
}

}  // namespace
}  // namespace minsheng::platform
