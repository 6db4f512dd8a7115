// Short ways to write Word XML.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_DOCX_TESTING_H_
#define MINSHENG_SERVICES_REGISTRY_READER_DOCX_TESTING_H_

#include <string>

namespace minsheng::registry {

inline std::string Words(const std::string& words, const std::string& properties = "") {
  return "<w:r><w:rPr>" + properties + "</w:rPr><w:t xml:space=\"preserve\">" + words +
         "</w:t></w:r>";
}

// A paragraph of runs.
inline std::string Par(const std::string& runs, const std::string& properties = "") {
  return "<w:p><w:pPr>" + properties + "</w:pPr>" + runs + "</w:p>";
}

inline std::string Line(const std::string& words) { return Par(Words(words)); }

// A cell of blocks.
inline std::string Box(const std::string& blocks, const std::string& properties = "") {
  return "<w:tc><w:tcPr>" + properties + "</w:tcPr>" + blocks + "</w:tc>";
}

inline std::string Cell(const std::string& words, const std::string& properties = "") {
  return Box(Line(words), properties);
}

inline std::string Row(const std::string& cells, const std::string& properties = "") {
  return "<w:tr><w:trPr>" + properties + "</w:trPr>" + cells + "</w:tr>";
}

inline std::string Table(const std::string& rows) { return "<w:tbl>" + rows + "</w:tbl>"; }

inline std::string Span(int columns) {
  return "<w:gridSpan w:val=\"" + std::to_string(columns) + "\"/>";
}

inline std::string MergeDown(bool begins) {
  return begins ? "<w:vMerge w:val=\"restart\"/>" : "<w:vMerge/>";
}

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_DOCX_TESTING_H_
