#include "services/registry/domain/amounts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kRateReachChars = 9;
constexpr std::array<absl::string_view, 6> kAbout = {"约", "大约", "左右", "余", "近", "估算"};
constexpr std::array<absl::string_view, 8> kSums = {"总投资", "计划投资", "投资", "共",
                                                    "合计",   "总额",     "资金", "预算"};
constexpr std::array<absl::string_view, 5> kRates = {"每", "人均", "户均", "均", "单价"};
constexpr std::array<absl::string_view, 5> kParts = {"其中", "补助", "配套", "自筹", "奖补"};
constexpr std::array<absl::string_view, 8> kSources = {"中央", "省级", "市级", "区级",
                                                       "县级", "财政", "自筹", "补助"};
constexpr std::array<absl::string_view, 7> kUnits = {"亿元", "万元", "千元", "元",
                                                     "亿",   "万",   "千"};
constexpr absl::string_view kNumerals = "零〇一二两三四五六七八九十百千万亿";

// A figure with its money unit. `before` are the words from the last stop up to it, `after` those
// that follow.
struct Found {
  int64_t fen = 0;
  absl::string_view before;
  absl::string_view after;
  bool bare = false;  // 200万, without 元
};

bool IsFigureChar(char c) { return absl::ascii_isdigit(c) || c == '.' || c == ','; }

absl::string_view UnitAt(absl::string_view rest) {
  for (const absl::string_view unit : kUnits) {
    if (absl::StartsWith(rest, unit)) return unit;
  }
  return "";
}

std::size_t LastStop(absl::string_view words) {
  std::size_t at = 0;
  for (const absl::string_view stop : {",", ";", "。", "(", "、", "\n"}) {
    const std::size_t found = words.rfind(stop);
    if (found != absl::string_view::npos) at = std::max(at, found + stop.size());
  }
  return at;
}

absl::string_view LastChars(absl::string_view words, std::size_t count) {
  const auto chars = Chars(words);
  std::size_t bytes = 0;
  for (std::size_t i = chars.size(); i > 0 && chars.size() - i < count; --i)
    bytes += chars[i - 1].size();
  return words.substr(words.size() - bytes);
}

std::vector<Found> FindMoney(absl::string_view key) {
  std::vector<Found> found;
  for (std::size_t at = 0; at < key.size();) {
    if (!absl::ascii_isdigit(key[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < key.size() && IsFigureChar(key[end])) ++end;
    const absl::string_view unit = UnitAt(key.substr(end));
    const auto money = ParseMoneyUnit(unit);
    const auto fen = money.ok() ? ParseAmount(key.substr(at, end - at), *money)
                                : absl::StatusOr<std::optional<int64_t>>(money.status());
    if (fen.ok() && fen->has_value()) {
      const absl::string_view before = key.substr(0, at);
      found.push_back({**fen, before.substr(LastStop(before)), key.substr(end + unit.size()),
                       !absl::EndsWith(unit, "元")});
    }
    at = end;
  }
  return found;
}

// 每公里10万元, 10万元/公里, 50元—336元.
bool IsRate(const Found& money) {
  if (absl::StartsWith(money.after, "/") || absl::StartsWith(money.after, "每")) return true;
  return ContainsAny(LastChars(money.before, kRateReachChars), kRates);
}

bool IsRange(const Found& money) {
  const auto touches = [](absl::string_view words, bool ends) {
    for (const absl::string_view dash : {"-", "~", "—", "–", "至"}) {
      if (ends ? absl::EndsWith(words, dash) : absl::StartsWith(words, dash)) return true;
    }
    return false;
  };
  return touches(money.after, false) || touches(money.before, true);
}

// Counts: 万人, 万平方米 are no money; 200万 stands alone.
bool IsCount(const Found& money) {
  if (!money.bare) return false;
  return !money.after.empty() && !absl::StartsWith(money.after, ",") &&
         !absl::StartsWith(money.after, "。") && !absl::StartsWith(money.after, ";") &&
         !absl::StartsWith(money.after, ")") && !absl::StartsWith(money.after, "左右");
}

bool IsAbout(const Found& money) {
  return ContainsAny(LastChars(money.before, 3), kAbout) || absl::StartsWith(money.after, "左右") ||
         absl::StartsWith(money.after, "余");
}

bool IsSum(const Found& money) {
  return ContainsAny(money.before, kSums) && !ContainsAny(money.before, kParts);
}

WordedAmount Choose(const std::vector<Found>& found) {
  const auto sum = std::find_if(found.begin(), found.end(), IsSum);
  const bool parts_follow = found.size() > 1 && !ContainsAny(found.front().before, kSources) &&
                            std::all_of(found.begin() + 1, found.end(), [](const Found& money) {
                              return ContainsAny(money.before, kParts);
                            });
  const bool clear = found.size() == 1 || sum != found.end() || parts_follow;
  if (!clear) return {std::nullopt, "AMOUNT_UNCLEAR"};
  const Found& chosen = sum != found.end() ? *sum : found.front();
  if (IsAbout(chosen) || chosen.bare) return {chosen.fen, "AMOUNT_ABOUT"};
  return {chosen.fen, found.size() > 1 ? "AMOUNT_IN_WORDS" : ""};
}

// 约200, 200左右 in a column whose unit is known.
std::optional<int64_t> BareFigure(std::string key, std::optional<MoneyUnit> unit) {
  if (!unit) return std::nullopt;
  absl::string_view figure = key;
  for (const absl::string_view word : kAbout) {
    absl::ConsumePrefix(&figure, word);
    absl::ConsumeSuffix(&figure, word);
  }
  if (figure.size() == key.size()) return std::nullopt;
  const auto fen = ParseAmount(figure, *unit);
  return fen.ok() ? *fen : std::nullopt;
}

}  // namespace

WordedAmount FindAmount(absl::string_view words, std::optional<MoneyUnit> unit) {
  const std::string key = MatchKey(words);
  if (const auto fen = BareFigure(key, unit)) return {fen, "AMOUNT_ABOUT"};
  std::vector<Found> found = FindMoney(key);
  const std::size_t all = found.size();
  const auto no_amount = [](const Found& money) { return IsRate(money) || IsRange(money); };
  found.erase(std::remove_if(found.begin(), found.end(), IsCount), found.end());
  found.erase(std::remove_if(found.begin(), found.end(), no_amount), found.end());
  if (!found.empty()) return Choose(found);
  return {std::nullopt, all == 0 ? "AMOUNT_WORDS" : "AMOUNT_UNCLEAR"};
}

WordedAmount FindStatedAmount(absl::string_view sentence) {
  if (!ContainsAny(sentence, {"投资", "资金", "总额", "预算"})) return {};
  const std::string key = MatchKey(sentence);  // what is found points into it
  std::vector<Found> found = FindMoney(key);
  const auto is_other = [](const Found& money) {
    return !IsSum(money) || IsRate(money) || IsRange(money) || IsCount(money);
  };
  found.erase(std::remove_if(found.begin(), found.end(), is_other), found.end());
  return found.empty() ? WordedAmount() : Choose(found);
}

bool HasAmountWords(absl::string_view cell) {
  const std::string key = MatchKey(cell);
  const auto chars = Chars(key);
  const auto is_word = [](absl::string_view c) {
    return c.size() >= 3 && !absl::StrContains(kNumerals, c) && c != "元" && c != "—";
  };
  return std::any_of(chars.begin(), chars.end(), is_word);
}

}  // namespace minsheng::registry
