#include "services/platform/clock/calendar.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/platform/base/error.h"

namespace minsheng::platform {

absl::StatusOr<Calendar> Calendar::Parse(absl::string_view csv) {
  Calendar calendar;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(csv, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (++number == 1 || line.empty()) continue;
    const std::vector<absl::string_view> cells = absl::StrSplit(line, ',');
    absl::CivilDay day;
    if (cells.size() < 2 || !absl::ParseCivilTime(cells[0], &day) ||
        (cells[1] != "off" && cells[1] != "work")) {
      return Error(
          absl::StatusCode::kInvalidArgument, "BAD_CALENDAR",
          absl::StrCat("calendar line ", number, ": expected date,off|work,name, found: ", line));
    }
    calendar.special_[day] = cells[1] == "work";
    calendar.years_.insert(day.year());
    calendar.last_year_ = std::max(calendar.last_year_, absl::CivilYear(day));
  }
  return calendar;
}

absl::StatusOr<Calendar> Calendar::Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Error(absl::StatusCode::kNotFound, "NO_CALENDAR",
                 absl::StrCat("cannot read the calendar ", path, "; give --calendar=FILE"));
  }
  return Parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

absl::StatusOr<bool> Calendar::IsWorkingDay(absl::CivilDay day) const {
  if (!years_.contains(day.year())) {
    return Error(absl::StatusCode::kFailedPrecondition, "NO_CALENDAR",
                 absl::StrCat("no holidays are known for ", day.year(),
                              "; add the year to the calendar file"));
  }
  if (auto it = special_.find(day); it != special_.end()) return it->second;
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday;
}

}  // namespace minsheng::platform
