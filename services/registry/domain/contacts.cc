#include "services/registry/domain/contacts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

using Characters = std::vector<absl::string_view>;

constexpr std::array<absl::string_view, 14> kLabels = {
    "联系人", "联络员", "联系电话", "联系方式", "咨询电话", "监督电话", "办公电话",
    "经办人", "填表人", "制表人",   "审核人",   "责任人",   "负责人",   "手机"};
constexpr std::array<absl::string_view, 3> kColonLabels = {"电话", "邮箱", "手机号码"};
constexpr std::size_t kMobileDigits = 11;
constexpr std::size_t kFewestPhoneDigits = 10;
constexpr std::size_t kLandlineDigitsMax = 12;
constexpr std::size_t kPhoneGroupDigitsMin = 3;
constexpr std::size_t kPhoneGroupsMax = 5;  // the country, the area, and up to three
constexpr std::size_t kPhoneGapMax = 2;
constexpr std::size_t kMaxBracketChars = 200;

bool IsLabelEnd(absl::string_view rest) {
  return IsBlank(rest) || absl::StartsWith(rest, ":") || absl::StartsWith(rest, "：") ||
         IsBlank(rest.substr(0, FirstCharLength(rest)));
}

bool IsColon(absl::string_view rest) {
  const absl::string_view next = Trim(rest);
  return absl::StartsWith(next, ":") || absl::StartsWith(next, "：");
}

bool StartsWithLabel(absl::string_view text) {
  const auto followed = [&](absl::string_view label) {
    return absl::StartsWith(text, label) && IsLabelEnd(text.substr(label.size()));
  };
  const auto with_colon = [&](absl::string_view label) {
    return absl::StartsWith(text, label) && IsColon(text.substr(label.size()));
  };
  return std::any_of(kColonLabels.begin(), kColonLabels.end(), with_colon) ||
         std::any_of(kLabels.begin(), kLabels.end(), followed);
}

std::string JoinRange(const Characters& chars, std::size_t from, std::size_t to) {
  std::string joined;
  for (std::size_t i = from; i < to; ++i) absl::StrAppend(&joined, chars[i]);
  return joined;
}

// Half or full width.
bool IsDigit(absl::string_view c) {
  if (c.size() == 1) return IsDigits(c);
  return c.size() == 3 && absl::StartsWith(c, "\xEF\xBC") && c[2] >= '\x90' && c[2] <= '\x99';
}

// 138…, without the country's code.
bool IsMobile(absl::string_view digits) {
  return digits.size() == kMobileDigits && digits[0] == '1' && digits[1] >= '3';
}

// An area code that begins with one 0, of 3 or 4 digits, and a number of 7 or 8.
bool IsLandline(absl::string_view digits) {
  return digits.size() >= kFewestPhoneDigits && digits.size() <= kLandlineDigitsMax &&
         digits[0] == '0' && digits[1] != '0';
}

bool IsPhone(absl::string_view digits) {
  for (const absl::string_view country : {"0086", "86"}) {
    absl::string_view rest = digits;
    if (absl::ConsumePrefix(&rest, country) && (IsMobile(rest) || IsLandline(rest))) return true;
  }
  return IsMobile(digits) || IsLandline(digits);
}

bool IsDigitGap(absl::string_view folded) {
  static constexpr std::array<absl::string_view, 8> kGaps = {"-", "—", "–", "－",
                                                             ".", "·", "(", ")"};
  return IsBlank(folded) || std::find(kGaps.begin(), kGaps.end(), folded) != kGaps.end();
}

// A run of digits, [begin, end) in characters.
struct DigitGroup {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string digits;
};

// The groups from `begin` on, which signs of no meaning set apart: 138-0000-0000, (023) 7770 0000.
std::vector<DigitGroup> DigitGroups(const Characters& chars, std::size_t begin) {
  std::vector<DigitGroup> groups;
  std::size_t at = begin;
  while (groups.size() < kPhoneGroupsMax) {
    DigitGroup group{at, at, ""};
    while (group.end < chars.size() && IsDigit(chars[group.end])) {
      group.digits += Fold(chars[group.end++]);
    }
    if (group.digits.empty()) return groups;
    at = group.end;
    while (at < chars.size() && at - group.end < kPhoneGapMax && IsDigitGap(Fold(chars[at]))) ++at;
    groups.push_back(std::move(group));
  }
  return groups;
}

// The end of the telephone number that begins at `begin`, the longest if there are several;
// `begin` itself when there is none. Groups of fewer than three digits (a date's, an amount's) are
// part of none, but for the country's 86.
std::size_t PhoneEnd(const Characters& chars, std::size_t begin) {
  std::size_t end = begin;
  std::string digits;
  for (const DigitGroup& group : DigitGroups(chars, begin)) {
    const bool country = group.begin == begin && group.digits == "86";
    if (group.digits.size() < kPhoneGroupDigitsMin && !country) break;
    digits += group.digits;
    if (IsPhone(digits)) end = group.end;
  }
  return end;
}

// A bracket or + that stands right before the number went with it.
void DropPhoneOpening(std::string& kept) {
  for (const absl::string_view opening : {"+", "＋", "(", "（"}) {
    if (absl::EndsWith(kept, opening)) kept.resize(kept.size() - opening.size());
  }
}

