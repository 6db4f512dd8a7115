#include "tools/cli/text.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace minsheng::cli {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode 15, EastAsianWidth W and F.
constexpr Range kWide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
    {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x26AA, 0x26AB},   {0x2705, 0x2705},
    {0x274C, 0x274C},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2E80, 0x303E},
    {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},
    {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
    {0x1F7E0, 0x1F7EB}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

constexpr Range kZero[] = {{0x0000, 0x001F}, {0x007F, 0x009F}, {0x0300, 0x036F}, {0x200B, 0x200F},
                           {0x2028, 0x202E}, {0x2060, 0x2064}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}};

template <size_t N>
bool In(const Range (&ranges)[N], char32_t c) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

int WidthOf(char32_t c) {
  if (In(kZero, c)) return 0;
  return In(kWide, c) ? 2 : 1;
}

size_t LengthOf(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xF0 && lead < 0xF8) return 4;
  if (lead >= 0xE0) return lead < 0xF0 ? 3 : 1;
  return lead >= 0xC0 ? 2 : 1;
}

// Whether `length` - 1 continuation bytes follow the first one.
bool IsWhole(absl::string_view text, size_t length) {
  if (text.size() < length) return false;
  return std::all_of(text.begin() + 1, text.begin() + static_cast<ptrdiff_t>(length),
                     [](char c) { return (static_cast<uint8_t>(c) & 0xC0U) == 0x80U; });
}

// Takes the first character's bytes off `text`.
struct Character {
  absl::string_view bytes;
  int width;
};

Character Take(absl::string_view& text) {
  size_t length = LengthOf(static_cast<uint8_t>(text[0]));
  if (!IsWhole(text, length)) length = 1;
  const absl::string_view bytes = text.substr(0, length);
  text.remove_prefix(length);
  const auto lead = static_cast<uint8_t>(bytes[0]);
  if (length == 1) return {bytes, lead >= 0x80 ? 1 : WidthOf(lead)};
  char32_t c = lead & (0xFFU >> (length + 1));
  for (size_t i = 1; i < length; ++i) c = (c << 6) | (static_cast<uint8_t>(bytes[i]) & 0x3FU);
  return {bytes, WidthOf(c)};
}

}  // namespace

int DisplayWidth(absl::string_view text) {
  int width = 0;
  while (!text.empty()) width += Take(text).width;
  return width;
}

std::string Elide(absl::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  std::string out;
  int used = 0;
  while (!text.empty()) {
    const Character next = Take(text);
    if (used + next.width > width - 2) break;
    used += next.width;
    absl::StrAppend(&out, next.bytes);
  }
  return absl::StrCat(out, "..");
}

std::string Pad(absl::string_view text, int width, Align align) {
  const std::string blanks(static_cast<size_t>(std::max(0, width - DisplayWidth(text))), ' ');
  return align == Align::kLeft ? absl::StrCat(text, blanks) : absl::StrCat(blanks, text);
}

std::string OneLine(absl::string_view text) {
  std::string out(text);
  absl::RemoveExtraAsciiWhitespace(&out);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return absl::ascii_isspace(c); }, ' ');
  return WithoutControls(out);
}

std::string WithoutControls(absl::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F are C2 80 to C2 9F.
    const bool second_set = c == 0xc2 && i + 1 < text.size() &&
                            static_cast<unsigned char>(text[i + 1]) >= 0x80 &&
                            static_cast<unsigned char>(text[i + 1]) < 0xa0;
    const bool control = second_set || c == 0x7f || (c < 0x20 && c != '\n');
    out.push_back(control ? '?' : text[i]);
    if (second_set) ++i;
  }
  return out;
}

}  // namespace minsheng::cli
