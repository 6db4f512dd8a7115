#include "services/registry/domain/layout_outline.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/inline_units.h"
#include "services/registry/domain/layout_aside.h"
#include "services/registry/domain/layout_labels.h"
#include "services/registry/domain/rows.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kHeadingChars = 40;
constexpr std::size_t kPlainHeadingChars = 20;
constexpr std::size_t kItemChars = 80;
constexpr std::size_t kFewestItems = 3;

bool NamesProject(const Line& line) {
  const auto taken = TakeLabelledLine(line.words);
  return taken && taken->parts[0].meaning.role == Role::kName && !taken->parts[0].words.empty();
}

// Follows the lines one by one. Not thread-safe; one use.
class OutlineBuilder {
 public:
  void Add(const Line& line) {
    if (line.table()) {
      table_open_ = !outline_.nodes.empty();
      outline_.tables.push_back(line);
      return;
    }
    Marked marked = TakeMark(line.words);
    if (marked.style == MarkStyle::kNone && NamesProject(line)) {
      Open(line, {MarkStyle::kBullet, 0, "", line.words});
    } else if (marked.style != MarkStyle::kNone && !marked.words.empty()) {
      Open(line, std::move(marked));
    } else {
      AddPlain(line);
    }
  }

  Outline Take() { return std::move(outline_); }

 private:
  void Open(const Line& line, Marked marked) {
    outline_.table_within = outline_.table_within || table_open_;
    const std::size_t depth = DepthOf(marked.style, marked.no);
    outline_.nodes.push_back({marked.style,
                              marked.no,
                              std::move(marked.mark),
                              line.row,
                              depth,
                              std::move(marked.words),
                              {}});
  }

  // A style that is open goes on; another one opens below, unless documents put it above all that
  // is open.
  std::size_t DepthOf(MarkStyle style, int no) {
    const auto open = std::find(styles_.begin(), styles_.end(), style);
    if (open != styles_.end()) {
      styles_.erase(open + 1, styles_.end());
    } else {
      const bool outer = !styles_.empty() && style < styles_.front();
      while (!styles_.empty() && style < styles_.back() && (outer || no != 1)) styles_.pop_back();
      styles_.push_back(style);
    }
    return styles_.size() - 1;
  }

  void AddPlain(const Line& line) {
    const bool below = !outline_.nodes.empty();
    const bool aside =
        IsPageNoise(line.words) ||
        (below && (IsBesideList(line.words) || (IsTalk(line.words) && !TakeAnyLabel(line.words))));
    if (aside) {
      outline_.beside.push_back(line);
    } else if (outline_.nodes.empty()) {
      outline_.above.push_back(line);
    } else {
      outline_.nodes.back().body.push_back(line);
    }
  }

  Outline outline_;
  std::vector<MarkStyle> styles_;
  bool table_open_ = false;
};

Outline Build(absl::Span<const Line> lines) {
  OutlineBuilder builder;
  for (const Line& line : lines) builder.Add(line);
  return builder.Take();
}

Line LineOf(const OutlineNode& node) { return {node.row, absl::StrCat(node.mark, node.words)}; }

void MoveAside(OutlineNode& node, std::vector<Line>& beside) {
  beside.push_back(LineOf(node));
  std::move(node.body.begin(), node.body.end(), std::back_inserter(beside));
}

// Sections that say how to work, with all that stands below them.
void LeaveFramesOut(Outline& outline) {
  std::vector<OutlineNode> kept;
  for (std::size_t i = 0; i < outline.nodes.size();) {
    const std::size_t end = IsFrameHeading(outline.nodes[i].words) ? outline.EndOf(i) : i;
    if (end == i) kept.push_back(std::move(outline.nodes[i++]));
    for (; i < end; ++i) MoveAside(outline.nodes[i], outline.beside);
  }
  outline.nodes = std::move(kept);
}

bool LooksLikeHeading(absl::string_view words) {
  return CharCount(words) <= kPlainHeadingChars && !HasFigure(words) &&
         !ContainsAny(words, {"，", "。", "；", ",", ";"}) && !TakeInlineUnits(words).found() &&
         !TakeLabelledLine(words);
}

// A line without a mark right before an item that begins anew, or that names a kind.
bool OpensGroup(const Line& line, const OutlineNode& before, const OutlineNode& next) {
  const bool anew = next.no == 1 && next.depth == 0 && before.depth == 0;
  return next.depth == 0 && LooksLikeHeading(line.words) && (anew || NamesKind(line.words));
}

OutlineNode HeadingOf(const Line& line, int no) {
  absl::string_view words = line.words;
  for (const absl::string_view end : {"：", ":"}) {
    if (absl::EndsWith(words, end)) words.remove_suffix(end.size());
  }
  return {MarkStyle::kPart, no, "", line.row, 0, std::string(words), {}};
}

