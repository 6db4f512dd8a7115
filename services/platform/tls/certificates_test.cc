#include "services/platform/tls/certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/tls/authority.h"
#include "services/platform/tls/files.h"
#include "services/platform/tls/revocation_list.h"

namespace minsheng::platform::tls {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

const absl::Time kNow = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));

KeyPair NewAuthority() { return *MakeAuthority("test", kNow - kDay, kNow + 100 * kDay); }

Wanted Service(const std::string& name, absl::Duration lasts) {
  return {name, ServiceUri(name), {"localhost", "127.0.0.1", "::1"}, kNow - kDay, kNow + lasts, ""};
}

int ModeOf(const std::string& path) {
  struct stat state {};
  return stat(path.c_str(), &state) == 0 ? static_cast<int>(state.st_mode & 0777) : -1;
}

class AuthorityTest : public ::testing::Test {
 protected:
  ~AuthorityTest() override { std::filesystem::remove_all(folder_); }
  const std::string folder_ = ::testing::TempDir() + "/pki-" + RandomId();
};

TEST(Certificates, SayWhatWasWanted) {
  const KeyPair authority = NewAuthority();
  const auto pair = Issue(authority, Service("registry", 10 * kDay));
  ASSERT_TRUE(pair.ok()) << pair.status();
  const auto read = ReadCertificate(pair->certificate);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->uri, "minsheng:service/registry");
  EXPECT_EQ(read->common_name, "registry");
  EXPECT_THAT(read->hosts, ElementsAre("localhost", "127.0.0.1", "::1"));
  EXPECT_EQ(read->not_before, kNow - kDay);
  EXPECT_EQ(read->not_after, kNow + 10 * kDay);
  EXPECT_EQ(read->serial.size(), 32u);
  EXPECT_EQ(read->serial.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_TRUE(CheckPair(*pair).ok());
  EXPECT_TRUE(CheckChain(pair->certificate, authority.certificate, kNow).ok());
  EXPECT_NE(ReadCertificate(Issue(authority, Service("registry", kDay))->certificate)->serial,
            read->serial);
}

TEST(Certificates, EndWithTheirAuthority) {
  const KeyPair authority = NewAuthority();
  const auto pair = Issue(authority, Service("registry", 1000 * kDay));
  EXPECT_EQ(ReadCertificate(pair->certificate)->not_after, kNow + 100 * kDay);
}

TEST(Certificates, AreForTheHostsTheyName) {
  Wanted wanted = Service("registry", kDay);
  wanted.hosts = {"localhost", "127.0.0.1", "::1", "registry.example.cn", "*.nodes.example.cn"};
  const std::string pem = Issue(NewAuthority(), wanted)->certificate;
  for (const char* host : {"localhost", "LOCALHOST", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1",
                           "registry.example.cn", "a.nodes.example.cn"}) {
    EXPECT_TRUE(NamesHost(pem, host)) << host;
  }
  for (const char* host : {"", "registry", "127.0.0.2", "example.cn", "a.b.nodes.example.cn"}) {
    EXPECT_FALSE(NamesHost(pem, host)) << host;
  }
  wanted.hosts = {"a b"};
  EXPECT_EQ(ReasonOf(Issue(NewAuthority(), wanted).status()), "BAD_HOST");
  wanted.hosts = {"a,URI:minsheng:service/progress"};
  EXPECT_EQ(ReasonOf(Issue(NewAuthority(), wanted).status()), "BAD_HOST");
}

TEST(Certificates, CountOnlyInTheirTimeAndUnderTheirAuthority) {
  const KeyPair authority = NewAuthority();
  const std::string pem = Issue(authority, Service("registry", kDay))->certificate;
  const auto reason = [&](absl::string_view authorities, absl::Time at) {
    return ReasonOf(CheckChain(pem, authorities, at));
  };
  EXPECT_EQ(reason(authority.certificate, kNow + kDay + absl::Seconds(1)), "CERTIFICATE_EXPIRED");
  EXPECT_EQ(reason(authority.certificate, kNow - kDay - absl::Seconds(1)),
            "CERTIFICATE_NOT_YET_VALID");
  EXPECT_EQ(reason(NewAuthority().certificate, kNow), "CERTIFICATE_OF_OTHER_AUTHORITY");
  EXPECT_EQ(reason(NewAuthority().certificate + authority.certificate, kNow), "");
  EXPECT_EQ(ReasonOf(CheckChain("rubbish", authority.certificate, kNow)), "CERTIFICATE_UNREADABLE");
}

TEST(Certificates, GoWithTheirKeyAlone) {
  const KeyPair authority = NewAuthority();
  const auto a = Issue(authority, Service("a", kDay)), b = Issue(authority, Service("b", kDay));
  EXPECT_EQ(ReasonOf(CheckPair({a->certificate, b->key})), "KEY_MISMATCH");
  EXPECT_EQ(ReasonOf(CheckPair({a->certificate, "rubbish"})), "KEY_UNREADABLE");
  EXPECT_EQ(ReasonOf(CheckPair({a->key, a->key})), "CERTIFICATE_UNREADABLE");
}

