// The words of a page as a browser shows them. Not thread-safe.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_HTML_TEXT_H_
#define MINSHENG_SERVICES_REGISTRY_READER_HTML_TEXT_H_

#include <gumbo.h>

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

#include "services/registry/reader/notes.h"
#include "services/registry/reader/rich_text.h"

namespace minsheng::registry {

// How words are shown where they stand.
struct HtmlStyle {
  bool bold = false;
  bool preformatted = false;
};

// Puts text nodes together: runs of white space are one space, or none at the ends of lines and
// between Chinese characters that only the page's source parts.
class HtmlWords {
 public:
  void Append(absl::string_view words, HtmlStyle style, RichText& out);
  // A space that waits for words of the same line is forgotten.
  void EndLine() { space_ = Space::kNone; }

 private:
  enum class Space { kNone, kBlank, kLineEnd };

  void AppendWord(absl::string_view word, bool bold, RichText& out);

  Space space_ = Space::kNone;
  bool space_bold_ = false;
  bool after_wide_ = false;
};

// The style inside an element.
HtmlStyle StyleInside(const GumboNode* node, HtmlStyle outer);

// All words below `node`, for notes and for telling frames: at most `max_bytes` and some.
std::string HtmlTextBelow(const GumboNode* node, std::size_t max_bytes);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_HTML_TEXT_H_
