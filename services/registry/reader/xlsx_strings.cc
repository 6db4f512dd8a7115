#include "services/registry/reader/xlsx_strings.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "services/registry/reader/rich_text.h"
#include "services/registry/reader/xml.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kEscapeBytes = 7;  // _xHHHH_

// The code of an escape at the beginning of `text`, or -1.
int EscapeCode(absl::string_view text) {
  if (text.size() < kEscapeBytes || !absl::StartsWith(text, "_x") || text[6] != '_') return -1;
  const absl::string_view digits = text.substr(2, 4);
  std::uint32_t code = 0;
  const bool hex = std::all_of(digits.begin(), digits.end(), absl::ascii_isxdigit);
  return hex && absl::SimpleHexAtoi(digits, &code) ? static_cast<int>(code) : -1;
}

CellText Finish(const RichText& normal, const RichText& in_bold) {
  return {std::string(normal.text()), normal.bold(), in_bold.bold()};
}

}  // namespace

std::string Unescape(absl::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    const int code = text[0] == '_' ? EscapeCode(text) : -1;
    if (code < 0 || code >= 0x80) {
      plain.push_back(text[0]);
      text.remove_prefix(1);
      continue;
    }
    const char sign = static_cast<char>(code);
    if (!absl::ascii_iscntrl(sign) || sign == '\n' || sign == '\t') plain.push_back(sign);
    text.remove_prefix(kEscapeBytes);
  }
  return plain;
}

CellText ReadCellText(const pugi::xml_node& node) {
  RichText normal;
  RichText in_bold;
  for (const pugi::xml_node& child : node) {
    const absl::string_view name = LocalName(child);
    const bool run = name == "r";
    if (!run && name != "t") continue;
    const std::string words = Unescape(TextOf(run ? Child(child, "t") : child));
    const pugi::xml_node settings = run ? Child(child, "rPr") : pugi::xml_node();
    const bool bold = IsOn(Child(settings, "b"));
    normal.Append(words, bold);
    in_bold.Append(words, settings ? bold : true);
  }
  return Finish(normal, in_bold);
}

std::vector<CellText> ReadSharedStrings(const pugi::xml_node& root) {
  std::vector<CellText> strings;
  for (const pugi::xml_node& node : root) {
    if (LocalName(node) == "si") strings.push_back(ReadCellText(node));
  }
  return strings;
}

}  // namespace minsheng::registry