TEST(RevocationList, IsReadBackAndSigned) {
  const KeyPair authority = NewAuthority();
  const Revoked revoked = {{"0a", kNow}, {"00ff", kNow - kDay}, {"4b11", kNow}};
  const auto list = MakeRevocationList(authority, revoked, kNow);
  ASSERT_TRUE(list.ok()) << list.status();
  const auto read = ReadRevocationList(*list, authority.certificate);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, (Revoked{{"0a", kNow}, {"ff", kNow - kDay}, {"4b11", kNow}}));
  EXPECT_EQ(ReasonOf(ReadRevocationList(*list, NewAuthority().certificate).status()),
            "REVOCATIONS_OF_OTHER_AUTHORITY");
  EXPECT_EQ(ReasonOf(ReadRevocationList("rubbish", authority.certificate).status()),
            "REVOCATIONS_UNREADABLE");
  EXPECT_EQ(ReasonOf(MakeRevocationList(authority, {{"XY", kNow}}, kNow).status()), "BAD_SERIAL");
}

TEST_F(AuthorityTest, MakesWhatIsMissingAndKeepsTheRest) {
  {
    auto authority = Authority::Make(folder_);
    ASSERT_TRUE(authority.ok()) << authority.status();
    EXPECT_TRUE(*authority->IssueUnlessThere("registry", {}));
  }
  const std::string ca = *ReadWhole(AuthorityPath(folder_));
  const std::string own = *ReadWhole(CertificatePath(folder_, "registry"));
  auto again = Authority::Make(folder_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_FALSE(*again->IssueUnlessThere("registry", {}));
  EXPECT_EQ(*ReadWhole(AuthorityPath(folder_)), ca);
  EXPECT_EQ(*ReadWhole(CertificatePath(folder_, "registry")), own);
  EXPECT_EQ(ModeOf(folder_), 0700);
  EXPECT_EQ(ModeOf(AuthorityKeyPath(folder_)), 0600);
  EXPECT_EQ(ModeOf(KeyPath(folder_, "registry")), 0600);
  EXPECT_THAT(NamesIn(folder_), ElementsAre("registry"));
  for (const char* name : {"", "ca", "crl", "../x", "Registry", "a.b"}) {
    EXPECT_EQ(ReasonOf(again->IssueUnlessThere(name, {}).status()), "BAD_CERTIFICATE_NAME") << name;
  }
}

TEST_F(AuthorityTest, AClientHasNoNameOfAService) {
  auto authority = Authority::Make(folder_);
  EXPECT_TRUE(*authority->IssueUnlessThere("data-platform", {.service = false}));
  const auto read = ReadCertificate(*ReadWhole(CertificatePath(folder_, "data-platform")));
  EXPECT_EQ(read->uri, "");
  EXPECT_TRUE(read->hosts.empty());
}

TEST_F(AuthorityTest, RenewsWithTheSameNamesAndOnRequestANewKey) {
  auto authority = Authority::Make(folder_);
  EXPECT_TRUE(*authority->IssueUnlessThere("progress", {.hosts = {"progress.example.cn"}}));
  const auto first = *ReadCertificate(*ReadWhole(CertificatePath(folder_, "progress")));
  const std::string key = *ReadWhole(KeyPath(folder_, "progress"));
  const auto second = authority->Renew("progress", 700 * kDay, /*new_key=*/false);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->hosts, first.hosts);
  EXPECT_THAT(second->hosts, IsSupersetOf({"localhost", "127.0.0.1", "progress.example.cn"}));
  EXPECT_EQ(second->uri, first.uri);
  EXPECT_NE(second->serial, first.serial);
  EXPECT_GT(second->not_after, first.not_after + 300 * kDay);
  EXPECT_EQ(*ReadWhole(KeyPath(folder_, "progress")), key);
  ASSERT_TRUE(authority->Renew("progress", kDay, /*new_key=*/true).ok());
  EXPECT_NE(*ReadWhole(KeyPath(folder_, "progress")), key);
  EXPECT_TRUE(CheckPair({*ReadWhole(CertificatePath(folder_, "progress")),
                         *ReadWhole(KeyPath(folder_, "progress"))})
                  .ok());
  EXPECT_EQ(ReasonOf(authority->Renew("nobody", kDay, false).status()), "UNKNOWN_CERTIFICATE");
}

TEST_F(AuthorityTest, ARevokedCertificateIsIssuedAnew) {
  auto authority = Authority::Make(folder_);
  EXPECT_TRUE(RevokedIn(folder_)->empty());
  EXPECT_TRUE(*authority->IssueUnlessThere("registry", {}));
  const auto old = *ReadCertificate(*ReadWhole(CertificatePath(folder_, "registry")));
  EXPECT_TRUE(*authority->Revoke(old.serial));
  EXPECT_FALSE(*authority->Revoke(old.serial));
  EXPECT_EQ(RevokedIn(folder_)->count(old.serial), 1u);
  EXPECT_TRUE(*authority->IssueUnlessThere("registry", {}));
  EXPECT_NE(ReadCertificate(*ReadWhole(CertificatePath(folder_, "registry")))->serial, old.serial);
  EXPECT_EQ(RevokedIn(folder_)->size(), 1u);
}

TEST_F(AuthorityTest, AKeyThatOthersMayReadIsRefused) {
  ASSERT_TRUE(Authority::Make(folder_).ok());
  ASSERT_EQ(chmod(AuthorityKeyPath(folder_).c_str(), 0640), 0);
  const auto refused = Authority::Open(folder_);
  EXPECT_EQ(ReasonOf(refused.status()), "KEY_FILE_OPEN");
  EXPECT_THAT(std::string(refused.status().message()), ::testing::HasSubstr("chmod 600"));
  EXPECT_EQ(ReasonOf(Authority::Open(folder_ + "/none").status()), "TLS_FILE_MISSING");
}

}  // namespace
}  // namespace minsheng::platform::tls
