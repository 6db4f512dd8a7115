#include "services/registry/domain/compile_numbers.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/compile_text.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::size_t kCjk = 3;
constexpr int64_t kLimit = 1'000'000'000'000 * kMillionths;

struct ScaleWord {
  absl::string_view word;
  int power;
};
constexpr std::array<ScaleWord, 9> kScales = {{{"万亿", 12},
                                               {"千万", 7},
                                               {"百万", 6},
                                               {"十万", 5},
                                               {"万", 4},
                                               {"亿", 8},
                                               {"千", 3},
                                               {"百", 2},
                                               {"十", 1}}};
// What begins like a scale and is a unit.
constexpr std::array<absl::string_view, 10> kNoScales = {"千米", "千瓦", "千克", "千伏", "百分",
                                                         "千分", "千卡", "千帕", "千赫", "十佳"};
constexpr std::array<absl::string_view, 3> kOdds = {"余", "多", "来"};

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

const ScaleWord* ScaleAt(absl::string_view text) {
  if (text.empty() || static_cast<unsigned char>(text[0]) < 0x80) return nullptr;
  for (const auto no_scale : kNoScales) {
    if (absl::StartsWith(text, no_scale)) return nullptr;
  }
  for (const auto& scale : kScales) {
    if (absl::StartsWith(text, scale.word)) return &scale;
  }
  return nullptr;
}

std::size_t OddLength(absl::string_view text) {
  for (const auto odd : kOdds) {
    if (absl::StartsWith(text, odd)) return kCjk;
  }
  return 0;
}

// 1,200 and 12,345,678: the length with its separators.
std::size_t ThousandsLength(absl::string_view text, std::size_t first) {
  std::size_t length = first;
  if (first > 3) return first;
  while (length + 4 <= text.size() && text[length] == ',' &&
         DigitsLength(text.substr(length + 1)) == 3) {
    length += 4;
  }
  return length;
}

// The digits' integer value and the power of ten it stands at; false when it is too long.
struct Mantissa {
  int64_t digits = 0;
  int power = 0;
  int zeros = 0;
  bool fits = true;
};

void TakeDigit(Mantissa& mantissa, char digit, bool decimal) {
  if (decimal) --mantissa.power;
  if (digit == '0') {
    ++mantissa.zeros;
    return;
  }
  for (int i = 0; i <= mantissa.zeros && mantissa.fits; ++i) {
    if (mantissa.digits >= kLimit / 10) mantissa.fits = false;
    if (mantissa.fits) mantissa.digits *= 10;
  }
  mantissa.zeros = 0;
  mantissa.digits += digit - '0';
}

Mantissa MantissaOf(absl::string_view written) {
  Mantissa mantissa;
  bool decimal = false;
  for (const char c : written) {
    if (c == '.') decimal = true;
    if (IsDigit(c)) TakeDigit(mantissa, c, decimal);
  }
  mantissa.power += mantissa.zeros;
  return mantissa;
}

// Sets the value of written digits times a power of ten.
void SetValue(Number& number, absl::string_view written, int power) {
  const Mantissa mantissa = MantissaOf(written);
  int64_t micros = mantissa.digits;
  const bool fits = mantissa.fits && ScaleBy(micros, mantissa.power + power + 6);
  number.too_long = !fits || micros >= kLimit;
  number.micros = number.too_long ? 0 : micros;
}

// 3万5千, 1亿2000万: a smaller figure right behind a scale adds to it.
void TakeTail(Number& number, absl::string_view text) {
  const absl::string_view rest = text.substr(number.length);
  const std::size_t digits = DigitsLength(rest);
  if (digits == 0 || digits > 4 || number.approximate) return;
  const ScaleWord* scale = ScaleAt(rest.substr(digits));
  const int power = scale == nullptr ? 0 : scale->power;
  if (power + static_cast<int>(digits) > number.scale) return;
  if (scale == nullptr && digits != 4) {
    number.odd = true;
    return;
  }
  Number tail;
  SetValue(tail, rest.substr(0, digits), power);
  number.length += digits + (scale == nullptr ? 0 : scale->word.size());
  number.micros += tail.micros;
}

void TakeScale(Number& number, absl::string_view text, absl::string_view written) {
  const std::size_t odd = OddLength(text.substr(number.length));
  const ScaleWord* scale = ScaleAt(text.substr(number.length + odd));
  if (odd > 0 && scale == nullptr) {
    number.length += odd;
    number.approximate = true;
  } else if (scale != nullptr) {
    number.length += odd + scale->word.size();
    number.scale = scale->power;
    const std::size_t behind = OddLength(text.substr(number.length));
    number.length += behind;
    number.approximate = odd + behind > 0;
  }
  SetValue(number, written, number.scale);
  if (number.scale > 0) TakeTail(number, text);
}

Number ReadArabic(absl::string_view text) {
  Number number;
  const std::size_t first = DigitsLength(text);
  if (first == 0) return number;
  number.length = ThousandsLength(text, first);
  if (number.length < text.size() && text[number.length] == '.') {
    const std::size_t decimals = DigitsLength(text.substr(number.length + 1));
    if (decimals > 0) number.length += 1 + decimals;
  }
  TakeScale(number, text, text.substr(0, number.length));
  return number;
}

int ChineseScaleOf(absl::string_view c) {
  if (c == "十") return 10;
  if (c == "百") return 100;
  return c == "千" ? 1000 : 0;
}

