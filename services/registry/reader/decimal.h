// Numbers of a workbook as decimal text. No number goes through a double: what the file says is
// what is read, but for the noise of binary fractions. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_DECIMAL_H_
#define MINSHENG_SERVICES_REGISTRY_READER_DECIMAL_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::registry {

// ±0.d₁d₂d₃… × 10^point. `digits` neither begin nor end with 0; zero has none.
struct Decimal {
  bool negative = false;
  std::string digits;
  int point = 0;
};

// 12, -0.28, 1.1000000000000001E2; nullopt for anything else and for exponents above 400.
std::optional<Decimal> ParseDecimal(absl::string_view text);

// Excel keeps numbers as binary fractions, saves 17 significant digits, and shows 15: half up from
// the decimal digits that are saved. What has no more than 15 stays as it is.
Decimal RoundAsExcel(Decimal value);

// Without an exponent, with at least `decimals` digits after the point; 1E+30 and above, and below
// 1E-20, with one.
std::string PlainText(const Decimal& value, int decimals = 0);

// The stored text of a number as it is shown in General: unchanged unless it has an exponent, or
// a fraction and more than 15 significant digits. Text that is no number is unchanged.
std::string NumberText(absl::string_view stored);

// 0.285 → 28.5%; with at least `decimals` digits after the point, and more where the value has
// more, so that nothing of it is lost.
std::string PercentText(const Decimal& value, int decimals);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_DECIMAL_H_
