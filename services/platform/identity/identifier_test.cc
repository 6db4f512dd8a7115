#include "services/platform/identity/identifier.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "minsheng/common/v1/credentials.grpc.pb.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/time.h"
#include "services/platform/database/engine.h"
#include "services/platform/identity/credential_service.h"
#include "services/platform/identity/testing.h"
#include "services/platform/rpc/channel.h"
#include "services/platform/rpc/server.h"

namespace minsheng::platform {
namespace {

using Stub = common::v1::CredentialService::Stub;
using common::v1::ListRevocationsRequest;
using common::v1::ListRevocationsResponse;
using common::v1::RevokeCredentialRequest;
using common::v1::RevokeCredentialResponse;
using testing::ClaimTexts;
using testing::GoodClaims;
using testing::Json;
using testing::JwksOf;
using testing::TestKey;

const Migration kSchema[] = {{1, kJournalSchema}, {2, kAccessSchema}};

std::string Here() { return "ipv4:127.0.0.1"; }

// A key set in a file, revocations over a journal, and an identifier over both.
class IdentifierTest : public ::testing::Test {
 protected:
  IdentifierTest() {
    Publish({key_});
    KeySource::Options options;
    options.service = "test";
    options.location = file_;
    options.metrics = &metrics_;
    options.file_every = absl::Milliseconds(10);
    keys_ = *KeySource::Open(options);
    database_ = *engine_.Open(kSchema);
    journal_ = *Journal::Open({database_.get(), &clock_,
                               [](Session& session, const Event& event) {
                                 return IsRevocation(event) ? ProjectRevocation(session, event)
                                                            : absl::OkStatus();
                               },
                               [this](Session& session, const CommitNotice& notice) {
                                 return revocations_.Refresh(session, notice);
                               }});
    identifier_ = std::make_unique<CredentialIdentifier>(
        CredentialIdentifier::Options{.service = "test",
                                      .keys = keys_.get(),
                                      .revocations = &revocations_,
                                      .metrics = &metrics_,
                                      .now = [this] { return now_.load(); }});
  }
  ~IdentifierTest() override { std::filesystem::remove(file_); }

  void Publish(const std::vector<TestKey>& keys) const {
    std::ofstream(file_ + ".new") << JwksOf(keys);
    std::filesystem::rename(file_ + ".new", file_);
  }
  std::string Token(const std::string& id, const std::string& role = "leader") const {
    return Token(key_, id, role);
  }
  std::string Token(const TestKey& key, const std::string& id, const std::string& role) const {
    ClaimTexts claims = GoodClaims(now_.load());
    claims["jti"] = "\"" + id + "\"";
    claims["role"] = "\"" + role + "\"";
    claims["district"] = "\"*\"";
    return key.Sign(Json(claims));
  }
  std::string ReasonFor(const std::string& token) const {
    const auto caller = identifier_->OfToken(token, Here);
    return caller.ok() ? "ACCEPTED" : ReasonOf(caller.status());
  }
  absl::Status Revoke(const std::string& credential) {
    return journal_
        ->Write(WriteOrigin(),
                [&](Transaction&) -> absl::StatusOr<std::vector<Fact>> {
                  common::v1::CredentialRevoked fact;
                  fact.mutable_revocation()->set_credential(credential);
                  std::vector<Fact> facts;
                  facts.push_back(Fact::Of("credentials", std::move(fact)));
                  return facts;
                })
        .status();
  }

