#include "services/registry/reader/docx_structure.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"
#include "services/registry/reader/docx_text.h"
#include "services/registry/reader/limits.h"
#include "services/registry/reader/xml.h"

namespace minsheng::registry {
namespace {

using Names = std::initializer_list<absl::string_view>;

bool Holds(Names names, absl::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void Unwrap(const pugi::xml_node& parent, Names names, std::vector<pugi::xml_node>& found) {
  for (const pugi::xml_node& child : parent) {
    const absl::string_view name = LocalName(child);
    if (Holds(names, name) || name == "del" || name == "moveFrom") {
      found.push_back(child);
    } else if (name == "sdt") {
      Unwrap(Child(child, "sdtContent"), names, found);
    } else if (name == "AlternateContent") {
      Unwrap(ChosenContent(child), names, found);
    } else if (Holds({"ins", "moveTo", "customXml", "smartTag"}, name)) {
      Unwrap(child, names, found);
    }
  }
}

std::vector<pugi::xml_node> Only(const pugi::xml_node& parent, absl::string_view name) {
  std::vector<pugi::xml_node> nodes = Unwrapped(parent, {name});
  nodes.erase(std::remove_if(nodes.begin(), nodes.end(),
                             [name](const auto& node) { return LocalName(node) != name; }),
              nodes.end());
  return nodes;
}

std::size_t WordsBelow(const pugi::xml_node& node) {
  std::size_t bytes = 0;
  for (pugi::xml_node at = NextNode(node, node); at; at = NextNode(at, node)) {
    if (LocalName(at) == "t") bytes += Trim(TextOf(at)).size();
  }
  return bytes;
}

bool IsFilled(const pugi::xml_node& cell) {
  for (pugi::xml_node at = NextNode(cell, cell); at; at = NextNode(at, cell)) {
    const absl::string_view name = LocalName(at);
    if (name == "tbl" || name == "numPr" || (name == "t" && !IsBlank(TextOf(at)))) return true;
  }
  return false;
}

}  // namespace

std::vector<pugi::xml_node> Unwrapped(const pugi::xml_node& parent, Names names) {
  std::vector<pugi::xml_node> found;
  Unwrap(parent, names, found);
  return found;
}

std::vector<pugi::xml_node> RowsOf(const pugi::xml_node& table) { return Only(table, "tr"); }

std::vector<pugi::xml_node> CellsOf(const pugi::xml_node& row) { return Only(row, "tc"); }

std::vector<pugi::xml_node> BlocksOf(const pugi::xml_node& parent) {
  return Unwrapped(parent, {"p", "tbl", "altChunk"});
}

bool IsDeletedRow(const pugi::xml_node& row) {
  const pugi::xml_node properties = Child(row, "trPr");
  return Child(properties, "del") || Child(properties, "moveFrom");
}

bool IsHiddenRow(const pugi::xml_node& row) { return IsOn(Child(Child(row, "trPr"), "hidden")); }

absl::Status CheckTableNesting(const pugi::xml_node& body) {
  std::vector<std::pair<pugi::xml_node, int>> nodes = {{body, 0}};
  while (!nodes.empty()) {
    const auto [node, outer] = nodes.back();
    nodes.pop_back();
    const int tables = outer + (LocalName(node) == "tbl" ? 1 : 0);
    if (tables > kMaxTableNesting) {
      return Refuse("TOO_LARGE", absl::StrCat("文档中的表格嵌套超过", kMaxTableNesting,
                                              "层。请把清单表格单独复制到新文档后再导入"));
    }
    for (const pugi::xml_node& child : node) nodes.emplace_back(child, tables);
  }
  return absl::OkStatus();
}

TableShape ShapeOf(const pugi::xml_node& table) {
  TableShape shape;
  shape.words = WordsBelow(table);
  for (const pugi::xml_node& row : RowsOf(table)) {
    const std::vector<pugi::xml_node> cells = CellsOf(row);
    const auto filled = std::count_if(cells.begin(), cells.end(), IsFilled);
    ++shape.rows;
    shape.columns = std::max(shape.columns, static_cast<int>(cells.size()));
    shape.filled_in_row = std::max(shape.filled_in_row, static_cast<int>(filled));
  }
  return shape;
}

bool IsFrame(const pugi::xml_node& table) {
  TableShape biggest;
  for (pugi::xml_node at = NextNode(table, table); at; at = NextNode(at, table)) {
    if (LocalName(at) != "tbl") continue;
    const TableShape shape = ShapeOf(at);
    if (shape.words >= biggest.words) biggest = shape;
  }
  return biggest.rows > 0 && IsLayoutFrame(ShapeOf(table), biggest);
}

}  // namespace minsheng::registry
