#include "services/platform/identity/issuer.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"

namespace minsheng::platform {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'760'000'000);

std::string TextOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

mode_t ModeOf(const std::string& path) {
  struct stat about = {};
  stat(path.c_str(), &about);
  return about.st_mode & 0777;
}

class IssuerTest : public ::testing::Test {
 protected:
  ~IssuerTest() override { std::filesystem::remove_all(folder_); }
  KeySet Keys() const { return *KeySet::FromJwks(TextOf(Issuer::PathOfJwks(folder_))); }

  const std::string folder_ = absl::StrCat(::testing::TempDir(), "/issuer-", RandomId());
  const Principal reporter_{"联络员", "区交通局", "reporter", "500156"};
};

TEST_F(IssuerTest, WhatItIssuesCountsAndIsNoted) {
  const auto made = Issuer::Create(folder_);
  ASSERT_TRUE(made.ok()) << made.status();
  const auto issuer = Issuer::Open(folder_);
  ASSERT_TRUE(issuer.ok()) << issuer.status();
  const auto token = issuer->Issue(reporter_, kNow, absl::Hours(24 * 30));
  ASSERT_TRUE(token.ok()) << token.status();
  const auto principal = VerifyToken(token->text, Keys(), TokenRules(), kNow);
  ASSERT_TRUE(principal.ok()) << principal.status();
  EXPECT_EQ(principal->unit, "区交通局");
  EXPECT_EQ(principal->credential, "token:" + token->id);
  EXPECT_EQ(principal->expires, kNow + absl::Hours(24 * 30));

  const auto list = issuer->List();
  ASSERT_TRUE(list.ok()) << list.status();
  ASSERT_EQ(list->size(), 1u);
  EXPECT_EQ(list->front().id, token->id);
  EXPECT_EQ(list->front().unit, "区交通局");
  EXPECT_EQ(list->front().expires, token->expires);
  EXPECT_EQ(list->front().key_id, issuer->key_id());
  EXPECT_FALSE(absl::StrContains(TextOf(folder_ + "/issued.tsv"), token->text));
}

TEST_F(IssuerTest, PassingTokensAreShortAndNotNoted) {
  const auto issuer = Issuer::Create(folder_);
  const auto token = issuer->IssuePassing(reporter_, kNow);
  ASSERT_TRUE(token.ok());
  EXPECT_EQ(token->expires, kNow + absl::Minutes(5));
  EXPECT_TRUE(issuer->List()->empty());
}

TEST_F(IssuerTest, SecretsAreForTheirOwnerAlone) {
  ASSERT_TRUE(Issuer::Create(folder_).ok());
  EXPECT_EQ(ModeOf(Issuer::PathOfKey(folder_)), 0600u);
  EXPECT_EQ(ModeOf(folder_ + "/issued.tsv"), 0600u);
  EXPECT_EQ(ModeOf(Issuer::PathOfJwks(folder_)), 0644u);
  EXPECT_FALSE(absl::StrContains(TextOf(Issuer::PathOfJwks(folder_)), "\"d\""));
  for (const mode_t mode : {0640, 0604, 0660}) {
    chmod(Issuer::PathOfKey(folder_).c_str(), mode);
    EXPECT_EQ(ReasonOf(Issuer::Open(folder_).status()), "KEY_READABLE");
  }
}

TEST_F(IssuerTest, IsMadeOnce) {
  EXPECT_EQ(ReasonOf(Issuer::Open(folder_).status()), "NO_ISSUER");
  ASSERT_TRUE(Issuer::Create(folder_).ok());
  EXPECT_EQ(ReasonOf(Issuer::Create(folder_).status()), "ISSUER_EXISTS");
}

TEST_F(IssuerTest, ARotatedKeyStaysUntilItsTokensExpire) {
  auto issuer = *Issuer::Create(folder_);
  const auto old_token = issuer.Issue(reporter_, kNow, absl::Hours(10));
  const std::string old_key = issuer.key_id();
  ASSERT_TRUE(issuer.Rotate(kNow, absl::ZeroDuration()).ok());
  EXPECT_NE(issuer.key_id(), old_key);
  EXPECT_EQ(Issuer::Open(folder_)->key_id(), issuer.key_id());
  const auto new_token = issuer.Issue(reporter_, kNow, absl::Hours(100));
  for (const auto& token : {old_token, new_token}) {
    EXPECT_TRUE(VerifyToken(token->text, Keys(), TokenRules(), kNow).ok());
  }
  ASSERT_TRUE(issuer.Rotate(kNow + absl::Hours(9), absl::ZeroDuration()).ok());
  EXPECT_NE(Keys().Find(old_key), nullptr);
  EXPECT_EQ(Keys().size(), 3u);
  ASSERT_TRUE(issuer.Rotate(kNow + absl::Hours(10), absl::ZeroDuration()).ok());
  EXPECT_EQ(Keys().Find(old_key), nullptr);
  EXPECT_TRUE(VerifyToken(new_token->text, Keys(), TokenRules(), kNow + absl::Hours(10)).ok());
}

TEST_F(IssuerTest, WhatNoServiceWouldTakeIsNotIssued) {
  const auto issuer = Issuer::Create(folder_);
  EXPECT_EQ(ReasonOf(issuer->Issue({"", "", "reporter", "500156"}, kNow, absl::Hours(1)).status()),
            "TOKEN_CLAIMS");
  EXPECT_EQ(ReasonOf(issuer->Issue({"", "", "mayor", "*"}, kNow, absl::Hours(1)).status()),
            "TOKEN_CLAIMS");
  EXPECT_TRUE(issuer->List()->empty());
}

}  // namespace
}  // namespace minsheng::platform
