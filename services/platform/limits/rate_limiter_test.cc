#include "services/platform/limits/rate_limiter.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/cache/test_support.h"

namespace minsheng::platform {
namespace {

const Principal kReporter{"联络员", "区交通局", "reporter", "500156"};

class RateLimiterTest : public testing::Test {
 protected:
  RateLimiter& Make(absl::string_view limits, bool believed = false) {
    limiter_.emplace(
        RateLimiter::Options{"registry", RoleLimits::Parse(limits).value(), believed, ""},
        metrics_);
    return *limiter_;
  }
  // How many of `tries` are let in, and ended at once.
  int Calls(const Principal* caller, absl::string_view origin, int tries) {
    int in = 0;
    for (int i = 0; i < tries; ++i) {
      if (!limiter_->Begin(caller, origin, false).ok()) continue;
      limiter_->End(caller, origin);
      ++in;
    }
    return in;
  }
  double Limited(const std::string& role) {
    return Metric(metrics_, "minsheng_rate_limited_total", {{"role", role}});
  }

  prometheus::Registry metrics_;
  std::optional<RateLimiter> limiter_;
};

TEST_F(RateLimiterTest, SaysWhatIsExceededAndWhenToComeAgain) {
  RateLimiter& limiter = Make("reporter=1/2/64/10");
  EXPECT_TRUE(limiter.Begin(&kReporter, "", true).ok());
  EXPECT_TRUE(limiter.Begin(&kReporter, "", true).ok());
  const absl::Status refused = limiter.Begin(&kReporter, "", true);
  EXPECT_TRUE(absl::IsResourceExhausted(refused));
  EXPECT_EQ(ReasonOf(refused), "RATE_LIMITED");
  EXPECT_EQ(MetadataOf(refused).at("limit"), "calls_per_second");
  int after_ms = 0;
  ASSERT_TRUE(absl::SimpleAtoi(MetadataOf(refused).at("retry_after_ms"), &after_ms));
  EXPECT_GT(after_ms, 900);
  EXPECT_LE(after_ms, 1'000);
  EXPECT_EQ(Limited("reporter"), 1);
  EXPECT_EQ(Limited("list_office"), 0);
}

TEST_F(RateLimiterTest, CallersDoNotSpendOneAnothers) {
  Make("reporter=1/10/64/10,public=1/10/64/0,unknown=1/10/64/0,none=1/10/64/0");
  std::vector<Principal> callers(6, kReporter);
  callers[1].post = "负责人";
  callers[2].unit = "区水利局";
  callers[3].district = "500101";
  callers[4].role = "public";
  callers[5].role = "mayor";
  for (const Principal& caller : callers) EXPECT_EQ(Calls(&caller, "", 100), 10) << caller.role;
  EXPECT_EQ(Calls(nullptr, "10.0.0.1", 100), 10);
  EXPECT_EQ(Calls(nullptr, "10.0.0.2", 100), 10);
  EXPECT_EQ(Limited("none"), 90);
  EXPECT_EQ(Limited("unknown"), 180);
}

TEST_F(RateLimiterTest, SeveralTokensOfOnePostAreOneCallerThoseOfThePublicAreNot) {
  Make("reporter=1/10/64/10,public=1/10/64/0");
  for (std::string role : {"reporter", "public"}) {
    int in = 0;
    for (int i = 0; i < 5; ++i) {
      Principal caller = kReporter;
      caller.role = role;
      caller.credential = absl::StrCat("token:", i);
      in += Calls(&caller, "", 20);
    }
    EXPECT_EQ(in, role == "public" ? 50 : 10) << role;
  }
}

TEST_F(RateLimiterTest, AnIpv6NetworkIsOneOrigin) {
  Make("unknown=1/10/64/0");
  EXPECT_EQ(Calls(nullptr, "%5B2001:db8::a:b:c:d%5D", 20), 10);
  EXPECT_EQ(Calls(nullptr, "%5B2001:db8::5%5D", 20), 0);
  EXPECT_EQ(Calls(nullptr, "%5B2001:db8:0:1::5%5D", 20), 10);
  EXPECT_EQ(Calls(nullptr, "[2001:db8:0:1:ffff::]", 20), 0);
  EXPECT_EQ(Calls(nullptr, "%5B::ffff:10.0.0.1%5D", 20), 10);
  EXPECT_EQ(Calls(nullptr, "%5B::ffff:10.0.0.2%5D", 20), 10);
}

TEST_F(RateLimiterTest, WhereCallersAreBelievedNamesDoNotMatter) {
  Make("reporter=1/1/1/1,believed=1/30/64/1", true);
  EXPECT_EQ(Calls(&kReporter, "", 100), 30);
}

TEST_F(RateLimiterTest, HoldsBoundedMemory) {
  RateLimiter& limiter = Make("");
  const size_t before = mallinfo2().uordblks;
  Principal caller = kReporter;
  for (size_t i = 0; i < 4 * RateLimiter::kAccountsMax; ++i) {
    caller.post = absl::StrCat(i, std::string(i % 200, 'x'));
    if (limiter.Begin(&caller, "", false).ok()) limiter.End(&caller, "");
    const std::string origin = absl::StrCat(i, std::string(100, 'y'));
    if (limiter.Begin(nullptr, origin, false).ok()) limiter.End(nullptr, origin);
  }
  const size_t grown = mallinfo2().uordblks - before;
  printf("» %zu callers in %.1f MiB, %zu bytes each\n", 2 * RateLimiter::kAccountsMax,
         static_cast<double>(grown) / (1 << 20), grown / 2 / RateLimiter::kAccountsMax);
  EXPECT_LE(grown, RateLimiter::kBytesMax);
}

TEST_F(RateLimiterTest, CostsLessThanAMicrosecond) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitized";
#endif
  RateLimiter& limiter = Make("reporter=1000000/1000000/1000/1000000000");
  constexpr int kThreads = 2, kCalls = 100'000;
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    std::vector<std::thread> threads;
    const absl::Time begin = absl::Now();
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&limiter, t] {
        Principal caller = kReporter;
        caller.post = absl::StrCat("岗位", t);
        for (int i = 0; i < kCalls; ++i) {
          if (limiter.Begin(&caller, "", true).ok()) limiter.End(&caller, "");
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    best = std::min(best, absl::ToDoubleNanoseconds(absl::Now() - begin) / kCalls);
  }
  printf("» Begin and End together take %.0f ns, two threads at once\n", best);
  EXPECT_LT(best, 1'000);
}

TEST_F(RateLimiterTest, CountsRightFromManyThreads) {
  RateLimiter& limiter = Make("reporter=1/1000/100000/10");
  std::atomic<int> in = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1'000; ++i) in += limiter.Begin(&kReporter, "", false).ok();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(in, 1'000);
  EXPECT_LE(in, 1'010);  // a call a second flows in
}

}  // namespace
}  // namespace minsheng::platform
