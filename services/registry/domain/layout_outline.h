// A document of prose as numbered items, each with what stands below it.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_OUTLINE_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_OUTLINE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/types/span.h"

#include "services/registry/domain/layout_lines.h"
#include "services/registry/domain/layout_marks.h"

namespace minsheng::registry {

// `body` are the lines below it that have no mark; lower items are the nodes after it that are
// deeper.
struct OutlineNode {
  MarkStyle style = MarkStyle::kNone;
  int no = 0;
  std::string mark;
  int row = 0;
  std::size_t depth = 0;
  std::string words;
  std::vector<Line> body;
};

// `nodes` in the document's order. `beside` are lines that belong to no item. `tables` are those of
// tables, and `table_within` says that one stands among the items. `numbered`: marks were printed;
// false where the items are only parted.
struct Outline {
  std::vector<Line> above = {};
  std::vector<OutlineNode> nodes = {};
  std::vector<Line> beside = {};
  std::vector<Line> tables = {};
  bool table_within = false;
  bool numbered = true;
  bool headings_unmarked = false;

  // One past the last node below `node`.
  std::size_t EndOf(std::size_t node) const;
  bool IsLeaf(std::size_t node) const { return EndOf(node) == node + 1; }
};

// Without nodes when the lines are no list of any kind. Sections that IsFrameHeading names are in
// `beside`.
Outline ReadOutline(absl::Span<const Line> lines);

// Words that only name what stands below them: short, and no sentence.
bool IsHeadingOnly(const OutlineNode& node);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_OUTLINE_H_
