// The content as the target compiler reads it: half-width signs, simplified characters, one kind
// of dash, no blanks, and
// for each byte where it came from. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_TEXT_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/registry/domain/grid.h"

namespace minsheng::registry::compiler {

// The first character of valid UTF-8 in 16 bits: equal for equal characters of the basic plane.
inline uint32_t CodeOf(absl::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(text[i]));
  };
  if (text.empty()) return 0;
  if (byte(0) < 0x80) return byte(0);
  if (text.size() < 3) return text.size() < 2 ? 0 : (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU);
  if (byte(0) < 0xE0) return (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU);
  return ((byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU)) & 0xFFFFU;
}

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
  std::size_t size_ = 0;
};

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_TEXT_H_
