#include "services/registry/reader/xlsx_sheet.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"
#include "services/registry/reader/grid_builder.h"
#include "services/registry/reader/limits.h"
#include "services/registry/reader/rich_text.h"
#include "services/registry/reader/xlsx_layout.h"
#include "services/registry/reader/xml.h"

namespace minsheng::registry {
namespace {

CellText Plain(absl::string_view words) {
  RichText text;
  text.Append(words, true);
  return {std::string(text.text()), {}, text.bold()};
}

bool IsHiddenRow(const pugi::xml_node& row) {
  return IsTrue(Attribute(row, "hidden")) || Attribute(row, "ht") == "0";
}

bool HasWords(const Grid& grid, std::size_t column) {
  return std::any_of(grid.rows.begin(), grid.rows.end(),
                     [column](const GridRow& row) { return !row.cells[column].empty(); });
}

}  // namespace

absl::StatusOr<Grid> XlsxSheet::Read(const pugi::xml_node& worksheet) {
  if (LocalName(worksheet) != "worksheet") return Damaged(0, "不是工作表");
  absl::Status status = ReadRows(Child(worksheet, "sheetData"));
  if (status.ok()) status = FinishRows();
  if (status.ok()) {
    status = MergeCells(Child(worksheet, "mergeCells"), hidden_, grid_, context_.notes);
  }
  if (!status.ok()) return status;
  RemoveHiddenRows(hidden_, grid_, context_.notes);
  NoteHiddenColumns(Child(worksheet, "cols"));
  return std::move(grid_);
}

absl::Status XlsxSheet::Damaged(int row, absl::string_view what) const {
  return Refuse(
      "BAD_DOCUMENT",
      absl::StrCat("工作表“", grid_.name, "”", row > 0 ? absl::StrCat("第", row, "行") : "", what,
                   "，文件可能已损坏。请在Excel或WPS中打开并重新保存后再导入"));
}

absl::Status XlsxSheet::ReadRows(const pugi::xml_node& data) {
  int number = 0;
  for (const pugi::xml_node& node : data) {
    if (LocalName(node) != "row") continue;
    const std::int64_t given = IntAttribute(node, "r", number + 1);
    if (given <= number || given > kLastSheetRow) return Damaged(number + 1, "之后的行号不对");
    number = static_cast<int>(given);
    GridRow row{.row = number, .cells = {}};
    if (absl::Status status = ReadRow(node, row); !status.ok()) return status;
    if (row.cells.empty()) continue;
    grid_.rows.push_back(std::move(row));
    hidden_.push_back(IsHiddenRow(node));
    if (absl::Status status = CheckRowCount(grid_.rows.size()); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status XlsxSheet::ReadRow(const pugi::xml_node& node, GridRow& row) {
  if (!grid_.rows.empty()) row.cells.reserve(grid_.rows.back().cells.size());
  int next = 0;
  for (const pugi::xml_node& child : node) {
    if (LocalName(child) != "c") continue;
    Cell cell{.row = row.row, .column = next, .type = "n", .style = 0, .node = child};
    for (const pugi::xml_attribute& attribute : child.attributes()) {
      const absl::string_view name = attribute.name();
      if (name == "t") cell.type = attribute.value();
      if (name == "s" && !absl::SimpleAtoi(attribute.value(), &cell.style)) cell.style = 0;
      if (name != "r") continue;
      const auto ref = ParseCellRef(attribute.value());
      if (!ref || ref->row != row.row) return Damaged(row.row, "有一格的位置不对");
      cell.column = ref->column;
    }
    next = cell.column + 1;
    if (absl::Status status = ReadCell(cell, row); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status XlsxSheet::ReadCell(const Cell& cell, GridRow& row) {
  if (!cell.node.first_child()) return absl::OkStatus();
  absl::StatusOr<CellText> value = ValueOf(cell);
  if (!value.ok()) return value.status();
  return value->text.empty() ? absl::OkStatus() : Put(cell, std::move(*value), row);
}

absl::StatusOr<CellText> XlsxSheet::ValueOf(const Cell& cell) {
  if (cell.type == "inlineStr") return ReadCellText(Child(cell.node, "is"));
  const pugi::xml_node node = Child(cell.node, "v");
  const absl::string_view value = node.child_value();
  if (Child(cell.node, "f") && value.empty() && (!node || cell.type != "str")) {
    Note(cell, "FORMULA_WITHOUT_VALUE", Child(cell.node, "f").child_value(),
         "公式没有保存计算结果，按空格读入。请用Excel或WPS打开、保存后再导入");
  }
  if (value.empty()) return CellText{};
  if (cell.type == "s") return SharedString(cell, value);
  if (cell.type == "str") return Plain(Unescape(TextOf(node)));
  if (cell.type == "b") return Plain(IsTrue(value) ? "TRUE" : "FALSE");
  if (cell.type == "d") return Plain(value.substr(0, value.find("T00:00:00")));
  if (cell.type == "e") {
    Note(cell, "CELL_ERROR", value, "这一格是错误值，按空格读入");
    return CellText{};
  }
  return NumberOf(cell, value);
}

absl::StatusOr<CellText> XlsxSheet::SharedString(const Cell& cell, absl::string_view index) {
  std::size_t at = 0;
  if (!absl::SimpleAtoi(index, &at) || at >= context_.strings.size()) {
    return Damaged(cell.row, "有一格引用了不存在的文字");
  }
  return context_.strings[at];
}

CellText XlsxSheet::NumberOf(const Cell& cell, absl::string_view stored) {
  const NumberFormat& format = context_.styles.Of(cell.style).format;
  if (format.scaled) {
    Note(cell, "SCALED_NUMBER_FORMAT", stored,
         "这一格的显示格式把数值缩小了，按存储的数值读入，请核对单位");
  }
  return Plain(FormatNumber(stored, format, context_.from_1904));
}

absl::Status XlsxSheet::CheckBounds(const Cell& cell, std::size_t bytes) {
  const auto refuse = [&](absl::string_view what) {
    return Refuse("TOO_LARGE",
                  absl::StrCat("工作表“", grid_.name, "”第", cell.row, "行",
                               ColumnName(cell.column), "列", what, "。请只保留清单本身"));
  };
  if (cell.column >= kMaxTableColumns)
    return refuse(absl::StrCat("还有内容，超过", kMaxTableColumns, "列"));
  if (bytes > kMaxCellBytes) return refuse(absl::StrCat("超过", kMaxCellBytes / 1024, " KiB"));
  context_.text_bytes += bytes;
  if (context_.text_bytes <= kMaxTextBytes) return absl::OkStatus();
  return refuse(absl::StrCat("使全文文字超过", kMaxTextBytes >> 20U, " MiB"));
}

absl::Status XlsxSheet::Put(const Cell& cell, CellText value, GridRow& row) {
  if (absl::Status status = CheckBounds(cell, value.text.size()); !status.ok()) return status;
  const auto column = static_cast<std::size_t>(cell.column);
  if (row.cells.size() <= column) row.cells.resize(column + 1);
  if (!row.cells[column].empty()) return Damaged(cell.row, "有一格出现两次");
  row.cells[column] = std::move(value.text);
  auto& bold = context_.styles.Of(cell.style).bold ? value.bold_in_bold_cell : value.bold;
  if (bold.empty()) return absl::OkStatus();
  row.formats.resize(std::max(row.formats.size(), column + 1));
  row.formats[column].bold = std::move(bold);
  return absl::OkStatus();
}

absl::Status XlsxSheet::FinishRows() {
  std::size_t width = 0;
  for (const auto& row : grid_.rows) width = std::max(width, row.cells.size());
  context_.cells += width * grid_.rows.size();
  if (context_.cells > kMaxTableCells) {
    return Refuse("TOO_LARGE",
                  absl::StrCat("工作表“", grid_.name, "”有", grid_.rows.size(), "行", width,
                               "列，使全文超过", kMaxTableCells, "格。请只保留清单本身"));
  }
  for (auto& row : grid_.rows) {
    row.cells.resize(width);
    if (!row.formats.empty()) row.formats.resize(width);
  }
  return absl::OkStatus();
}

void XlsxSheet::NoteHiddenColumns(const pugi::xml_node& columns) {
  if (grid_.rows.empty()) return;
  const std::int64_t width = static_cast<std::int64_t>(grid_.rows.front().cells.size());
  std::vector<std::string> names;
  for (const pugi::xml_node& node : columns) {
    if (!IsTrue(Attribute(node, "hidden"))) continue;
    const std::int64_t last = std::min(IntAttribute(node, "max", 0), width);
    for (std::int64_t i = std::max<std::int64_t>(IntAttribute(node, "min", 1), 1); i <= last; ++i) {
      if (HasWords(grid_, i - 1)) names.push_back(ColumnName(static_cast<int>(i) - 1));
    }
  }
  if (names.empty()) return;
  ReadingNote note;
  note.code = "HIDDEN_COLUMNS";
  note.grid = grid_.name;
  note.words = ShortWords(absl::StrJoin(names, "、"));
  note.message = absl::StrCat(note.words, "列是隐藏的，仍然读入");
  context_.notes.Add(std::move(note));
}

void XlsxSheet::Note(const Cell& cell, absl::string_view code, absl::string_view words,
                     absl::string_view message) {
  ReadingNote note;
  note.severity = ReadingNote::kWarning;
  note.code = std::string(code);
  note.grid = grid_.name;
  note.row = cell.row;
  note.column = cell.column + 1;
  note.words = ShortWords(words);
  note.message = std::string(message);
  context_.notes.Add(std::move(note));
}

}  // namespace minsheng::registry
