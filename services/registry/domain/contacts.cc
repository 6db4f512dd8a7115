#include "services/registry/domain/contacts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

using Characters = std::vector<absl::string_view>;

constexpr std::array<absl::string_view, 14> kLabels = {
    "联系人", "联络员", "联系电话", "联系方式", "咨询电话", "监督电话", "办公电话",
    "经办人", "填表人", "制表人",   "审核人",   "责任人",   "负责人",   "手机"};
constexpr std::array<absl::string_view, 3> kColonLabels = {"电话", "邮箱", "手机号码"};
constexpr std::size_t kMobileDigits = 11;
constexpr int kFewestPhoneDigits = 10;
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

bool IsPhone(absl::string_view run) {
  const std::size_t hyphen = run.find('-');
  if (hyphen == absl::string_view::npos) {
    return run.size() == kMobileDigits && IsDigits(run) && run[0] == '1' && run[1] >= '3';
  }
  const absl::string_view area = run.substr(0, hyphen);
  const absl::string_view number = run.substr(hyphen + 1);
  return IsDigits(area) && IsDigits(number) && area[0] == '0' && area.size() >= 3 &&
         area.size() <= 4 && number.size() >= 7 && number.size() <= 8;
}

bool IsPhoneChar(absl::string_view folded) { return IsDigits(folded) || folded == "-"; }

std::string DropPhones(const std::string& text) {
  const Characters chars = Chars(text);
  std::string kept;
  for (std::size_t i = 0; i < chars.size();) {
    std::size_t end = i;
    std::string run;
    while (end < chars.size() && IsPhoneChar(Fold(chars[end]))) run += Fold(chars[end++]);
    if (end == i) end = i + 1;
    if (!IsPhone(run)) absl::StrAppend(&kept, JoinRange(chars, i, end));
    i = end;
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

// Half or full width.
bool IsDigit(absl::string_view c) {
  if (c.size() == 1) return IsDigits(c);
  return c.size() == 3 && absl::StartsWith(c, "\xEF\xBC") && c[2] >= '\x90' && c[2] <= '\x99';
}

// Most cells hold neither a label nor the digits of a number: they are passed at once.
bool MayHoldContact(absl::string_view text) {
  int digits = 0;
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
  return DropClauses(text) != text || DropPhones(text) != text;
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
  return {std::string(Trim(DropPhones(DropClauses(DropBrackets(original))))), true};
}

bool IsContactLabel(absl::string_view cell) {
  const absl::string_view text = Trim(cell);
  return StartsWithLabel(text) || text == "电话" || text == "邮箱";
}

}  // namespace minsheng::registry