// Headings without marks become nodes above all others.
void PromoteHeadings(Outline& outline) {
  auto& nodes = outline.nodes;
  std::vector<OutlineNode> promoted;
  std::vector<Line> above = outline.above;
  int no = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::vector<Line>& body = i == 0 ? outline.above : nodes[i - 1].body;
    const bool title = i == 0 && (body.size() < 2 || NamesList(body.back().words));
    if (!body.empty() && !title && OpensGroup(body.back(), nodes[i == 0 ? 0 : i - 1], nodes[i])) {
      if (i > 0) promoted.back().body.pop_back();
      promoted.push_back(HeadingOf(body.back(), ++no));
      if (i == 0) body.pop_back();
    }
    promoted.push_back(nodes[i]);
    ++promoted.back().depth;
  }
  const bool several = no > 1 || (no == 1 && promoted[0].depth == 1);
  if (!several) {
    if (no == 1) outline.above = std::move(above);
    return;
  }
  nodes = std::move(promoted);
  outline.headings_unmarked = true;
}

// Words that stand in front of marks within one line, and parts of one sentence.
std::vector<Line> Part(absl::Span<const Line> lines, std::vector<Line> (*part)(const Line&)) {
  std::vector<Line> parted;
  for (const Line& line : lines) {
    std::vector<Line> own = line.table() ? std::vector<Line>{line} : part(line);
    std::move(own.begin(), own.end(), std::back_inserter(parted));
  }
  return parted;
}

bool EndsPart(absl::string_view words) {
  return absl::EndsWith(words, "；") || absl::EndsWith(words, ";");
}

// Lines that go on from ； to ；: [begin, end) of the longest run, its last line included.
std::pair<std::size_t, std::size_t> PartedRun(absl::Span<const Line> lines) {
  std::pair<std::size_t, std::size_t> longest;
  for (std::size_t begin = 0; begin < lines.size();) {
    std::size_t end = begin;
    while (end < lines.size() && EndsPart(lines[end].words)) ++end;
    if (end == begin) {
      ++begin;
      continue;
    }
    if (end < lines.size() && !IsBesideList(lines[end].words)) ++end;
    if (end - begin > longest.second - longest.first) longest = {begin, end};
    begin = end;
  }
  return longest;
}

// Lines below a list's title, each of them a deed with its figure.
std::pair<std::size_t, std::size_t> PlainRun(absl::Span<const Line> lines) {
  const auto title = std::find_if(lines.begin(), lines.end(),
                                  [](const Line& line) { return NamesList(line.words); });
  if (title == lines.end()) return {};
  const auto begin = static_cast<std::size_t>(title - lines.begin()) + 1;
  std::size_t end = begin;
  const auto is_item = [](const Line& line) {
    return !line.table() && CharCount(line.words) <= kItemChars && HasFigure(line.words) &&
           !absl::EndsWith(line.words, "：") && !IsBesideList(line.words) &&
           !TakeAnyLabel(line.words) && !NamesList(line.words);
  };
  while (end < lines.size() && is_item(lines[end])) ++end;
  return {begin, end};
}

// The lines of a run as items that are numbered here.
Outline OutlineOfRun(absl::Span<const Line> lines, std::pair<std::size_t, std::size_t> run) {
  Outline outline{.numbered = false};
  if (run.second - run.first < kFewestItems) return outline;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Line& line = lines[i];
    const bool item = i >= run.first && i < run.second;
    if (line.table()) {
      outline.tables.push_back(line);
    } else if (item) {
      absl::string_view words = line.words;
      if (EndsPart(words)) words.remove_suffix(absl::EndsWith(words, ";") ? 1 : 3);
      outline.nodes.push_back({MarkStyle::kBullet, 0, "", line.row, 0, std::string(words), {}});
    } else {
      (i < run.first && !IsPageNoise(line.words) ? outline.above : outline.beside).push_back(line);
    }
  }
  return outline;
}

bool HasItems(const Outline& outline) { return outline.nodes.size() >= 2; }

bool AllBullets(const Outline& outline) {
  return std::all_of(outline.nodes.begin(), outline.nodes.end(),
                     [](const OutlineNode& node) { return node.no == 0; });
}

Outline FirstOutline(absl::Span<const Line> lines) {
  Outline outline = Build(lines);
  if (HasItems(outline) || (!outline.nodes.empty() && !outline.nodes[0].body.empty()))
    return outline;
  outline = Build(Part(lines, PartAtMarks));
  if (HasItems(outline)) return outline;
  outline = OutlineOfRun(lines, PartedRun(lines));
  if (HasItems(outline)) return outline;
  outline = Build(Part(lines, PartAtSemicolons));
  if (HasItems(outline)) return outline;
  return OutlineOfRun(lines, PlainRun(lines));
}

}  // namespace

std::size_t Outline::EndOf(std::size_t node) const {
  std::size_t end = node + 1;
  while (end < nodes.size() && nodes[end].depth > nodes[node].depth) ++end;
  return end;
}

Outline ReadOutline(absl::Span<const Line> lines) {
  Outline outline = FirstOutline(lines);
  outline.numbered = outline.numbered && !AllBullets(outline);
  LeaveFramesOut(outline);
  PromoteHeadings(outline);
  return outline;
}

bool IsHeadingOnly(const OutlineNode& node) {
  absl::string_view words = node.words;
  for (const absl::string_view end : {"。", "：", ":"}) {
    if (absl::EndsWith(words, end)) words.remove_suffix(end.size());
  }
  const std::string bare = TakeInlineUnits(words).rest;
  return CharCount(bare) <= kHeadingChars && !ContainsAny(bare, {"。", "；", ";", "：", "，"});
}

}  // namespace minsheng::registry
