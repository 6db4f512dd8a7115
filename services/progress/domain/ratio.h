// Exact arithmetic for verdicts: decimal quantities and ratios of 128-bit integers.
//
// A verdict never touches binary floating point: two ratios are compared by cross-multiplication,
// and a decimal is rounded only when it is shown. Value types, no ownership, thread-compatible.
// Refusals carry the payload "minsheng/reason" and a message in Chinese for the person who typed.
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_RATIO_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_RATIO_H_

#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace minsheng::progress {

// A decimal number with at most six decimals, kept as millionths. |value| <= 10^12 (kMaxUnits), so
// that every product a verdict forms fits 128 bits.
class Quantity {
 public:
  static constexpr int64_t kScale = 1'000'000;
  static constexpr int64_t kMaxUnits = 1'000'000'000'000;

  constexpr Quantity() = default;
  static constexpr Quantity FromMicros(int64_t micros) { return Quantity(micros); }
  static constexpr Quantity FromInt(int64_t units) { return Quantity(units * kScale); }

  // Reads "120", "3.70", "-0.5". INVALID_ARGUMENT for anything else (no exponent, no grouping, no
  // blanks; NOT_A_NUMBER), more than six decimals that are not zero (TOO_MANY_DECIMALS), or an
  // absolute value beyond kMaxUnits (TOO_LARGE).
  static absl::StatusOr<Quantity> Parse(absl::string_view text);

  constexpr int64_t micros() const { return micros_; }
  constexpr bool is_zero() const { return micros_ == 0; }
  // Shortest exact decimal: "3.7", "120".
  std::string ToString() const;

  friend constexpr auto operator<=>(Quantity, Quantity) = default;

 private:
  explicit constexpr Quantity(int64_t micros) : micros_(micros) {}
  int64_t micros_ = 0;
};

// numerator / denominator, denominator > 0, not normalised.
class Ratio {
 public:
  __extension__ typedef __int128 Int;

  constexpr Ratio() = default;
  // Crashes when `denominator` is 0; a negative one moves its sign up.
  Ratio(Int numerator, Int denominator) : numerator_(numerator), denominator_(denominator) {
    if (denominator_ <= 0) MoveSignUp();
  }
  static Ratio Of(Quantity part, Quantity whole) { return {part.micros(), whole.micros()}; }
  static Ratio Percent(Quantity percent) { return {percent.micros(), Int{100} * Quantity::kScale}; }

  Int numerator() const { return numerator_; }
  Int denominator() const { return denominator_; }
  bool is_zero() const { return numerator_ == 0; }

  // Exact; operands are reduced by their gcd first when a product would not fit, and it crashes if
  // it still does not (impossible for values within Quantity's bounds). Dividing by zero crashes.
  friend Ratio operator-(const Ratio& a, const Ratio& b);
  friend Ratio operator*(const Ratio& a, const Ratio& b);
  friend Ratio operator/(const Ratio& a, const Ratio& b);
  // Exact for any two ratios; never crashes.
  friend std::strong_ordering operator<=>(const Ratio& a, const Ratio& b);
  friend bool operator==(const Ratio& a, const Ratio& b) { return (a <=> b) == 0; }

  // In percent with `decimals` places, half away from zero: Ratio(1, 6) → "16.7".
  std::string ToPercent(int decimals = 1) const;
  // Percent scaled by 100 and rounded half away from zero, for transport of shown values: Ratio(1,
  // 6) → 1667. Saturates.
  int64_t ToBasisPoints() const;

 private:
  void MoveSignUp();

  Int numerator_ = 0;
  Int denominator_ = 1;
};

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_RATIO_H_
