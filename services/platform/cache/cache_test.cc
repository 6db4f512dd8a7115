#include "services/platform/cache/cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/platform/cache/test_support.h"
#include "services/platform/testing/garbage_server.h"
#include "services/platform/testing/redis_server.h"

namespace minsheng::platform {
namespace {

constexpr int64_t kVersionMax = std::numeric_limits<int64_t>::max();
constexpr absl::Duration kBounded =
    absl::Seconds(5);  // far above what may happen, far below a hang

const absl::Time kNow = absl::FromCivil(absl::CivilDay(2024, 7, 1), absl::UTCTimeZone());

// One "process": a Cache with its own registry, and a store that counts how often it is asked.
class Process {
 public:
  explicit Process(Cache::Options options) : cache_(std::move(options), registry_) {}

  absl::StatusOr<std::string> Get(const Cache::Key& key, absl::string_view stored,
                                  absl::Time now = kNow) {
    return Run(key, std::string(stored), now);
  }

  absl::StatusOr<std::string> Run(const Cache::Key& key, absl::StatusOr<std::string> stored,
                                  absl::Time now = kNow) {
    const auto fill = [&] {
      ++fills_;
      return stored;
    };
    return cache_.Get(key, fill, now);
  }

  // True if the answer came from a cache.
  bool Hits(const Cache::Key& key, absl::string_view expected, absl::Time now = kNow) {
    const int before = fills_;
    const auto answer = Get(key, expected, now);
    EXPECT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(*answer, expected);
    return fills_ == before;
  }

  Cache& cache() { return cache_; }
  const prometheus::Registry& registry() const { return registry_; }
  int fills() const { return fills_; }
  bool breaker_open() const { return Metric(registry_, "minsheng_cache_breaker_open") == 1; }

 private:
  prometheus::Registry registry_;
  std::atomic<int> fills_{0};
  Cache cache_;
};

class CacheTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = new RedisServer(); }
  static void TearDownTestSuite() {
    delete server_;
    server_ = nullptr;
  }

  void SetUp() override {
    const absl::Status started = server_->Start();
    ASSERT_TRUE(started.ok()) << started;
  }

  // Patient, for a machine that is busy with other things; tests of impatience say so.
  static Cache::Options RedisOnly() {
    Cache::Options options;
    options.service = "test";
    options.redis = server_->address();
    options.hmac_key = "secret";
    options.operation_timeout = absl::Seconds(10);
    options.breaker_pause = absl::Milliseconds(20);
    options.sample_every = 0;
    return options;
  }

  static Cache::Options Impatient() {
    Cache::Options options = RedisOnly();
    options.operation_timeout = absl::Milliseconds(20);
    return options;
  }

  static Cache::Options NearOnly() {
    Cache::Options options = RedisOnly();
    options.redis = "";
    options.near_bytes_max = 1 << 20;
    return options;
  }

  static RedisClient Client() { return RedisClient(server_->address()); }

  static std::string OnlyKey(RedisClient& client) {
    const std::vector<std::string> keys = client.Keys("*");
    EXPECT_EQ(keys.size(), 1);
    return keys.empty() ? "" : keys[0];
  }

  static RedisServer* server_;
};

RedisServer* CacheTest::server_ = nullptr;

TEST_F(CacheTest, AllSeriesExistFromTheStart) {
  const Process process(RedisOnly());
  for (const char* tier : {"near", "redis", "store"}) {
    for (const char* result : {"hit", "miss", "error", "poisoned"}) {
      EXPECT_EQ(Requests(process.registry(), tier, result), 0) << tier << result;
    }
  }
  EXPECT_EQ(Metric(process.registry(), "minsheng_cache_stale_total", {{"service", "test"}}), 0);
  EXPECT_EQ(Metric(process.registry(), "minsheng_cache_breaker_open", {{"service", "test"}}), 0);
}

TEST_F(CacheTest, WithoutTiersTheFillAnswers) {
  Cache::Options options = RedisOnly();
  options.hmac_key = "";
  Process process(options);
  EXPECT_FALSE(process.cache().redis_enabled());
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, "a"));
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, "a"));
}

