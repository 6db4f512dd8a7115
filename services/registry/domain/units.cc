#include "services/registry/domain/units.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"

#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::array<absl::string_view, 7> kSeparators = {"、", "，", ",", "；", ";", "\n", "。"};
constexpr std::array<absl::string_view, 4> kOpen = {"（", "(", "〔", "["};
constexpr std::array<absl::string_view, 4> kClose = {"）", ")", "〕", "]"};
constexpr std::array<absl::string_view, 4> kLeading = {"牵头", "牵头单位", "主办", "主办单位"};
constexpr std::array<absl::string_view, 5> kSupporting = {"配合", "配合单位", "协办", "协作",
                                                          "协办单位"};
constexpr std::array<absl::string_view, 2> kUnresolved = {"有关", "相关"};
constexpr std::array<absl::string_view, 4> kUnresolvedSets = {"市国有公司", "区国有企业",
                                                              "区属国有企业", "国有企业"};
constexpr std::array<absl::string_view, 10> kAfterEtc = {"有关", "相关", "部门", "单位", "区级",
                                                         "县级", "市级", "区直", "县直", "市直"};
constexpr std::array<absl::string_view, 8> kSetWords = {
    "部门", "单位", "区级部门", "县级部门", "市级部门", "区直部门", "县直部门", "市直部门"};
constexpr std::array<absl::string_view, 6> kNobody = {"", "-", "—", "——", "/", "无"};
constexpr std::size_t kFewestNameChars = 3;
constexpr absl::string_view kSurnames =
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕"
    "丁任沈姚卢姜崔钟谭陆汪范石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武"
    "戴"
    "莫孔向汤";
constexpr absl::string_view kOrganisationEnds =
    "局委办会院所心司团镇乡道村区部队厅处科股室站社校园馆库厂场组县市旗州行店段台网盟联";

bool IsOneOf(absl::string_view word, absl::Span<const absl::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// What separates or brackets names is of ASCII, or of the blocks of signs.
bool MayBeSign(absl::string_view c) { return c.size() == 1 || c[0] == '\xE3' || c[0] == '\xEF'; }

struct Pieces {
  std::vector<absl::string_view> words;
  bool unclosed = false;
};

Pieces Split(absl::string_view cell, bool mind_brackets) {
  Pieces pieces;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < cell.size();) {
    const absl::string_view c = cell.substr(at, FirstCharLength(cell.substr(at)));
    const bool sign = MayBeSign(c);
    if (sign && mind_brackets && IsOneOf(c, kOpen)) ++depth;
    if (sign && mind_brackets && IsOneOf(c, kClose)) depth = std::max(0, depth - 1);
    if (sign && depth == 0 && IsOneOf(c, kSeparators)) {
      pieces.words.push_back(cell.substr(begin, at - begin));
      begin = at + c.size();
    }
    at += c.size();
  }
  pieces.words.push_back(cell.substr(begin));
  pieces.unclosed = depth > 0;
  return pieces;
}

