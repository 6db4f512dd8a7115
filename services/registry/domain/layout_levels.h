// What the levels of an outline are, and whether it is a list of projects at all.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_LEVELS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_LEVELS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/types/span.h"

#include "services/registry/domain/layout_items.h"
#include "services/registry/domain/layout_outline.h"

namespace minsheng::registry {

// What was read of an item. `words` is all of it but its labelled lines; `labels` counts these, and
// `labelled` has the name and contents among them.
struct ProseItem {
  std::string words;
  std::string labelled;
  bool units = false;
  int labels = 0;
};

// Fills all but the number.
ProseItem ReadProse(const OutlineNode& node, ListItem& item);

// The depth at which the projects stand. Headings without a sentence of their own are groups; the
// number that the list says of itself (十件) decides where it fits one level only.
std::size_t ProjectLevel(const Outline& outline);

bool IsList(const Outline& outline, absl::Span<const ProseItem> projects);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_LEVELS_H_