TEST_F(CacheTest, FillsOnceThenHitsInEveryProcess) {
  Process one(RedisOnly());
  Process two(RedisOnly());
  EXPECT_FALSE(one.Hits({"kind", "name", 1}, "answer"));
  EXPECT_TRUE(one.Hits({"kind", "name", 1}, "answer"));
  EXPECT_TRUE(two.Hits({"kind", "name", 1}, "answer"));

  EXPECT_EQ(Requests(one.registry(), "redis", "miss"), 1);
  EXPECT_EQ(Requests(one.registry(), "redis", "hit"), 1);
  EXPECT_EQ(Requests(one.registry(), "store", "hit"), 1);
  EXPECT_EQ(Requests(two.registry(), "store", "hit"), 0);
}

TEST_F(CacheTest, WorksOverAUnixSocket) {
  Cache::Options options = RedisOnly();
  options.redis = server_->unix_address();
  Process process(options);
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, "answer"));
  EXPECT_TRUE(process.Hits({"kind", "name", 1}, "answer"));
}

TEST_F(CacheTest, NearAnswersWithoutRedis) {
  Process process(NearOnly());
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, "answer"));
  EXPECT_TRUE(process.Hits({"kind", "name", 1}, "answer"));
  EXPECT_FALSE(process.Hits({"kind", "name", 2}, "new answer"));
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, "answer"));
  EXPECT_TRUE(process.Hits({"kind", "name", 2}, "new answer"));

  process.cache().Forget("kind", "name");
  EXPECT_FALSE(process.Hits({"kind", "name", 2}, "new answer"));
}

TEST_F(CacheTest, KeepsKindNameAndAnyBytesApart) {
  const std::string bytes("\0\r\n:\xff", 5);
  Process process(RedisOnly());
  EXPECT_FALSE(process.Hits({"a", "bc", 1}, bytes));
  EXPECT_FALSE(process.Hits({"ab", "c", 1}, ""));
  EXPECT_FALSE(process.Hits({"a:1", "b", 1}, "2"));
  EXPECT_FALSE(process.Hits({bytes, bytes, 1}, "3"));

  EXPECT_TRUE(process.Hits({"a", "bc", 1}, bytes));
  EXPECT_TRUE(process.Hits({"ab", "c", 1}, ""));
  EXPECT_TRUE(process.Hits({"a:1", "b", 1}, "2"));
  EXPECT_TRUE(process.Hits({bytes, bytes, 1}, "3"));
}

TEST_F(CacheTest, AnOlderVersionNeverReplacesANewerInRedis) {
  const std::vector<int64_t> rising = {-kVersionMax - 1, -1,         0, 9, 10,
                                       kVersionMax - 1,  kVersionMax};
  Process one(RedisOnly());
  Process two(RedisOnly());
  for (size_t i = 1; i < rising.size(); ++i) {
    const int64_t older = rising[i - 1];
    const int64_t newer = rising[i];
    EXPECT_FALSE(one.Hits({"kind", "name", newer}, "new"));
    EXPECT_FALSE(two.Hits({"kind", "name", older}, "old")) << older;
    EXPECT_FALSE(two.Hits({"kind", "name", older}, "old")) << older;
    EXPECT_TRUE(two.Hits({"kind", "name", newer}, "new")) << newer;
  }
}

// The reader of the old version has looked before the new version came, and writes after it.
TEST_F(CacheTest, AnOlderVersionThatArrivesLateIsRefusedByTheScript) {
  Process one(RedisOnly());
  Process two(RedisOnly());
  const auto slow_fill = [&]() -> absl::StatusOr<std::string> {
    EXPECT_FALSE(two.Hits({"kind", "name", 6}, "six"));
    return "five";
  };
  EXPECT_EQ(*one.cache().Get({"kind", "name", 5}, slow_fill, kNow), "five");
  EXPECT_TRUE(one.Hits({"kind", "name", 6}, "six"));
}

TEST_F(CacheTest, FlushAllAndScriptFlushCostOneFill) {
  Process process(RedisOnly());
  RedisClient client = Client();
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, "answer"));
  client.Run({"FLUSHALL"});
  client.Run({"SCRIPT", "FLUSH"});
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, "answer"));
  EXPECT_TRUE(process.Hits({"kind", "name", 1}, "answer"));
  EXPECT_EQ(Requests(process.registry(), "redis", "error"), 0);
}

