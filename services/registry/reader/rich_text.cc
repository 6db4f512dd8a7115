#include "services/registry/reader/rich_text.h"

#include <algorithm>

#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kNoteChars = 30;
constexpr std::size_t kLongestChar = 4;

absl::string_view WithoutLeadingBlanks(absl::string_view words) {
  const absl::string_view trimmed = Trim(words);
  return trimmed.empty() ? trimmed : words.substr(trimmed.data() - words.data());
}

}  // namespace

void RichText::Append(absl::string_view words, bool bold) {
  while (true) {
    const std::size_t end = words.find_first_of(absl::string_view("\n\r\v\f\0", 5));
    AppendWithinLine(words.substr(0, end), bold);
    if (end == absl::string_view::npos) return;
    if (words[end] != '\0') BreakLine();
    words.remove_prefix(end + 1);
  }
}

void RichText::AppendWithinLine(absl::string_view words, bool bold) {
  if (text_.empty() || break_pending_) words = WithoutLeadingBlanks(words);
  if (words.empty()) return;
  if (break_pending_) text_.push_back('\n');
  break_pending_ = false;
  const std::size_t begin = text_.size();
  text_.append(words.data(), words.size());
  if (bold) MarkBold(begin);
}

void RichText::MarkBold(std::size_t begin) {
  if (!bold_.empty() && bold_.back().end == begin) {
    bold_.back().end = text_.size();
  } else {
    bold_.push_back({begin, text_.size()});
  }
}

void RichText::BreakLine() {
  if (break_pending_ || text_.empty()) return;
  text_.resize(text().size());
  break_pending_ = true;
}

void RichText::AppendWords(const RichText& other) {
  if (other.empty()) return;
  if (!break_pending_ && !text_.empty()) text_.push_back(' ');
  if (break_pending_) text_.push_back('\n');
  break_pending_ = false;
  const std::size_t before = text_.size();
  const absl::string_view words = other.text();
  text_.append(words.data(), words.size());
  for (const ByteRange& range : other.bold()) {
    bold_.push_back({before + range.begin, before + range.end});
  }
}

absl::string_view RichText::text() const {
  const absl::string_view trimmed = Trim(text_);
  return trimmed.empty() ? trimmed : absl::string_view(text_).substr(0, trimmed.size());
}

std::vector<ByteRange> RichText::bold() const {
  const absl::string_view words = text();
  std::vector<ByteRange> ranges;
  for (ByteRange range : bold_) {
    range.end = std::min(range.end, words.size());
    if (range.begin >= range.end) continue;
    if (!IsBlank(words.substr(range.begin, range.end - range.begin))) ranges.push_back(range);
  }
  return ranges;
}

std::string ShortWords(absl::string_view words) {
  words = words.substr(0, kNoteChars * kLongestChar * 2);
  return Abbreviate(Trim(words.substr(0, FirstInvalidUtf8(words))), kNoteChars);
}

}  // namespace minsheng::registry
