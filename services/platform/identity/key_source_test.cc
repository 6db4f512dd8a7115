#include "services/platform/identity/key_source.h"

#include <CivetServer.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/identity/http_get.h"
#include "services/platform/identity/testing.h"

namespace minsheng::platform {
namespace {

using testing::JwksOf;
using testing::TestKey;

const TestKey& First() {
  static const auto* const key = new TestKey(TestKey::Ec("first"));
  return *key;
}
const TestKey& Second() {
  static const auto* const key = new TestKey(TestKey::Rsa(2048, "second"));
  return *key;
}

template <typename Condition>
bool Soon(Condition condition) {
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (!condition() && absl::Now() < end) absl::SleepFor(absl::Milliseconds(5));
  return condition();
}

class Folder {
 public:
  Folder() { std::filesystem::create_directory(path_); }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file() const { return path_ + "/jwks.json"; }
  // As an issuer does: a whole new file in the old one's place.
  void Replace(const std::string& text) const {
    std::ofstream(file() + ".new") << text;
    std::filesystem::rename(file() + ".new", file());
  }

 private:
  const std::string path_ = absl::StrCat(::testing::TempDir(), "/keys-", RandomId());
};

KeySource::Options OptionsFor(const std::string& location, prometheus::Registry& metrics) {
  KeySource::Options options;
  options.service = "test";
  options.location = location;
  options.metrics = &metrics;
  options.file_every = absl::Milliseconds(20);
  options.url_every = absl::Hours(1);
  options.url_pause = absl::Milliseconds(50);
  return options;
}

bool Has(const KeySource& source, const TestKey& key) {
  return source.keys()->Find(key.kid()) != nullptr;
}

double ValueOf(const prometheus::Registry& metrics, const std::string& name,
               const std::string& result) {
  for (const auto& family : metrics.Collect()) {
    if (family.name != name) continue;
    for (const auto& metric : family.metric) {
      for (const auto& label : metric.label) {
        if (label.value == result) return metric.counter.value;
      }
    }
  }
  return -1;
}

TEST(KeyFile, IsFollowedThroughARotation) {
  prometheus::Registry metrics;
  Folder folder;
  folder.Replace(JwksOf({First()}));
  const auto source = KeySource::Open(OptionsFor(folder.file(), metrics));
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_TRUE(Has(**source, First()));
  const uint64_t before = (*source)->generation();

  folder.Replace(JwksOf({First(), Second()}));
  EXPECT_TRUE(Soon([&] { return Has(**source, Second()); }));
  EXPECT_TRUE(Has(**source, First()));
  EXPECT_GT((*source)->generation(), before);

  folder.Replace(JwksOf({Second()}));
  EXPECT_TRUE(Soon([&] { return !Has(**source, First()); }));
  EXPECT_TRUE(Has(**source, Second()));
}

TEST(KeyFile, ABrokenOneLeavesTheOldSetInUse) {
  prometheus::Registry metrics;
  Folder folder;
  folder.Replace(JwksOf({First()}));
  const auto source = KeySource::Open(OptionsFor(folder.file(), metrics));
  ASSERT_TRUE(source.ok());
  const uint64_t before = (*source)->generation();
  const auto failures = [&] {
    return ValueOf(metrics, "minsheng_identity_key_loads_total", "error");
  };
  EXPECT_EQ(failures(), 0);
  for (const std::string& broken : {std::string("{\"keys\":["), std::string(), JwksOf({})}) {
    const double seen = failures();
    folder.Replace(broken);
    EXPECT_TRUE(Soon([&] { return failures() > seen; }));
  }
  std::filesystem::remove(folder.file());
  const double seen = failures();
  EXPECT_TRUE(Soon([&] { return failures() > seen; }));
  EXPECT_TRUE(Has(**source, First()));
  EXPECT_EQ((*source)->generation(), before);
  folder.Replace(JwksOf({Second()}));
  EXPECT_TRUE(Soon([&] { return Has(**source, Second()); }));
}

TEST(KeyFile, MustBeGoodAtTheStart) {
  prometheus::Registry metrics;
  Folder folder;
  EXPECT_EQ(ReasonOf(KeySource::Open(OptionsFor(folder.file(), metrics)).status()),
            "KEYS_UNREADABLE");
  folder.Replace("nonsense");
  EXPECT_EQ(ReasonOf(KeySource::Open(OptionsFor(folder.file(), metrics)).status()), "BAD_KEY_SET");
}

// An HTTP server on a port of its own.
class Server final : public CivetHandler {
 public:
  Server()
      : server_(std::vector<std::string>{"listening_ports", "127.0.0.1:0", "num_threads", "2"}) {
    server_.addHandler("/", this);
  }
  ~Server() override {
    std::atomic<bool> closed = false;
    const int port = server_.getListeningPorts().at(0);
    std::thread visitor([&] {
      while (!closed) {
        char error[64];
        mg_connection* visit = mg_connect_client("127.0.0.1", port, 0, error, sizeof(error));
        if (visit != nullptr) mg_close_connection(visit);
        absl::SleepFor(absl::Milliseconds(5));
      }
    });
    server_.close();
    closed = true;
    visitor.join();
  }
  bool handleGet(CivetServer*, mg_connection* connection) override {
    ++asked;
    std::lock_guard lock(mutex_);
    const std::string text = absl::StrCat("HTTP/1.1 ", head_, "\r\nContent-Length: ", body_.size(),
                                          "\r\nConnection: close\r\n\r\n", body_);
    mg_write(connection, text.data(), text.size());
    return true;
  }
  void Answer(const std::string& head, const std::string& body) {
    std::lock_guard lock(mutex_);
    head_ = head;
    body_ = body;
  }
  std::string url() {
    return absl::StrCat("http://127.0.0.1:", server_.getListeningPorts()[0], "/k");
  }

