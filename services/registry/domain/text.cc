#include "services/registry/domain/text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace minsheng::registry {
namespace {

constexpr std::array<absl::string_view, 10> kChineseDigits = {"零", "一", "二", "三", "四",
                                                              "五", "六", "七", "八", "九"};
constexpr std::array<absl::string_view, 4> kCounters = {"件", "项", "个", "类"};
constexpr std::size_t kMaxNumberChars = 12;

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

std::size_t LengthByLead(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0x80) return 1;
  if (byte >= 0xC2 && byte <= 0xDF) return 2;
  if (byte >= 0xE0 && byte <= 0xEF) return 3;
  if (byte >= 0xF0 && byte <= 0xF4) return 4;
  return 0;
}

// Overlong forms, surrogates and what lies above U+10FFFF show in the second byte.
bool IsSecondAllowed(char lead, char second) {
  const auto byte = static_cast<unsigned char>(second);
  switch (static_cast<unsigned char>(lead)) {
    case 0xE0:
      return byte >= 0xA0;
    case 0xED:
      return byte < 0xA0;
    case 0xF0:
      return byte >= 0x90;
    case 0xF4:
      return byte < 0x90;
    default:
      return true;
  }
}

std::size_t ValidLength(absl::string_view text) {
  const std::size_t length = LengthByLead(text[0]);
  if (length == 1) return 1;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  return IsSecondAllowed(text[0], text[1]) ? length : 0;
}

uint32_t Decode3(absl::string_view c) {
  const auto bits = [&](std::size_t i, unsigned mask) {
    return static_cast<uint32_t>(static_cast<unsigned char>(c[i]) & mask);
  };
  return bits(0, 0x0F) << 12U | bits(1, 0x3F) << 6U | bits(2, 0x3F);
}

bool IsBlankChar(absl::string_view c) {
  switch (static_cast<unsigned char>(c[0])) {
    case 0xC2:
      return c == "\u00A0";
    case 0xE2:
      return c == "\u200B";
    case 0xE3:
      return c == "\u3000";
    case 0xEF:
      return c == "\uFEFF";
    default:
      return c.size() == 1 && absl::ascii_isspace(static_cast<unsigned char>(c[0]));
  }
}

// The half-width sign of a full-width one; 0 for any other character.
char HalfWidth(absl::string_view c) {
  if (c.size() != 3 || (c[0] != '\xEF' && c[0] != '\xE3')) return 0;
  const uint32_t code = Decode3(c);
  if (code == 0x3000) return ' ';
  return code >= 0xFF01 && code <= 0xFF5E ? static_cast<char>(code - 0xFF01 + 0x21) : '\0';
}

std::size_t LastCharLength(absl::string_view text) {
  std::size_t length = 1;
  while (length < 4 && length < text.size() && IsContinuation(text[text.size() - length])) ++length;
  return length;
}

std::optional<int> ChineseDigit(absl::string_view c) {
  if (c == "〇") return 0;
  if (c == "两") return 2;
  const auto found = std::find(kChineseDigits.begin(), kChineseDigits.end(), c);
  if (found == kChineseDigits.end()) return std::nullopt;
  return static_cast<int>(found - kChineseDigits.begin());
}

int ChineseScale(absl::string_view c) {
  if (c == "十") return 10;
  if (c == "百") return 100;
  return c == "千" ? 1000 : 0;
}

std::optional<int> ParsePositional(absl::Span<const absl::string_view> chars) {
  if (chars.size() > 4) return std::nullopt;
  int value = 0;
  for (const auto c : chars) {
    const auto digit = ChineseDigit(c);
    if (!digit) return std::nullopt;
    value = value * 10 + *digit;
  }
  return value;
}

// Scales fall from left to right; 零 stands only between them. `pending` is the digit before its
// scale.
std::optional<int> ParseScaled(absl::Span<const absl::string_view> chars) {
  constexpr int kNoDigit = -1;
  int total = 0;
  int last_scale = 10'000;
  int pending = kNoDigit;
  for (std::size_t i = 0; i < chars.size(); ++i) {
    if (const auto digit = ChineseDigit(chars[i])) {
      if (pending > 0) return std::nullopt;
      pending = *digit;
      continue;
    }
    const int scale = ChineseScale(chars[i]);
    const bool bare_ten = pending == kNoDigit && scale == 10 && i == 0;
    if (scale == 0 || scale >= last_scale || (pending <= 0 && !bare_ten)) return std::nullopt;
    total += (bare_ten ? 1 : pending) * scale;
    last_scale = scale;
    pending = kNoDigit;
  }
  if (pending == 0) return std::nullopt;
  return total + std::max(pending, 0);
}

bool IsNumberChar(absl::string_view c) {
  return IsDigits(c) || ChineseDigit(c).has_value() || ChineseScale(c) != 0;
}

std::string Join(absl::Span<const absl::string_view> chars) {
  std::string joined;
  for (const auto c : chars) joined.append(c.data(), c.size());
  return joined;
}

}  // namespace

