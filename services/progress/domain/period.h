// Reporting periods and due days in the civil calendar of Asia/Shanghai. Pure.
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_PERIOD_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_PERIOD_H_

#include <compare>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace minsheng::progress {

// 00:00 of `day` in Asia/Shanghai (UTC+8, without summer time), and back.
absl::Time StartOf(absl::CivilDay day);
absl::CivilDay DayOf(absl::Time instant);

// A month of a program ("2024-06"), or the closing period of its year ("2024-final"), which follows
// December.
class Period {
 public:
  constexpr Period() = default;
  static Period Month(absl::CivilMonth month) { return Period(month, false); }
  static Period Final(int year) { return Period(absl::CivilMonth(year, 12), true); }
  // "2024-06" or "2024-final"; INVALID_ARGUMENT NOT_A_PERIOD otherwise.
  static absl::StatusOr<Period> Parse(absl::string_view text);

  bool is_final() const { return final_; }
  // December for the closing period.
  absl::CivilMonth month() const { return month_; }
  int year() const { return static_cast<int>(month_.year()); }
  std::string ToString() const;

  // The first instant of the period's month (for `final`, of January of the next year): from then
  // on it can be reported.
  absl::Time Begin() const;
  // The instant at which the period has ended and its facts are judged: 24:00 of the month's last
  // day; for `final`, 24:00 of 15 January of the next year.
  absl::Time End() const;
  // The last civil day that counts as planned by the end of this period (for `final`, 31 December).
  absl::CivilDay LastDay() const;
  // The period after this one: December is followed by `final`, which has none after it.
  std::optional<Period> Next() const;
  std::optional<Period> Previous()
      const;  // unbounded into the past for months; December for `final`
  // How many periods lie between, within one span: Distance(2024-08, 2024-10) = 2; December to
  // final = 1. A closing period is counted only as an end: Distance(2023-12, 2024-01) = 1.
  static int Distance(const Period& from, const Period& to);

  friend std::strong_ordering operator<=>(const Period& a, const Period& b);
  friend bool operator==(const Period& a, const Period& b) = default;

 private:
  Period(absl::CivilMonth month, bool final) : month_(month), final_(final) {}
  absl::CivilMonth month_;
  bool final_ = false;
};

// The span of periods of one program: from the month of the notice's date, which may lie in an
// earlier year, to `final` of its year.
struct PeriodSpan {
  Period first;
  Period last;

  // A notice later than December of `year` counts as December's.
  static PeriodSpan Of(int year, absl::CivilDay notice_date);
  // The closing period of another year is none of the span's.
  bool Contains(const Period& period) const {
    return first <= period && period <= last && (!period.is_final() || period == last);
  }
  // The last period that has ended at `instant`; nullopt before the end of the first.
  std::optional<Period> JudgedAt(absl::Time instant) const;
  std::optional<Period> JudgedOn(absl::CivilDay day) const;  // the same all day long
  // The period whose month holds `instant`, clamped to the span.
  Period CurrentAt(absl::Time instant) const;
};

// Says whether a day is a working day (holidays and make-up workdays included). FAILED_PRECONDITION
// for a year without data. Supplied by the caller; must be pure.
using WorkingDays = std::function<absl::StatusOr<bool>(absl::CivilDay)>;

// The last day on which a report for `period` is on time: the 30th, or the month's last day when it
// has fewer (for `final`, 15 January), moved to the next working day when it is none. Fails as
// `working_days` fails; INTERNAL NO_WORKING_DAY when a month of days holds none.
absl::StatusOr<absl::CivilDay> DueDay(const Period& period, const WorkingDays& working_days);
// The working day on or before the unmoved due day: when the reminder goes out.
absl::StatusOr<absl::CivilDay> ReminderDay(const Period& period, const WorkingDays& working_days);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_PERIOD_H_
