// Real handshakes between a gRPC server and channels whose files change under them.
#include "services/platform/tls/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "minsheng/common/v1/event_log.grpc.pb.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/rpc/channel.h"
#include "services/platform/rpc/server.h"
#include "services/platform/tls/authority.h"
#include "services/platform/tls/expiry.h"
#include "services/platform/tls/files.h"
#include "services/platform/tls/peer.h"

namespace minsheng::platform::tls {
namespace {

using common::v1::EventLogService;
using common::v1::GetLogHeadRequest;
using common::v1::GetLogHeadResponse;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Answers with who called: the URI of the client's certificate, as the hash.
class Answering final : public EventLogService::CallbackService {
  grpc::ServerUnaryReactor* GetLogHead(grpc::CallbackServerContext* context,
                                       const GetLogHeadRequest*,
                                       GetLogHeadResponse* response) override {
    const auto peer = PeerCertificate(*context);
    response->set_hash(peer == nullptr ? "nobody" : peer->uri + " " + peer->serial);
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

class TestServer {
 public:
  explicit TestServer(std::shared_ptr<grpc::ServerCredentials> credentials) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", std::move(credentials), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
  }
  ~TestServer() { server_->Shutdown(absl::ToChronoTime(absl::Now())); }
  std::string address(const std::string& host = "127.0.0.1") const {
    return absl::StrCat(host, ":", port_);
  }

 private:
  Answering service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// One call on a connection of its own; who the server saw, or the error.
absl::StatusOr<std::string> Ask(const std::string& address,
                                const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto channel = grpc::CreateCustomChannel(address, credentials, arguments);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
  GetLogHeadResponse response;
  const auto status =
      EventLogService::NewStub(channel)->GetLogHead(&context, GetLogHeadRequest(), &response);
  if (!status.ok()) return FromGrpc(status);
  return response.hash();
}

std::string SerialIn(const std::string& folder, const std::string& name) {
  return ReadCertificate(*ReadWhole(CertificatePath(folder, name)))->serial;
}

bool Within(absl::Duration patience, const std::function<bool()>& condition) {
  for (const absl::Time end = absl::Now() + patience; absl::Now() < end;) {
    if (condition()) return true;
    absl::SleepFor(absl::Milliseconds(20));
  }
  return false;
}

std::unique_ptr<Credentials> Opened(Files files) {
  auto credentials = Credentials::Open(std::move(files));
  EXPECT_TRUE(credentials.ok()) << credentials.status();
  return credentials.ok() ? *std::move(credentials) : nullptr;
}

class CredentialsTest : public ::testing::Test {
 protected:
  CredentialsTest() { Fill(folder_); }
  ~CredentialsTest() override {
    std::filesystem::remove_all(folder_);
    std::filesystem::remove_all(folder_ + "-other");
  }
  static void Fill(const std::string& folder) {
    auto authority = Authority::Make(folder);
    for (const char* name : {"registry", "progress"}) {
      EXPECT_TRUE(authority->IssueUnlessThere(name, {}).ok());
    }
  }
  std::string ReasonToOpen() const {
    return ReasonOf(Credentials::Open(Files::Of(folder_, "registry")).status());
  }
  std::string path(const std::string& name) const { return absl::StrCat(folder_, "/", name); }
  // Puts a certificate that says something else in place of the registry's, with its key.
  void Replace(const std::function<void(Wanted&)>& change) const {
    const KeyPair authority{*ReadWhole(AuthorityPath(folder_)),
                            *ReadWhole(AuthorityKeyPath(folder_))};
    const absl::Time now = absl::Now();
    Wanted wanted{"registry", ServiceUri("registry"), {"127.0.0.1"}, now - kDay, now + kDay, ""};
    change(wanted);
    const KeyPair pair = *Issue(authority, wanted);
    ASSERT_TRUE(WriteWhole(path("registry.key"), pair.key, Readers::kOwner).ok());
    ASSERT_TRUE(WriteWhole(path("registry.pem"), pair.certificate, Readers::kEverybody).ok());
  }

  const std::string folder_ = ::testing::TempDir() + "/pki-" + RandomId();
};

TEST_F(CredentialsTest, AServiceIsKnownByItsCertificateAndPeopleNeedNone) {
  const auto registry = Opened(Files::Of(folder_, "registry"));
  const auto progress = Opened(Files::Of(folder_, "progress"));
  const auto people = Opened(Files::TrustOnly(path("ca.pem")));
  EXPECT_EQ(people->server(), nullptr);
  const TestServer server(registry->server());
  EXPECT_EQ(*Ask(server.address(), progress->channel()),
            absl::StrCat("minsheng:service/progress ", SerialIn(folder_, "progress")));
  EXPECT_EQ(*Ask(server.address("localhost"), people->channel()), "nobody");
  EXPECT_TRUE(
      absl::IsUnavailable(Ask(server.address(), grpc::InsecureChannelCredentials()).status()));
}

TEST_F(CredentialsTest, AServerForAnotherHostIsRefused) {
  Replace([](Wanted& wanted) { wanted.hosts = {"registry.example.cn"}; });
  const auto registry = Opened(Files::Of(folder_, "registry"));
  const auto people = Opened(Files::TrustOnly(path("ca.pem")));
  const TestServer server(registry->server());
  const auto refused = Ask(server.address(), people->channel());
  EXPECT_TRUE(absl::IsUnavailable(refused.status())) << refused.status();
}

TEST_F(CredentialsTest, AnotherAuthoritysPeersAreRefusedOnBothSides) {
  const std::string other = folder_ + "-other";
  Fill(other);
  const auto registry = Opened(Files::Of(folder_, "registry"));
  const TestServer server(registry->server());
  const auto strangers = Opened(Files::TrustOnly(other + "/ca.pem"));
  EXPECT_TRUE(absl::IsUnavailable(Ask(server.address(), strangers->channel()).status()));
  // Trusts this authority but shows a certificate of the other.
  ASSERT_TRUE(WriteWhole(other + "/ca.pem",
                         *ReadWhole(other + "/ca.pem") + *ReadWhole(path("ca.pem")),
                         Readers::kEverybody)
                  .ok());
  std::filesystem::remove(other + "/crl.pem");
  const auto intruder = Opened(Files::Of(other, "progress"));
  EXPECT_TRUE(absl::IsUnavailable(Ask(server.address(), intruder->channel()).status()));
}

TEST_F(CredentialsTest, ARevokedCertificateIsRefusedOnBothSides) {
  const auto registry = Opened(Files::Of(folder_, "registry"));
  const auto progress = Opened(Files::Of(folder_, "progress"));
  const auto people = Opened(Files::TrustOnly(path("ca.pem")));
  const TestServer server(registry->server());
  ASSERT_TRUE(Ask(server.address(), progress->channel()).ok());
  const std::string serial = SerialIn(folder_, "progress");
  ASSERT_TRUE(*Authority::Open(folder_)->Revoke(serial));
  EXPECT_TRUE(Within(absl::Seconds(1), [&] { return registry->IsRevoked(serial); }));
  EXPECT_TRUE(absl::IsUnavailable(Ask(server.address(), progress->channel()).status()));
  EXPECT_TRUE(Ask(server.address(), people->channel()).ok());

  ASSERT_TRUE(*Authority::Open(folder_)->Revoke(SerialIn(folder_, "registry")));
  EXPECT_TRUE(
      Within(absl::Seconds(1), [&] { return people->IsRevoked(SerialIn(folder_, "registry")); }));
  EXPECT_TRUE(absl::IsUnavailable(Ask(server.address(), people->channel()).status()));

  std::filesystem::remove(path("crl.pem"));
  absl::SleepFor(absl::Milliseconds(500));
  EXPECT_TRUE(registry->IsRevoked(serial)) << "a list that vanished still counts";
}

TEST_F(CredentialsTest, NewPairsAreTakenAndBadOnesNever) {
  const auto registry = Opened(Files::Of(folder_, "registry"));
  const auto progress = Opened(Files::Of(folder_, "progress"));
  const auto people = Opened(Files::TrustOnly(path("ca.pem")));
  const TestServer server(registry->server());
  const std::string first = SerialIn(folder_, "registry");
  Expiry expiry("registry", *registry);
  const double expires = expiry.Collect()[0].metric[0].gauge.value;

  ASSERT_TRUE(
      Authority::Open(folder_)->Renew("registry", kCertificateLasts + kDay, /*new_key=*/true).ok());
  ASSERT_TRUE(Authority::Open(folder_)->Renew("progress", kDay, /*new_key=*/true).ok());
  const std::string second = SerialIn(folder_, "registry");
  EXPECT_TRUE(Within(absl::Seconds(1), [&] { return registry->loaded()->own.serial == second; }));
  EXPECT_NEAR(expiry.Collect()[0].metric[0].gauge.value, expires + 86400, 120);
  // What the other side sees, once gRPC has looked as well.
  EXPECT_TRUE(Within(absl::Seconds(3), [&] {
    return *Ask(server.address(), progress->channel()) ==
           absl::StrCat("minsheng:service/progress ", SerialIn(folder_, "progress"));
  }));
  // The first pair is revoked, and still the server is trusted: it shows the second.
  ASSERT_TRUE(*Authority::Open(folder_)->Revoke(first));
  EXPECT_TRUE(Within(absl::Seconds(1), [&] { return people->IsRevoked(first); }));
  EXPECT_TRUE(Ask(server.address(), people->channel()).ok());

  const std::string key = *ReadWhole(path("registry.key"));
  const auto keeps_the_second = [&](const char* what) {
    absl::SleepFor(absl::Milliseconds(1500));
    EXPECT_EQ(registry->loaded()->own.serial, second) << what;
    EXPECT_TRUE(Ask(server.address(), people->channel()).ok()) << what;
  };
  ASSERT_TRUE(
      WriteWhole(path("registry.key"), *ReadWhole(path("progress.key")), Readers::kOwner).ok());
  keeps_the_second("a key that does not match");
  ASSERT_TRUE(WriteWhole(path("registry.key"), key, Readers::kOwner).ok());
  ASSERT_TRUE(WriteWhole(path("registry.pem"), "half", Readers::kEverybody).ok());
  keeps_the_second("half a file");
  std::filesystem::remove(path("registry.pem"));
  keeps_the_second("no file");
}

TEST_F(CredentialsTest, WhatCannotCountIsRefusedAtTheStartAndSaysHowToMendIt) {
  EXPECT_EQ(ReasonToOpen(), "");
  ASSERT_EQ(chmod(path("registry.key").c_str(), 0644), 0);
  const auto open = Credentials::Open(Files::Of(folder_, "registry")).status();
  EXPECT_EQ(open.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(open), "KEY_FILE_OPEN");
  EXPECT_THAT(std::string(open.message()), HasSubstr("chmod 600 " + path("registry.key")));
  ASSERT_EQ(chmod(path("registry.key").c_str(), 0600), 0);

  Replace([](Wanted& wanted) { wanted.not_after = absl::Now() - absl::Hours(1); });
  EXPECT_EQ(ReasonToOpen(), "CERTIFICATE_EXPIRED");
  Replace([](Wanted& wanted) { wanted.not_before = absl::Now() + absl::Hours(1); });
  EXPECT_EQ(ReasonToOpen(), "CERTIFICATE_NOT_YET_VALID");
  Replace([](Wanted&) {});
  EXPECT_EQ(ReasonToOpen(), "");
  ASSERT_TRUE(
      WriteWhole(path("registry.key"), *ReadWhole(path("progress.key")), Readers::kOwner).ok());
  EXPECT_EQ(ReasonToOpen(), "KEY_MISMATCH");
  std::filesystem::remove(path("registry.key"));
  EXPECT_EQ(ReasonToOpen(), "TLS_FILE_MISSING");
  Replace([](Wanted&) {});
  ASSERT_TRUE(WriteWhole(path("crl.pem"), "rubbish", Readers::kEverybody).ok());
  EXPECT_EQ(ReasonToOpen(), "REVOCATIONS_UNREADABLE");
  std::filesystem::remove(path("crl.pem"));
  EXPECT_EQ(ReasonToOpen(), "");
  const KeyPair stranger = *MakeAuthority("other", absl::Now() - kDay, absl::Now() + kDay);
  ASSERT_TRUE(WriteWhole(path("ca.pem"), stranger.certificate, Readers::kEverybody).ok());
  EXPECT_EQ(ReasonToOpen(), "CERTIFICATE_OF_OTHER_AUTHORITY");
}

TEST_F(CredentialsTest, ChannelsOutliveTheCredentialsTheyWereMadeFrom) {
  const auto registry = Opened(Files::Of(folder_, "registry"));
  const TestServer server(registry->server());
  auto people = Opened(Files::TrustOnly(path("ca.pem")));
  const auto channel = people->channel();
  people.reset();
  absl::SleepFor(absl::Milliseconds(1200));  // gRPC looks at its files once more
  EXPECT_TRUE(Ask(server.address(), channel).ok());
}

TEST_F(CredentialsTest, DialTakesSeveralAddresses) {
  const auto registry = Opened(Files::Of(folder_, "registry"));
  const auto people = Opened(Files::TrustOnly(path("ca.pem")));
  const TestServer a(registry->server()), b(registry->server());
  const auto channel =
      rpc::Dial(absl::StrCat("ipv4:", a.address(), ",", b.address()), people->channel());
  EXPECT_TRUE(channel->WaitForConnected(absl::ToChronoTime(absl::Now() + absl::Seconds(10))));
}

TEST_F(CredentialsTest, OnlyTlsWithAuthenticationReachesBeyondTheMachine) {
  const auto registry = Opened(Files::Of(folder_, "registry"));
  const auto started = [&](std::shared_ptr<grpc::ServerCredentials> credentials, bool known) {
    return rpc::Server::Start({"0.0.0.0:0", {}, std::move(credentials), known}).status();
  };
  EXPECT_TRUE(started(registry->server(), true).ok());
  const std::string no_identity(started(registry->server(), false).message());
  EXPECT_THAT(no_identity, AllOf(HasSubstr("--jwks"), Not(HasSubstr("--tls"))));
  const auto nothing = started(nullptr, false);
  EXPECT_EQ(ReasonOf(nothing), "NOT_LOOPBACK");
  EXPECT_THAT(std::string(nothing.message()),
              AllOf(HasSubstr("--jwks"), HasSubstr("--tls"), HasSubstr("minsheng certs init")));
  EXPECT_EQ(ReasonOf(started(nullptr, true)), "NOT_LOOPBACK");
}

TEST(ServiceNamed, IsOnlyOurOwnUri) {
  EXPECT_EQ(ServiceNamed(ServiceUri("registry")), "registry");
  EXPECT_EQ(ServiceNamed("https://registry"), "");
  EXPECT_EQ(ServiceNamed(""), "");
}

}  // namespace
}  // namespace minsheng::platform::tls