  const TestKey key_ = TestKey::Ec("k1");
  const std::string file_ = absl::StrCat(::testing::TempDir(), "/", RandomId(), ".json");
  std::atomic<absl::Time> now_ = absl::Now();
  prometheus::Registry metrics_{prometheus::Registry::InsertBehavior::Merge};
  std::unique_ptr<KeySource> keys_;
  Engine engine_{"sqlite"};
  SystemClock clock_;
  Revocations revocations_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<CredentialIdentifier> identifier_;
};

TEST_F(IdentifierTest, ARememberedTokenIsTheSamePrincipal) {
  const std::string token = Token("a");
  const auto first = identifier_->OfToken(token, Here);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(*first, *identifier_->OfToken(token, Here));
}

TEST_F(IdentifierTest, ARememberedTokenStillExpires) {
  const std::string token = Token("a");
  EXPECT_EQ(ReasonFor(token), "ACCEPTED");
  now_ = now_.load() + absl::Minutes(59);
  EXPECT_EQ(ReasonFor(token), "ACCEPTED");
  now_ = now_.load() + absl::Minutes(1);
  EXPECT_EQ(ReasonFor(token), "TOKEN_EXPIRED");
  EXPECT_EQ(ReasonFor(token), "TOKEN_EXPIRED");
}

TEST_F(IdentifierTest, ARevocationCountsAtOnceAndForThatTokenAlone) {
  const std::string revoked = Token("a"), other = Token("b"), unseen = Token("c");
  EXPECT_EQ(ReasonFor(revoked), "ACCEPTED");
  EXPECT_EQ(ReasonFor(other), "ACCEPTED");
  ASSERT_TRUE(Revoke("token:a").ok());
  ASSERT_TRUE(Revoke("token:c").ok());
  EXPECT_EQ(ReasonFor(revoked), "CREDENTIAL_REVOKED");
  EXPECT_EQ(ReasonFor(revoked), "CREDENTIAL_REVOKED");
  EXPECT_EQ(ReasonFor(unseen), "CREDENTIAL_REVOKED");
  EXPECT_EQ(ReasonFor(other), "ACCEPTED");
}

TEST_F(IdentifierTest, WhatAPeerRevokedCountsAndARebuildForgets) {
  Event event;
  common::v1::CredentialRevoked fact;
  fact.mutable_revocation()->set_credential("token:a");
  event.mutable_payload()->PackFrom(fact);
  const auto apply = [&](Transaction& transaction) {
    return ProjectRevocation(transaction.session, event);
  };
  ASSERT_TRUE(journal_->Apply(apply, {event}).ok());
  EXPECT_EQ(ReasonFor(Token("a")), "CREDENTIAL_REVOKED");
  const auto rebuilt = journal_->Write(
      WriteOrigin(), [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
        if (absl::Status status = ClearRevocations(transaction.session); !status.ok())
          return status;
        std::vector<Fact> facts;
        facts.push_back(Fact::Of("peers/x", common::v1::PeerRebuilt()));
        return facts;
      });
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.status();
  EXPECT_EQ(ReasonFor(Token("a")), "ACCEPTED");
}

TEST_F(IdentifierTest, RevocationsOutliveTheProcess) {
  ASSERT_TRUE(Revoke("token:a").ok());
  Revocations fresh;
  ASSERT_TRUE(database_->Read([&](Session& session) { return fresh.Load(session); }).ok());
  EXPECT_TRUE(fresh.Holds("token:a"));
  EXPECT_FALSE(fresh.Holds("token:b"));
}

TEST_F(IdentifierTest, ATakenAwayKeyTakesItsTokensAway) {
  const TestKey next = TestKey::Ec("k2");
  const std::string old_token = Token("a"), new_token = Token(next, "b", "leader");
  EXPECT_EQ(ReasonFor(old_token), "ACCEPTED");
  EXPECT_EQ(ReasonFor(new_token), "TOKEN_KEY_UNKNOWN");
  const auto turned = [&](const std::string& token, const std::string& reason) {
    const absl::Time end = absl::Now() + absl::Seconds(10);
    while (ReasonFor(token) != reason && absl::Now() < end) absl::SleepFor(absl::Milliseconds(5));
    return ReasonFor(token) == reason;
  };
  Publish({key_, next});
  EXPECT_TRUE(turned(new_token, "ACCEPTED"));
  EXPECT_EQ(ReasonFor(old_token), "ACCEPTED");
  Publish({next});
  EXPECT_TRUE(turned(old_token, "TOKEN_KEY_UNKNOWN"));
  EXPECT_EQ(ReasonFor(new_token), "ACCEPTED");
}

TEST_F(IdentifierTest, BadSignaturesAreLookedAtSoManyTimesASecond) {
  const std::string good = Token("a"), forged = Token(TestKey::Ec("k1"), "a", "leader");
  EXPECT_EQ(ReasonFor(good), "ACCEPTED");
  uint64_t looked_at = 0;
  while (ReasonFor(forged) == "TOKEN_SIGNATURE") ASSERT_LE(++looked_at, 1000u);
  EXPECT_EQ(looked_at, BadSignatures::kBadSignaturesMax);
  EXPECT_EQ(ReasonFor(forged), "RATE_LIMITED");
  EXPECT_EQ(ReasonFor(Token("b")), "RATE_LIMITED") << "not remembered, from the same place";
  EXPECT_EQ(ReasonFor(good), "ACCEPTED") << "remembered";
  EXPECT_TRUE(identifier_->OfToken(Token("c"), [] { return "ipv4:10.0.0.9"; }).ok());
  now_ = now_.load() + absl::Seconds(1);
  EXPECT_EQ(ReasonFor(Token("b")), "ACCEPTED");
}

TEST_F(IdentifierTest, ANetworkIsOneOrigin) {
  const std::string forged = Token(TestKey::Ec("k1"), "a", "leader");
  int address = 0;
  const auto next = [&] { return absl::StrCat("%5Bfd00::", ++address, "%5D"); };
  for (uint64_t i = 0; i < BadSignatures::kBadSignaturesMax; ++i) {
    EXPECT_EQ(ReasonOf(identifier_->OfToken(forged, next).status()), "TOKEN_SIGNATURE");
  }
  EXPECT_EQ(ReasonOf(identifier_->OfToken(forged, next).status()), "RATE_LIMITED");
  EXPECT_TRUE(identifier_->OfToken(Token("b"), [] { return "%5Bfd00:0:0:1::1%5D"; }).ok());
}

TEST_F(IdentifierTest, TokensThatCountNoLongerCostNoMoreThanForgedOnes) {
  const std::string expired = Token("a");
  now_ = now_.load() + absl::Hours(24 * 365);
  const std::string revoked = Token("b");
  ASSERT_TRUE(Revoke("token:b").ok());
  for (const auto& [token, reason] :
       {std::pair(expired, "TOKEN_EXPIRED"), std::pair(revoked, "CREDENTIAL_REVOKED")}) {
    uint64_t looked_at = 0;
    while (ReasonFor(token) == reason && looked_at <= 1000u) ++looked_at;
    EXPECT_EQ(looked_at, BadSignatures::kBadSignaturesMax) << reason;
    EXPECT_EQ(ReasonFor(token), "RATE_LIMITED") << reason;
    now_ = now_.load() + absl::Seconds(1);
  }
}

TEST_F(IdentifierTest, CertificatesOfServicesCount) {
  const CertificateInfo good{{"minsheng:service/progress"}, "0abc", now_.load() + absl::Hours(1)};
  const auto caller = identifier_->OfCertificate(good);
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ((*caller)->role, "service");
  EXPECT_EQ((*caller)->unit, "progress");
  EXPECT_EQ((*caller)->district, "*");
  EXPECT_EQ((*caller)->credential, "certificate:0abc");
  const auto reason = [&](CertificateInfo info) {
    return ReasonOf(identifier_->OfCertificate(info).status());
  };
  EXPECT_EQ(reason({{}, "01", good.expires}), "CERTIFICATE_UNKNOWN");
  EXPECT_EQ(reason({{"https://a/"}, "01", good.expires}), "CERTIFICATE_UNKNOWN");
  EXPECT_EQ(reason({good.uris, "01", now_.load()}), "CERTIFICATE_EXPIRED");
  ASSERT_TRUE(Revoke("certificate:0abc").ok());
  EXPECT_EQ(reason(good), "CREDENTIAL_REVOKED");
}

TEST_F(IdentifierTest, ARememberedTokenCostsLittle) {
  const std::string token = Token("a");
  ASSERT_EQ(ReasonFor(token), "ACCEPTED");
  constexpr int kTimes = 200'000;
  const absl::Time start = absl::Now();
  for (int i = 0; i < kTimes; ++i) ASSERT_TRUE(identifier_->OfToken(token, Here).ok());
  const double each = absl::ToDoubleNanoseconds(absl::Now() - start) / kTimes;
  printf("» a remembered token: %.0f ns (%zu bytes)\n", each, token.size());
}

TEST_F(IdentifierTest, ThreadsShareIt) {
  std::vector<std::string> tokens;
  for (int i = 0; i < 20; ++i) tokens.push_back(Token(absl::StrCat("t", i)));
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; ++i) {
        const std::string reason = ReasonFor(tokens[static_cast<size_t>(i * 7 + t) % 20]);
        if (reason != "ACCEPTED" && reason != "CREDENTIAL_REVOKED") ++wrong;
      }
    });
  }
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(Revoke(absl::StrCat("token:t", i)).ok());
    Publish({key_, TestKey::Ec(absl::StrCat("more", i))});
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(ReasonFor(tokens[static_cast<size_t>(i)]),
              i < 10 ? "CREDENTIAL_REVOKED" : "ACCEPTED");
  }
}

