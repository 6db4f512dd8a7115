#include "services/registry/reader/docx_styles.h"

#include "services/registry/reader/xml.h"

namespace minsheng::registry {
namespace {

constexpr int kMaxStyleChain = 32;

std::optional<bool> Switch(const pugi::xml_node& properties, absl::string_view name) {
  const pugi::xml_node node = Child(properties, name);
  return node ? std::optional<bool>(IsOn(node)) : std::nullopt;
}

std::optional<std::int64_t> Value(const pugi::xml_node& node) {
  return node ? std::optional<std::int64_t>(IntAttribute(node, "val", 0)) : std::nullopt;
}

ListRef ReadListRef(const pugi::xml_node& properties) {
  const pugi::xml_node list = Child(properties, "numPr");
  return {Value(Child(list, "numId")), Value(Child(list, "ilvl"))};
}

}  // namespace

DocxStyles::DocxStyles(const pugi::xml_node& root) {
  for (const pugi::xml_node& node : root) {
    if (LocalName(node) == "style") Add(node);
  }
  const pugi::xml_node defaults = Child(Child(Child(root, "docDefaults"), "rPrDefault"), "rPr");
  defaults_.bold = IsOn(Child(defaults, "b"));
}

void DocxStyles::Add(const pugi::xml_node& node) {
  const std::string id(Attribute(node, "styleId"));
  const pugi::xml_node run = Child(node, "rPr");
  styles_[id] = {std::string(Attribute(Child(node, "basedOn"), "val")), Switch(run, "b"),
                 Switch(run, "vanish"), ReadListRef(Child(node, "pPr"))};
  if (Attribute(node, "type") == "paragraph" && IsTrue(Attribute(node, "default"))) {
    default_paragraph_ = id;
  }
}

DocxStyles::Style DocxStyles::Resolve(absl::string_view id) const {
  Style whole;
  auto at = styles_.find(id);
  for (int steps = 0; at != styles_.end() && steps < kMaxStyleChain; ++steps) {
    const Style& style = at->second;
    if (!whole.bold) whole.bold = style.bold;
    if (!whole.hidden) whole.hidden = style.hidden;
    if (!whole.list.list) whole.list.list = style.list.list;
    if (!whole.list.level) whole.list.level = style.list.level;
    at = styles_.find(style.based_on);
  }
  return whole;
}

DocxStyles::Style DocxStyles::ParagraphStyle(const pugi::xml_node& properties) const {
  const pugi::xml_node named = Child(properties, "pStyle");
  return Resolve(named ? Attribute(named, "val") : absl::string_view(default_paragraph_));
}

RunFormat DocxStyles::ForParagraph(const pugi::xml_node& properties) const {
  const Style style = ParagraphStyle(properties);
  return {style.bold.value_or(defaults_.bold), style.hidden.value_or(false)};
}

RunFormat DocxStyles::ForRun(const pugi::xml_node& properties, RunFormat paragraph) const {
  if (!properties) return paragraph;
  const Style style = Resolve(Attribute(Child(properties, "rStyle"), "val"));
  const bool bold = style.bold.value_or(paragraph.bold);
  const bool hidden = style.hidden.value_or(paragraph.hidden);
  return {Switch(properties, "b").value_or(bold), Switch(properties, "vanish").value_or(hidden)};
}

ListRef DocxStyles::ListOf(const pugi::xml_node& properties) const {
  ListRef own = ReadListRef(properties);
  const ListRef style = ParagraphStyle(properties).list;
  if (!own.list) own.list = style.list;
  if (!own.level) own.level = style.level;
  return own;
}

std::optional<std::int64_t> DocxStyles::ListOfStyle(absl::string_view style) const {
  return Resolve(style).list.list;
}

}  // namespace minsheng::registry
