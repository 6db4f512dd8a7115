// The body of a Word document: paragraphs, tables and what wraps them, into one grid.
// Not thread-safe; one use.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_DOCX_BODY_H_
#define MINSHENG_SERVICES_REGISTRY_READER_DOCX_BODY_H_

#include <map>
#include <vector>

#include "absl/status/status.h"
#include "pugixml.hpp"

#include "services/registry/reader/docx_text.h"
#include "services/registry/reader/grid_builder.h"

namespace minsheng::registry {

class DocxBody {
 public:
  explicit DocxBody(DocxContext& context)
      : context_(context), text_(context), builder_(GridForm::kDocument) {}

  // Refusals: those of GridBuilder; TOO_LARGE for tables nested above kMaxTableNesting.
  absl::Status Read(const pugi::xml_node& body);
  Grid Take() { return builder_.Take(); }

 private:
  // The cells of one table while its rows are read.
  struct Table {
    std::vector<PlacedCell> cells;
    std::map<std::int64_t, std::size_t> open;  // merging downwards: by column, index in `cells`
    int rows = 0;
  };

  absl::Status ReadBlocks(const pugi::xml_node& parent);
  absl::Status ReadBlock(const pugi::xml_node& block);
  absl::Status EndLine();
  absl::Status ReadTextBoxes();
  bool LeavesOut(const pugi::xml_node& row);
  absl::Status ReadTable(const pugi::xml_node& table);
  absl::Status ReadFrame(const pugi::xml_node& table);
  absl::Status ReadRow(const pugi::xml_node& row, Table& table);
  absl::Status ReadCell(const pugi::xml_node& cell, std::int64_t& column, Table& table,
                        std::map<std::int64_t, std::size_t>& still_open);
  absl::Status ReadCellText(const pugi::xml_node& cell, RichText& out);
  absl::Status ReadNestedTable(const pugi::xml_node& table, RichText& out);
  void NoteCovered(const pugi::xml_node& cell);

  DocxContext& context_;
  DocxText text_;
  GridBuilder builder_;
  RichText line_;
};

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_DOCX_BODY_H_
