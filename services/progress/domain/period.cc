#include "services/progress/domain/period.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/progress/domain/refusal.h"

namespace minsheng::progress {
namespace {

constexpr int64_t kDaySeconds = 86400;
constexpr int64_t kShanghaiSeconds = 8 * 3600;
constexpr int64_t kFarSeconds = int64_t{1} << 46;  // two million years
constexpr int kReportDay = 30;
constexpr int kFinalDay = 15;
constexpr int kMoveLimitDays = 31;
constexpr absl::CivilDay kEpoch(1970, 1, 1);
constexpr int64_t kEraDays = 146097;  // 400 years of the civil calendar

int64_t FloorDivide(int64_t dividend, int64_t divisor) {
  return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

bool IsLeap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysIn(absl::CivilMonth month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month.month() - 1] + (month.month() == 2 && IsLeap(month.year()) ? 1 : 0);
}

// Counted in years that begin on 1 March, so that a leap day ends its year; absl's own addition
// walks the months and was most of the cost of a light.
absl::CivilDay DayNumbered(int64_t days_since_epoch) {
  constexpr int64_t kEpochFromMarch0000 = 719468;
  const int64_t days = days_since_epoch + kEpochFromMarch0000;
  const int64_t era = FloorDivide(days, kEraDays);
  const int64_t day_of_era = days - era * kEraDays;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (kEraDays - 1)) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month = (5 * day_of_year + 2) / 153;  // 0 is March
  const int64_t day = day_of_year - (153 * month + 2) / 5 + 1;
  const bool next_year = month >= 10;
  return absl::CivilDay(year_of_era + era * 400 + (next_year ? 1 : 0),
                        next_year ? month - 9 : month + 3, day);
}

int64_t Index(const Period& period) {
  return period.month() - absl::CivilMonth(1970, 1) + (period.is_final() ? 1 : 0);
}

absl::Status NotAPeriod(absl::string_view text) {
  return Refusal(absl::StatusCode::kInvalidArgument, "NOT_A_PERIOD", "period",
                 absl::StrCat("报送周期“", text,
                              "”无法识别，请填写如 2024-06 的月份，或如 2024-final 的决算期。"));
}

bool ReadNumber(absl::string_view digits, int* value) {
  return std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(digits, value);
}

absl::CivilDay UnmovedDueDay(const Period& period) {
  if (period.is_final()) return absl::CivilDay(period.year() + 1, 1, kFinalDay);
  return std::min(period.LastDay(), absl::CivilDay(period.month()) + (kReportDay - 1));
}

absl::StatusOr<absl::CivilDay> NearestWorkingDay(absl::CivilDay day, int step,
                                                 const WorkingDays& working_days) {
  for (int moved = 0; moved <= kMoveLimitDays; ++moved, day += step) {
    const absl::StatusOr<bool> working = working_days(day);
    if (!working.ok()) return working.status();
    if (*working) return day;
  }
  return Refusal(absl::StatusCode::kInternal, "NO_WORKING_DAY", "",
                 "工作日历有误：连续一个月没有工作日，请检查节假日数据。");
}

}  // namespace

absl::Time StartOf(absl::CivilDay day) {
  return absl::FromUnixSeconds((day - kEpoch) * kDaySeconds - kShanghaiSeconds);
}

absl::CivilDay DayOf(absl::Time instant) {
  const int64_t seconds = std::clamp(absl::ToUnixSeconds(instant), -kFarSeconds, kFarSeconds);
  return DayNumbered(FloorDivide(seconds + kShanghaiSeconds, kDaySeconds));
}

absl::StatusOr<Period> Period::Parse(absl::string_view text) {
  int year = 0;
  int month = 0;
  if (text.size() < 5 || text[4] != '-' || !ReadNumber(text.substr(0, 4), &year) || year == 0) {
    return NotAPeriod(text);
  }
  const absl::string_view rest = text.substr(5);
  if (rest == "final") return Final(year);
  if (rest.size() != 2 || !ReadNumber(rest, &month) || month < 1 || month > 12) {
    return NotAPeriod(text);
  }
  return Month(absl::CivilMonth(year, month));
}

std::string Period::ToString() const {
  if (final_) return absl::StrFormat("%04d-final", year());
  return absl::StrFormat("%04d-%02d", year(), month_.month());
}

absl::Time Period::Begin() const { return StartOf(absl::CivilDay(month_ + (final_ ? 1 : 0))); }

absl::Time Period::End() const {
  return StartOf(absl::CivilDay(month_ + 1) + (final_ ? kFinalDay : 0));
}

absl::CivilDay Period::LastDay() const {
  return absl::CivilDay(month_.year(), month_.month(), DaysIn(month_));
}

std::optional<Period> Period::Next() const {
  if (final_) return std::nullopt;
  return month_.month() == 12 ? Final(year()) : Month(month_ + 1);
}

std::optional<Period> Period::Previous() const { return Month(final_ ? month_ : month_ - 1); }

int Period::Distance(const Period& from, const Period& to) {
  return static_cast<int>(Index(to) - Index(from));
}

std::strong_ordering operator<=>(const Period& a, const Period& b) {
  if (a.month_ != b.month_) {
    return a.month_ < b.month_ ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return a.final_ <=> b.final_;
}

PeriodSpan PeriodSpan::Of(int year, absl::CivilDay notice_date) {
  const absl::CivilMonth december(year, 12);
  return {Period::Month(std::min(absl::CivilMonth(notice_date), december)), Period::Final(year)};
}

std::optional<Period> PeriodSpan::JudgedAt(absl::Time instant) const {
  return JudgedOn(DayOf(instant));
}

std::optional<Period> PeriodSpan::JudgedOn(absl::CivilDay day) const {
  const absl::CivilMonth month(day);
  if (month <= first.month()) return std::nullopt;
  if (month <= last.month()) return Period::Month(month - 1);
  return StartOf(day) >= last.End() ? last : Period::Month(last.month());
}

Period PeriodSpan::CurrentAt(absl::Time instant) const {
  const absl::CivilMonth month(DayOf(instant));
  if (month > last.month()) return last;
  return Period::Month(std::max(month, first.month()));
}

absl::StatusOr<absl::CivilDay> DueDay(const Period& period, const WorkingDays& working_days) {
  return NearestWorkingDay(UnmovedDueDay(period), 1, working_days);
}

absl::StatusOr<absl::CivilDay> ReminderDay(const Period& period, const WorkingDays& working_days) {
  return NearestWorkingDay(UnmovedDueDay(period), -1, working_days);
}

}  // namespace minsheng::progress
