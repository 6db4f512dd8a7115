// A page's table: its rows and cells, where each stands, and whether it is only a frame.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_HTML_TABLE_H_
#define MINSHENG_SERVICES_REGISTRY_READER_HTML_TABLE_H_

#include <gumbo.h>

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

namespace minsheng::registry {

// `group` counts thead, tbody and tfoot: no cell reaches beyond its group.
struct HtmlRow {
  const GumboNode* node = nullptr;
  int group = 0;
};

// The rows that are shown; rows without cells are none.
std::vector<HtmlRow> HtmlRowsOf(const GumboNode* table);
// The rows with cells that are not.
std::vector<const GumboNode*> HiddenRowsOf(const GumboNode* table);
// The cells that are shown.
std::vector<const GumboNode*> HtmlCellsOf(const GumboNode* row);

// Where the cell at `node` stands, from 0.
struct HtmlCell {
  const GumboNode* node = nullptr;
  int row = 0;
  std::int64_t column = 0;
  std::int64_t columns = 1;
  int rows = 1;
};

// Places the cells of rows as HTML has it: each in the first free column, below cells that reach
// down. `first_row` is for messages. Refusal: TOO_LARGE for spans beyond reason.
absl::StatusOr<std::vector<HtmlCell>> PlaceCells(const std::vector<HtmlRow>& rows, int first_row);

bool IsHtmlFrame(const GumboNode* table);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_HTML_TABLE_H_
