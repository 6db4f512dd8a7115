#include "services/registry/domain/layout_marks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kLongestMark = 12;
constexpr std::size_t kFewestParts = 3;
constexpr std::size_t kPartedBytesMax = 64U << 10U;
constexpr std::array<absl::string_view, 5> kStars = {"★", "☆", "▲", "△", "*"};
constexpr std::array<absl::string_view, 9> kBullets = {"●", "•", "·", "◆", "■", "○", "◇", "□", "▪"};
constexpr std::array<absl::string_view, 5> kStops = {"、", ".", ",", ":", "．"};
constexpr std::array<absl::string_view, 6> kParts = {"部分", "章", "篇", "类", "板块", "大类"};
constexpr std::array<absl::string_view, 8> kBefore = {"：", ":", "；", ";", "，", ",", "。", " "};
constexpr std::array<absl::string_view, 8> kAfterFigures = {"年", "月", "日", "个",
                                                            "所", "人", "%",  "时"};

// The start of a line, folded, so that marks in full width are found.
struct Opening {
  std::vector<std::string> chars;
  std::size_t at = 0;

  absl::string_view Now(std::size_t ahead = 0) const {
    return at + ahead < chars.size() ? absl::string_view(chars[at + ahead]) : absl::string_view();
  }
  bool Take(absl::string_view c) {
    if (Now() != c || c.empty()) return false;
    ++at;
    return true;
  }
  bool TakeWord(absl::string_view word) {
    const auto wanted = Chars(word);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (Now(i) != wanted[i]) return false;
    }
    at += wanted.size();
    return true;
  }
};

Opening OpeningOf(absl::string_view words) {
  Opening opening;
  while (!words.empty() && opening.chars.size() < kLongestMark) {
    const absl::string_view c = words.substr(0, FirstCharLength(words));
    opening.chars.push_back(Fold(c));
    words.remove_prefix(c.size());
  }
  return opening;
}

template <std::size_t N>
bool IsOneOf(absl::string_view c, const std::array<absl::string_view, N>& words) {
  return std::find(words.begin(), words.end(), c) != words.end();
}

template <std::size_t N>
bool TakeAny(Opening& opening, const std::array<absl::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](absl::string_view word) { return opening.TakeWord(word); });
}

template <typename Of>
int TakeNumber(Opening& opening, std::size_t longest, const Of& belongs) {
  std::string number;
  const std::size_t from = opening.at;
  while (belongs(opening.Now()) && opening.at - from <= longest) {
    absl::StrAppend(&number, opening.Now());
    ++opening.at;
  }
  if (number.empty() || opening.at - from > longest) return 0;
  return ParseSmallNumber(number).value_or(0);
}

int TakeDigits(Opening& opening) {
  return TakeNumber(opening, 3, [](absl::string_view c) { return IsDigits(c); });
}

int TakeChinese(Opening& opening) {
  return TakeNumber(opening, 4, [](absl::string_view c) {
    return !c.empty() && (c == "十" || c == "百" || (c != "两" && ParseChineseNumber(c)));
  });
}

// ①, ⑴, ⒈ and ㈠ are one character each.
std::optional<std::pair<MarkStyle, int>> OneSign(absl::string_view c) {
  if (c.size() != 3) return std::nullopt;
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(c[i]));
  };
  const std::uint32_t code = (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
  const auto within = [&](std::uint32_t first, std::uint32_t count) {
    return code >= first && code < first + count;
  };
  const auto no = [&](std::uint32_t first) { return static_cast<int>(code - first) + 1; };
  if (within(0x2460, 20)) return std::pair(MarkStyle::kCircled, no(0x2460));
  if (within(0x2474, 20)) return std::pair(MarkStyle::kDigitBracket, no(0x2474));
  if (within(0x2488, 20)) return std::pair(MarkStyle::kDigit, no(0x2488));
  if (within(0x3220, 10)) return std::pair(MarkStyle::kChineseBracket, no(0x3220));
  return std::nullopt;
}

