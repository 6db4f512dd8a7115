// Two limiters, as in two processes of a service, and a real redis-server.
#include "services/platform/limits/shared_spending.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/platform/cache/test_support.h"
#include "services/platform/limits/rate_limiter.h"
#include "services/platform/testing/garbage_server.h"
#include "services/platform/testing/redis_server.h"

namespace minsheng::platform {
namespace {

constexpr absl::Duration kTime = absl::Seconds(2);
constexpr int kRate = 400, kBurst = 100;

const Principal kCaller{"联络员", "区交通局", "reporter", "500156"};

class SharedSpendingTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(server_.Start().ok()); }

  std::unique_ptr<RateLimiter> Make(const std::string& redis) {
    const std::string limits = absl::StrCat("reporter=", kRate, "/", kBurst, "/64/1000000");
    return std::make_unique<RateLimiter>(
        RateLimiter::Options{"registry", RoleLimits::Parse(limits).value(), false, redis},
        metrics_);
  }

  // Calls both without pause, about 20,000 times a second; returns how many were let in, in parts
  // of burst + rate × time. `meanwhile` runs every 50 ms.
  double Rush(
      std::vector<RateLimiter*> limiters, std::function<void()> meanwhile = [] {}) {
    const absl::Time begin = absl::Now();
    absl::Time next = begin;
    int in = 0;
    while (absl::Now() - begin < kTime) {
      for (RateLimiter* limiter : limiters) {
        if (!limiter->Begin(&kCaller, "", false).ok()) continue;
        limiter->End(&kCaller, "");
        ++in;
      }
      absl::SleepFor(absl::Microseconds(50));
      if (absl::Now() > next) meanwhile(), next += absl::Milliseconds(50);
    }
    return in / (kBurst + kRate * absl::ToDoubleSeconds(absl::Now() - begin));
  }

  prometheus::Registry metrics_;
  RedisServer server_;
};

TEST_F(SharedSpendingTest, TwoProcessesHaveOneLimit) {
  const auto one = Make(server_.address()), two = Make(server_.address());
  const double both = Rush({one.get(), two.get()});
  printf("» two processes with Redis let in %.2f of one limit\n", both);
  EXPECT_LE(both, 1.3);
  EXPECT_GE(both, 0.85);
}

TEST_F(SharedSpendingTest, AProcessThatIsAloneHasTheWholeLimit) {
  const auto one = Make(server_.address()), two = Make(server_.address());
  const double alone = Rush({one.get()});
  EXPECT_LE(alone, 1.02);
  EXPECT_GE(alone, 0.95);
}

TEST_F(SharedSpendingTest, WithoutRedisEachKeepsItsOwn) {
  const auto one = Make(server_.address()), two = Make(server_.address());
  server_.Kill(SIGKILL);
  const double both = Rush({one.get(), two.get()});
  printf("» two processes without Redis let in %.2f of one limit\n", both);
  EXPECT_LE(both, 2.02);
  EXPECT_GE(both, 1.9);
}

TEST_F(SharedSpendingTest, AHungRedisHoldsNobody) {
  const auto one = Make(server_.address());
  server_.Kill(SIGSTOP);
  const double alone = Rush({one.get()});
  server_.Kill(SIGCONT);
  EXPECT_GE(alone, 0.95);
  EXPECT_LE(alone, 1.02);
}

TEST_F(SharedSpendingTest, RedisThatIsFlushedAgainAndAgainLetsInNoMore) {
  const auto one = Make(server_.address()), two = Make(server_.address());
  RedisClient client(server_.address());
  EXPECT_LE(Rush({one.get(), two.get()}, [&] { client.Run({"FLUSHALL"}); }), 2.02);
}

// Counters that say everything was spent narrow the limit to a sixteenth, and never further.
TEST_F(SharedSpendingTest, PoisonedCountersNeitherOpenNorCloseTheLimit) {
  RedisClient client(server_.address());
  for (const char* value : {"9000000000000000000", "-9000000000000000000", "rubbish", "list"}) {
    const auto one = Make(server_.address());
    const double in = Rush({one.get()}, [&] {
      for (const std::string& key : client.Keys("minsheng:limits:*")) {
        if (value == absl::string_view("list")) {
          client.Run({"DEL", key});
          client.Run({"RPUSH", key, "x"});
        } else {
          client.Run({"SET", key, value});
        }
      }
    });
    printf("» counters set to %s: let in %.2f of the limit\n", value, in);
    EXPECT_LE(in, 1.02) << value;
    EXPECT_GE(in, 1.0 / 16) << value;
  }
}

TEST_F(SharedSpendingTest, CountersThatRunAwayLeaveASixteenth) {
  RedisClient client(server_.address());
  const auto one = Make(server_.address());
  const double in = Rush({one.get()}, [&] {
    for (const std::string& key : client.Keys("*calls*")) client.Run({"INCRBY", key, "1000000"});
  });
  printf("» counters that run away: let in %.2f of the limit\n", in);
  EXPECT_GE(in, 1.0 / 16);
  EXPECT_LE(in, 0.5);
}

TEST_F(SharedSpendingTest, GarbageForAnswersIsAsIfThereWereNone) {
  for (const char* answer :
       {"HTTP/1.1 400 Bad Request\r\n\r\n", "*2\r\n:1\r\n", "*1000000\r\n",
        "*2\r\n$1\r\nx\r\n:5\r\n", ":9223372036854775807\r\n", "-ERR no\r\n"}) {
    const GarbageServer garbage(answer);
    const auto one = Make(garbage.address());
    const double in = Rush({one.get()});
    EXPECT_LE(in, 1.02) << answer;
    EXPECT_GE(in, 0.9) << answer;
  }
}

TEST_F(SharedSpendingTest, WhoCallsStandsInNoKeyAndKeysEnd) {
  const auto one = Make(server_.address());
  RedisClient client(server_.address());
  ASSERT_TRUE(one->Begin(&kCaller, "", true).ok());
  ASSERT_TRUE(Await([&] { return client.Keys("*").size() == 2; }));
  for (const std::string& key : client.Keys("*")) {
    EXPECT_EQ(key.find("交通"), std::string::npos) << key;
    EXPECT_GT(client.Run({"PTTL", key}).integer, 0) << key;
  }
}

}  // namespace
}  // namespace minsheng::platform
