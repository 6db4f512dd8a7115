#include "services/registry/reader/number_format.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::int64_t kLastSerial = 2'958'465;  // 9999-12-31
constexpr std::int64_t kDaySeconds = 86'400;

// A section of a format code without its words: what is quoted or escaped is apart.
struct Section {
  std::string signs;  // placeholders and letters, lower case
  std::string before;
  std::string after;
  bool conditional = false;
};

// Reads one section, sign by sign.
class SectionReader {
 public:
  explicit SectionReader(absl::string_view code) : code_(code) {}

  Section Read() {
    while (!code_.empty() && code_[0] != ';') Step();
    return std::move(section_);
  }

 private:
  void Step() {
    const char sign = code_[0];
    code_.remove_prefix(1);
    switch (sign) {
      case '"':
        Word(Take(code_.find('"')));
        Skip(1);
        break;
      case '\\':
      case '!':
        Word(Take(FirstCharLength(code_)));
        break;
      case '_':
      case '*':
        Skip(FirstCharLength(code_));
        break;
      case '[':
        Bracket(Take(code_.find(']')));
        Skip(1);
        break;
      default:
        section_.signs.push_back(absl::ascii_tolower(sign));
    }
  }

  absl::string_view Take(std::size_t length) {
    const absl::string_view taken = code_.substr(0, length);
    Skip(taken.size());
    return taken;
  }

  void Skip(std::size_t length) { code_.remove_prefix(std::min(length, code_.size())); }

  void Word(absl::string_view word) {
    const bool number_seen = section_.signs.find_first_of("0#?") != std::string::npos;
    absl::StrAppend(number_seen ? &section_.after : &section_.before, word);
  }

  // [h], [Red], [$¥-804], [>=100].
  void Bracket(absl::string_view content) {
    const std::string lower = absl::AsciiStrToLower(content);
    if (lower == "h" || lower == "hh" || lower == "m" || lower == "mm" || lower == "s") {
      section_.signs += lower;
    }
    if (!content.empty() && absl::StrContains("<>=", content.substr(0, 1))) {
      section_.conditional = true;
    }
  }

  absl::string_view code_;
  Section section_;
};

bool Has(const std::string& signs, const char* any) {
  return signs.find_first_of(any) != std::string::npos;
}

// A comma after the last placeholder of the whole part divides by a thousand.
bool IsScaled(const std::string& signs) {
  const std::size_t last = signs.find_last_of("0#?");
  if (last == std::string::npos) return false;
  if (last + 1 < signs.size() && signs[last + 1] == ',') return true;
  const std::size_t point = signs.find('.');
  return point != std::string::npos && point > 0 && signs[point - 1] == ',';
}

int Decimals(const std::string& signs) {
  const std::size_t point = signs.find('.');
  if (point == std::string::npos) return 0;
  const auto end = signs.find_first_not_of('0', point + 1);
  return static_cast<int>(std::min(end, signs.size()) - point - 1);
}

std::string WithoutMoneySigns(const std::string& words) {
  const bool money = absl::StrContains(words, "￥") || absl::StrContains(words, "¥") ||
                     absl::StrContains(words, "$");
  return money || IsBlank(words) ? "" : words;
}

NumberFormat::Kind DateKind(const std::string& signs) {
  if (Has(signs, "d")) return NumberFormat::kDate;
  if (Has(signs, "ye")) return Has(signs, "hs") ? NumberFormat::kDate : NumberFormat::kMonth;
  return Has(signs, "hs") ? NumberFormat::kTime : NumberFormat::kDate;
}

bool IsDateSection(const std::string& signs) {
  return !absl::StrContains(signs, "general") && !absl::StrContains(signs, "e+") &&
         !absl::StrContains(signs, "e-") && !Has(signs, "0#?@") && Has(signs, "ymdhs");
}

std::string ClockText(std::int64_t seconds) {
  const std::string minutes = absl::StrFormat("%02d:%02d", seconds / 3600, seconds / 60 % 60);
  return seconds % 60 == 0 ? minutes : absl::StrFormat("%s:%02d", minutes, seconds % 60);
}