TEST_F(CacheTest, AnAnswerEndsAtItsValidUntil) {
  for (Cache::Options options : {RedisOnly(), NearOnly()}) {
    Process process(options);
    const absl::Time midnight = kNow + absl::Hours(8);
    EXPECT_FALSE(process.Hits({"kind", "name", 1, midnight}, "today"));
    EXPECT_TRUE(process.Hits({"kind", "name", 1, midnight}, "today", midnight - absl::Seconds(1)));
    EXPECT_FALSE(process.Hits({"kind", "name", 1, midnight}, "tomorrow", midnight));
    EXPECT_FALSE(process.Hits({"kind", "name", 1, midnight}, "tomorrow", midnight));

    const absl::Time next = midnight + absl::Hours(24);
    EXPECT_FALSE(process.Hits({"kind", "name", 1, next}, "tomorrow", midnight));
    EXPECT_TRUE(process.Hits({"kind", "name", 1, next}, "tomorrow", midnight));
    EXPECT_FALSE(process.Hits({"kind", "name", 1, midnight}, "today", kNow)) << "a clock behind";
    EXPECT_TRUE(process.Hits({"kind", "name", 1, next}, "tomorrow", midnight));
  }
}

TEST_F(CacheTest, TheLifeInRedisJittersAndEndsWithTheValidity) {
  Process process(RedisOnly());
  RedisClient client = Client();
  EXPECT_FALSE(process.Hits({"kind", "short", 1, kNow + absl::Minutes(1)}, "a"));
  EXPECT_LE(client.Run({"PTTL", OnlyKey(client)}).integer, 60'000);
  client.Run({"FLUSHALL"});

  std::vector<int64_t> lives;
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(process.Hits({"kind", absl::StrCat(i), 1}, "a"));
    lives.push_back(client.Run({"PTTL", OnlyKey(client)}).integer);
    client.Run({"FLUSHALL"});
  }
  const auto [least, most] = std::minmax_element(lives.begin(), lives.end());
  EXPECT_GE(*least, 3'200'000);
  EXPECT_LE(*most, 3'960'000);
  EXPECT_GT(*most - *least, 100'000);
}

TEST_F(CacheTest, TheEpochIsPartOfEveryKey) {
  std::atomic<int64_t> epoch = 1;
  Cache::Options options = RedisOnly();
  options.near_bytes_max = 1 << 20;
  options.epoch = [&] { return epoch.load(); };
  Process process(options);
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, "before"));
  epoch = 2;
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, "after"));
  EXPECT_TRUE(process.Hits({"kind", "name", 1}, "after"));
}

TEST_F(CacheTest, AValueTooLargeForRedisIsAnsweredAndLeavesNoLease) {
  Process process(RedisOnly());
  RedisClient client = Client();
  const std::string large((1 << 20) + 1, 'x');
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, large));
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, large));
  EXPECT_EQ(client.Keys("*").size(), 0);
}

// Errors.

TEST_F(CacheTest, AnErrorOfTheFillIsReturnedAndNeverCached) {
  Cache::Options options = RedisOnly();
  options.near_bytes_max = 1 << 20;
  Process process(options);
  RedisClient client = Client();
  const Cache::Key key{"kind", "name", 1};
  EXPECT_EQ(process.Run(key, absl::InternalError("broken")).status(),
            absl::InternalError("broken"));
  EXPECT_EQ(client.Keys("*").size(), 0) << "the lease was given back";
  EXPECT_TRUE(absl::IsNotFound(process.Run(key, absl::NotFoundError("none")).status()));
  EXPECT_FALSE(process.Hits(key, "answer"));
  EXPECT_TRUE(process.Hits(key, "answer"));

  EXPECT_EQ(Requests(process.registry(), "store", "error"), 1);
  EXPECT_EQ(Requests(process.registry(), "store", "miss"), 1);
  EXPECT_EQ(Requests(process.registry(), "store", "hit"), 1);
}

// Poison.

class PoisonTest : public CacheTest {
 protected:
  void SetUp() override {
    CacheTest::SetUp();
    client_ = std::make_unique<RedisClient>(server_->address());
    process_ = std::make_unique<Process>(RedisOnly());
    ASSERT_FALSE(process_->Hits(kKey, "answer"));
    key_ = OnlyKey(*client_);
    sealed_ = client_->Get(key_);
  }

  void ExpectPoisonedThenCachedAgain() {
    const double before = Requests(process_->registry(), "redis", "poisoned");
    EXPECT_FALSE(process_->Hits(kKey, "answer"));
    EXPECT_EQ(Requests(process_->registry(), "redis", "poisoned"), before + 1);
    EXPECT_TRUE(process_->Hits(kKey, "answer"));
  }