TEST(Remembered, IsBounded) {
  RememberedTokens remembered;
  const std::string filler(2000, 'x');
  for (int i = 0; i < 20'000; ++i) {
    remembered.Put(absl::StrCat(filler, i), {std::make_shared<Principal>(), 0, 0});
    remembered.Find(absl::StrCat(filler, 0));
  }
  EXPECT_LE(remembered.bytes(), RememberedTokens::kBytesMax);
  EXPECT_GT(remembered.bytes(), RememberedTokens::kBytesMax / 3);
  EXPECT_TRUE(remembered.Find(absl::StrCat(filler, 0))) << "what is used stays";
  EXPECT_FALSE(remembered.Find(absl::StrCat(filler, 1)));
}

// Over real gRPC on loopback.
class OverGrpc : public IdentifierTest {
 protected:
  OverGrpc() {
    const rpc::Environment environment{"registry", &executor_, &executor_, &metrics_,
                                       identifier_.get()};
    service_ = std::make_unique<CredentialService>(environment, *database_, *journal_);
    server_ = *rpc::Server::Start({"127.0.0.1:0", {service_.get()}});
    stub_ = common::v1::CredentialService::NewStub(
        rpc::Dial(absl::StrCat("127.0.0.1:", server_->port())));
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request,
                                const std::vector<std::string>& authorizations) {
    grpc::ClientContext context;
    for (const std::string& value : authorizations) context.AddMetadata("authorization", value);
    // What a caller states about itself counts nothing here.
    rpc::Identify(context, {"", "", "operator", "*"});
    Response response;
    const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
    if (!status.ok()) return FromGrpc(status);
    return response;
  }
  std::string ReasonOfList(const std::vector<std::string>& authorizations) {
    const auto answer = Call(&Stub::ListRevocations, ListRevocationsRequest(), authorizations);
    return answer.ok() ? "ACCEPTED" : ReasonOf(answer.status());
  }
  absl::StatusOr<RevokeCredentialResponse> RevokeByCall(const std::string& credential,
                                                        const std::string& reason,
                                                        const std::string& request_id) {
    RevokeCredentialRequest request;
    request.set_credential(credential);
    request.set_reason(reason);
    request.set_request_id(request_id);
    return Call(&Stub::RevokeCredential, request, {Bearer(operator_)});
  }
  static std::string Bearer(const std::string& token) { return "Bearer " + token; }

