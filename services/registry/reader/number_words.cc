#include "services/registry/reader/number_words.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr absl::string_view kDigits = "〇一二三四五六七八九";
constexpr absl::string_view kLegalDigits = "零壹贰叁肆伍陆柒捌玖";
constexpr absl::string_view kFullWidthDigits = "０１２３４５６７８９";
constexpr absl::string_view kStems = "甲乙丙丁戊己庚辛壬癸";
constexpr absl::string_view kBranches = "子丑寅卯辰巳午未申酉戌亥";

std::string Nth(absl::string_view chars, std::int64_t index) {
  return std::string(Chars(chars)[index]);
}

// The `number`-th character from `first` on, when there are `count` of them.
std::string FromBlock(std::int64_t number, char32_t first, std::int64_t count) {
  if (number < 1 || number > count) return absl::StrCat(number);
  const auto code = static_cast<char32_t>(first + number - 1);
  return {static_cast<char>(0xE0U | (code >> 12U)),
          static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)),
          static_cast<char>(0x80U | (code & 0x3FU))};
}

std::string Circled(std::int64_t number) {
  if (number > 35) return FromBlock(number - 35, U'㊱', 15);
  return number > 20 ? FromBlock(number - 20, U'㉑', 15) : FromBlock(number, U'①', 20);
}

std::string DigitByDigit(std::int64_t number, absl::string_view digits) {
  std::string words;
  for (const char digit : absl::StrCat(number)) {
    words += absl::ascii_isdigit(digit) ? Nth(digits, digit - '0') : std::string(1, digit);
  }
  return words;
}

std::string Letters(std::int64_t number, char first) {
  constexpr std::int64_t kMostRepeats = 30;
  if (number < 1 || number > 26 * kMostRepeats) return absl::StrCat(number);
  return std::string((number - 1) / 26 + 1, static_cast<char>(first + (number - 1) % 26));
}

std::string Roman(std::int64_t number) {
  constexpr std::array<std::pair<int, const char*>, 13> kParts = {{{1000, "M"},
                                                                   {900, "CM"},
                                                                   {500, "D"},
                                                                   {400, "CD"},
                                                                   {100, "C"},
                                                                   {90, "XC"},
                                                                   {50, "L"},
                                                                   {40, "XL"},
                                                                   {10, "X"},
                                                                   {9, "IX"},
                                                                   {5, "V"},
                                                                   {4, "IV"},
                                                                   {1, "I"}}};
  if (number < 1 || number > 3999) return absl::StrCat(number);
  std::string words;
  for (const auto& [value, letters] : kParts) {
    for (; number >= value; number -= value) words += letters;
  }
  return words;
}

// Below 10,000, with the given digits and units of 十, 百, 千.
std::string UnderTenThousand(std::int64_t number, absl::string_view digits,
                             absl::string_view units) {
  std::string words;
  bool gap = false;
  std::int64_t place = 1000;
  for (int unit = 2; unit >= -1; --unit, place /= 10) {
    const std::int64_t digit = number / place % 10;
    if (digit == 0) {
      gap = !words.empty();
      continue;
    }
    if (gap) words += "零";
    gap = false;
    words += Nth(digits, digit);
    if (unit >= 0) words += Nth(units, unit);
  }
  return words;
}

std::string Grouped(std::int64_t number, absl::string_view digits, absl::string_view units) {
  if (number < 1 || number > 99'999'999) return absl::StrCat(number);
  const std::string low = UnderTenThousand(number % 10'000, digits, units);
  if (number < 10'000) return low;
  const bool gap = number % 10'000 != 0 && number % 10'000 < 1000;
  return absl::StrCat(UnderTenThousand(number / 10'000, digits, units), "万", gap ? "零" : "", low);
}

std::string LegalNumber(std::int64_t number) { return Grouped(number, kLegalDigits, "拾佰仟"); }

bool IsOneOf(absl::string_view format, std::initializer_list<absl::string_view> names) {
  return std::find(names.begin(), names.end(), format) != names.end();
}

std::string ChineseWords(std::int64_t number, absl::string_view format) {
  if (absl::StartsWith(format, "chineseLegal") || absl::StartsWith(format, "ideographLegal")) {
    return LegalNumber(number);
  }
  if (IsOneOf(format, {"ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"})) {
    return DigitByDigit(number, kDigits);
  }
  if (format == "ideographTraditional" && number >= 1 && number <= 10) {
    return Nth(kStems, number - 1);
  }
  if (format == "ideographZodiac" && number >= 1 && number <= 12) {
    return Nth(kBranches, number - 1);
  }
  if (IsOneOf(format, {"chineseCounting", "chineseCountingThousand", "taiwaneseCounting",
                       "taiwaneseCountingThousand", "japaneseCounting"})) {
    return ChineseNumber(number);
  }
  return absl::StrCat(number);
}

}  // namespace

std::string ChineseNumber(std::int64_t number) {
  std::string words = Grouped(number, kDigits, "十百千");
  if (absl::StartsWith(words, "一十")) words.erase(0, absl::string_view("一").size());
  return words;
}

std::string NumberWords(std::int64_t number, absl::string_view format) {
  if (format == "decimal" || format.empty()) return absl::StrCat(number);
  if (format == "decimalZero") return absl::StrFormat("%02d", number);
  if (format == "upperRoman") return Roman(number);
  if (format == "lowerRoman") return absl::AsciiStrToLower(Roman(number));
  if (format == "upperLetter") return Letters(number, 'A');
  if (format == "lowerLetter") return Letters(number, 'a');
  if (format == "decimalEnclosedFullstop") return FromBlock(number, U'⒈', 20);
  if (format == "decimalEnclosedParen") return FromBlock(number, U'⑴', 20);
  if (format == "ideographEnclosedCircle") return FromBlock(number, U'㊀', 10);
  if (absl::StartsWith(format, "decimalEnclosedCircle")) return Circled(number);
  if (absl::StartsWith(format, "decimalFullWidth")) return DigitByDigit(number, kFullWidthDigits);
  return ChineseWords(number, format);
}

}  // namespace minsheng::registry
