// One sheet of a workbook as a grid. Not thread-safe; one use.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_XLSX_SHEET_H_
#define MINSHENG_SERVICES_REGISTRY_READER_XLSX_SHEET_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "pugixml.hpp"

#include "services/registry/domain/grid.h"
#include "services/registry/reader/notes.h"
#include "services/registry/reader/xlsx_strings.h"
#include "services/registry/reader/xlsx_styles.h"

namespace minsheng::registry {

// What the sheets of a workbook share.
struct WorkbookContext {
  const std::vector<CellText>& strings;
  const XlsxStyles& styles;
  bool from_1904 = false;
  Notes& notes;
  std::size_t cells = 0;       // read so far
  std::size_t text_bytes = 0;  // in them
};

class XlsxSheet {
 public:
  XlsxSheet(WorkbookContext& context, std::string name) : context_(context) {
    grid_.form = GridForm::kSheet;
    grid_.name = std::move(name);
  }

  // Rows without words are not in the grid: the numbers of the rows show the gap. Columns are all
  // there from A on, up to the last with words. Refusals: TOO_MANY_ROWS, TOO_LARGE, BAD_DOCUMENT.
  absl::StatusOr<Grid> Read(const pugi::xml_node& worksheet);

 private:
  // Where a cell stands and what its element says.
  struct Cell {
    int row = 0;
    int column = 0;  // from 0
    absl::string_view type;
    std::int64_t style = 0;
    pugi::xml_node node;
  };

  absl::Status ReadRows(const pugi::xml_node& data);
  absl::Status ReadRow(const pugi::xml_node& node, GridRow& row);
  absl::Status ReadCell(const Cell& cell, GridRow& row);
  absl::StatusOr<CellText> ValueOf(const Cell& cell);
  absl::StatusOr<CellText> SharedString(const Cell& cell, absl::string_view index);
  CellText NumberOf(const Cell& cell, absl::string_view stored);
  absl::Status CheckBounds(const Cell& cell, std::size_t bytes);
  absl::Status Put(const Cell& cell, CellText value, GridRow& row);
  absl::Status FinishRows();
  void NoteHiddenColumns(const pugi::xml_node& columns);
  void Note(const Cell& cell, absl::string_view code, absl::string_view words,
            absl::string_view message);
  absl::Status Damaged(int row, absl::string_view what) const;

  WorkbookContext& context_;
  Grid grid_;
  std::vector<bool> hidden_;  // of each row in the grid
};

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_XLSX_SHEET_H_
