// A page's lines and tables, into one grid. Not thread-safe; one use.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_HTML_BODY_H_
#define MINSHENG_SERVICES_REGISTRY_READER_HTML_BODY_H_

#include <gumbo.h>

#include <vector>

#include "absl/status/status.h"

#include "services/registry/reader/grid_builder.h"
#include "services/registry/reader/html_table.h"
#include "services/registry/reader/html_text.h"
#include "services/registry/reader/notes.h"

namespace minsheng::registry {

class HtmlBody {
 public:
  explicit HtmlBody(Notes& notes) : notes_(notes), builder_(GridForm::kPage) {}

  // One page after the other. Refusals: those of GridBuilder and PlaceCells.
  absl::Status Read(const GumboNode* root);
  Grid Take() { return builder_.Take(); }

 private:
  absl::Status ReadNode(const GumboNode* node, HtmlStyle style, RichText& out);
  absl::Status ReadElement(const GumboNode* node, HtmlStyle style, RichText& out);
  absl::Status ReadChildren(const GumboNode* node, HtmlStyle style, RichText& out);
  absl::Status ReadNumbered(const GumboNode* list, HtmlStyle style, RichText& out);
  bool LeavesOut(const GumboNode* node, const RichText& out);
  void BreakLine(RichText& out);
  absl::Status EndProse();

  absl::Status ReadTable(const GumboNode* table, HtmlStyle style);
  absl::Status ReadCaption(const GumboNode* table, HtmlStyle style);
  absl::Status ReadFrame(const GumboNode* table, HtmlStyle style);
  absl::Status ReadCells(const std::vector<HtmlRow>& rows, HtmlStyle style);
  absl::Status ReadNested(const GumboNode* table, HtmlStyle style, RichText& out);
  HtmlStyle StyleOfCell(const GumboNode* cell, HtmlStyle table) const;

  Notes& notes_;
  GridBuilder builder_;
  HtmlWords words_;
  RichText prose_;
  int row_ = 0;  // where notes say that something was found
};

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_HTML_BODY_H_
