// Number formats of a workbook (ECMA-376 part 1, 18.8.30), as far as they change what a number
// means to its reader: percent, dates, and words around it. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_NUMBER_FORMAT_H_
#define MINSHENG_SERVICES_REGISTRY_READER_NUMBER_FORMAT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

#include "services/registry/reader/decimal.h"

namespace minsheng::registry {

// `prefix` and `suffix` are words in quotes around the number: 0"个". `scaled`: the format shows
// thousandths (0.0,"万"), so that its words do not fit the stored value.
struct NumberFormat {
  enum Kind { kNumber, kPercent, kDate, kMonth, kTime };

  Kind kind = kNumber;
  int decimals = 0;
  bool scaled = false;
  std::string prefix = "";
  std::string suffix = "";

  bool plain() const { return kind == kNumber && !scaled && prefix.empty() && suffix.empty(); }
};

// By the first section of the code: 0.00%;[Red]-0.00%.
NumberFormat ParseNumberFormat(absl::string_view code);
// Formats 0 to 163, which files use without writing them, as a Chinese Excel has them.
NumberFormat BuiltinNumberFormat(int id);

// The value as shown: 50%, 2025-06-30, 2025-06-30 14:30, 2025年6月 for formats without a day,
// 14:30. Numbers are NumberText between the words.
std::string FormatNumber(absl::string_view stored, const NumberFormat& format, bool from_1904);

// A serial day of Excel's calendar, in which 1900-02-29 is day 60; nullopt outside 1900 to 9999.
std::optional<std::string> DateText(const Decimal& serial, NumberFormat::Kind kind, bool from_1904);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_NUMBER_FORMAT_H_
