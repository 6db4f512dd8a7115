#include "services/progress/domain/ratio.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <utility>

#include "absl/numeric/bits.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/progress/domain/refusal.h"

namespace minsheng::progress {
namespace {

using Int = Ratio::Int;

constexpr int kDecimals = 6;
constexpr Int kIntMax = ((Int{1} << 126) - 1) * 2 + 1;

[[noreturn]] void Die(const char* message) {
  std::fprintf(stderr, "minsheng::progress::Ratio: %s\n", message);
  std::abort();
}

bool IsDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

absl::Status Unreadable(absl::string_view text, absl::string_view reason, absl::string_view why) {
  return Refusal(absl::StatusCode::kInvalidArgument, reason, "",
                 absl::StrCat("数值“", text, "”", why));
}

int64_t ToInteger(absl::string_view digits) {
  int64_t value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

std::string Fraction(int64_t micros) {
  std::string digits = absl::StrCat(Quantity::kScale + micros).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits;
}

Int Abs(Int value) { return value < 0 ? -value : value; }

int Bits(Int value) {
  const Int magnitude = Abs(value);
  const auto high = static_cast<uint64_t>(magnitude >> 64);
  if (high != 0) return 128 - absl::countl_zero(high);
  return 64 - absl::countl_zero(static_cast<uint64_t>(magnitude));
}

bool FitsHalf(Int value) { return value == static_cast<int64_t>(value); }

bool Multiply(Int a, Int b, Int* product) {
  const bool small = FitsHalf(a) && FitsHalf(b);
  if (!small && Bits(a) + Bits(b) > 127 && Abs(a) > kIntMax / Abs(b)) return false;
  *product = a * b;
  return true;
}

bool Subtract(Int a, Int b, Int* difference) {
  if (b < 0 ? a > kIntMax + b : a < -kIntMax + b) return false;
  *difference = a - b;
  return true;
}

Int Gcd(Int a, Int b) {
  a = Abs(a);
  b = Abs(b);
  while (b != 0) a = std::exchange(b, a % b);
  return a;
}

Ratio Reduced(const Ratio& ratio) {
  const Int divisor = Gcd(ratio.numerator(), ratio.denominator());
  return {ratio.numerator() / divisor, ratio.denominator() / divisor};
}

bool Difference(const Ratio& a, const Ratio& b, Ratio* out) {
  if (a.denominator() == b.denominator()) {
    Int same;
    if (!Subtract(a.numerator(), b.numerator(), &same)) return false;
    *out = Ratio(same, a.denominator());
    return true;
  }
  Int left, right, numerator, denominator;
  if (!Multiply(a.numerator(), b.denominator(), &left) ||
      !Multiply(b.numerator(), a.denominator(), &right) || !Subtract(left, right, &numerator) ||
      !Multiply(a.denominator(), b.denominator(), &denominator)) {
    return false;
  }
  *out = Ratio(numerator, denominator);
  return true;
}

bool Product(const Ratio& a, const Ratio& b, Ratio* out) {
  Int numerator, denominator;
  if (!Multiply(a.numerator(), b.numerator(), &numerator) ||
      !Multiply(a.denominator(), b.denominator(), &denominator)) {
    return false;
  }
  *out = Ratio(numerator, denominator);
  return true;
}

struct Division {
  Int quotient;
  Int remainder;  // 0 <= remainder < divisor
};

Division FloorDivide(Int dividend, Int divisor) {
  Division result{dividend / divisor, dividend % divisor};
  if (result.remainder < 0) {
    result.quotient -= 1;
    result.remainder += divisor;
  }
  return result;
}

// By the quotients of Euclid's algorithm, so that no product is formed.
std::strong_ordering CompareByQuotients(Int a, Int b, Int c, Int d) {
  while (true) {
    const Division left = FloorDivide(a, b);
    const Division right = FloorDivide(c, d);
    if (left.quotient != right.quotient) return left.quotient <=> right.quotient;
    if (left.remainder == 0 || right.remainder == 0) return left.remainder <=> right.remainder;
    // r/b <=> s/d is d/s <=> b/r.
    const Int left_divisor = b;
    a = d;
    b = right.remainder;
    c = left_divisor;
    d = left.remainder;
  }
}

std::string Digits(Int value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  return digits;
}

// |ratio| * 10^decimals by long division, rounded half up.
Int ScaledMagnitude(const Ratio& ratio, int decimals) {
  const Ratio small = ratio.denominator() > kIntMax / 10 ? Reduced(ratio) : ratio;
  if (small.denominator() > kIntMax / 10) Die("a denominator is too large to be shown");
  Int value = Abs(small.numerator()) / small.denominator();
  Int rest = Abs(small.numerator()) % small.denominator();
  for (int i = 0; i < decimals; ++i) {
    if (value > kIntMax / 10 - 1) Die("a value is too large to be shown");
    rest *= 10;
    value = value * 10 + rest / small.denominator();
    rest %= small.denominator();
  }
  return rest * 2 >= small.denominator() ? value + 1 : value;
}

}  // namespace

absl::StatusOr<Quantity> Quantity::Parse(absl::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  const absl::string_view digits = absl::StripPrefix(text, "-");
  const size_t dot = digits.find('.');
  absl::string_view whole = digits.substr(0, dot);
  absl::string_view fraction = dot == absl::string_view::npos ? "0" : digits.substr(dot + 1);
  if (!IsDigits(whole) || !IsDigits(fraction)) {
    return Unreadable(text, "NOT_A_NUMBER",
                      "不是十进制数，请填写如 120 或 3.70 的数字，不带千分号、空格和单位。");
  }
  while (absl::ConsumeSuffix(&fraction, "0")) continue;
  while (whole.size() > 1 && absl::ConsumePrefix(&whole, "0")) continue;
  if (fraction.size() > kDecimals) {
    return Unreadable(text, "TOO_MANY_DECIMALS", "的小数超过六位，请四舍五入到六位以内。");
  }
  const std::string micros = absl::StrCat(fraction, std::string(kDecimals - fraction.size(), '0'));
  constexpr int64_t kLimit = kMaxUnits * kScale;
  if (whole.size() > 13 || ToInteger(whole) > kMaxUnits ||
      ToInteger(whole) * kScale > kLimit - ToInteger(micros)) {
    return Unreadable(text, "TOO_LARGE", "超出一万亿的上限，请检查计量单位。");
  }
  const int64_t magnitude = ToInteger(whole) * kScale + ToInteger(micros);
  return FromMicros(negative ? -magnitude : magnitude);
}

std::string Quantity::ToString() const {
  const int64_t magnitude = micros_ < 0 ? -micros_ : micros_;
  const std::string fraction = Fraction(magnitude % kScale);
  return absl::StrCat(micros_ < 0 ? "-" : "", magnitude / kScale, fraction.empty() ? "" : ".",
                      fraction);
}

void Ratio::MoveSignUp() {
  if (denominator_ == 0) Die("the denominator is zero");
  numerator_ = -numerator_;
  denominator_ = -denominator_;
}

Ratio operator-(const Ratio& a, const Ratio& b) {
  Ratio result;
  if (Difference(a, b, &result) || Difference(Reduced(a), Reduced(b), &result)) return result;
  Die("a difference does not fit 128 bits");
}

Ratio operator*(const Ratio& a, const Ratio& b) {
  Ratio result;
  if (Product(a, b, &result) || Product(Reduced(a), Reduced(b), &result)) return result;
  Die("a product does not fit 128 bits");
}

Ratio operator/(const Ratio& a, const Ratio& b) {
  return a * Ratio(b.denominator(), b.numerator());
}

std::strong_ordering operator<=>(const Ratio& a, const Ratio& b) {
  if (a.denominator_ == b.denominator_) return a.numerator_ <=> b.numerator_;
  Int left, right;
  if (Multiply(a.numerator_, b.denominator_, &left) &&
      Multiply(b.numerator_, a.denominator_, &right)) {
    return left <=> right;
  }
  return CompareByQuotients(a.numerator_, a.denominator_, b.numerator_, b.denominator_);
}

std::string Ratio::ToPercent(int decimals) const {
  std::string digits = Digits(ScaledMagnitude(*this, decimals + 2));
  const bool negative = numerator_ < 0 && digits != "0";
  const auto places = static_cast<size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return absl::StrCat(negative ? "-" : "", digits);
}

int64_t Ratio::ToBasisPoints() const {
  constexpr Int kMost = std::numeric_limits<int64_t>::max();
  const auto magnitude = static_cast<int64_t>(std::min(ScaledMagnitude(*this, 4), kMost));
  return numerator_ < 0 ? -magnitude : magnitude;
}

}  // namespace minsheng::progress
