#include "services/registry/reader/decimal.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kExcelDigits = 15;
constexpr std::size_t kMaxDigits = 400;
constexpr int kMaxExponent = 400;
constexpr int kLongestPlain = 30;
constexpr int kSmallestPlain = -20;

std::string TakeDigits(absl::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), absl::ascii_isdigit);
  std::string digits(text.begin(), end);
  text.remove_prefix(digits.size());
  return digits;
}

bool TakeExponent(absl::string_view text, int& exponent) {
  if (text.empty()) return true;
  if (text[0] != 'E' && text[0] != 'e') return false;
  text.remove_prefix(1);
  if (absl::StartsWith(text, "+")) text.remove_prefix(1);
  return absl::SimpleAtoi(text, &exponent) && exponent >= -kMaxExponent && exponent <= kMaxExponent;
}

Decimal Normalized(Decimal value) {
  const std::size_t first = value.digits.find_first_not_of('0');
  if (first == std::string::npos) return {};
  value.digits.erase(0, first);
  value.point -= static_cast<int>(first);
  value.digits.erase(value.digits.find_last_not_of('0') + 1);
  return value;
}

std::string Scientific(const Decimal& value) {
  const std::string rest = value.digits.substr(1);
  const int exponent = value.point - 1;
  return absl::StrCat(value.negative ? "-" : "", value.digits.substr(0, 1), rest.empty() ? "" : ".",
                      rest, exponent < 0 ? "E-" : "E+", std::abs(exponent));
}

}  // namespace

std::optional<Decimal> ParseDecimal(absl::string_view text) {
  Decimal value;
  text = absl::StripAsciiWhitespace(text);
  if (absl::StartsWith(text, "-") || absl::StartsWith(text, "+")) {
    value.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  value.digits = TakeDigits(text);
  value.point = static_cast<int>(std::min(value.digits.size(), kMaxDigits));
  if (absl::StartsWith(text, ".")) {
    text.remove_prefix(1);
    value.digits += TakeDigits(text);
  }
  int exponent = 0;
  if (value.digits.empty() || value.digits.size() > kMaxDigits || !TakeExponent(text, exponent)) {
    return std::nullopt;
  }
  value.point += exponent;
  return Normalized(std::move(value));
}

Decimal RoundAsExcel(Decimal value) {
  if (value.digits.size() <= kExcelDigits) return value;
  const bool up = value.digits[kExcelDigits] >= '5';
  value.digits.resize(kExcelDigits);
  if (!up) return Normalized(std::move(value));
  std::size_t at = kExcelDigits;
  while (at > 0 && value.digits[at - 1] == '9') value.digits[--at] = '0';
  if (at > 0) {
    ++value.digits[at - 1];
  } else {
    value.digits.insert(0, "1");
    ++value.point;
  }
  return Normalized(std::move(value));
}

std::string PlainText(const Decimal& value, int decimals) {
  if (value.point > kLongestPlain || value.point < kSmallestPlain) return Scientific(value);
  const int size = static_cast<int>(value.digits.size());
  std::string whole = value.digits.substr(0, std::max(0, std::min(value.point, size)));
  whole.append(std::max(0, value.point - size), '0');
  std::string fraction(std::max(0, -value.point), '0');
  if (value.point < size) fraction += value.digits.substr(std::max(0, value.point));
  if (value.digits.empty()) fraction.clear();
  if (static_cast<int>(fraction.size()) < decimals) fraction.resize(decimals, '0');
  return absl::StrCat(value.negative ? "-" : "", whole.empty() ? "0" : whole,
                      fraction.empty() ? "" : ".", fraction);
}

std::string NumberText(absl::string_view stored) {
  const bool plain =
      stored.size() <= kExcelDigits && std::all_of(stored.begin(), stored.end(), [](char c) {
        return absl::ascii_isdigit(c) || c == '.' || c == '-';
      });
  if (plain) return std::string(stored);
  const auto value = ParseDecimal(stored);
  if (!value) return std::string(stored);
  const bool exponent = stored.find_first_of("eE") != absl::string_view::npos;
  const bool noisy = value->digits.size() > kExcelDigits && absl::StrContains(stored, ".");
  return exponent || noisy ? PlainText(RoundAsExcel(*value)) : std::string(stored);
}

std::string PercentText(const Decimal& value, int decimals) {
  Decimal hundredfold = value;
  if (!value.digits.empty()) hundredfold.point += 2;
  return absl::StrCat(PlainText(hundredfold, decimals), "%");
}

}  // namespace minsheng::registry
