#include "services/platform/limits/role_limits.h"

#include <gtest/gtest.h>

#include "services/platform/base/error.h"

namespace minsheng::platform {
namespace {

TEST(RoleLimits, EveryKindHasOne) {
  const RoleLimits limits;
  for (size_t kind = 0; kind < kCallerKinds; ++kind) {
    EXPECT_GT(limits.Of(kind).rate.calls_per_second, 1) << CallerKindName(kind);
    EXPECT_GT(limits.Of(kind).at_a_time, 1) << CallerKindName(kind);
  }
  EXPECT_LT(limits.Of(kUnknownCallers).rate.calls_per_second,
            limits.Of(common::v1::ROLE_REPORTER).rate.calls_per_second);
}

TEST(RoleLimits, TheFlagChangesSomeAndLeavesTheRest) {
  const auto limits = RoleLimits::Parse("public=7/8/9/10, unknown=1/1/1/1");
  ASSERT_TRUE(limits.ok()) << limits.status();
  const Limit& changed = limits->Of(common::v1::ROLE_PUBLIC);
  EXPECT_EQ(changed.rate.calls_per_second, 7);
  EXPECT_EQ(changed.rate.burst, 8);
  EXPECT_EQ(changed.at_a_time, 9);
  EXPECT_EQ(changed.writes_per_day, 10);
  EXPECT_EQ(limits->Of(kUnknownCallers).rate.burst, 1);
  EXPECT_EQ(limits->Of(common::v1::ROLE_LEADER).at_a_time,
            RoleLimits().Of(common::v1::ROLE_LEADER).at_a_time);
}

TEST(RoleLimits, RefusesWhatIsNone) {
  for (const char* text : {"public", "public=", "public=1/2/3", "public=1/2/3/4/5",
                           "public=0/1/1/1", "mayor=1/1/1/1", "public=1/1/0/1", "public=1/1/1/-1",
                           "public=1000001/1/1/1", "=1/1/1/1", "public=a/1/1/1"}) {
    EXPECT_EQ(ReasonOf(RoleLimits::Parse(text).status()), "BAD_LIMITS") << text;
  }
  EXPECT_TRUE(RoleLimits::Parse("").ok());
}

}  // namespace
}  // namespace minsheng::platform