  void ExpectPoisonous(absl::string_view bytes) {
    client_->Run({"SET", key_, bytes});
    ExpectPoisonedThenCachedAgain();
  }

  static constexpr Cache::Key kKey{"kind", "name", 7};
  std::unique_ptr<RedisClient> client_;
  std::unique_ptr<Process> process_;
  std::string key_;
  std::string sealed_;
};

TEST_F(PoisonTest, RandomBytes) {
  ExpectPoisonous("");
  ExpectPoisonous("random bytes");
  ExpectPoisonous(std::string(1000, '\0'));
  ExpectPoisonous(absl::StrCat("MSC1", std::string(200, '9')));
}

TEST_F(PoisonTest, EveryCutAndEveryFlippedBit) {
  for (size_t size = 0; size < sealed_.size(); ++size) ExpectPoisonous(sealed_.substr(0, size));
  for (size_t at = 0; at < sealed_.size(); ++at) {
    std::string flipped = sealed_;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    ExpectPoisonous(flipped);
  }
  ExpectPoisonous(sealed_ + "x");
}

TEST_F(PoisonTest, AForgedNewerVersionDoesNotLockTheKey) {
  std::string forged = sealed_;
  forged.replace(4, 40, std::string(40, '9'));
  ExpectPoisonous(forged);
}

TEST_F(PoisonTest, AValidValueOfAnotherKey) {
  ASSERT_FALSE(process_->Hits({"kind", "other", 7}, "other answer"));
  for (const std::string& key : client_->Keys("*")) {
    if (key != key_) ExpectPoisonous(client_->Get(key));
  }
}

TEST_F(PoisonTest, AValidValueOfAnotherEpoch) {
  Cache::Options options = RedisOnly();
  options.epoch = [] { return 5; };
  Process other(options);
  ASSERT_FALSE(other.Hits(kKey, "answer of another epoch"));
  for (const std::string& key : client_->Keys("*")) {
    if (key != key_) ExpectPoisonous(client_->Get(key));
  }
}

TEST_F(PoisonTest, TheWrongType) {
  client_->Run({"DEL", key_});
  client_->Run({"LPUSH", key_, "a"});
  ExpectPoisonedThenCachedAgain();
  client_->Run({"DEL", key_});
  client_->Run({"HSET", key_, "a", "b"});
  ExpectPoisonedThenCachedAgain();
}

TEST_F(PoisonTest, AnotherHmacKey) {
  Cache::Options options = RedisOnly();
  options.hmac_key = "another secret";
  Process stranger(options);
  EXPECT_FALSE(stranger.Hits(kKey, "stranger's answer"));
  EXPECT_EQ(Requests(stranger.registry(), "redis", "poisoned"), 1);
  ExpectPoisonedThenCachedAgain();
}

TEST_F(PoisonTest, ALeaseThatNobodyHoldsCostsBoundedTime) {
  client_->Run({"DEL", key_});
  const std::string digits = sealed_.substr(4, 40);
  client_->Run({"SET", absl::StrCat("lease:", digits, ":", key_), "forged"});
  const absl::Time start = absl::Now();
  EXPECT_FALSE(process_->Hits(kKey, "answer"));
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(25)) << "it should have waited";
  EXPECT_LT(absl::Now() - start, kBounded);
  EXPECT_TRUE(process_->Hits(kKey, "answer"));
}

// One fill for many.

