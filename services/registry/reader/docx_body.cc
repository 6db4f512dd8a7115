#include "services/registry/reader/docx_body.h"

#include <algorithm>
#include <string>
#include <utility>

#include "services/registry/reader/docx_structure.h"
#include "services/registry/reader/xml.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kNoteBytes = 200;

// Goes on below the cell that stands above it.
bool ContinuesDown(const pugi::xml_node& merge) {
  return merge && Attribute(merge, "val") != "restart";
}

absl::StatusOr<std::int64_t> Columns(const pugi::xml_node& span, int row) {
  const std::int64_t columns = span ? IntAttribute(span, "val", 1) : 1;
  if (absl::Status status = CheckSpan(columns, row); !status.ok()) return status;
  return std::max<std::int64_t>(columns, 1);
}

}  // namespace

absl::Status DocxBody::Read(const pugi::xml_node& body) {
  if (absl::Status status = CheckTableNesting(body); !status.ok()) return status;
  if (absl::Status status = ReadBlocks(body); !status.ok()) return status;
  return EndLine();
}

absl::Status DocxBody::ReadBlocks(const pugi::xml_node& parent) {
  for (const pugi::xml_node& block : BlocksOf(parent)) {
    if (absl::Status status = ReadBlock(block); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status DocxBody::ReadBlock(const pugi::xml_node& block) {
  context_.row = builder_.next_row();
  const absl::string_view name = LocalName(block);
  if (name == "p") {
    text_.ReadParagraph(block, line_);
    return text_.JoinsNext() ? absl::OkStatus() : EndLine();
  }
  if (name == "tbl") {
    if (absl::Status status = EndLine(); !status.ok()) return status;
    return ReadTable(block);
  }
  if (name == "altChunk") {
    context_.notes.WarnOf("altChunk", context_.row, "EMBEDDED_DOCUMENT",
                          "文档中嵌入了另一个文件，其内容未读入");
    return absl::OkStatus();
  }
  text_.NoteDeleted(block);
  return absl::OkStatus();
}

absl::Status DocxBody::EndLine() {
  const RichText line = std::exchange(line_, RichText());
  if (absl::Status status = builder_.AddProse(line); !status.ok()) return status;
  return ReadTextBoxes();
}

absl::Status DocxBody::ReadTextBoxes() {
  while (!context_.text_boxes.empty()) {
    const auto boxes = std::exchange(context_.text_boxes, {});
    for (const pugi::xml_node& box : boxes) {
      if (absl::Status status = ReadBlocks(box); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

bool DocxBody::LeavesOut(const pugi::xml_node& row) {
  if (IsDeletedRow(row)) {
    text_.NoteDeleted(row);
    return true;
  }
  if (!IsHiddenRow(row)) return false;
  context_.notes.WarnOf(TextBelow(row, "t", kNoteBytes), context_.row, "HIDDEN_ROWS",
                        "表格中有隐藏的行，未读入。如果这一行也是清单的内容，请取消隐藏后再导入");
  return true;
}

absl::Status DocxBody::ReadTable(const pugi::xml_node& node) {
  if (IsFrame(node)) return ReadFrame(node);
  Table table;
  for (const pugi::xml_node& row : RowsOf(node)) {
    if (LeavesOut(row)) continue;
    if (absl::Status status = ReadRow(row, table); !status.ok()) return status;
  }
  absl::Status added = builder_.AddTable(table.cells, table.rows);
  return added.ok() ? ReadTextBoxes() : added;
}

absl::Status DocxBody::ReadFrame(const pugi::xml_node& table) {
  for (const pugi::xml_node& row : RowsOf(table)) {
    if (LeavesOut(row)) continue;
    for (const pugi::xml_node& cell : CellsOf(row)) {
      if (absl::Status status = ReadBlocks(cell); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status DocxBody::ReadRow(const pugi::xml_node& row, Table& table) {
  context_.row = builder_.next_row() + table.rows;
  absl::Status status = CheckRowCount(context_.row);
  const auto before = Columns(Child(Child(row, "trPr"), "gridBefore"), context_.row);
  if (!before.ok()) return before.status();
  std::int64_t column = Child(Child(row, "trPr"), "gridBefore") ? *before : 0;
  std::map<std::int64_t, std::size_t> still_open;
  for (const pugi::xml_node& cell : CellsOf(row)) {
    if (status.ok()) status = ReadCell(cell, column, table, still_open);
  }
  table.open = std::move(still_open);
  ++table.rows;
  return status;
}

absl::Status DocxBody::ReadCell(const pugi::xml_node& node, std::int64_t& column, Table& table,
                                std::map<std::int64_t, std::size_t>& still_open) {
  const pugi::xml_node properties = Child(node, "tcPr");
  const auto columns = Columns(Child(properties, "gridSpan"), context_.row);
  if (!columns.ok()) return columns.status();
  const std::int64_t begin = std::exchange(column, column + *columns);
  if (ContinuesDown(Child(properties, "hMerge")) && !table.cells.empty() &&
      table.cells.back().row == table.rows) {
    table.cells.back().columns += *columns;
    return absl::OkStatus();
  }
  const pugi::xml_node merge = Child(properties, "vMerge");
  const auto above = table.open.find(begin);
  if (ContinuesDown(merge) && above != table.open.end() &&
      table.cells[above->second].columns == *columns) {
    ++table.cells[above->second].rows;
    still_open[begin] = above->second;
    NoteCovered(node);
    return absl::OkStatus();
  }
  if (merge) still_open[begin] = table.cells.size();
  PlacedCell cell{.row = table.rows, .column = begin, .columns = *columns, .text = {}};
  absl::Status status = ReadCellText(node, cell.text);
  table.cells.push_back(std::move(cell));
  return status;
}

void DocxBody::NoteCovered(const pugi::xml_node& cell) {
  context_.notes.WarnOf(TextBelow(cell, "t", kNoteBytes), context_.row, "COVERED_TEXT",
                        "被合并的单元格盖住的文字，未读入");
}

absl::Status DocxBody::ReadCellText(const pugi::xml_node& cell, RichText& out) {
  for (const pugi::xml_node& block : BlocksOf(cell)) {
    const absl::string_view name = LocalName(block);
    if (name == "p") {
      text_.ReadParagraph(block, out);
    } else if (name == "tbl") {
      if (absl::Status status = ReadNestedTable(block, out); !status.ok()) return status;
    } else if (name != "altChunk") {
      text_.NoteDeleted(block);
    }
  }
  text_.EndJoin();
  return absl::OkStatus();
}

absl::Status DocxBody::ReadNestedTable(const pugi::xml_node& table, RichText& out) {
  for (const pugi::xml_node& row : RowsOf(table)) {
    if (LeavesOut(row)) continue;
    out.BreakLine();
    for (const pugi::xml_node& cell : CellsOf(row)) {
      RichText words;
      if (absl::Status status = ReadCellText(cell, words); !status.ok()) return status;
      out.AppendWords(words);
    }
  }
  out.BreakLine();
  return absl::OkStatus();
}

}  // namespace minsheng::registry
