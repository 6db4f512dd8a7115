// The content as the target compiler reads it: half-width signs, one kind of dash, no blanks, and
// for each byte where it came from. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_TEXT_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/registry/domain/grid.h"

namespace minsheng::registry::compiler {

// Bytes [begin, end) of a folded text.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;

  bool empty() const { return begin >= end; }
};

// A line break stays ("\n"), a blank stays only between two ASCII letters or digits.
class FoldedText {
 public:
  explicit FoldedText(absl::string_view content);

  absl::string_view text() const { return text_; }
  absl::string_view Of(Span span) const { return text().substr(span.begin, span.end - span.begin); }

  // Where a stretch stands in the content.
  ByteRange Origin(Span span) const;
  // Its words as the content writes them, without blanks.
  std::string Words(Span span) const;

 private:
  void Append(absl::string_view bytes, std::size_t from, std::size_t to);
  void AppendFolded(absl::string_view c, std::size_t at);

  absl::string_view content_;
  std::string text_;
  std::vector<uint32_t> begins_;
  std::vector<uint32_t> ends_;
};

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_TEXT_H_