void ExpectOneFillBySixteenThreads(const Cache::Options& options) {
  constexpr int kThreads = 16;
  Process process(options);
  std::atomic<int> fills = 0;
  const auto fill = [&]() -> absl::StatusOr<std::string> {
    ++fills;
    EXPECT_TRUE(Await([&] { return Requests(process.registry(), "near", "miss") == kThreads; }));
    return "answer";
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      EXPECT_EQ(*process.cache().Get({"kind", "name", 1}, fill, kNow), "answer");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(fills, 1);
}

TEST_F(CacheTest, SixteenThreadsShareOneFill) {
  ExpectOneFillBySixteenThreads(NearOnly());
  Cache::Options both = RedisOnly();
  both.near_bytes_max = 1 << 20;
  ExpectOneFillBySixteenThreads(both);
}

TEST_F(CacheTest, ACallersImpatienceIsNotShared) {
  Process process(NearOnly());
  const auto both_wait = [&] { return Requests(process.registry(), "near", "miss") == 2; };
  std::atomic<int> fills = 0;
  const auto fill = [&]() -> absl::StatusOr<std::string> {
    if (fills++ > 0) return "answer";
    EXPECT_TRUE(Await(both_wait));
    return absl::DeadlineExceededError("mine");
  };
  std::atomic<int> answers = 0;
  const auto call = [&] { answers += process.cache().Get({"kind", "name", 1}, fill, kNow).ok(); };
  std::thread other(call);
  call();
  other.join();
  EXPECT_EQ(fills, 2);
  EXPECT_EQ(answers, 1);
}

int Calls(RedisClient& client, absl::string_view command) {
  const std::string stats = client.Run({"INFO", "commandstats"}).text;
  const std::string label = absl::StrCat("cmdstat_", command, ":calls=");
  const size_t at = stats.find(label);
  return at == std::string::npos ? 0 : std::stoi(stats.substr(at + label.size()));
}

// True if the second process waited for the first one's answer; on a busy machine its patience may
// end before.
bool SecondProcessWaits(RedisClient& client, const std::string& name,
                        const Cache::Options& options) {
  Process first(options);
  Process second(options);
  const Cache::Key key{"kind", name, 1};
  const int polls_before = Calls(client, "mget");
  std::thread waiter;
  const auto fill = [&]() -> absl::StatusOr<std::string> {
    waiter = std::thread([&] { second.Hits(key, "answer"); });
    EXPECT_TRUE(Await([&] { return Calls(client, "mget") > polls_before || second.fills() > 0; }));
    return "answer";
  };
  EXPECT_EQ(*first.cache().Get(key, fill, kNow), "answer");
  waiter.join();
  return second.fills() == 0;
}

TEST_F(CacheTest, AColdKeyIsFilledOnceOverTwoProcesses) {
  RedisClient client = Client();
  bool waited = false;
  for (int i = 0; i < 50 && !waited; ++i) {
    waited = SecondProcessWaits(client, absl::StrCat("name", i), RedisOnly());
  }
  EXPECT_TRUE(waited);
  EXPECT_EQ(client.Keys("lease:*").size(), 0);
}

TEST_F(CacheTest, AHolderThatFailsLetsTheWaiterGo) {
  RedisClient client = Client();
  Process first(RedisOnly());
  Process second(RedisOnly());
  std::thread waiter;
  const auto failing = [&]() -> absl::StatusOr<std::string> {
    waiter = std::thread([&] { EXPECT_FALSE(second.Hits({"kind", "name", 1}, "answer")); });
    EXPECT_TRUE(Await([&] { return Calls(client, "mget") > 0 || second.fills() > 0; }));
    return absl::InternalError("broken");
  };
  EXPECT_FALSE(first.cache().Get({"kind", "name", 1}, failing, kNow).ok());
  waiter.join();
  EXPECT_TRUE(first.Hits({"kind", "name", 1}, "answer"));
}

// Redis in trouble.

TEST_F(CacheTest, AHungRedisCostsBoundedTimeAndThenNothing) {
  Process process(Impatient());
  server_->Kill(SIGSTOP);
  const absl::Time start = absl::Now();
  for (int i = 0; i < 200; ++i) {
    EXPECT_FALSE(process.Hits({"kind", absl::StrCat(i), 1}, absl::StrCat("answer", i)));
  }
  const absl::Duration taken = absl::Now() - start;
  server_->Kill(SIGCONT);

  EXPECT_LT(taken, kBounded);
  EXPECT_EQ(Requests(process.registry(), "store", "hit"), 200);
  EXPECT_TRUE(Await([&] { return process.Hits({"kind", "after", 1}, "answer"); }));
  EXPECT_FALSE(process.breaker_open());
}

TEST_F(CacheTest, ARedisThatHangsWhileTheFillRunsCostsBoundedTime) {
  Process process(Impatient());
  const auto fill = [&]() -> absl::StatusOr<std::string> {
    server_->Kill(SIGSTOP);
    return "answer";
  };
  const absl::Time start = absl::Now();
  EXPECT_EQ(*process.cache().Get({"kind", "name", 1}, fill, kNow), "answer");
  EXPECT_LT(absl::Now() - start, kBounded);
  server_->Kill(SIGCONT);
}

TEST_F(CacheTest, AKilledRedisIsMissedAndFoundAgain) {
  Process process(RedisOnly());
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, "answer"));
  server_->Kill(SIGKILL);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(process.Hits({"kind", "name", 1}, "answer"));
  EXPECT_TRUE(process.breaker_open());

  ASSERT_TRUE(server_->Start().ok());
  EXPECT_TRUE(Await([&] { return process.Hits({"kind", "name", 1}, "answer"); }));
  EXPECT_FALSE(process.breaker_open());
}