std::string DropPhones(const std::string& text) {
  const Characters chars = Chars(text);
  std::string kept;
  for (std::size_t i = 0; i < chars.size();) {
    std::size_t end = IsDigit(chars[i]) ? PhoneEnd(chars, i) : i;
    if (end > i) {
      DropPhoneOpening(kept);
      i = end;
      continue;
    }
    do {
      absl::StrAppend(&kept, chars[i]);
    } while (IsDigit(chars[i++]) && i < chars.size() && IsDigit(chars[i]));
  }
  return kept;
}

bool IsMailChar(absl::string_view c) {
  static constexpr absl::string_view kSigns = "._%+-";
  return c.size() == 1 &&
         (absl::ascii_isalnum(static_cast<unsigned char>(c[0])) || absl::StrContains(kSigns, c));
}

// Addresses of mail: what stands around an @ on both sides.
std::string DropMails(const std::string& text) {
  const Characters chars = Chars(text);
  const auto is_mail = [&](std::size_t i) { return i < chars.size() && IsMailChar(chars[i]); };
  std::string kept;
  for (std::size_t i = 0; i < chars.size(); ++i) {
    if (chars[i] != "@" || i == 0 || !is_mail(i - 1) || !is_mail(i + 1)) {
      absl::StrAppend(&kept, chars[i]);
      continue;
    }
    while (!kept.empty() && IsMailChar(absl::string_view(kept).substr(kept.size() - 1))) {
      kept.pop_back();
    }
    while (is_mail(i + 1)) ++i;
  }
  return kept;
}

bool IsClauseEnd(absl::string_view c) { return c == "\n" || c == "。" || c == "；" || c == ";"; }

// What follows the label up to the end of its clause goes with it; so do further labels after a ；.
std::string DropClauses(const std::string& text) {
  absl::string_view rest = text;
  std::string kept;
  while (!rest.empty()) {
    if (!StartsWithLabel(rest)) {
      absl::StrAppend(&kept, rest.substr(0, FirstCharLength(rest)));
      rest.remove_prefix(FirstCharLength(rest));
      continue;
    }
    while (!rest.empty() && !IsClauseEnd(rest.substr(0, FirstCharLength(rest)))) {
      rest.remove_prefix(FirstCharLength(rest));
    }
  }
  return kept;
}

// The first character of any label; all of them have three bytes.
bool MayBeginLabel(absl::string_view c) {
  static const auto* const kFirst = [] {
    auto* first = new std::set<absl::string_view>;
    for (const absl::string_view label : kLabels) first->insert(label.substr(0, 3));
    for (const absl::string_view label : kColonLabels) first->insert(label.substr(0, 3));
    return first;
  }();
  static const auto* const kLeads = [] {
    auto* leads = new std::array<bool, 256>{};
    for (const absl::string_view first : *kFirst) {
      (*leads)[static_cast<unsigned char>(first[1])] = true;
    }
    return leads;
  }();
  return c.size() == 3 && (*kLeads)[static_cast<unsigned char>(c[1])] && kFirst->count(c) > 0;
}

bool BeginsWithAny(absl::string_view text, absl::Span<const absl::string_view> labels) {
  return std::any_of(labels.begin(), labels.end(),
                     [&](absl::string_view label) { return absl::StartsWith(text, label); });
}

// Most cells hold neither a label nor the digits of a number: they are passed at once.
bool MayHoldContact(absl::string_view text) {
  if (absl::StrContains(text, "@")) return true;
  std::size_t digits = 0;
  while (!text.empty()) {
    const absl::string_view c = text.substr(0, FirstCharLength(text));
    const bool labelled =
        MayBeginLabel(c) && (BeginsWithAny(text, kLabels) || BeginsWithAny(text, kColonLabels));
    if (labelled) return true;
    if (IsDigit(c) && ++digits >= kFewestPhoneDigits) return true;
    text.remove_prefix(c.size());
  }
  return false;
}

bool HasContact(const std::string& text) {
  if (!MayHoldContact(text)) return false;
  return DropClauses(text) != text || DropMails(DropPhones(text)) != text;
}

bool IsOpen(absl::string_view c) { return c == "（" || c == "("; }
bool IsClose(absl::string_view c) { return c == "）" || c == ")"; }

// The bracket that closes the one at `open`; `open` itself when none is near.
std::size_t FindClose(const Characters& chars, std::size_t open) {
  const std::size_t end = std::min(chars.size(), open + kMaxBracketChars);
  for (std::size_t i = open; i < end; ++i) {
    if (IsClose(chars[i])) return i;
  }
  return open;
}

std::string DropBrackets(const std::string& text) {
  const Characters chars = Chars(text);
  std::string kept;
  for (std::size_t i = 0; i < chars.size(); ++i) {
    const std::size_t close = IsOpen(chars[i]) ? FindClose(chars, i) : i;
    if (close > i && HasContact(JoinRange(chars, i + 1, close))) {
      i = close;
    } else {
      absl::StrAppend(&kept, chars[i]);
    }
  }
  return kept;
}

}  // namespace

Redacted DropContacts(absl::string_view text) {
  std::string original(text);
  if (!HasContact(original)) return {std::move(original), false};
  return {std::string(Trim(DropMails(DropPhones(DropClauses(DropBrackets(original)))))), true};
}

bool IsContactLabel(absl::string_view cell) {
  const absl::string_view text = Trim(cell);
  return StartsWithLabel(text) || text == "电话" || text == "邮箱";
}

}  // namespace minsheng::registry
