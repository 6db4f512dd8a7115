#include "services/progress/domain/period.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/progress/domain/test_tasks.h"

namespace minsheng::progress {
namespace {

using test::At;
using test::Day;
using test::P;

TEST(InstantTest, DaysBeginAtMidnightOfShanghai) {
  EXPECT_EQ(absl::FormatTime(StartOf(Day("2024-06-01")), absl::UTCTimeZone()),
            "2024-05-31T16:00:00+00:00");
  EXPECT_EQ(DayOf(At("2024-06-01")), Day("2024-06-01"));
  EXPECT_EQ(DayOf(At("2024-06-01") - absl::Nanoseconds(1)), Day("2024-05-31"));
  EXPECT_EQ(DayOf(At("1965-01-01")), Day("1965-01-01"));
  EXPECT_EQ(DayOf(At("1965-01-01") - absl::Nanoseconds(1)), Day("1964-12-31"));
}

TEST(InstantTest, EveryDayOfFourCenturiesComesBack) {
  const absl::CivilDay first(1899, 12, 31);
  for (int64_t i = 0; i <= 400 * 366; ++i) {
    const absl::CivilDay day = first + i;
    ASSERT_EQ(DayOf(StartOf(day)), day);
    ASSERT_EQ(Period::Month(absl::CivilMonth(day)).LastDay(),
              absl::CivilDay(absl::CivilMonth(day) + 1) - 1);
  }
}

TEST(InstantTest, TheEndsOfTimeAreDaysToo) {
  EXPECT_GT(DayOf(absl::InfiniteFuture()), Day("9999-12-31"));
  EXPECT_LT(DayOf(absl::InfinitePast()), Day("0001-01-01"));
}

TEST(PeriodTest, ReadsAndWritesItsName) {
  for (const char* text : {"2024-06", "2024-12", "2024-final", "0999-01"}) {
    EXPECT_EQ(P(text).ToString(), text);
  }
  EXPECT_TRUE(P("2024-final").is_final());
  EXPECT_EQ(P("2024-final").month(), absl::CivilMonth(2024, 12));
}

TEST(PeriodTest, RefusesOtherText) {
  for (const char* text :
       {"", "2024", "2024-", "2024-6", "2024-00", "2024-13", "2024-Final", "2024-006", "24-06",
        "2024/06", "2024-06-01", "0000-01", "+024-06", "2024-+6", "2024年6月"}) {
    const absl::Status status = Period::Parse(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(status.GetPayload("minsheng/reason"), absl::Cord("NOT_A_PERIOD")) << text;
  }
}

TEST(PeriodTest, EndsAtMidnightAfterItsLastDay) {
  EXPECT_EQ(P("2024-06").Begin(), At("2024-06-01"));
  EXPECT_EQ(P("2024-06").End(), At("2024-07-01"));
  EXPECT_EQ(P("2024-02").LastDay(), Day("2024-02-29"));
  EXPECT_EQ(P("2024-12").End(), At("2025-01-01"));
}

TEST(PeriodTest, TheClosingPeriodEndsInMidJanuary) {
  EXPECT_EQ(P("2024-final").Begin(), At("2025-01-01"));
  EXPECT_EQ(P("2024-final").End(), At("2025-01-16"));
  EXPECT_EQ(P("2024-final").LastDay(), Day("2024-12-31"));
}

TEST(PeriodTest, StepsAndCounts) {
  EXPECT_EQ(P("2024-11").Next(), P("2024-12"));
  EXPECT_EQ(P("2024-12").Next(), P("2024-final"));
  EXPECT_EQ(P("2024-final").Next(), std::nullopt);
  EXPECT_EQ(P("2024-final").Previous(), P("2024-12"));
  EXPECT_EQ(P("2024-01").Previous(), P("2023-12"));
  EXPECT_EQ(Period::Distance(P("2024-08"), P("2024-10")), 2);
  EXPECT_EQ(Period::Distance(P("2024-12"), P("2024-final")), 1);
  EXPECT_EQ(Period::Distance(P("2023-12"), P("2024-01")), 1);
  EXPECT_LT(P("2024-12"), P("2024-final"));
  EXPECT_LT(P("2024-final"), P("2025-01"));
}

TEST(PeriodSpanTest, BeginsWithTheNoticesMonth) {
  const PeriodSpan span = PeriodSpan::Of(2024, Day("2024-03-15"));
  EXPECT_EQ(span.first, P("2024-03"));
  EXPECT_EQ(span.last, P("2024-final"));
  EXPECT_FALSE(span.Contains(P("2024-02")));
  EXPECT_TRUE(span.Contains(P("2024-12")));
  EXPECT_TRUE(span.Contains(P("2024-final")));
  EXPECT_FALSE(span.Contains(P("2025-01")));
}

TEST(PeriodSpanTest, ANoticeOfTheYearBeforeBeginsThere) {
  const PeriodSpan span = PeriodSpan::Of(2024, Day("2023-11-20"));
  EXPECT_TRUE(span.Contains(P("2023-12")));
  EXPECT_FALSE(span.Contains(P("2023-final")));
  EXPECT_EQ(span.JudgedAt(At("2024-01-01")), P("2023-12"));
  EXPECT_EQ(PeriodSpan::Of(2024, Day("2025-02-01")).first, P("2024-12"));
}

TEST(PeriodSpanTest, JudgesTheLastPeriodThatHasEnded) {
  const PeriodSpan span = PeriodSpan::Of(2024, Day("2024-03-15"));
  EXPECT_EQ(span.JudgedAt(At("2024-04-01") - absl::Nanoseconds(1)), std::nullopt);
  EXPECT_EQ(span.JudgedAt(At("2024-04-01")), P("2024-03"));
  EXPECT_EQ(span.JudgedAt(At("2025-01-01")), P("2024-12"));
  EXPECT_EQ(span.JudgedAt(At("2025-01-16") - absl::Nanoseconds(1)), P("2024-12"));
  EXPECT_EQ(span.JudgedAt(At("2025-01-16")), P("2024-final"));
  EXPECT_EQ(span.JudgedAt(absl::InfiniteFuture()), P("2024-final"));
  EXPECT_EQ(span.JudgedAt(absl::InfinitePast()), std::nullopt);
}

TEST(PeriodSpanTest, TheCurrentPeriodHoldsTheInstant) {
  const PeriodSpan span = PeriodSpan::Of(2024, Day("2024-03-15"));
  EXPECT_EQ(span.CurrentAt(At("2024-01-05")), P("2024-03"));
  EXPECT_EQ(span.CurrentAt(At("2024-07-01") - absl::Nanoseconds(1)), P("2024-06"));
  EXPECT_EQ(span.CurrentAt(At("2024-12-31")), P("2024-12"));
  EXPECT_EQ(span.CurrentAt(At("2025-01-01")), P("2024-final"));
  EXPECT_EQ(span.CurrentAt(At("2026-01-01")), P("2024-final"));
}

// The State Council's days that differ from the week, as far as the due days of 2024–2026 meet
// them.
absl::StatusOr<bool> WorksOn(absl::CivilDay day) {
  static const std::set<absl::CivilDay> off = {
      Day("2025-01-28"), Day("2025-01-29"), Day("2025-01-30"), Day("2025-01-31"),
      Day("2025-02-01"), Day("2025-02-02"), Day("2025-02-03"), Day("2025-02-04")};
  static const std::set<absl::CivilDay> work = {Day("2025-01-26"), Day("2026-02-28")};
  if (day.year() < 2024 || day.year() > 2026) return absl::FailedPreconditionError("no data");
  if (work.contains(day)) return true;
  return !off.contains(day) && absl::GetWeekday(day) != absl::Weekday::saturday &&
         absl::GetWeekday(day) != absl::Weekday::sunday;
}

struct DueDayRow {
  const char* period;
  const char* due;
  const char* reminder;
};

// vectors.md V9.
const std::vector<DueDayRow> kDueDays = {
    {"2024-02", "2024-02-29", "2024-02-29"}, {"2024-03", "2024-04-01", "2024-03-29"},
    {"2024-04", "2024-04-30", "2024-04-30"}, {"2024-05", "2024-05-30", "2024-05-30"},
    {"2024-06", "2024-07-01", "2024-06-28"}, {"2024-07", "2024-07-30", "2024-07-30"},
    {"2024-08", "2024-08-30", "2024-08-30"}, {"2024-09", "2024-09-30", "2024-09-30"},
    {"2024-10", "2024-10-30", "2024-10-30"}, {"2024-11", "2024-12-02", "2024-11-29"},
    {"2024-12", "2024-12-30", "2024-12-30"}, {"2024-final", "2025-01-15", "2025-01-15"},
    {"2025-01", "2025-02-05", "2025-01-27"}, {"2025-02", "2025-02-28", "2025-02-28"},
    {"2025-03", "2025-03-31", "2025-03-28"}, {"2025-08", "2025-09-01", "2025-08-29"},
    {"2025-11", "2025-12-01", "2025-11-28"}, {"2026-02", "2026-02-28", "2026-02-28"},
    {"2026-05", "2026-06-01", "2026-05-29"}, {"2026-08", "2026-08-31", "2026-08-28"},
};

TEST(DueDayTest, MovesToTheNextWorkingDayAndRemindsOnTheOneBefore) {
  for (const DueDayRow& row : kDueDays) {
    EXPECT_EQ(DueDay(P(row.period), WorksOn).value(), Day(row.due)) << row.period;
    EXPECT_EQ(ReminderDay(P(row.period), WorksOn).value(), Day(row.reminder)) << row.period;
  }
}

TEST(DueDayTest, FailsAsTheCalendarFails) {
  EXPECT_EQ(DueDay(P("2026-final"), WorksOn).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(DueDayTest, ACalendarWithoutWorkingDaysIsReported) {
  const WorkingDays never = [](absl::CivilDay) { return false; };
  EXPECT_EQ(DueDay(P("2024-06"), never).status().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(ReminderDay(P("2024-06"), never).status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace minsheng::progress
