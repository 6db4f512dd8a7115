#include "services/registry/reader/xlsx_styles.h"

#include <map>

#include "services/registry/reader/xml.h"

namespace minsheng::registry {
namespace {

std::map<std::int64_t, NumberFormat> ReadFormats(const pugi::xml_node& root) {
  std::map<std::int64_t, NumberFormat> formats;
  for (const pugi::xml_node& node : Child(root, "numFmts")) {
    formats[IntAttribute(node, "numFmtId", 0)] = ParseNumberFormat(Attribute(node, "formatCode"));
  }
  return formats;
}

std::vector<bool> ReadBoldFonts(const pugi::xml_node& root) {
  std::vector<bool> bold;
  for (const pugi::xml_node& font : Child(root, "fonts")) {
    if (LocalName(font) == "font") bold.push_back(IsOn(Child(font, "b")));
  }
  return bold;
}

NumberFormat FormatOf(std::int64_t id, const std::map<std::int64_t, NumberFormat>& written) {
  const auto found = written.find(id);
  if (found != written.end()) return found->second;
  return id < 0 || id > 163 ? NumberFormat{} : BuiltinNumberFormat(static_cast<int>(id));
}

}  // namespace

XlsxStyles::XlsxStyles(const pugi::xml_node& root) {
  const auto formats = ReadFormats(root);
  const auto bold = ReadBoldFonts(root);
  for (const pugi::xml_node& node : Child(root, "cellXfs")) {
    if (LocalName(node) != "xf") continue;
    const auto font = static_cast<std::size_t>(IntAttribute(node, "fontId", 0));
    styles_.push_back(
        {font < bold.size() && bold[font], FormatOf(IntAttribute(node, "numFmtId", 0), formats)});
  }
}

const CellStyle& XlsxStyles::Of(std::int64_t index) const {
  return index >= 0 && index < static_cast<std::int64_t>(styles_.size()) ? styles_[index]
                                                                         : default_;
}

}  // namespace minsheng::registry
