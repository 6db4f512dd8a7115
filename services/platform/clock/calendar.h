// Working days of China: weekends, public holidays and make-up workdays (State Council notices), as
// data.
#ifndef MINSHENG_SERVICES_PLATFORM_CLOCK_CALENDAR_H_
#define MINSHENG_SERVICES_PLATFORM_CLOCK_CALENDAR_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace minsheng::platform {

// Immutable after Parse; thread-safe.
class Calendar {
 public:
  // Reads lines of "date,kind,name" with kind off or work, after a header line. INVALID_ARGUMENT
  // names the line.
  static absl::StatusOr<Calendar> Parse(absl::string_view csv);
  static absl::StatusOr<Calendar> Load(const std::string& path);

  // FAILED_PRECONDITION NO_CALENDAR for a year without data.
  absl::StatusOr<bool> IsWorkingDay(absl::CivilDay day) const;
  absl::CivilYear last_year() const { return last_year_; }

 private:
  absl::flat_hash_map<absl::CivilDay, bool> special_;
  absl::flat_hash_set<absl::civil_year_t> years_;
  absl::CivilYear last_year_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CLOCK_CALENDAR_H_
