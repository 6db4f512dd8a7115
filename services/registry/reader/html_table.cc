#include "services/registry/reader/html_table.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"
#include "services/registry/reader/grid_builder.h"
#include "services/registry/reader/html_style.h"
#include "services/registry/reader/html_tree.h"
#include "services/registry/reader/limits.h"

namespace minsheng::registry {
namespace {

bool IsGroup(GumboTag tag) {
  return tag == GUMBO_TAG_THEAD || tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_TFOOT;
}

bool IsCell(const GumboNode* node) {
  const GumboTag tag = TagOf(node);
  return (tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH) && !IsHiddenElement(node);
}

// All rows of a table, the hidden ones too.
std::vector<HtmlRow> AllRowsOf(const GumboNode* table) {
  std::vector<HtmlRow> rows;
  const GumboVector& children = ChildrenOf(table);
  for (unsigned i = 0; i < children.length; ++i) {
    const GumboNode* child = ChildAt(children, i);
    if (TagOf(child) == GUMBO_TAG_TR) rows.push_back({child, static_cast<int>(i)});
    if (!IsGroup(TagOf(child))) continue;
    const GumboVector& inner = ChildrenOf(child);
    for (unsigned j = 0; j < inner.length; ++j) {
      if (TagOf(ChildAt(inner, j)) != GUMBO_TAG_TR) continue;
      rows.push_back({ChildAt(inner, j), static_cast<int>(i)});
    }
  }
  return rows;
}

bool IsHiddenRow(const GumboNode* row) {
  return IsHiddenElement(row) || IsHiddenElement(row->parent);
}

bool HasCells(const GumboNode* row) {
  const GumboVector& cells = ChildrenOf(row);
  for (unsigned i = 0; i < cells.length; ++i) {
    if (IsCell(ChildAt(cells, i))) return true;
  }
  return false;
}

std::size_t WordsBelow(const GumboNode* table) {
  std::size_t bytes = 0;
  std::vector<const GumboNode*> nodes = {table};
  while (!nodes.empty()) {
    const GumboNode* at = nodes.back();
    nodes.pop_back();
    if (IsText(at)) bytes += Trim(at->v.text.text).size();
    if (IsNeverShown(TagOf(at))) continue;
    const GumboVector& children = ChildrenOf(at);
    for (unsigned i = 0; i < children.length; ++i) nodes.push_back(ChildAt(children, i));
  }
  return bytes;
}

absl::Status TooWide(int row) {
  return Refuse("TOO_LARGE", absl::StrCat("第", row, "行超过", kMaxTableColumns,
                                          "列，不像一份清单。请只保留清单本身"));
}

// The columns that cells above reach into, from `first` up to the key, down to before row `until`.
class Reach {
 public:
  // The first free column from `column` on in `row`.
  std::int64_t FreeFrom(std::int64_t column, int row) const {
    for (auto at = spans_.upper_bound(column); at != spans_.end(); ++at) {
      if (at->second.first > column) break;
      if (at->second.until > row) column = at->first;
    }
    return column;
  }

  // How many columns are free from a free `column` on, at most `wanted`.
  std::int64_t Fit(std::int64_t column, std::int64_t wanted, int row) const {
    for (auto at = spans_.upper_bound(column); at != spans_.end(); ++at) {
      if (at->second.first >= column + wanted) break;
      if (at->second.until > row) return std::max<std::int64_t>(at->second.first - column, 1);
    }
    return wanted;
  }

  void Add(std::int64_t first, std::int64_t end, int until) {
    spans_.erase(spans_.upper_bound(first), spans_.lower_bound(end));
    spans_[end] = {first, until};
  }

  std::size_t size() const { return spans_.size(); }

  void Forget(int row) {
    for (auto at = spans_.begin(); at != spans_.end();) {
      at = at->second.until <= row ? spans_.erase(at) : std::next(at);
    }
  }

 private:
  struct Span {
    std::int64_t first = 0;
    int until = 0;
  };
  std::map<std::int64_t, Span> spans_;
};

class Placer {
 public:
  Placer(const std::vector<HtmlRow>& rows, int first_row) : rows_(rows), first_row_(first_row) {}

  absl::StatusOr<std::vector<HtmlCell>> Place() {
    std::size_t group_end = 0;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      if (row == group_end) group_end = EndOfGroup(row);
      reach_.Forget(static_cast<int>(row));
      absl::Status status = PlaceRow(static_cast<int>(row), static_cast<int>(group_end));
      if (!status.ok()) return status;
    }
    return std::move(placed_);
  }

