#include "services/registry/domain/compile_text.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"

#include "services/registry/domain/compile_script.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::array<absl::string_view, 12> kDashes = {"—",  "–", "－", "―", "─",  "~",
                                                       "～", "‐", "−",  "‑", "﹣", "〜"};

// The blanks of text.h that take more than a byte.
bool IsWideBlank(absl::string_view c) {
  return c == "\u00A0" || c == "\u3000" || c == "\u200B" || c == "\uFEFF";
}

bool IsDash(absl::string_view c) {
  return std::find(kDashes.begin(), kDashes.end(), c) != kDashes.end();
}

// The first byte of some blank.
bool MayBeBlank(char byte) {
  const auto lead = static_cast<unsigned char>(byte);
  return lead <= 0x20 || lead == 0xC2 || lead == 0xE2 || lead == 0xE3 || lead == 0xEF;
}

char HalfWidth(absl::string_view c) {
  if (c.size() != 3 || c[0] != '\xEF') return 0;
  const auto middle = static_cast<unsigned char>(c[1]);
  const auto last = static_cast<unsigned char>(c[2]);
  if (middle == 0xBC && last >= 0x81) return static_cast<char>(last - 0x81 + 0x21);
  return middle == 0xBD && last <= 0x9E ? static_cast<char>(last - 0x80 + 0x60) : '\0';
}

bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

}  // namespace

FoldedText::FoldedText(absl::string_view content) : content_(content) {
  text_.resize(content.size());
  begins_.resize(content.size());
  ends_.resize(content.size());
  std::size_t at = 0;
  while (at < content.size()) {
    const auto lead = static_cast<unsigned char>(content[at]);
    const bool plain = lead >= 0xE4 && lead <= 0xE9 && at + 3 <= content.size();
    const std::size_t length = plain ? 3 : FirstCharLength(content.substr(at));
    const absl::string_view c = content.substr(at, length);
    plain ? Append(SimplifiedOf(c), at, at + length) : AppendFolded(c, at);
    at += length;
  }
  text_.resize(size_);
}

// A folded character is never longer than it was.
void FoldedText::Append(absl::string_view bytes, std::size_t from, std::size_t to) {
  for (const char byte : bytes) {
    text_[size_] = byte;
    begins_[size_] = static_cast<uint32_t>(from);
    ends_[size_] = static_cast<uint32_t>(to);
    ++size_;
  }
}

void FoldedText::AppendFolded(absl::string_view c, std::size_t at) {
  const std::size_t end = at + c.size();
  if (c.size() == 1) {
    const bool blank = absl::ascii_isspace(static_cast<unsigned char>(c[0]));
    if (!blank) return Append(c == "~" ? "-" : c, at, end);
    if (c == "\n") return Append(c, at, end);
    const bool between =
        at > 0 && end < content_.size() && IsAlnum(content_[at - 1]) && IsAlnum(content_[end]);
    if (between) Append(" ", at, end);
    return;
  }
  if (IsWideBlank(c)) return;
  if (IsDash(c)) return Append("-", at, end);
  const char half = HalfWidth(c);
  if (half != 0) return Append(absl::string_view(&half, 1), at, end);
  Append(c, at, end);
}

ByteRange FoldedText::Origin(Span span) const {
  if (span.empty()) return {};
  return {begins_[span.begin], ends_[span.end - 1]};
}

std::string FoldedText::Words(Span span) const {
  const ByteRange range = Origin(span);
  const absl::string_view words = content_.substr(range.begin, range.end - range.begin);
  return std::none_of(words.begin(), words.end(), MayBeBlank) ? std::string(words)
                                                              : RemoveSpaces(words);
}

}  // namespace minsheng::registry::compiler
