#include "services/platform/cache/breaker.h"

#include <gtest/gtest.h>

#include <vector>

namespace minsheng::platform {
namespace {

using Pass = Breaker::Pass;

class BreakerTest : public testing::Test {
 protected:
  void Fail() { breaker_.Leave(breaker_.Enter(now_), false, now_); }
  void Succeed() { breaker_.Leave(breaker_.Enter(now_), true, now_); }

  void Open() {
    for (int i = 0; i < 3; ++i) Fail();
  }

  Breaker::Instant now_ = std::chrono::steady_clock::now();
  std::vector<bool> changes_;
  Breaker breaker_{3, absl::Seconds(1), [this](bool open) { changes_.push_back(open); }};
};

TEST_F(BreakerTest, OpensAfterConsecutiveFailuresOnly) {
  Fail();
  Fail();
  Succeed();
  Fail();
  Fail();
  EXPECT_EQ(breaker_.Enter(now_), Pass::kNormal);

  Fail();

  EXPECT_EQ(breaker_.Enter(now_), Pass::kRefused);
  EXPECT_EQ(changes_, std::vector<bool>({true}));
}

TEST_F(BreakerTest, ProbesOnceAfterThePause) {
  Open();
  now_ += std::chrono::milliseconds(999);
  EXPECT_EQ(breaker_.Enter(now_), Pass::kRefused);

  now_ += std::chrono::milliseconds(1);
  EXPECT_EQ(breaker_.Enter(now_), Pass::kProbe);
  EXPECT_EQ(breaker_.Enter(now_), Pass::kRefused);
}

TEST_F(BreakerTest, AFailedProbeStartsANewPause) {
  Open();
  now_ += std::chrono::seconds(1);
  Fail();
  EXPECT_EQ(breaker_.Enter(now_), Pass::kRefused);

  now_ += std::chrono::seconds(1);
  EXPECT_EQ(breaker_.Enter(now_), Pass::kProbe);
}

TEST_F(BreakerTest, ASuccessfulProbeClosesAndForgets) {
  Open();
  now_ += std::chrono::seconds(1);
  Succeed();
  Fail();
  Fail();

  EXPECT_EQ(breaker_.Enter(now_), Pass::kNormal);
  EXPECT_EQ(changes_, std::vector<bool>({true, false}));
}

TEST_F(BreakerTest, ALateResultNeitherClosesNorProlongs) {
  const Pass late_success = breaker_.Enter(now_);
  const Pass late_failure = breaker_.Enter(now_);
  Open();

  breaker_.Leave(late_success, true, now_);
  EXPECT_EQ(breaker_.Enter(now_), Pass::kRefused);

  now_ += std::chrono::seconds(1);
  breaker_.Leave(late_failure, false, now_);
  EXPECT_EQ(breaker_.Enter(now_), Pass::kProbe);
}

}  // namespace
}  // namespace minsheng::platform