std::vector<std::string> BlankSeparated(absl::string_view piece) {
  std::vector<std::string> words(1);
  for (const absl::string_view c : Chars(piece)) {
    if (!IsBlank(c)) {
      absl::StrAppend(&words.back(), c);
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool HoldsChar(absl::string_view set, absl::string_view c) {
  for (std::size_t at = set.find(c); at != absl::string_view::npos; at = set.find(c, at + 1)) {
    if (at % c.size() == 0) return true;
  }
  return false;
}

// 王某某: two or three characters that begin with a surname and end unlike an organisation.
bool IsPerson(absl::string_view word) {
  const auto chars = Chars(word);
  if (chars.size() < 2 || chars.size() > 3) return false;
  return HoldsChar(kSurnames, chars[0]) && !HoldsChar(kOrganisationEnds, chars.back());
}

// Takes persons out of words that blanks part, if a unit remains.
bool DropPersons(std::vector<std::string>& words) {
  const auto persons = std::stable_partition(
      words.begin(), words.end(), [](const std::string& word) { return !IsPerson(word); });
  if (persons == words.begin() || persons == words.end()) return false;
  words.erase(persons, words.end());
  return true;
}

// 区 教 委 is one name with blanks in it, 区教委 区财政局 are two names.
std::vector<std::string> SplitAtBlanks(absl::string_view piece, bool& person) {
  if (!HasBlank(piece)) return {std::string(piece)};
  auto words = BlankSeparated(piece);
  const bool single = std::all_of(words.begin(), words.end(),
                                  [](const std::string& w) { return CharCount(w) == 1; });
  if (!single && DropPersons(words)) {
    person = true;
    return words;
  }
  const bool names = std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return CharCount(word) >= kFewestNameChars;
  });
  return names ? words : std::vector<std::string>{RemoveSpaces(piece)};
}

bool EndsList(absl::string_view rest) {
  return rest.empty() || std::any_of(kAfterEtc.begin(), kAfterEtc.end(), [&](absl::string_view w) {
           return absl::StartsWith(rest, w);
         });
}

// 区民政局等有关部门 → 区民政局 and 有关部门; 中等专业学校 stays whole.
std::vector<std::string> SplitEtc(const std::string& word) {
  constexpr absl::string_view kEtc = "等";
  for (std::size_t at = word.find(kEtc.data()); at != std::string::npos && at > 0;
       at = word.find(kEtc.data(), at + 1)) {
    if (EndsList(absl::string_view(word).substr(at + kEtc.size()))) {
      return {word.substr(0, at), word.substr(at + kEtc.size())};
    }
  }
  return {word};
}

// The words in the bracket that ends the name, and where it opens; npos when there is none.
std::pair<std::size_t, std::string> EndBracket(const std::string& words) {
  const std::pair<std::size_t, std::string> none{std::string::npos, ""};
  const bool closed = std::any_of(kClose.begin(), kClose.end(), [&](absl::string_view close) {
    return absl::EndsWith(words, close);
  });
  if (!closed) return none;
  const auto chars = Chars(words);
  if (chars.size() < 3 || !IsOneOf(chars.back(), kClose)) return none;
  std::size_t at = words.size() - chars.back().size();
  const std::size_t inside_end = at;
  int depth = 1;
  for (std::size_t i = chars.size() - 1; i-- > 1;) {
    at -= chars[i].size();
    if (IsOneOf(chars[i], kClose)) ++depth;
    if (IsOneOf(chars[i], kOpen)) --depth;
    if (depth > 0) continue;
    const std::size_t inside = at + chars[i].size();
    return {at, words.substr(inside, inside_end - inside)};
  }
  return none;
}

std::optional<UnitRef::Kind> PlaceholderKind(absl::string_view words) {
  if (absl::StartsWith(words, "各") || absl::StrContains(words, "级各")) return UnitRef::kGroupAll;
  const bool unresolved = ContainsAny(words, kUnresolved) || absl::StartsWith(words, "等") ||
                          IsOneOf(words, kUnresolvedSets) || IsOneOf(words, kSetWords);
  return unresolved ? std::optional(UnitRef::kGroupUnresolved) : std::nullopt;
}

void AddUnit(const std::string& words, UnitList& list) {
  if (IsPerson(words)) {
    list.person = true;
    return;
  }
  const auto [open, inside] = EndBracket(words);
  const bool leading = IsOneOf(inside, kLeading);
  const bool supporting = IsOneOf(inside, kSupporting);
  const bool person = IsPerson(inside);
  list.person = list.person || person;
  UnitRef unit = MakeUnit(leading || supporting || person ? words.substr(0, open) : words);
  if (unit.name.empty()) return;
  (supporting ? list.supporting : list.units).push_back(std::move(unit));
}

}  // namespace

UnitList ParseUnits(absl::string_view cell) {
  UnitList list;
  if (cell.empty() || IsOneOf(MatchKey(cell), kNobody)) return list;
  Pieces pieces = Split(cell, true);
  list.bracket_unclosed = pieces.unclosed;
  if (pieces.unclosed) pieces = Split(cell, false);
  for (const auto& piece : pieces.words) {
    if (IsBlank(piece)) continue;
    for (const auto& name : SplitAtBlanks(piece, list.person)) {
      for (const auto& word : SplitEtc(name)) AddUnit(word, list);
    }
  }
  return list;
}

UnitRef MakeUnit(absl::string_view words) {
  std::string name = RemoveSpaces(words);
  if (absl::StartsWith(name, "等") && EndsList(absl::string_view(name).substr(3))) name.erase(0, 3);
  if (const auto kind = PlaceholderKind(name)) return {name, "", *kind};
  const auto [open, alias] = EndBracket(name);
  if (open == std::string::npos || alias.empty()) return {std::move(name), "", UnitRef::kUnit};
  return {name.substr(0, open), alias, UnitRef::kUnit};
}

std::string UnitWords(const UnitRef& unit) {
  return unit.alias.empty() ? unit.name : absl::StrCat(unit.name, "（", unit.alias, "）");
}

}  // namespace minsheng::registry