TEST_F(CacheTest, ARestartBetweenTwoCallsCostsNoError) {
  Process process(RedisOnly());
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, "answer"));
  server_->Kill(SIGKILL);
  ASSERT_TRUE(server_->Start().ok());
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, "answer"));
  EXPECT_TRUE(process.Hits({"kind", "name", 1}, "answer"));
  EXPECT_EQ(Requests(process.registry(), "redis", "error"), 0);
}

TEST_F(CacheTest, AnOpenBreakerLeavesRedisAlone) {
  Cache::Options options = RedisOnly();
  options.breaker_pause = absl::Hours(1);
  Process process(options);
  server_->Kill(SIGKILL);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(process.breaker_open());
    EXPECT_FALSE(process.Hits({"kind", "name", 1}, "answer"));
  }
  EXPECT_TRUE(process.breaker_open());

  ASSERT_TRUE(server_->Start().ok());
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(process.Hits({"kind", "name", 1}, "answer"));
  RedisClient client = Client();
  EXPECT_EQ(Calls(client, "get"), 0);
}

TEST_F(CacheTest, GarbageForRedisCostsBoundedTime) {
  const std::string replies[] = {"HTTP/1.1 400 Bad Request\r\n\r\n",
                                 ":1\r\n",
                                 "*1\r\n$1\r\nx\r\n",
                                 "+OK\r\n",
                                 "-LOADING wait\r\n",
                                 "$5\r\nhello\r\n"};
  for (const std::string& reply : replies) {
    const GarbageServer garbage(reply);
    Cache::Options options = Impatient();
    options.redis = garbage.address();
    Process process(options);
    const absl::Time start = absl::Now();
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(process.Hits({"kind", "name", 1}, "answer")) << reply;
    EXPECT_LT(absl::Now() - start, kBounded) << reply;
  }
}

TEST_F(CacheTest, AReadOnlyRedisStillAnswersAndReportsFailedWritesOnceASecond) {
  std::atomic<int> reports = 0;
  Cache::Options options = RedisOnly();
  options.on_write_failed = [&] { ++reports; };
  Process process(options);
  RedisClient client = Client();
  EXPECT_FALSE(process.Hits({"kind", "name", 1}, "answer"));
  client.Run({"CONFIG", "SET", "maxmemory", "1"});

  const absl::Time start = absl::Now();
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(process.Hits({"kind", "name", 2}, "new"));
  const absl::Duration taken = absl::Now() - start;
  EXPECT_TRUE(Await([&] { return process.Hits({"kind", "name", 1}, "answer"); }));
  client.Run({"CONFIG", "SET", "maxmemory", "0"});

  EXPECT_GE(reports, 1);
  EXPECT_LE(reports, 1 + taken / absl::Seconds(1));
}

// The sampler.

TEST_F(CacheTest, TheSamplerFindsCountsAndCorrectsAWrongAnswer) {
  for (Cache::Options options : {RedisOnly(), NearOnly()}) {
    options.sample_every = 2;
    Process process(options);
    const Cache::Key key{"kind", "name", 1};
    EXPECT_EQ(*process.Get(key, "wrong"), "wrong");
    EXPECT_EQ(*process.Get(key, "right"), "wrong") << "hit 1 is not sampled";
    EXPECT_EQ(*process.Get(key, "right"), "right") << "hit 2 is";
    EXPECT_EQ(*process.Get(key, "ignored"), "right") << "and was corrected";
    EXPECT_EQ(Metric(process.registry(), "minsheng_cache_stale_total"), 1);
  }
}

TEST_F(CacheTest, ASampleWhoseFillFailsStaysAHit) {
  Cache::Options options = NearOnly();
  options.sample_every = 1;
  Process process(options);
  EXPECT_EQ(*process.Get({"kind", "name", 1}, "answer"), "answer");
  EXPECT_EQ(*process.Run({"kind", "name", 1}, absl::UnavailableError("away")), "answer");
  EXPECT_EQ(Metric(process.registry(), "minsheng_cache_stale_total"), 0);
}

}  // namespace
}  // namespace minsheng::platform
