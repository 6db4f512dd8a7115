// What a Word document's styles say about words: bold, hidden, and the list a paragraph belongs to.
// Thread-safe once parsed.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_DOCX_STYLES_H_
#define MINSHENG_SERVICES_REGISTRY_READER_DOCX_STYLES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "pugixml.hpp"

namespace minsheng::registry {

struct RunFormat {
  bool bold = false;
  bool hidden = false;
};

// The list (w:numId) and level; nullopt where nothing is said.
struct ListRef {
  std::optional<std::int64_t> list;
  std::optional<std::int64_t> level;
};

class DocxStyles {
 public:
  DocxStyles() = default;
  // `root` is w:styles.
  explicit DocxStyles(const pugi::xml_node& root);

  // Of a paragraph by its w:pPr: its style, or the default style, over the document's defaults.
  RunFormat ForParagraph(const pugi::xml_node& properties) const;
  // Of a run in it by its w:rPr: its own settings over its style's over the paragraph's.
  RunFormat ForRun(const pugi::xml_node& properties, RunFormat paragraph) const;
  // The paragraph's own list settings over its style's.
  ListRef ListOf(const pugi::xml_node& properties) const;
  // The list that a numbering style stands for.
  std::optional<std::int64_t> ListOfStyle(absl::string_view style) const;

 private:
  struct Style {
    std::string based_on;
    std::optional<bool> bold;
    std::optional<bool> hidden;
    ListRef list;
  };

  void Add(const pugi::xml_node& node);
  // The style with what it is based on.
  Style Resolve(absl::string_view id) const;
  Style ParagraphStyle(const pugi::xml_node& properties) const;

  std::map<std::string, Style, std::less<>> styles_;
  std::string default_paragraph_;
  RunFormat defaults_;
};

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_DOCX_STYLES_H_
