#include "services/registry/domain/money.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

struct UnitWord {
  absl::string_view word;
  MoneyUnit unit;
};

// Longer words first: 万元 also ends with 元.
constexpr std::array<UnitWord, 6> kUnitWords = {{{"千元", MoneyUnit::kThousandYuan},
                                                 {"万元", MoneyUnit::kWanYuan},
                                                 {"亿元", MoneyUnit::kYiYuan},
                                                 {"元", MoneyUnit::kYuan},
                                                 {"万", MoneyUnit::kWanYuan},
                                                 {"亿", MoneyUnit::kYiYuan}}};
constexpr std::array<absl::string_view, 9> kNonePlanned = {"",  "-", "--", "—", "——",
                                                           "–", "−", "/",  "无"};
constexpr std::size_t kShownChars = 40;

absl::Status BadAmount(absl::string_view text, absl::string_view why) {
  return Refuse("BAD_AMOUNT", absl::StrCat("金额“", Abbreviate(text, kShownChars), "”", why));
}

bool IsNegative(absl::string_view key) {
  if (absl::StartsWith(key, "-") || absl::StartsWith(key, "−") || absl::StartsWith(key, "—")) {
    return true;
  }
  return absl::StartsWith(key, "(") && absl::EndsWith(key, ")");
}

// "12,345" → "12345"; nullopt when the commas do not stand at thousands.
std::optional<std::string> JoinThousands(absl::string_view whole) {
  if (!absl::StrContains(whole, ",")) return std::string(whole);
  std::vector<absl::string_view> groups = absl::StrSplit(whole, ',');
  for (std::size_t i = 1; i < groups.size(); ++i) {
    if (groups[i].size() != 3) return std::nullopt;
  }
  if (groups[0].empty() || groups[0].size() > 3) return std::nullopt;
  return absl::StrJoin(groups, "");
}

// Digits as an integer no greater than kMaxAmountFen.
std::optional<int64_t> ToBounded(absl::string_view digits) {
  int64_t value = 0;
  for (const char digit : digits) {
    value = value * 10 + (digit - '0');
    if (value > kMaxAmountFen) return std::nullopt;
  }
  return value;
}

int DecimalsOf(MoneyUnit unit) {
  int decimals = 0;
  for (int64_t fen = FenPerUnit(unit); fen > 1; fen /= 10) ++decimals;
  return decimals;
}

// An amount, or what is wrong with it.
struct Figure {
  int64_t fen = 0;
  const char* wrong = nullptr;
};

Figure ParseDecimal(absl::string_view key, MoneyUnit unit) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(key, absl::MaxSplits('.', 1));
  const auto whole = JoinThousands(parts.first);
  const bool has_point = absl::StrContains(key, ".");
  if (!whole || !IsDigits(*whole) || (has_point && !IsDigits(parts.second))) {
    return {.wrong = "不是数字，应为4700、55219.1这样的十进制数"};
  }
  absl::string_view decimals = parts.second;
  while (absl::ConsumeSuffix(&decimals, "0")) {
  }
  const auto allowed = static_cast<std::size_t>(DecimalsOf(unit));
  if (decimals.size() > allowed) return {.wrong = "精确到分以下，应不超过分"};
  const std::string padding(allowed - decimals.size(), '0');
  const auto fen = ToBounded(absl::StrCat(*whole, decimals, padding));
  if (!fen) return {.wrong = "过大，单笔不得超过10万亿元"};
  return {.fen = *fen};
}

bool IsNone(absl::string_view key) {
  return std::find(kNonePlanned.begin(), kNonePlanned.end(), key) != kNonePlanned.end();
}

}  // namespace

bool NonePlanned(absl::string_view text) { return IsNone(MatchKey(text)); }

bool IsAmount(absl::string_view text, MoneyUnit unit) {
  const std::string key = MatchKey(text);
  return IsNone(key) || (!IsNegative(key) && ParseDecimal(key, unit).wrong == nullptr);
}

absl::StatusOr<std::optional<int64_t>> ParseAmount(absl::string_view text, MoneyUnit unit) {
  const std::string key = MatchKey(text);
  if (IsNone(key)) return std::optional<int64_t>();
  if (IsNegative(key)) {
    return Refuse("NEGATIVE_AMOUNT", absl::StrCat("金额“", Abbreviate(text, kShownChars),
                                                  "”是负数，计划投资不能为负"));
  }
  const Figure figure = ParseDecimal(key, unit);
  if (figure.wrong != nullptr) return BadAmount(text, figure.wrong);
  return std::optional<int64_t>(figure.fen);
}

absl::StatusOr<MoneyUnit> ParseMoneyUnit(absl::string_view text) {
  const std::string key = MatchKey(text);
  const absl::string_view word = absl::StripPrefix(key, "人民币");
  for (const auto& known : kUnitWords) {
    if (word == known.word) return known.unit;
  }
  return Refuse("BAD_MONEY_UNIT", absl::StrCat("金额单位“", Abbreviate(text, kShownChars),
                                               "”不认识，应为元、千元、万元或亿元"));
}

std::optional<MoneyUnit> TakeMoneyUnit(std::string& text) {
  for (const auto& known : kUnitWords) {
    const absl::string_view trimmed = Trim(text);
    if (trimmed == known.word || !absl::EndsWith(trimmed, known.word)) continue;
    text = std::string(Trim(absl::StripSuffix(trimmed, known.word)));
    return known.unit;
  }
  return std::nullopt;
}

absl::string_view MoneyUnitWord(MoneyUnit unit) {
  switch (unit) {
    case MoneyUnit::kYuan:
      return "元";
    case MoneyUnit::kThousandYuan:
      return "千元";
    case MoneyUnit::kWanYuan:
      return "万元";
    case MoneyUnit::kYiYuan:
      return "亿元";
  }
  return "";
}

int64_t FenPerUnit(MoneyUnit unit) {
  switch (unit) {
    case MoneyUnit::kYuan:
      return 100;
    case MoneyUnit::kThousandYuan:
      return 100'000;
    case MoneyUnit::kWanYuan:
      return 1'000'000;
    case MoneyUnit::kYiYuan:
      return 10'000'000'000;
  }
  return 1;
}

std::string FormatAmount(int64_t fen, MoneyUnit unit) {
  const int64_t per_unit = FenPerUnit(unit);
  const int64_t rest = fen % per_unit;
  const std::string whole =
      absl::StrCat(fen < 0 ? "-" : "", fen < 0 ? -(fen / per_unit) : fen / per_unit);
  if (rest == 0) return whole;
  std::string decimals = absl::StrCat(per_unit + (rest < 0 ? -rest : rest)).substr(1);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return absl::StrCat(whole, ".", decimals);
}

}  // namespace minsheng::registry