 private:
  std::size_t EndOfGroup(std::size_t row) const {
    const int group = rows_[row].group;
    while (row < rows_.size() && rows_[row].group == group) ++row;
    return row;
  }

  absl::Status PlaceRow(int row, int group_end) {
    std::int64_t column = 0;
    const std::vector<const GumboNode*> cells = HtmlCellsOf(rows_[row].node);
    if (cells.size() + reach_.size() > 2 * kMaxTableColumns) return TooWide(first_row_ + row);
    for (const GumboNode* node : cells) {
      const std::int64_t columns = std::max<std::int64_t>(HtmlNumber(node, "colspan", 1), 1);
      const std::int64_t down = HtmlNumber(node, "rowspan", 1);
      for (const std::int64_t span : {columns, down}) {
        if (absl::Status status = CheckSpan(span, first_row_ + row); !status.ok()) return status;
      }
      column = reach_.FreeFrom(column, row);
      HtmlCell cell{node, row, column, reach_.Fit(column, columns, row), 1};
      const std::int64_t left = group_end - row;
      cell.rows = static_cast<int>(down == 0 ? left : std::min(down, left));
      column += cell.columns;
      if (cell.rows > 1) reach_.Add(cell.column, column, row + cell.rows);
      placed_.push_back(cell);
    }
    return absl::OkStatus();
  }

  const std::vector<HtmlRow>& rows_;
  int first_row_;
  Reach reach_;
  std::vector<HtmlCell> placed_;
};

bool IsFilled(const GumboNode* cell) {
  std::vector<const GumboNode*> nodes = {cell};
  while (!nodes.empty()) {
    const GumboNode* at = nodes.back();
    nodes.pop_back();
    if (TagOf(at) == GUMBO_TAG_TABLE) return true;
    if (IsText(at) && !IsBlank(at->v.text.text)) return true;
    if (IsNeverShown(TagOf(at)) || IsHiddenElement(at)) continue;
    const GumboVector& children = ChildrenOf(at);
    for (unsigned i = 0; i < children.length; ++i) nodes.push_back(ChildAt(children, i));
  }
  return false;
}

TableShape ShapeOf(const GumboNode* table) {
  TableShape shape;
  shape.words = WordsBelow(table);
  for (const HtmlRow& row : HtmlRowsOf(table)) {
    const std::vector<const GumboNode*> cells = HtmlCellsOf(row.node);
    const auto filled = std::count_if(cells.begin(), cells.end(), IsFilled);
    ++shape.rows;
    shape.columns = std::max(shape.columns, static_cast<int>(cells.size()));
    shape.filled_in_row = std::max(shape.filled_in_row, static_cast<int>(filled));
  }
  return shape;
}

}  // namespace

std::vector<HtmlRow> HtmlRowsOf(const GumboNode* table) {
  std::vector<HtmlRow> rows = AllRowsOf(table);
  rows.erase(std::remove_if(
                 rows.begin(), rows.end(),
                 [](const HtmlRow& row) { return IsHiddenRow(row.node) || !HasCells(row.node); }),
             rows.end());
  return rows;
}

std::vector<const GumboNode*> HiddenRowsOf(const GumboNode* table) {
  std::vector<const GumboNode*> hidden;
  for (const HtmlRow& row : AllRowsOf(table)) {
    if (IsHiddenRow(row.node) && HasCells(row.node)) hidden.push_back(row.node);
  }
  return hidden;
}

std::vector<const GumboNode*> HtmlCellsOf(const GumboNode* row) {
  std::vector<const GumboNode*> cells;
  const GumboVector& children = ChildrenOf(row);
  for (unsigned i = 0; i < children.length; ++i) {
    if (IsCell(ChildAt(children, i))) cells.push_back(ChildAt(children, i));
  }
  return cells;
}

absl::StatusOr<std::vector<HtmlCell>> PlaceCells(const std::vector<HtmlRow>& rows, int first_row) {
  return Placer(rows, first_row).Place();
}

bool IsHtmlFrame(const GumboNode* table) {
  TableShape biggest;
  std::vector<const GumboNode*> nodes = {table};
  while (!nodes.empty()) {
    const GumboNode* at = nodes.back();
    nodes.pop_back();
    if (at != table && TagOf(at) == GUMBO_TAG_TABLE) {
      const TableShape shape = ShapeOf(at);
      if (shape.words >= biggest.words) biggest = shape;
    }
    const GumboVector& children = ChildrenOf(at);
    for (unsigned i = children.length; i > 0; --i) nodes.push_back(ChildAt(children, i - 1));
  }
  return biggest.rows > 0 && IsLayoutFrame(ShapeOf(table), biggest);
}

}  // namespace minsheng::registry
