// Chaos in Redis against readers whose versions rise: no wrong answer, no failed call. The near
// cache is off.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <csignal>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/platform/cache/cache.h"
#include "services/platform/cache/test_support.h"
#include "services/platform/testing/redis_server.h"

namespace minsheng::platform {
namespace {

constexpr absl::Duration kStorm = absl::Seconds(4);
constexpr int kThreads = 8;
constexpr size_t kNames = 12;

// Says of what it is the answer, and is long enough that a cut shows.
std::string Truth(absl::string_view name, int64_t version) {
  return absl::StrCat(name, "@", version, std::string(static_cast<size_t>(version % 700), '.'));
}

class Storm {
 public:
  Storm(RedisServer& server, uint64_t seed)
      : server_(server), seed_(seed), caches_{Make(), Make()} {}

  void Run() {
    const absl::Time end = absl::Now() + kStorm;
    std::vector<std::thread> readers;
    for (int i = 0; i < kThreads; ++i) readers.emplace_back([=, this] { Read(i, end); });
    std::thread chaos([=, this] { MakeChaos(end); });
    for (std::thread& reader : readers) reader.join();
    chaos.join();
  }

  int64_t calls() const { return calls_; }
  int64_t wrong() const { return wrong_; }
  int64_t failed() const { return failed_; }
  double Redis(const std::string& result) const { return Requests(registry_, "redis", result); }

 private:
  std::unique_ptr<Cache> Make() {
    Cache::Options options;
    options.service = "storm";
    options.redis = server_.address();
    options.hmac_key = "secret";
    options.breaker_pause = absl::Milliseconds(5);
    return std::make_unique<Cache>(options, registry_);
  }

  void Read(int thread, absl::Time end) {
    std::mt19937_64 random(seed_ + static_cast<uint64_t>(thread));
    Cache& cache = *caches_[static_cast<size_t>(thread) % caches_.size()];
    while (absl::Now() < end) {
      const size_t name = random() % kNames;
      if (random() % 16 == 0) ++versions_[name];
      const int64_t lag = random() % 8 == 0 ? 1 : 0;
      ReadOne(cache, absl::StrCat("name", name), 1 + versions_[name] - lag);
    }
  }

  void ReadOne(Cache& cache, const std::string& name, int64_t version) {
    const auto fill = [&]() -> absl::StatusOr<std::string> { return Truth(name, version); };
    const auto answer = cache.Get({"storm", name, version}, fill, absl::Now());
    ++calls_;
    if (!answer.ok()) {
      ++failed_;
    } else if (*answer != Truth(name, version)) {
      ++wrong_;
    }
  }

  void MakeChaos(absl::Time end) {
    std::mt19937_64 random(seed_);
    RedisClient client(server_.address());
    while (absl::Now() < end) {
      Harm(client, random);
      absl::SleepFor(absl::Milliseconds(random() % 4));
    }
  }

  void Harm(RedisClient& client, std::mt19937_64& random) {
    const std::string key = client.Run({"RANDOMKEY"}).text;
    const std::string other = client.Run({"RANDOMKEY"}).text;
    const RedisReply stolen = client.Run({"GET", other});
    switch (random() % 9) {
      case 0:
        client.Run({"FLUSHALL"});
        return;
      case 1:
        client.Run({"SCRIPT", "FLUSH"});
        return;
      case 2:
        server_.Kill(SIGSTOP);
        absl::SleepFor(absl::Milliseconds(random() % 60));
        server_.Kill(SIGCONT);
        return;
      case 3:
        client.Run({"DEL", key});
        client.Run({"LPUSH", key, "wrong type"});
        return;
      case 4:
        client.Run({"SET", key, absl::StrCat(random(), random())});
        return;
      case 5:
        client.Run({"SET", key, stolen.text.substr(0, stolen.text.size() / 2)});
        return;
      case 6:
        client.Run({"SETRANGE", key, "30", absl::StrCat(random() % 100)});
        return;
      default:
        client.Run({"SET", key, stolen.text});
    }
  }

  RedisServer& server_;
  const uint64_t seed_;
  prometheus::Registry registry_;
  const std::array<std::unique_ptr<Cache>, 2> caches_;
  std::array<std::atomic<int64_t>, kNames> versions_ = {};
  std::atomic<int64_t> calls_{0};
  std::atomic<int64_t> wrong_{0};
  std::atomic<int64_t> failed_{0};
};

TEST(CacheStorm, NoWrongAnswerAndNoFailedCall) {
  RedisServer server;
  const absl::Status started = server.Start();
  ASSERT_TRUE(started.ok()) << started;
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));

  Storm storm(server, seed);
  storm.Run();

  EXPECT_EQ(storm.wrong(), 0);
  EXPECT_EQ(storm.failed(), 0);
  for (const char* result : {"hit", "miss", "error", "poisoned"}) {
    EXPECT_GT(storm.Redis(result), 0) << "the storm did not blow: " << result;
    std::cout << result << " " << storm.Redis(result) << "\n";
  }
  std::cout << storm.calls() << " calls, seed " << seed << "\n";
}

}  // namespace
}  // namespace minsheng::platform
