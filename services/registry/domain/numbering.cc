#include "services/registry/domain/numbering.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::array<absl::string_view, 20> kCircled = {"①", "②", "③", "④", "⑤", "⑥", "⑦",
                                                        "⑧", "⑨", "⑩", "⑪", "⑫", "⑬", "⑭",
                                                        "⑮", "⑯", "⑰", "⑱", "⑲", "⑳"};
constexpr std::array<absl::string_view, 5> kMarks = {"★", "☆", "*", "▲", "△"};
constexpr std::array<absl::string_view, 4> kStops = {"、", ".", ")", ","};
constexpr std::size_t kMaxNumberChars = 6;

int CircledNo(absl::string_view c) {
  const auto found = std::find(kCircled.begin(), kCircled.end(), c);
  return found == kCircled.end() ? 0 : static_cast<int>(found - kCircled.begin()) + 1;
}

bool IsStop(absl::string_view c) {
  return std::find(kStops.begin(), kStops.end(), c) != kStops.end();
}

std::optional<int> Positive(std::optional<int> number) {
  return number.value_or(0) > 0 ? number : std::nullopt;
}

// The number at the start of folded characters, and how many of them it takes.
struct Opening {
  int no = 0;
  std::size_t length = 0;
};

std::string JoinChars(const std::vector<std::string>& chars, std::size_t from, std::size_t to) {
  std::string joined;
  for (std::size_t i = from; i < to; ++i) absl::StrAppend(&joined, chars[i]);
  return joined;
}

Opening BracketOpening(const std::vector<std::string>& chars) {
  const auto close = std::find(chars.begin(), chars.end(), ")");
  if (close == chars.end()) return {};
  const auto at = static_cast<std::size_t>(close - chars.begin());
  const auto number = ParseSmallNumber(JoinChars(chars, 1, at));
  return {number.value_or(0), at + 1};
}

Opening DigitOpening(const std::vector<std::string>& chars) {
  std::size_t end = 0;
  while (end < chars.size() && IsDigits(chars[end])) ++end;
  const bool stopped = end > 0 && end < chars.size() && IsStop(chars[end]);
  if (!stopped || (end + 1 < chars.size() && IsDigits(chars[end + 1]))) return {};
  return {ParseSmallNumber(JoinChars(chars, 0, end)).value_or(0), end + 1};
}

Opening FindOpening(const std::vector<std::string>& chars) {
  if (chars.empty()) return {};
  if (const int circled = CircledNo(chars[0])) return {circled, 1};
  return chars[0] == "(" ? BracketOpening(chars) : DigitOpening(chars);
}

std::vector<std::string> FoldedStart(absl::string_view words) {
  std::vector<std::string> chars;
  while (!words.empty() && chars.size() < kMaxNumberChars + 2) {
    const absl::string_view c = words.substr(0, FirstCharLength(words));
    chars.push_back(Fold(c));
    words.remove_prefix(c.size());
  }
  return chars;
}

// The first byte of a bracket, a digit or a circled number, half or full width.
bool MayOpen(absl::string_view words) {
  if (words.empty()) return false;
  const char first = words[0];
  return first == '(' || first == '\xEF' || first == '\xE2' || (first >= '0' && first <= '9');
}

std::string WithoutMarks(absl::string_view cell) {
  std::string key = MatchKey(cell);
  for (const absl::string_view mark : kMarks) key = absl::StrReplaceAll(key, {{mark, ""}});
  return key;
}

}  // namespace

std::optional<int> ParseItemNo(absl::string_view cell) {
  if (cell.empty()) return std::nullopt;
  if (cell.size() <= 4 && IsDigits(cell)) return Positive(ParseSmallNumber(cell));
  const std::string key = WithoutMarks(cell);
  if (key.empty() || CharCount(key) > kMaxNumberChars + 2) return std::nullopt;
  if (const int circled = CircledNo(key)) return circled;
  absl::string_view word = key;
  if (absl::ConsumePrefix(&word, "(")) absl::ConsumeSuffix(&word, ")");
  absl::ConsumeSuffix(&word, ".0");
  for (const absl::string_view stop : kStops) absl::ConsumeSuffix(&word, stop);
  return Positive(ParseSmallNumber(word));
}

std::optional<SubItem> TakeSubItem(absl::string_view words) {
  absl::string_view rest = Trim(words);
  if (!MayOpen(rest)) return std::nullopt;
  const Opening opening = FindOpening(FoldedStart(rest));
  if (opening.no <= 0) return std::nullopt;
  const absl::string_view whole = rest;
  for (std::size_t i = 0; i < opening.length; ++i) rest.remove_prefix(FirstCharLength(rest));
  return SubItem{opening.no, std::string(whole.substr(0, whole.size() - rest.size())),
                 std::string(Trim(rest))};
}

bool HoldsNext(const SubItem& item) {
  const std::string marker = Fold(item.marker);
  const std::string rest = Fold(item.rest);
  const int next = item.no + 1;
  if (CircledNo(marker) != 0) return item.no < 20 && absl::StrContains(rest, kCircled[item.no]);
  if (!absl::StartsWith(marker, "(")) {
    const absl::string_view stop = absl::string_view(marker).substr(absl::StrCat(item.no).size());
    return absl::StrContains(rest, absl::StrCat(next, stop));
  }
  if (absl::StrContains(rest, absl::StrCat("(", next, ")"))) return true;
  constexpr std::array<absl::string_view, 9> kNext = {"(二)", "(三)", "(四)", "(五)", "(六)",
                                                      "(七)", "(八)", "(九)", "(十)"};
  return item.no <= 9 && absl::StrContains(rest, kNext[item.no - 1]);
}

bool HasHeadingNumber(absl::string_view words) {
  const std::string key = MatchKey(words);
  absl::string_view rest = key;
  const bool bracket = absl::ConsumePrefix(&rest, "(");
  std::size_t end = 0;
  while (end < rest.size() &&
         ParseChineseNumber(rest.substr(end, FirstCharLength(rest.substr(end)))).has_value()) {
    end += FirstCharLength(rest.substr(end));
  }
  if (!ParseChineseNumber(rest.substr(0, end))) return false;
  rest.remove_prefix(end);
  return bracket ? absl::StartsWith(rest, ")")
                 : absl::StartsWith(rest, "、") || absl::StartsWith(rest, ".");
}

}  // namespace minsheng::registry
