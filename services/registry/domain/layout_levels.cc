#include "services/registry/domain/layout_levels.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/inline_units.h"
#include "services/registry/domain/layout_aside.h"
#include "services/registry/domain/layout_labels.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kNameOnlyChars = 30;

std::size_t CountAt(const Outline& outline, std::size_t depth) {
  return static_cast<std::size_t>(
      std::count_if(outline.nodes.begin(), outline.nodes.end(),
                    [&](const OutlineNode& node) { return node.depth == depth; }));
}

std::size_t Deepest(const Outline& outline) {
  std::size_t deepest = 0;
  for (const OutlineNode& node : outline.nodes) deepest = std::max(deepest, node.depth);
  return deepest;
}

std::optional<int> DeclaredCount(const Outline& outline) {
  std::optional<int> declared;
  for (const Line& line : outline.above) {
    if (line.words.size() > kListTitleChars * 4) continue;
    const auto count = FindCount(line.words);
    if (count && *count > 1) declared = count;
  }
  return declared;
}

bool HasOwnSentence(const OutlineNode& node) {
  if (!IsHeadingOnly(node) || TakeInlineUnits(node.words).found()) return true;
  return std::any_of(node.body.begin(), node.body.end(), [](const Line& line) {
    return HasFigure(line.words) || TakeLabelledLine(line.words) ||
           TakeInlineUnits(line.words).found();
  });
}

// Every node above the level is a heading with something below it.
bool AreHeadingsAbove(const Outline& outline, std::size_t level) {
  for (std::size_t i = 0; i < outline.nodes.size(); ++i) {
    if (outline.nodes[i].depth >= level) continue;
    if (outline.IsLeaf(i) || HasOwnSentence(outline.nodes[i])) return false;
  }
  return true;
}

std::optional<std::size_t> DeclaredLevel(const Outline& outline, std::size_t deepest) {
  const auto declared = DeclaredCount(outline);
  if (!declared) return std::nullopt;
  std::optional<std::size_t> level;
  for (std::size_t depth = 0; depth <= deepest; ++depth) {
    if (CountAt(outline, depth) != static_cast<std::size_t>(*declared)) continue;
    if (level) return std::nullopt;
    level = depth;
  }
  return level && AreHeadingsAbove(outline, *level) ? level : std::nullopt;
}

// 1. above （1）: an item and its parts.
bool NamesItems(MarkStyle style) { return style >= MarkStyle::kDigit; }

bool EndsList(absl::string_view words) {
  for (const absl::string_view end : {"。", "；", "！", "）", ";", ")"}) {
    if (absl::EndsWith(words, end)) return true;
  }
  return false;
}

// A line with a label belongs to its column; others go on with the words.
void ReadBody(const OutlineNode& node, ListItem& item, ProseItem& prose, std::string& more) {
  for (const Line& line : node.body) {
    if (const auto taken = TakeLabelledLine(line.words)) {
      for (const Labelled& part : taken->parts) item.Put(part);
      prose.labels += static_cast<int>(taken->parts.size());
      continue;
    }
    const auto other = prose.labels > 0 ? TakeAnyLabel(line.words) : std::nullopt;
    if (other) {
      item.Keep(other->label, other->words);
      continue;
    }
    const bool torn = !more.empty() && !EndsList(more);
    absl::StrAppend(&more, more.empty() || torn ? "" : "\n", line.words);
  }
}

bool IsProjectLike(absl::string_view words) {
  const bool name = CharCount(words.substr(0, kNameOnlyChars * 4)) <= kNameOnlyChars &&
                    !ContainsAny(words, {"，", "；", ","});
  return HasFigure(words) || name;
}

struct Signs {
  std::size_t units = 0;
  std::size_t figures = 0;
  std::size_t alike = 0;
  std::size_t talk = 0;
};

Signs SignsOf(absl::Span<const ProseItem> projects) {
  Signs signs;
  for (const ProseItem& item : projects) {
    const bool talk = IsTalk(item.words);
    signs.units += item.units ? 1 : 0;
    signs.figures += HasFigure(item.words) && !talk ? 1 : 0;
    signs.alike += IsProjectLike(item.words) && !talk ? 1 : 0;
    signs.talk += talk ? 1 : 0;
  }
  return signs;
}

bool IsNamed(const Outline& outline) {
  return std::any_of(outline.above.begin(), outline.above.end(), [](const Line& line) {
    return NamesList(line.words) ||
           (absl::EndsWith(line.words, "：") && ContainsAny(line.words, {"实事", "项目清单"}));
  });
}

}  // namespace

ProseItem ReadProse(const OutlineNode& node, ListItem& item) {
  ProseItem prose;
  std::string more;
  std::string first = node.words;
  if (const auto taken = TakeLabelledLine(first)) {
    for (const Labelled& part : taken->parts) item.Put(part);
    prose.labels += static_cast<int>(taken->parts.size());
    first.clear();
  }
  ReadBody(node, item, prose, more);
  LabelledWords own = TakeLabelsWithin(first);
  LabelledWords below = TakeLabelsWithin(more);
  for (const auto* parts : {&own.parts, &below.parts}) {
    for (const Labelled& part : *parts) item.Put(part);
  }
  prose.labelled =
      absl::StrCat(item.name, item.name.empty() || item.content.empty() ? "" : "。", item.content);
  if (own.before.empty()) std::swap(own.before, below.before);
  prose.words = absl::StrCat(own.before, below.before.empty() ? "" : "\n", below.before);
  NamedWords named = NameItem(own.before, below.before);
  if (item.name.empty()) {
    item.name = std::move(named.name);
  } else {
    named.content = prose.words;
  }
  const bool whole = item.content.empty() || named.content.empty() || named.content == item.content;
  item.content = whole ? absl::StrCat(item.content, item.content.empty() ? named.content : "")
                       : absl::StrCat(named.content, "\n", item.content);
  prose.units = !item.leads.empty() || TakeInlineUnits(prose.words).found();
  return prose;
}

std::size_t ProjectLevel(const Outline& outline) {
  const std::size_t deepest = Deepest(outline);
  if (deepest == 0) return 0;
  if (const auto declared = DeclaredLevel(outline, deepest)) return *declared;
  if (!AreHeadingsAbove(outline, 1)) return 0;
  return deepest == 1 && NamesItems(outline.nodes[0].style) && !outline.headings_unmarked ? 0 : 1;
}

// With units or labels in most items nothing more is needed.
bool IsList(const Outline& outline, absl::Span<const ProseItem> projects) {
  const std::size_t count = projects.size();
  const Signs signs = SignsOf(projects);
  const auto labels = std::count_if(projects.begin(), projects.end(),
                                    [](const ProseItem& item) { return item.labels > 1; });
  if (static_cast<std::size_t>(labels) * 2 > count && signs.units * 2 > count) return true;
  if (count < 2 || signs.talk * 3 > count) return false;
  if (signs.units * 2 > count) return true;
  if (!IsNamed(outline)) return false;
  const auto declared = DeclaredCount(outline);
  const bool counted = declared && static_cast<std::size_t>(*declared) == count;
  return signs.talk == 0 && (counted || signs.alike == count || signs.figures * 2 >= count);
}

}  // namespace minsheng::registry
