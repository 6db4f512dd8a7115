// XML parts of office documents as pugixml trees, and short ways to walk them. Names are local
// names: the prefix is the writer's choice. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_XML_H_
#define MINSHENG_SERVICES_REGISTRY_READER_XML_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "pugixml.hpp"

namespace minsheng::registry {

// The bytes and the tree over them.
class XmlPart {
 public:
  pugi::xml_node root() const { return tree_.document_element(); }

 private:
  friend absl::StatusOr<std::unique_ptr<XmlPart>> ParseXml(std::string bytes,
                                                           absl::string_view name);
  std::string bytes_;
  pugi::xml_document tree_;
};

// Refusals: BAD_DOCUMENT for XML that is not well-formed, a document type (entities), or nesting
// above kMaxXmlDepth; TOO_LARGE for too many tags. `name` is the part's, for the message.
absl::StatusOr<std::unique_ptr<XmlPart>> ParseXml(std::string bytes, absl::string_view name);

absl::string_view LocalName(const pugi::xml_node& node);
pugi::xml_node Child(const pugi::xml_node& node, absl::string_view name);
bool HasAttribute(const pugi::xml_node& node, absl::string_view name);
// "" when there is none.
absl::string_view Attribute(const pugi::xml_node& node, absl::string_view name);
// `fallback` when there is none or it is no number.
std::int64_t IntAttribute(const pugi::xml_node& node, absl::string_view name,
                          std::int64_t fallback);
// 1 and true.
bool IsTrue(absl::string_view value);
// An office switch: <w:b/> and <w:b w:val="1"/> are on, <w:b w:val="0"/> is off.
bool IsOn(const pugi::xml_node& node);

// The text directly in `node`.
std::string TextOf(const pugi::xml_node& node);

// The element after `node` in the order of the document, within `top`; null at the end.
pugi::xml_node NextNode(const pugi::xml_node& node, const pugi::xml_node& top);
// The text of all `name` elements below `node`, at most `max_bytes` and some.
std::string TextBelow(const pugi::xml_node& node, absl::string_view name, std::size_t max_bytes);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_XML_H_
