// Dates as lists write them: 6月底前, 10月1日前, 第四季度, 2024.6.30, 年底, 4—6月.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_DATES_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_DATES_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "services/registry/domain/compile_words.h"

namespace minsheng::registry::compiler {

// kDay: a due day. kWithin: 年内, which sets none. kYears: a year or a span of years; `day` is its
// last. kSeason: 汛前, a day nobody wrote. kLost: 1031日, digits without their signs.
enum class DateKind : uint8_t { kNone, kDay, kWithin, kYears, kSeason, kLost };

// `length` 0: no date stands here. `unsure`: 11月前, which may mean either end of the month.
// `written_year`: the words name the year.
struct DateMark {
  std::size_t length = 0;
  DateKind kind = DateKind::kNone;
  absl::CivilDay day;
  bool unsure = false;
  bool written_year = false;
  bool span = false;
};

// The date at the start of folded text; `year` is assumed where none is written, 0 when unknown.
DateMark ReadDate(absl::string_view text, int year);

// What a word such as 年底 says.
DateMark DateOfWord(DateWord word, std::size_t length, int year);

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_DATES_H_