using Found = std::pair<MarkStyle, int>;
constexpr Found kNothing = {MarkStyle::kNone, 0};

Found TakeBracketed(Opening& opening) {
  int no = TakeDigits(opening);
  const bool digits = no > 0;
  if (!digits) no = TakeChinese(opening);
  if (no == 0 || !opening.Take(")")) return kNothing;
  TakeAny(opening, kStops);
  return {digits ? MarkStyle::kDigitBracket : MarkStyle::kChineseBracket, no};
}

// A stop before digits is a decimal point, unless they are a year.
bool IsDecimal(const Opening& opening) {
  if (!IsDigits(opening.Now())) return false;
  const bool year = IsDigits(opening.Now(1)) && IsDigits(opening.Now(2)) &&
                    IsDigits(opening.Now(3)) && opening.Now(4) == "年";
  return !year;
}

Found TakeDigitMark(Opening& opening) {
  const int no = TakeDigits(opening);
  if (no == 0) return kNothing;
  if (opening.Take(")")) return {MarkStyle::kDigitBracket, no};
  if (TakeAny(opening, kStops)) return IsDecimal(opening) ? kNothing : Found(MarkStyle::kDigit, no);
  if (!IsBlank(opening.Now()) || opening.Now().empty()) return kNothing;
  while (!opening.Now().empty() && IsBlank(opening.Now())) ++opening.at;
  const bool figure = IsDigits(opening.Now()) || IsOneOf(opening.Now(), kAfterFigures);
  return figure || opening.Now().empty() ? kNothing : Found(MarkStyle::kDigit, no);
}

// 第一部分, 第一，, 第一件：; not 第一小学.
Found TakeOrdinal(Opening& opening) {
  int no = TakeChinese(opening);
  if (no == 0) no = TakeDigits(opening);
  if (no == 0) return kNothing;
  if (TakeAny(opening, kParts)) {
    TakeAny(opening, kStops);
    return {MarkStyle::kPart, no};
  }
  const bool counted = opening.Take("件") || opening.Take("项");
  if (TakeAny(opening, kStops) || (counted && IsBlank(opening.Now()))) {
    return {MarkStyle::kOrdinal, no};
  }
  return kNothing;
}

Found TakeChineseMark(Opening& opening) {
  const int no = TakeChinese(opening);
  if (no == 0) return kNothing;
  if (opening.Take("是")) return {MarkStyle::kClause, no};
  if (TakeAny(opening, kStops)) return {MarkStyle::kChinese, no};
  const bool parted = !opening.Now().empty() && IsBlank(opening.Now());
  return parted ? Found(MarkStyle::kChinese, no) : kNothing;
}

Found TakeAnyMark(Opening& opening) {
  if (const auto sign = OneSign(opening.Now())) {
    ++opening.at;
    TakeAny(opening, kStops);
    return *sign;
  }
  if (opening.Take("(")) return TakeBracketed(opening);
  if (opening.Take("第")) return TakeOrdinal(opening);
  return IsDigits(opening.Now()) ? TakeDigitMark(opening) : TakeChineseMark(opening);
}

// Quick: whether a mark can begin with this character.
bool MayOpen(absl::string_view c) {
  if (c.size() == 1) return c == "(" || c == "*" || IsDigits(c);
  return c == "第" || c == "（" || ParseChineseNumber(c) || c == "十" || IsDigits(Fold(c)) ||
         IsOneOf(c, kStars) || IsOneOf(c, kBullets) || OneSign(c);
}

Marked Plain(absl::string_view line) { return {MarkStyle::kNone, 0, "", std::string(line)}; }

