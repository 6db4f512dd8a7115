#include "services/registry/domain/captions.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/amounts.h"
#include "services/registry/domain/compile_script.h"
#include "services/registry/domain/contacts.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

using Characters = std::vector<absl::string_view>;

constexpr std::size_t kMaxCaptionChars = 60;
constexpr std::size_t kMaxNameChars = 15;
constexpr int kFirstYear = 2000;
constexpr int kLastYear = 2099;
constexpr std::array<absl::string_view, 6> kTitleWords = {"清单", "实事", "项目",
                                                          "任务", "计划", "表"};
constexpr std::array<absl::string_view, 4> kLevels = {"区", "县", "市", "旗"};
constexpr std::array<absl::string_view, 4> kAbove = {"省", "市", "州", "盟"};
constexpr std::array<absl::string_view, 7> kNotInNames = {"民生", "实事", "项目", "清单",
                                                          "工作", "(",    "计划"};
constexpr std::array<absl::string_view, 6> kBeforeNames = {"关于", "印发", "做好",
                                                           "公布", "下达", "《"};
constexpr std::array<absl::string_view, 14> kNoNames = {"全区", "全县", "全市", "全旗", "我区",
                                                        "我县", "我市", "各区", "各县", "本区",
                                                        "城区", "社区", "市区", "区县"};
constexpr std::array<absl::string_view, 5> kRangeMarks = {"-", "—", "–", "~", "至"};

bool IsOneOf(absl::string_view word, absl::Span<const absl::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string JoinCells(const GridRow& row) {
  std::string joined;
  for (const auto& cell : row.cells) absl::StrAppend(&joined, cell);
  return joined;
}

std::optional<MoneyUnit> UnitAfterColon(absl::string_view key) {
  const std::size_t at = key.find("单位:");
  if (at == absl::string_view::npos) return std::nullopt;
  absl::string_view word = key.substr(at + absl::string_view("单位:").size());
  for (const absl::string_view end : {")", ",", ";", "、"}) word = word.substr(0, word.find(end));
  const auto unit = ParseMoneyUnit(word);
  return unit.ok() ? std::optional<MoneyUnit>(*unit) : std::nullopt;
}

bool IsTitle(absl::string_view key) {
  return ContainsAny(key, kTitleWords) && !absl::StartsWith(key, "附件") &&
         !absl::StartsWith(key, "单位:") && !absl::StartsWith(key, "填报单位");
}

std::optional<int> YearAt(const Characters& chars, std::size_t at) {
  if (at + 4 >= chars.size() || chars[at + 4] != "年") return std::nullopt;
  std::string digits;
  for (std::size_t i = at; i < at + 4; ++i) absl::StrAppend(&digits, chars[i]);
  const auto year = ParseSmallNumber(digits);
  return year && *year >= kFirstYear && *year <= kLastYear ? year : std::nullopt;
}

// The place of the year in the characters; their number when there is none.
std::size_t FindYearAt(const Characters& chars) {
  for (std::size_t i = 0; i < chars.size(); ++i) {
    const bool in_range = i > 0 && IsOneOf(chars[i - 1], kRangeMarks);
    if (!in_range && YearAt(chars, i)) return i;
  }
  return chars.size();
}

std::size_t LevelEnd(const Characters& chars, std::size_t from, std::size_t to) {
  for (std::size_t i = to; i > from; --i) {
    if (IsOneOf(chars[i - 1], kLevels)) return i;
  }
  return from;
}

std::size_t FirstLevelEnd(const Characters& chars, std::size_t from) {
  for (std::size_t i = from; i < chars.size(); ++i) {
    const bool more = i + 1 < chars.size() && IsOneOf(chars[i + 1], kLevels);
    if (IsOneOf(chars[i], kLevels) && !more) return i + 1;
  }
  return from;
}

bool IsName(absl::string_view name) {
  const std::size_t length = CharCount(name);
  return length >= 2 && length <= kMaxNameChars && !ContainsAny(name, kNotInNames) &&
         std::none_of(kNoNames.begin(), kNoNames.end(),
                      [&](absl::string_view word) { return absl::EndsWith(name, word); });
}

std::string WithoutVerbs(absl::string_view name) {
  for (const absl::string_view word : kBeforeNames) absl::ConsumePrefix(&name, word);
  return std::string(name);
}

// 重庆市武隆区 → 武隆区: what stands before belongs to the level above.
std::string OwnName(const Characters& chars, std::size_t from, std::size_t end) {
  if (end < from + 2) return "";
  std::size_t start = from;
  for (std::size_t i = from; i + 2 < end; ++i) {
    if (i > start && IsOneOf(chars[i], kAbove)) start = i + 1;
  }
  std::string name;
  for (std::size_t i = start; i < end; ++i) absl::StrAppend(&name, chars[i]);
  const std::string own = WithoutVerbs(name);
  return IsName(own) ? own : "";
}

void ReadDeclaredSum(const std::string& words, int row, Captions& captions) {
  if (captions.declared_fen) return;
  const WordedAmount stated = FindStatedAmount(words);
  if (!stated.fen) return;
  captions.declared_fen = stated.fen;
  captions.declared_row = row;
}

void ReadCaption(const GridRow& row, Captions& captions) {
  const std::string words = JoinCells(row);
  ReadDeclaredSum(words, row.row, captions);
  if (CharCount(words) > kMaxCaptionChars) return;
  const std::string key = compiler::Simplified(MatchKey(words));
  if (captions.title.empty() && IsTitle(key)) {
    captions.title = DropContacts(Trim(words)).text;
    captions.title_row = row.row;
  }
  if (captions.year == 0) captions.year = FindYear(key);
  if (captions.district_name.empty()) captions.district_name = FindDistrictName(words);
  const auto unit = UnitAfterColon(key);
  if (captions.money_unit || !unit) return;
  captions.money_unit = unit;
  captions.unit_row = row.row;
}

}  // namespace

int FindYear(absl::string_view words) {
  const std::string key = MatchKey(words);
  const Characters chars = Chars(key);
  const std::size_t at = FindYearAt(chars);
  return at < chars.size() ? *YearAt(chars, at) : 0;
}

std::string FindDistrictName(absl::string_view title) {
  const std::string key = MatchKey(title);
  const Characters chars = Chars(key);
  const std::size_t year = FindYearAt(chars);
  if (year == chars.size()) return "";
  const std::string before = OwnName(chars, 0, LevelEnd(chars, 0, year));
  if (!before.empty()) return before;
  const std::size_t after = year + (year + 5 < chars.size() && chars[year + 5] == "度" ? 6 : 5);
  return OwnName(chars, after, FirstLevelEnd(chars, after));
}

Captions ReadCaptions(absl::Span<const GridRow> rows) {
  Captions captions;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) ReadCaption(*row, captions);
  return captions;
}

}  // namespace minsheng::registry