  const std::string operator_ = Token("op", "operator");
  Executor executor_;
  std::unique_ptr<CredentialService> service_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<common::v1::CredentialService::Stub> stub_;
};

TEST_F(OverGrpc, TheAuthorizationIsRead) {
  EXPECT_EQ(ReasonOfList({Bearer(operator_)}), "ACCEPTED");
  EXPECT_EQ(ReasonOfList({"bearer " + operator_}), "ACCEPTED");
  EXPECT_EQ(ReasonOfList({}), "TOKEN_MISSING");
  EXPECT_EQ(ReasonOfList({"Bearer "}), "TOKEN_MISSING");
  EXPECT_EQ(ReasonOfList({"Basic b3A6b3A="}), "TOKEN_MALFORMED");
  EXPECT_EQ(ReasonOfList({operator_}), "TOKEN_MALFORMED");
  EXPECT_EQ(ReasonOfList({Bearer(operator_), Bearer(operator_)}), "TOKEN_MALFORMED");
  EXPECT_EQ(ReasonOfList({Bearer(Token("l", "leader"))}), "ROLE_NOT_ALLOWED");
}

TEST_F(OverGrpc, RevokingIsForGoodAndRepeatable) {
  const std::string victim = Token("v", "operator");
  EXPECT_EQ(ReasonOfList({Bearer(victim)}), "ACCEPTED");
  const auto first = RevokeByCall("token:v", "lost", "r1");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->revocation().reason(), "lost");
  EXPECT_EQ(ReasonOfList({Bearer(victim)}), "CREDENTIAL_REVOKED");
  for (const char* id : {"r1", "r2"}) {
    const auto again = RevokeByCall("token:v", std::string(id) == "r1" ? "lost" : "later", id);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString()) << id;
  }
  EXPECT_EQ(journal_->head().position, 1);
}

TEST_F(OverGrpc, MalformedCredentialsAreRefused) {
  for (const char* bad : {"", "v", "token:", "token:a b", "certificate:", "certificate:AB",
                          "certificate:abc", "certificate:xy", "Token:v"}) {
    EXPECT_EQ(ReasonOf(RevokeByCall(bad, "lost", "").status()), "BAD_CREDENTIAL") << bad;
  }
  EXPECT_EQ(ReasonOf(RevokeByCall("token:v", "", "").status()), "FIELD_MISSING");
  EXPECT_TRUE(RevokeByCall("certificate:0abc", "stolen", "").ok());
}

TEST_F(OverGrpc, RevocationsAreListedPageByPage) {
  for (const char* credential : {"token:b", "certificate:01", "token:a"}) {
    ASSERT_TRUE(RevokeByCall(credential, "r", "").ok());
  }
  ListRevocationsRequest request;
  request.set_page_size(2);
  std::vector<std::string> all;
  do {
    const auto page = Call(&Stub::ListRevocations, request, {Bearer(operator_)});
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->revocations_size(), 2);
    for (const auto& one : page->revocations()) all.push_back(one.credential());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(all, (std::vector<std::string>{"certificate:01", "token:a", "token:b"}));
}

}  // namespace
}  // namespace minsheng::platform
