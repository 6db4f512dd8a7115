#include "services/platform/clock/calendar.h"

#include <gtest/gtest.h>

#include "services/platform/base/error.h"

namespace minsheng::platform {
namespace {

constexpr char kDays[] = "date,kind,name\n2024-04-04,off,清明节\n2024-04-07,work,清明节\n";

TEST(Calendar, KnowsWeekendsHolidaysAndMakeUpWorkdays) {
  const auto calendar = Calendar::Parse(kDays);
  ASSERT_TRUE(calendar.ok());
  EXPECT_FALSE(*calendar->IsWorkingDay(absl::CivilDay(2024, 4, 4)));
  EXPECT_TRUE(*calendar->IsWorkingDay(absl::CivilDay(2024, 4, 7)));  // a Sunday
  EXPECT_FALSE(*calendar->IsWorkingDay(absl::CivilDay(2024, 4, 14)));
  EXPECT_TRUE(*calendar->IsWorkingDay(absl::CivilDay(2024, 4, 15)));
}

TEST(Calendar, RefusesAYearWithoutData) {
  const auto calendar = Calendar::Parse(kDays);
  ASSERT_TRUE(calendar.ok());
  EXPECT_EQ(ReasonOf(calendar->IsWorkingDay(absl::CivilDay(2025, 4, 15)).status()), "NO_CALENDAR");
}

TEST(Calendar, NamesTheBadLine) {
  const auto calendar = Calendar::Parse("date,kind,name\n2024-04-04,holiday,x\n");
  EXPECT_NE(calendar.status().message().find("line 2"), std::string::npos);
}

}  // namespace
}  // namespace minsheng::platform
