// A page parsed by gumbo within bounds of memory, time and depth. Thread-safe: each tree is its
// own.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_HTML_TREE_H_
#define MINSHENG_SERVICES_REGISTRY_READER_HTML_TREE_H_

#include <gumbo.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace minsheng::registry {

// All memory of one parse. Gumbo gives back nothing before the end, and frees trees recursively;
// here everything goes at once.
class PageMemory;

class HtmlTree {
 public:
  // `text` is UTF-8. Refusal: TOO_LARGE with the limit that it broke.
  static absl::StatusOr<HtmlTree> Parse(std::string text);
  HtmlTree(HtmlTree&&) noexcept;
  HtmlTree& operator=(HtmlTree&&) noexcept;
  ~HtmlTree();

  const GumboNode* root() const { return root_; }

 private:
  HtmlTree();

  std::unique_ptr<std::string> text_;
  std::unique_ptr<PageMemory> memory_;
  const GumboNode* root_ = nullptr;
};

// The children of an element; none for anything else.
const GumboVector& ChildrenOf(const GumboNode* node);
inline const GumboNode* ChildAt(const GumboVector& children, unsigned index) {
  return static_cast<const GumboNode*>(children.data[index]);
}

// GUMBO_TAG_UNKNOWN for what is no element.
GumboTag TagOf(const GumboNode* node);
bool IsText(const GumboNode* node);

// "" when there is none.
absl::string_view HtmlAttribute(const GumboNode* node, const char* name);
bool HasHtmlAttribute(const GumboNode* node, const char* name);
// The number that an attribute begins with, as pages are read: "2px" is 2.
std::int64_t HtmlNumber(const GumboNode* node, const char* name, std::int64_t fallback);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_HTML_TREE_H_
