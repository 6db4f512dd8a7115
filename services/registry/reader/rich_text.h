// The words of a cell or line while they are gathered: lines are trimmed, blank lines dropped, and
// the parts in bold remembered. A plain value.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_RICH_TEXT_H_
#define MINSHENG_SERVICES_REGISTRY_READER_RICH_TEXT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/registry/domain/grid.h"

namespace minsheng::registry {

class RichText {
 public:
  // Line breaks within `words` are kept as such. NUL is dropped.
  void Append(absl::string_view words, bool bold);
  // The next words stand on a new line, unless no words stand on this one.
  void BreakLine();
  // `other` on this line, after a space.
  void AppendWords(const RichText& other);

  bool empty() const { return text_.empty(); }
  // Without blanks at the end.
  absl::string_view text() const;
  // Parts of text(), in order and apart, none of them blank.
  std::vector<ByteRange> bold() const;

 private:
  void AppendWithinLine(absl::string_view words, bool bold);
  void MarkBold(std::size_t begin);

  std::string text_;
  std::vector<ByteRange> bold_;
  bool break_pending_ = false;
};

// `words` shortened for a note or message, and cut where they are no valid UTF-8.
std::string ShortWords(absl::string_view words);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_RICH_TEXT_H_
