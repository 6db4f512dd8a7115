#include "services/registry/reader/html_text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

#include "services/registry/reader/html_style.h"
#include "services/registry/reader/html_tree.h"

namespace minsheng::registry {
namespace {

// CJK characters and signs take three bytes from U+2E80 on, or four.
bool IsWideLead(char byte) {
  const auto code = static_cast<unsigned char>(byte);
  return (code >= 0xE2 && code <= 0xEA) || code == 0xEF || code >= 0xF0;
}

// U+2000–U+2DFF share the lead byte 0xE2 with few wide signs.
bool EndsWide(absl::string_view word) {
  std::size_t at = word.size();
  while (at > 0 && (static_cast<unsigned char>(word[at - 1]) & 0xC0U) == 0x80U) --at;
  return at > 0 && IsWideLead(word[at - 1]);
}

bool BeginsWide(absl::string_view word) { return !word.empty() && IsWideLead(word[0]); }

std::size_t SpaceLength(absl::string_view words) {
  const auto end = std::find_if_not(words.begin(), words.end(), absl::ascii_isspace);
  return end - words.begin();
}

std::size_t WordLength(absl::string_view words) {
  const auto end = std::find_if(words.begin(), words.end(), absl::ascii_isspace);
  return end - words.begin();
}

}  // namespace

void HtmlWords::Append(absl::string_view words, HtmlStyle style, RichText& out) {
  if (style.preformatted) {
    EndLine();
    out.Append(words, style.bold);
    return;
  }
  while (!words.empty()) {
    if (const std::size_t blank = SpaceLength(words); blank > 0) {
      const bool line_end = absl::StrContains(words.substr(0, blank), "\n");
      if (space_ != Space::kBlank) space_ = line_end ? Space::kLineEnd : Space::kBlank;
      space_bold_ = style.bold;
      words.remove_prefix(blank);
    }
    const absl::string_view word = words.substr(0, WordLength(words));
    if (!word.empty()) AppendWord(word, style.bold, out);
    words.remove_prefix(word.size());
  }
}

void HtmlWords::AppendWord(absl::string_view word, bool bold, RichText& out) {
  const bool joined = space_ == Space::kLineEnd && after_wide_ && BeginsWide(word);
  if (space_ != Space::kNone && !joined) out.Append(" ", bold && space_bold_);
  out.Append(word, bold);
  space_ = Space::kNone;
  after_wide_ = EndsWide(word);
}

HtmlStyle StyleInside(const GumboNode* node, HtmlStyle outer) {
  const absl::string_view style = HtmlAttribute(node, "style");
  const std::string white_space = style.empty() ? "" : StyleValue(style, "white-space");
  const bool keeps = TagOf(node) == GUMBO_TAG_PRE || absl::StartsWith(white_space, "pre");
  const bool collapses = absl::StartsWith(white_space, "no");
  return {IsBoldElement(node, outer.bold), (outer.preformatted || keeps) && !collapses};
}

std::string HtmlTextBelow(const GumboNode* node, std::size_t max_bytes) {
  std::string text;
  std::vector<const GumboNode*> nodes = {node};
  while (!nodes.empty() && text.size() < max_bytes) {
    const GumboNode* at = nodes.back();
    nodes.pop_back();
    if (IsText(at)) text += at->v.text.text;
    if (IsNeverShown(TagOf(at))) continue;
    const GumboVector& children = ChildrenOf(at);
    for (unsigned i = children.length; i > 0; --i) nodes.push_back(ChildAt(children, i - 1));
  }
  return text;
}

}  // namespace minsheng::registry