// Reads 一百零五, 两千, 三万五千 by sections of 万 and 亿.
class ChineseReader {
 public:
  Number Read(absl::string_view text) {
    while (length_ + kCjk <= text.size() && !stopped_) Take(text.substr(length_, kCjk));
    return Result(text);
  }

 private:
  void Take(absl::string_view c) {
    const int digit = ChineseDigitOf(c);
    const int scale = digit < 0 ? ChineseScaleOf(c) : 0;
    if (digit >= 0) {
      TakeDigit(digit);
    } else if (scale > 0) {
      TakeScale(scale);
    } else if (c == "万" || c == "亿") {
      TakeSection(c == "万" ? 10'000 : 100'000'000);
    } else {
      stopped_ = true;
    }
    if (!stopped_) length_ += kCjk;
  }

  void TakeDigit(int digit) {
    if (pending_ > 0) bad_ = true;
    pending_ = digit;
    zero_ = zero_ || digit == 0;
  }

  void TakeScale(int scale) {
    const bool bare_ten = pending_ < 0 && scale == 10 && section_ == 0;
    if ((pending_ <= 0 && !bare_ten) || scale >= last_scale_) bad_ = true;
    section_ += std::max(pending_, bare_ten ? 1 : 0) * scale;
    last_scale_ = scale;
    pending_ = -1;
    zero_ = false;
  }

  void TakeSection(int64_t scale) {
    section_ += std::max(pending_, 0);
    if (section_ == 0 || scale >= last_section_) bad_ = true;
    total_ += section_ * scale;
    last_section_ = scale;
    section_ = 0;
    last_scale_ = 10'000;
    pending_ = -1;
    zero_ = false;
  }

  // 一百五 may be 105 or 150.
  Number Result(absl::string_view text) {
    Number number;
    const bool colloquial = pending_ > 0 && !zero_ && (last_scale_ > 10 && last_scale_ < 10'000);
    const bool hanging = pending_ > 0 && !zero_ && section_ == 0 && last_section_ < kNoSection;
    const int64_t value = total_ + section_ + std::max(pending_, 0);
    if (length_ == 0) return number;
    number.length = length_;
    number.chinese = true;
    number.odd = bad_ || colloquial || hanging || value == 0;
    number.too_long = value >= 1'000'000'000'000;
    number.micros = number.too_long ? 0 : value * kMillionths;
    const std::size_t odd = OddLength(text.substr(length_));
    number.length += odd;
    number.approximate = odd > 0;
    return number;
  }

  static constexpr int64_t kNoSection = 1'000'000'000'000;
  int64_t total_ = 0;
  int64_t section_ = 0;
  int pending_ = -1;
  int last_scale_ = 10'000;
  int64_t last_section_ = kNoSection;
  std::size_t length_ = 0;
  bool zero_ = false;
  bool bad_ = false;
  bool stopped_ = false;
};

// 百余, 千余, 万余: a bare scale before 余.
Number ReadBareScale(absl::string_view text) {
  Number number;
  const int power = absl::StartsWith(text, "百余")   ? 2
                    : absl::StartsWith(text, "千余") ? 3
                    : absl::StartsWith(text, "万余") ? 4
                                                     : 0;
  if (power == 0) return number;
  number = {2 * kCjk, kMillionths, power, true, true, false, false};
  ScaleBy(number.micros, power);
  return number;
}

}  // namespace

std::size_t DigitsLength(absl::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && IsDigit(text[length])) ++length;
  return length;
}

int ChineseDigitOf(absl::string_view c) {
  if (c.size() < kCjk) return -1;
  switch (CodeOf(c)) {
    case u'零':
    case u'〇':
      return 0;
    case u'一':
      return 1;
    case u'二':
    case u'两':
      return 2;
    case u'三':
      return 3;
    case u'四':
      return 4;
    case u'五':
      return 5;
    case u'六':
      return 6;
    case u'七':
      return 7;
    case u'八':
      return 8;
    case u'九':
      return 9;
    default:
      return -1;
  }
}

Number ReadNumber(absl::string_view text) {
  if (text.empty()) return {};
  if (static_cast<unsigned char>(text[0]) < 0x80) return ReadArabic(text);
  const Number bare = ReadBareScale(text);
  if (bare.length > 0) return bare;
  const absl::string_view first = text.substr(0, kCjk);
  if (ChineseDigitOf(first) < 0 && first != "十") return {};
  return ChineseReader().Read(text);
}

bool ScaleBy(int64_t& micros, int power) {
  for (; power > 0 && micros != 0; --power) {
    if (micros >= kLimit / 10) return false;
    micros *= 10;
  }
  for (; power < 0 && micros != 0; ++power) {
    if (micros % 10 != 0) return false;
    micros /= 10;
  }
  return true;
}

std::string FigureText(int64_t micros) {
  std::string text = absl::StrCat(micros / kMillionths);
  const int64_t fraction = micros % kMillionths;
  if (fraction == 0) return text;
  absl::string_view digits;
  const std::string padded = absl::StrCat(kMillionths + fraction);
  digits = absl::string_view(padded).substr(1);
  while (absl::ConsumeSuffix(&digits, "0")) {
  }
  absl::StrAppend(&text, ".", digits);
  return text;
}

}  // namespace minsheng::registry::compiler