std::size_t FirstInvalidUtf8(absl::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = ValidLength(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return absl::string_view::npos;
}

bool IsValidUtf8(absl::string_view text) {
  return FirstInvalidUtf8(text) == absl::string_view::npos;
}

std::size_t FirstCharLength(absl::string_view text) {
  if (text.empty()) return 0;
  return std::max<std::size_t>(1, ValidLength(text));
}

std::vector<absl::string_view> Chars(absl::string_view text) {
  std::vector<absl::string_view> chars;
  chars.reserve(text.size() / 2);
  while (!text.empty()) {
    const std::size_t length = FirstCharLength(text);
    chars.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return chars;
}

std::size_t CharCount(absl::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); text.remove_prefix(FirstCharLength(text))) ++count;
  return count;
}

absl::string_view Trim(absl::string_view text) {
  while (!text.empty() && IsBlankChar(text.substr(0, FirstCharLength(text)))) {
    text.remove_prefix(FirstCharLength(text));
  }
  while (!text.empty() && IsBlankChar(text.substr(text.size() - LastCharLength(text)))) {
    text.remove_suffix(LastCharLength(text));
  }
  return text;
}

bool IsBlank(absl::string_view text) {
  for (; !text.empty(); text.remove_prefix(FirstCharLength(text))) {
    if (!IsBlankChar(text.substr(0, FirstCharLength(text)))) return false;
  }
  return true;
}

bool HasBlank(absl::string_view text) {
  for (; !text.empty(); text.remove_prefix(FirstCharLength(text))) {
    if (IsBlankChar(text.substr(0, FirstCharLength(text)))) return true;
  }
  return false;
}

std::string RemoveSpaces(absl::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  while (!text.empty()) {
    const auto c = text.substr(0, FirstCharLength(text));
    if (!IsBlankChar(c)) kept.append(c.data(), c.size());
    text.remove_prefix(c.size());
  }
  return kept;
}

std::string Fold(absl::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  while (!text.empty()) {
    const auto c = text.substr(0, FirstCharLength(text));
    text.remove_prefix(c.size());
    if (const char half = HalfWidth(c)) {
      folded.push_back(half);
    } else {
      folded.append(c.data(), c.size());
    }
  }
  return folded;
}

std::string MatchKey(absl::string_view text) {
  std::string key;
  key.reserve(text.size());
  while (!text.empty()) {
    const auto c = text.substr(0, FirstCharLength(text));
    text.remove_prefix(c.size());
    if (IsBlankChar(c)) continue;
    if (const char half = HalfWidth(c)) {
      key.push_back(half);
    } else {
      key.append(c.data(), c.size());
    }
  }
  return key;
}

bool SameKey(absl::string_view one, absl::string_view other) {
  if (one == other) return true;
  if (one.empty() || other.empty()) return IsBlank(one) && IsBlank(other);
  return MatchKey(one) == MatchKey(other);
}

std::string Abbreviate(absl::string_view text, std::size_t count) {
  absl::string_view rest = text;
  for (; count > 0 && !rest.empty(); --count) rest.remove_prefix(FirstCharLength(rest));
  std::string kept(text.substr(0, text.size() - rest.size()));
  return rest.empty() ? kept : kept + "…";
}

bool ContainsAny(absl::string_view text, absl::Span<const absl::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](absl::string_view word) { return absl::StrContains(text, word); });
}

bool IsDigits(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsNumeric(absl::string_view text) {
  bool digits = false;
  while (!text.empty()) {
    const auto c = text.substr(0, FirstCharLength(text));
    text.remove_prefix(c.size());
    if (IsBlankChar(c)) continue;
    const char half = c.size() == 1 ? c[0] : HalfWidth(c);
    if (half < '0' || half > '9') return false;
    digits = true;
  }
  return digits;
}

std::optional<int> ParseChineseNumber(absl::string_view text) {
  if (text.size() > kMaxNumberChars * 4) return std::nullopt;
  const auto chars = Chars(text);
  if (chars.empty() || chars.size() > kMaxNumberChars) return std::nullopt;
  const auto positional = ParsePositional(chars);
  return positional ? positional : ParseScaled(chars);
}

std::optional<int> ParseSmallNumber(absl::string_view text) {
  if (!text.empty() && text.size() <= 4 && IsDigits(text)) {
    int number = 0;
    for (const char digit : text) number = number * 10 + (digit - '0');
    return number;
  }
  const std::string key = MatchKey(text);
  if (!IsDigits(key)) return ParseChineseNumber(key);
  if (key.size() > 4) return std::nullopt;
  return std::stoi(key);
}

std::optional<int> FindCount(absl::string_view text) {
  const std::string key = MatchKey(text);
  const auto chars = Chars(key);
  for (std::size_t i = 0; i < chars.size(); ++i) {
    std::size_t end = i;
    while (end < chars.size() && IsNumberChar(chars[end])) ++end;
    const bool counted =
        end > i && end < chars.size() &&
        std::find(kCounters.begin(), kCounters.end(), chars[end]) != kCounters.end();
    if (counted) {
      return ParseSmallNumber(Join(absl::MakeConstSpan(chars).subspan(i, end - i)));
    }
    i = std::max(i, end);
  }
  return std::nullopt;
}

}  // namespace minsheng::registry