// Whole seconds after midnight, half up.
std::int64_t SecondsOf(const Decimal& serial) {
  constexpr std::int64_t kNano = 1'000'000'000;
  std::string fraction(std::max(0, -serial.point), '0');
  if (serial.point < static_cast<int>(serial.digits.size())) {
    fraction += serial.digits.substr(std::max(0, serial.point));
  }
  fraction.resize(9, '0');
  const std::int64_t nano = std::stoll(fraction);
  return (nano * kDaySeconds + kNano / 2) / kNano;
}

std::int64_t DayOf(const Decimal& serial) {
  Decimal whole = serial;
  if (whole.point <= 0) return 0;
  whole.digits.resize(whole.point, '0');
  return std::stoll(whole.digits);
}

std::string DayText(std::int64_t day, NumberFormat::Kind kind, bool from_1904) {
  if (!from_1904 && day == 60) return "1900-02-29";
  const absl::CivilDay zero = from_1904  ? absl::CivilDay(1904, 1, 1)
                              : day < 60 ? absl::CivilDay(1899, 12, 31)
                                         : absl::CivilDay(1899, 12, 30);
  const absl::CivilDay date = zero + day;
  if (kind == NumberFormat::kMonth) return absl::StrCat(date.year(), "年", date.month(), "月");
  return absl::FormatCivilTime(date);
}

}  // namespace

NumberFormat ParseNumberFormat(absl::string_view code) {
  const Section section = SectionReader(code).Read();
  const std::string& signs = section.signs;
  if (IsDateSection(signs)) return {.kind = DateKind(signs)};
  NumberFormat format;
  format.decimals = Decimals(signs);
  format.scaled = IsScaled(signs);
  if (absl::StrContains(signs, "%")) format.kind = NumberFormat::kPercent;
  if (!format.scaled && !section.conditional && Has(signs, "0#?")) {
    format.prefix = WithoutMoneySigns(section.before);
    format.suffix = WithoutMoneySigns(section.after);
  }
  return format;
}

NumberFormat BuiltinNumberFormat(int id) {
  if (id == 9) return {.kind = NumberFormat::kPercent};
  if (id == 10) return {.kind = NumberFormat::kPercent, .decimals = 2};
  if (id == 17 || id == 27 || id == 36 || id == 52) return {.kind = NumberFormat::kMonth};
  if (id == 55 || id == 57) return {.kind = NumberFormat::kMonth};
  const bool time = (id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47);
  if (time) return {.kind = NumberFormat::kTime};
  const bool date = (id >= 14 && id <= 22) || (id >= 28 && id <= 31) || (id >= 50 && id <= 58);
  return {.kind = date ? NumberFormat::kDate : NumberFormat::kNumber};
}

std::optional<std::string> DateText(const Decimal& serial, NumberFormat::Kind kind,
                                    bool from_1904) {
  if (serial.negative || serial.point > 7) return std::nullopt;
  std::int64_t day = DayOf(serial);
  std::int64_t seconds = SecondsOf(serial);
  if (seconds == kDaySeconds) {
    seconds = 0;
    ++day;
  }
  if (kind == NumberFormat::kTime && day == 0) return ClockText(seconds);
  if (day < 1 || day > kLastSerial - (from_1904 ? 1462 : 0)) return std::nullopt;
  const std::string date = DayText(day, kind, from_1904);
  if (kind == NumberFormat::kMonth || seconds == 0) return date;
  return absl::StrCat(date, " ", ClockText(seconds));
}

std::string FormatNumber(absl::string_view stored, const NumberFormat& format, bool from_1904) {
  if (format.plain()) return NumberText(stored);
  const auto parsed = ParseDecimal(stored);
  if (!parsed) return std::string(stored);
  if (format.kind == NumberFormat::kNumber) {
    return absl::StrCat(format.prefix, NumberText(stored), format.suffix);
  }
  const Decimal value = RoundAsExcel(*parsed);
  if (format.kind == NumberFormat::kPercent) {
    return absl::StrCat(format.prefix, PercentText(value, format.decimals), format.suffix);
  }
  return DateText(value, format.kind, from_1904).value_or(NumberText(stored));
}

}  // namespace minsheng::registry
