#include "services/registry/reader/html_body.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/reader/html_style.h"
#include "services/registry/reader/html_tree.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kNoteBytes = 200;
constexpr std::int64_t kMaxListNumber = 1'000'000;

bool IsShownNumber(const GumboNode* list) {
  const absl::string_view style = HtmlAttribute(list, "style");
  return !absl::StartsWith(StyleValue(style, "list-style-type"), "none") &&
         !absl::StartsWith(StyleValue(style, "list-style"), "none");
}

}  // namespace

absl::Status HtmlBody::Read(const GumboNode* root) {
  if (absl::Status status = ReadChildren(root, {}, prose_); !status.ok()) return status;
  return EndProse();
}

absl::Status HtmlBody::EndProse() {
  words_.EndLine();
  return builder_.AddProse(std::exchange(prose_, RichText()));
}

void HtmlBody::BreakLine(RichText& out) {
  words_.EndLine();
  out.BreakLine();
}

absl::Status HtmlBody::ReadChildren(const GumboNode* node, HtmlStyle style, RichText& out) {
  const GumboVector& children = ChildrenOf(node);
  for (unsigned i = 0; i < children.length; ++i) {
    if (absl::Status status = ReadNode(ChildAt(children, i), style, out); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status HtmlBody::ReadNode(const GumboNode* node, HtmlStyle style, RichText& out) {
  if (IsText(node)) words_.Append(node->v.text.text, style, out);
  if (node->type != GUMBO_NODE_ELEMENT || LeavesOut(node, out)) return absl::OkStatus();
  return ReadElement(node, style, out);
}

absl::Status HtmlBody::ReadElement(const GumboNode* node, HtmlStyle style, RichText& out) {
  const GumboTag tag = TagOf(node);
  if (tag == GUMBO_TAG_BR) {
    BreakLine(out);
    return absl::OkStatus();
  }
  if (tag == GUMBO_TAG_TABLE && &out == &prose_) return ReadTable(node, style);
  if (IsBlock(tag)) BreakLine(out);
  const HtmlStyle inside = StyleInside(node, style);
  absl::Status status = tag == GUMBO_TAG_TABLE ? ReadNested(node, inside, out)
                        : tag == GUMBO_TAG_OL  ? ReadNumbered(node, inside, out)
                                               : ReadChildren(node, inside, out);
  if (IsBlock(tag)) BreakLine(out);
  return status;
}

bool HtmlBody::LeavesOut(const GumboNode* node, const RichText& out) {
  if (IsNeverShown(TagOf(node))) return true;
  const bool in_table = &out != &prose_;
  const int row = in_table ? row_ : builder_.next_row();
  if (TagOf(node) == GUMBO_TAG_DEL) {
    notes_.WarnOf(HtmlTextBelow(node, kNoteBytes), row, "DELETED_TEXT",
                  "网页中标记为删除的文字未读入");
    return true;
  }
  if (!IsHiddenElement(node)) return false;
  if (in_table) {
    notes_.WarnOf(HtmlTextBelow(node, kNoteBytes), row, "HIDDEN_TEXT",
                  "表格中有隐藏的文字，未读入");
  }
  return true;
}

absl::Status HtmlBody::ReadNumbered(const GumboNode* list, HtmlStyle style, RichText& out) {
  std::int64_t number = HtmlNumber(list, "start", 1);
  const bool shown = IsShownNumber(list);
  const GumboVector& children = ChildrenOf(list);
  for (unsigned i = 0; i < children.length; ++i) {
    const GumboNode* child = ChildAt(children, i);
    if (TagOf(child) == GUMBO_TAG_LI && !IsHiddenElement(child) && shown) {
      number = std::min(HtmlNumber(child, "value", number), kMaxListNumber);
      BreakLine(out);
      words_.Append(absl::StrCat(number++, ". "), style, out);
      if (absl::Status status = ReadChildren(child, StyleInside(child, style), out); !status.ok()) {
        return status;
      }
      BreakLine(out);
    } else if (absl::Status status = ReadNode(child, style, out); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status HtmlBody::ReadTable(const GumboNode* table, HtmlStyle style) {
  const HtmlStyle inside = StyleInside(table, style);
  BreakLine(prose_);
  if (absl::Status status = ReadCaption(table, inside); !status.ok()) return status;
  if (absl::Status status = EndProse(); !status.ok()) return status;
  if (IsHtmlFrame(table)) return ReadFrame(table, inside);
  for (const GumboNode* row : HiddenRowsOf(table)) {
    notes_.WarnOf(HtmlTextBelow(row, kNoteBytes), builder_.next_row(), "HIDDEN_ROWS",
                  "表格中有隐藏的行，未读入。如果这些行也是清单的内容，请取消隐藏后再导入");
  }
  return ReadCells(HtmlRowsOf(table), inside);
}

absl::Status HtmlBody::ReadCaption(const GumboNode* table, HtmlStyle style) {
  const GumboVector& children = ChildrenOf(table);
  for (unsigned i = 0; i < children.length; ++i) {
    const GumboNode* child = ChildAt(children, i);
    if (TagOf(child) != GUMBO_TAG_CAPTION) continue;
    if (absl::Status status = ReadNode(child, style, prose_); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status HtmlBody::ReadFrame(const GumboNode* table, HtmlStyle style) {
  for (const HtmlRow& row : HtmlRowsOf(table)) {
    for (const GumboNode* cell : HtmlCellsOf(row.node)) {
      BreakLine(prose_);
      absl::Status status = ReadChildren(cell, StyleInside(cell, style), prose_);
      if (!status.ok()) return status;
      BreakLine(prose_);
    }
  }
  return absl::OkStatus();
}

HtmlStyle HtmlBody::StyleOfCell(const GumboNode* cell, HtmlStyle table) const {
  return StyleInside(cell, StyleInside(cell->parent, table));
}

absl::Status HtmlBody::ReadCells(const std::vector<HtmlRow>& rows, HtmlStyle style) {
  if (absl::Status status = CheckRowCount(builder_.next_row() - 1 + rows.size()); !status.ok()) {
    return status;
  }
  absl::StatusOr<std::vector<HtmlCell>> placed = PlaceCells(rows, builder_.next_row());
  if (!placed.ok()) return placed.status();
  std::vector<PlacedCell> cells;
  cells.reserve(placed->size());
  for (const HtmlCell& cell : *placed) {
    row_ = builder_.next_row() + cell.row;
    cells.push_back({cell.row, cell.column, cell.columns, cell.rows, {}});
    words_.EndLine();
    absl::Status status = ReadChildren(cell.node, StyleOfCell(cell.node, style), cells.back().text);
    if (!status.ok()) return status;
  }
  words_.EndLine();
  return builder_.AddTable(cells, static_cast<int>(rows.size()));
}

absl::Status HtmlBody::ReadNested(const GumboNode* table, HtmlStyle style, RichText& out) {
  for (const HtmlRow& row : HtmlRowsOf(table)) {
    BreakLine(out);
    for (const GumboNode* cell : HtmlCellsOf(row.node)) {
      RichText words;
      words_.EndLine();
      absl::Status status = ReadChildren(cell, StyleOfCell(cell, style), words);
      if (!status.ok()) return status;
      out.AppendWords(words);
    }
  }
  words_.EndLine();
  return absl::OkStatus();
}

}  // namespace minsheng::registry