// Where the next mark of `style` with `no` opens at or after `from`, behind a sign that parts.
std::size_t FindMark(absl::string_view words, MarkStyle style, int no, std::size_t from) {
  bool may_open = from == 0;
  for (std::size_t at = from; at < words.size();) {
    const absl::string_view c = words.substr(at, FirstCharLength(words.substr(at)));
    if ((may_open || style == MarkStyle::kCircled) && MayOpen(c)) {
      const Marked marked = TakeMark(words.substr(at, kLongestMark * 4));
      if (marked.style == style && marked.no == no) return at;
    }
    at += c.size();
    may_open = IsOneOf(c, kBefore);
  }
  return absl::string_view::npos;
}

absl::string_view WithoutStop(absl::string_view words) {
  for (const absl::string_view end : {"，", "；", ",", ";", "、"}) {
    if (absl::EndsWith(words, end)) words.remove_suffix(end.size());
  }
  return Trim(words);
}

void AddLine(int row, absl::string_view words, std::vector<Line>& lines) {
  if (!IsBlank(words)) lines.push_back({row, std::string(WithoutStop(Trim(words)))});
}

std::vector<Line> PartAt(const Line& line, MarkStyle style) {
  std::vector<Line> lines;
  std::size_t begin = 0;
  std::size_t at = FindMark(line.words, style, 1, 0);
  for (int no = 2; at != absl::string_view::npos; ++no) {
    AddLine(line.row, absl::string_view(line.words).substr(begin, at - begin), lines);
    begin = at;
    at = FindMark(line.words, style, no, at + 1);
  }
  AddLine(line.row, absl::string_view(line.words).substr(begin), lines);
  return lines;
}

}  // namespace

Marked TakeMark(absl::string_view line) {
  line = Trim(line);
  if (!MayOpen(line.substr(0, FirstCharLength(line)))) return Plain(line);
  Opening opening = OpeningOf(line);
  while (TakeAny(opening, kStars)) {
  }
  const bool starred = opening.at > 0;
  const std::size_t after_stars = opening.at;
  Found found = TakeAnyMark(opening);
  if (found.first == MarkStyle::kNone || found.second == 0) {
    opening.at = after_stars;
    if (!starred && !TakeAny(opening, kBullets)) return Plain(line);
    found = {MarkStyle::kBullet, 0};
  }
  absl::string_view rest = line;
  for (std::size_t i = 0; i < opening.at; ++i) rest.remove_prefix(FirstCharLength(rest));
  const absl::string_view mark = Trim(line.substr(0, line.size() - rest.size()));
  return {found.first, found.second, std::string(mark), std::string(Trim(rest))};
}

std::vector<Line> PartAtMarks(const Line& line) {
  if (line.words.size() > kPartedBytesMax) return {line};
  for (const MarkStyle style :
       {MarkStyle::kClause, MarkStyle::kOrdinal, MarkStyle::kChinese, MarkStyle::kChineseBracket,
        MarkStyle::kDigit, MarkStyle::kDigitBracket, MarkStyle::kCircled}) {
    std::vector<Line> lines = PartAt(line, style);
    if (lines.size() >= kFewestParts) return lines;
  }
  return {line};
}

std::vector<Line> PartAtSemicolons(const Line& line) {
  constexpr absl::string_view kStop = "；";
  if (line.words.size() > kPartedBytesMax) return {line};
  const absl::string_view words = line.words;
  std::size_t begin = std::min(words.find("："), words.find(':'));
  if (begin == absl::string_view::npos) return {line};
  begin += FirstCharLength(words.substr(begin));
  std::vector<Line> lines = {{line.row, std::string(words.substr(0, begin))}};
  while (begin < words.size()) {
    const std::size_t end = std::min(words.find(kStop, begin), words.size());
    const absl::string_view part = WithoutStop(Trim(words.substr(begin, end - begin)));
    if (!part.empty()) lines.push_back({line.row, absl::StrCat("●", part)});
    begin = end + kStop.size();
  }
  return lines.size() > kFewestParts ? lines : std::vector<Line>{line};
}

}  // namespace minsheng::registry
