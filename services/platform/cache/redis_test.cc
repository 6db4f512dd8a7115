#include "services/platform/cache/redis.h"

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/platform/testing/garbage_server.h"
#include "services/platform/testing/redis_server.h"

namespace minsheng::platform {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr absl::Duration kBounded =
    absl::Seconds(5);  // far above any timeout here, far below a hang

class RedisTest : public testing::Test {
 protected:
  void SetUp() override {
    const absl::Status started = server_.Start();
    ASSERT_TRUE(started.ok()) << started;
  }

  RedisServer server_;
};

absl::Duration TimeOf(absl::FunctionRef<void()> work) {
  const absl::Time start = absl::Now();
  work();
  return absl::Now() - start;
}

TEST_F(RedisTest, CarriesAnyBytesOverTcpAndUnixSockets) {
  const std::string bytes("\0\r\n$5\r\n\xff*", 10);
  for (const std::string& address : {server_.address(), server_.unix_address()}) {
    RedisPool pool({.address = address, .timeout = kPatience});
    ASSERT_EQ(pool.Command({"SET", bytes, bytes})->text, "OK");
    EXPECT_EQ(pool.Command({"GET", bytes})->text, bytes);
    EXPECT_EQ(pool.Command({"GET", "nothing"})->type, RedisReply::Type::kNil);
    EXPECT_EQ(pool.Command({"STRLEN", bytes})->integer, 10);
    EXPECT_EQ(pool.Command({"NO SUCH"})->type, RedisReply::Type::kError);
  }
}

TEST_F(RedisTest, CarriesAMebibyte) {
  const std::string large(1 << 20, 'x');
  RedisPool pool({.address = server_.address(), .timeout = kPatience});
  ASSERT_EQ(pool.Command({"SET", "large", large})->text, "OK");
  EXPECT_EQ(pool.Command({"GET", "large"})->text, large);
}

TEST_F(RedisTest, RefusesAReplyBeyondItsBound) {
  RedisPool pool({.address = server_.address(), .timeout = kPatience});
  const std::string large(RedisConnection::kReplyBytesMax, 'x');
  ASSERT_EQ(pool.Command({"SET", "large", large})->text, "OK");
  ASSERT_EQ(pool.Command({"APPEND", "large", large})->type, RedisReply::Type::kInteger);

  EXPECT_TRUE(absl::IsUnavailable(pool.Command({"GET", "large"}).status()));
  EXPECT_EQ(pool.Command({"PING"})->text, "PONG");
}

TEST_F(RedisTest, KeepsToItsConnectionsUnderManyThreads) {
  RedisPool pool({.address = server_.address(), .timeout = kPatience, .connections_max = 3});
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&pool, i] {
      const std::string key = absl::StrCat("key", i);
      for (int n = 0; n < 200; ++n) {
        ASSERT_EQ(pool.Command({"SET", key, absl::StrCat(i, "-", n)})->text, "OK");
        ASSERT_EQ(pool.Command({"GET", key})->text, absl::StrCat(i, "-", n));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  const std::string stats = pool.Command({"INFO", "stats"})->text;
  const size_t at = stats.find("total_connections_received:");
  EXPECT_LE(std::stoi(stats.substr(at + 27)), 3 + 1) << stats;  // one is the start-up check
}

TEST_F(RedisTest, AHungServerCostsTheTimeout) {
  RedisPool pool({.address = server_.address(), .timeout = absl::Milliseconds(50)});
  server_.Kill(SIGSTOP);
  const absl::Duration hung = TimeOf([&] {
    EXPECT_TRUE(absl::IsDeadlineExceeded(pool.Command({"GET", "a"}).status()));
  });
  server_.Kill(SIGCONT);

  EXPECT_GE(hung, absl::Milliseconds(50));
  EXPECT_LT(hung, kBounded);
}

// The server resumes and answers the command that was given up while another one waits.
TEST_F(RedisTest, ALateReplyIsNotTakenForTheNextOne) {
  RedisPool pool({.address = server_.address(), .timeout = absl::Milliseconds(200)});
  RedisPool patient({.address = server_.address(), .timeout = kPatience});
  ASSERT_TRUE(patient.Command({"MSET", "a", "of a", "b", "of b"}).ok());
  ASSERT_TRUE(pool.Command({"PING"}).ok());

  server_.Kill(SIGSTOP);
  EXPECT_TRUE(absl::IsDeadlineExceeded(pool.Command({"GET", "a"}).status()));
  std::thread resume([this] {
    absl::SleepFor(absl::Milliseconds(20));
    server_.Kill(SIGCONT);
  });
  const auto reply = pool.Command({"GET", "b"});
  resume.join();

  if (reply.ok()) {
    EXPECT_EQ(reply->text, "of b");
  }
}

TEST_F(RedisTest, ARestartCostsNoError) {
  RedisPool pool({.address = server_.address(), .timeout = kPatience});
  ASSERT_TRUE(pool.Command({"PING"}).ok());
  server_.Kill(SIGKILL);
  EXPECT_TRUE(absl::IsUnavailable(pool.Command({"PING"}).status()));
  ASSERT_TRUE(server_.Start().ok());
  ASSERT_TRUE(pool.Command({"PING"}).ok());

  server_.Kill(SIGKILL);
  ASSERT_TRUE(server_.Start().ok());
  EXPECT_TRUE(pool.Command({"PING"}).ok());
}

TEST(Redis, RefusesAnAddressThatIsNone) {
  for (const char* address : {"", "localhost", "host:port", ":", "unix:"}) {
    RedisPool pool({.address = address, .timeout = absl::Milliseconds(50)});
    EXPECT_FALSE(pool.Command({"PING"}).ok()) << address;
  }
}

TEST(Redis, GarbageIsAnErrorWithinBoundedTime) {
  const std::string replies[] = {"HTTP/1.1 400 Bad Request\r\n\r\n",
                                 std::string(3, '\0'),
                                 "$100\r\nshort",
                                 "*2147483647\r\n",
                                 "$99999999999999999999\r\n",
                                 ""};
  for (const std::string& reply : replies) {
    const GarbageServer garbage(reply);
    RedisPool pool({.address = garbage.address(), .timeout = absl::Milliseconds(50)});
    EXPECT_LT(TimeOf([&] { EXPECT_FALSE(pool.Command({"PING"}).ok()) << reply; }), kBounded);
  }
}

// hiredis's own timeouts start anew with each byte.
TEST(Redis, ADrippingReplyDoesNotStretchTheTimeout) {
  const GarbageServer drip("+" + std::string(100000, 'x'), absl::Milliseconds(1));
  RedisPool pool({.address = drip.address(), .timeout = absl::Milliseconds(50)});
  const absl::Duration taken =
      TimeOf([&] { EXPECT_TRUE(absl::IsDeadlineExceeded(pool.Command({"PING"}).status())); });
  EXPECT_LT(taken, kBounded);
}

}  // namespace
}  // namespace minsheng::platform
