#include "services/registry/domain/inline_units.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/labels.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kLabelCharsMax = 8;
constexpr std::size_t kBracketCharsMax = 120;
constexpr std::array<absl::string_view, 2> kColons = {"：", ":"};
constexpr std::array<absl::string_view, 4> kClauseEnds = {"；", ";", "。", "\n"};
constexpr std::array<absl::string_view, 2> kOpen = {"（", "("};
constexpr std::array<absl::string_view, 2> kClose = {"）", ")"};

// A clause that begins with a label of units: 牵头单位：…
struct Labelled {
  Role role = Role::kUnknown;
  std::size_t begin = 0;  // of the label
  std::size_t units = 0;  // of the words after the colon
};

// At most `count` bytes at the end, from a character's start.
absl::string_view LastBytes(absl::string_view text, std::size_t count) {
  std::size_t begin = text.size() - std::min(text.size(), count);
  while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) ++begin;
  return text.substr(begin);
}

// The label right before the colon, as long as it has a meaning.
std::optional<Labelled> LabelBefore(absl::string_view text, std::size_t colon,
                                    std::size_t colon_end) {
  const auto chars = Chars(LastBytes(text.substr(0, colon), kLabelCharsMax * 4));
  std::size_t begin = colon;
  std::optional<Labelled> longest;
  for (std::size_t count = 1; count <= std::min(kLabelCharsMax, chars.size()); ++count) {
    begin -= chars[chars.size() - count].size();
    const Role role = KnownMeaningOf(text.substr(begin, colon - begin)).role;
    if (role == Role::kLead || role == Role::kAssist) longest = Labelled{role, begin, colon_end};
  }
  return longest;
}

std::vector<Labelled> FindLabels(absl::string_view text) {
  std::vector<Labelled> labels;
  for (std::size_t at = 0; at < text.size();) {
    const absl::string_view c = text.substr(at, FirstCharLength(text.substr(at)));
    if (std::find(kColons.begin(), kColons.end(), c) != kColons.end()) {
      if (const auto label = LabelBefore(text, at, at + c.size())) labels.push_back(*label);
    }
    at += c.size();
  }
  return labels;
}

void Append(absl::string_view units, std::string& cell) {
  units = Trim(units);
  for (const absl::string_view end : {"；", ";", "，", ",", "。", "、"})
    absl::ConsumeSuffix(&units, end);
  if (!units.empty()) absl::StrAppend(&cell, cell.empty() ? "" : "、", units);
}

// Where the units of a label end: at the next label, a bracket that closes the one around it, or a
// sentence's end.
std::size_t UnitsEnd(absl::string_view text, std::size_t from, std::size_t next) {
  int depth = 0;
  for (std::size_t at = from; at < next;) {
    const absl::string_view c = text.substr(at, FirstCharLength(text.substr(at)));
    const auto is = [&](const auto& words) {
      return std::find(words.begin(), words.end(), c) != words.end();
    };
    if (is(kOpen)) ++depth;
    if (is(kClose) && depth-- == 0) return at;
    if (depth == 0 && is(kClauseEnds)) return at;
    at += c.size();
  }
  return next;
}

// The bracket around [begin, end), if there is nothing else in it.
void WidenToBracket(absl::string_view text, std::size_t& begin, std::size_t& end) {
  for (std::size_t i = 0; i < kOpen.size(); ++i) {
    const bool around = absl::EndsWith(text.substr(0, begin), kOpen[i]) &&
                        absl::StartsWith(text.substr(end), kClose[i]);
    if (!around) continue;
    begin -= kOpen[i].size();
    end += kClose[i].size();
    return;
  }
}

InlineUnits TakeLabelled(absl::string_view text, const std::vector<Labelled>& labels) {
  InlineUnits units;
  std::size_t end = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::size_t next = i + 1 < labels.size() ? labels[i + 1].begin : text.size();
    end = UnitsEnd(text, labels[i].units, next);
    Append(text.substr(labels[i].units, end - labels[i].units),
           labels[i].role == Role::kLead ? units.leads : units.assists);
  }
  std::size_t begin = labels.front().begin;
  WidenToBracket(text, begin, end);
  absl::string_view before = Trim(text.substr(0, begin));
  absl::string_view after = Trim(text.substr(end));
  if (absl::EndsWith(before, "。")) absl::ConsumePrefix(&after, "。");
  units.rest = absl::StrCat(before, after);
  return units;
}

// （区教委牵头，区财政局、区民政局配合）
InlineUnits TakeVerbed(absl::string_view text) {
  InlineUnits none{std::string(text), "", ""};
  const absl::string_view trimmed = absl::StripSuffix(Trim(text), "。");
  for (std::size_t i = 0; i < kOpen.size(); ++i) {
    const std::size_t open = trimmed.rfind(kOpen[i]);
    if (open == absl::string_view::npos || !absl::EndsWith(trimmed, kClose[i])) continue;
    absl::string_view inside = trimmed.substr(open + kOpen[i].size());
    inside.remove_suffix(kClose[i].size());
    if (CharCount(inside) > kBracketCharsMax) return none;
    InlineUnits units{std::string(Trim(trimmed.substr(0, open))), "", ""};
    for (absl::string_view clause :
         absl::StrSplit(std::string(Fold(inside)), absl::ByAnyChar(",;"))) {
      absl::ConsumePrefix(&clause, "由");
      if (absl::ConsumeSuffix(&clause, "牵头") || absl::ConsumeSuffix(&clause, "负责")) {
        Append(clause, units.leads);
      } else if (absl::ConsumeSuffix(&clause, "配合") || absl::ConsumeSuffix(&clause, "协办")) {
        Append(clause, units.assists);
      } else {
        return none;
      }
    }
    return units.found() ? units : none;
  }
  return none;
}

}  // namespace

InlineUnits TakeInlineUnits(absl::string_view text) {
  const auto labels = FindLabels(text);
  return labels.empty() ? TakeVerbed(text) : TakeLabelled(text, labels);
}

}  // namespace minsheng::registry