  std::atomic<int> asked = 0;

 private:
  std::mutex mutex_;
  std::string head_ = "503 Service Unavailable", body_;
  CivetServer server_;
};

TEST(KeyUrl, IsAskedAgainWhenAKeyIsMissed) {
  prometheus::Registry metrics;
  Server server;
  server.Answer("200 OK", JwksOf({First()}));
  const auto source = KeySource::Open(OptionsFor(server.url(), metrics));
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_TRUE(Has(**source, First()));
  EXPECT_EQ(server.asked, 1);
  server.Answer("200 OK", JwksOf({First(), Second()}));
  (*source)->Missed();
  EXPECT_TRUE(Soon([&] { return Has(**source, Second()); }));
}

TEST(KeyUrl, IsNotAskedMoreOftenThanThePause) {
  prometheus::Registry metrics;
  Server server;
  server.Answer("200 OK", JwksOf({First()}));
  KeySource::Options options = OptionsFor(server.url(), metrics);
  options.url_pause = absl::Milliseconds(100);
  const auto source = KeySource::Open(options);
  ASSERT_TRUE(source.ok());
  const absl::Time end = absl::Now() + absl::Milliseconds(550);
  while (absl::Now() < end) {
    (*source)->Missed();
    absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_GE(server.asked, 3);
  EXPECT_LE(server.asked, 7);
}

TEST(KeyUrl, ThatFailsAtFirstIsAskedUntilItAnswers) {
  prometheus::Registry metrics;
  Server server;
  const auto source = KeySource::Open(OptionsFor(server.url(), metrics));
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ((*source)->keys()->size(), 0u);
  server.Answer("200 OK", JwksOf({First()}));
  EXPECT_TRUE(Soon([&] { return Has(**source, First()); }));
}

TEST(KeyUrl, RedirectsAndFloodsAreNoKeySets) {
  prometheus::Registry metrics;
  Server server, other;
  other.Answer("200 OK", JwksOf({Second()}));
  server.Answer("200 OK", JwksOf({First()}));
  const auto source = KeySource::Open(OptionsFor(server.url(), metrics));
  ASSERT_TRUE(source.ok());
  for (const auto& [head, body] :
       {std::pair<std::string, std::string>{"302 Found\r\nLocation: " + other.url(), ""},
        {"302 Found\r\nLocation: file:///etc/passwd", ""},
        {"404 Not Found", JwksOf({Second()})},
        {"200 OK", JwksOf({Second()}) + std::string(KeySet::kJwksBytesMax, ' ')}}) {
    server.Answer(head, body);
    const int seen = server.asked;
    (*source)->Missed();
    EXPECT_TRUE(Soon([&] { return server.asked >= seen + 2; }));  // a failure is asked again
    EXPECT_TRUE(Has(**source, First())) << head;
    EXPECT_FALSE(Has(**source, Second())) << head;
  }
  EXPECT_EQ(other.asked, 0);
}

TEST(HttpGetTest, ReadsNoMoreThanItsBound) {
  Server server;
  server.Answer("200 OK", "12345");
  const std::atomic<bool> stopping = false;
  EXPECT_EQ(*HttpGet(server.url(), "", 5, stopping), "12345");
  EXPECT_EQ(ReasonOf(HttpGet(server.url(), "", 4, stopping).status()), "KEYS_UNREADABLE");
}

TEST(KeyUrl, MustBeHttpsOrOnLoopback) {
  prometheus::Registry metrics;
  for (const char* url :
       {"http://example.org/jwks", "http://127.0.0.1.example.org/", "ftp://127.0.0.1/",
        "file:///etc/passwd", "http://user@10.0.0.1/", "://"}) {
    EXPECT_EQ(ReasonOf(KeySource::Open(OptionsFor(url, metrics)).status()), "BAD_KEY_LOCATION")
        << url;
  }
}

}  // namespace
}  // namespace minsheng::platform
