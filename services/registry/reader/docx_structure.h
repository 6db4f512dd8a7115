// How a Word document nests: the rows of a table, the cells of a row, the blocks of a cell, through
// content controls and tracked changes. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_DOCX_STRUCTURE_H_
#define MINSHENG_SERVICES_REGISTRY_READER_DOCX_STRUCTURE_H_

#include <initializer_list>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "pugixml.hpp"

#include "services/registry/reader/grid_builder.h"

namespace minsheng::registry {

// The `names` elements directly in `parent` or in what wraps them there, in order. Deleted and
// moved content is in the list as its w:del or w:moveFrom.
std::vector<pugi::xml_node> Unwrapped(const pugi::xml_node& parent,
                                      std::initializer_list<absl::string_view> names);

std::vector<pugi::xml_node> RowsOf(const pugi::xml_node& table);
std::vector<pugi::xml_node> CellsOf(const pugi::xml_node& row);
std::vector<pugi::xml_node> BlocksOf(const pugi::xml_node& parent);

// The row is deleted by a tracked change.
bool IsDeletedRow(const pugi::xml_node& row);
bool IsHiddenRow(const pugi::xml_node& row);

// TOO_LARGE for tables nested above kMaxTableNesting.
absl::Status CheckTableNesting(const pugi::xml_node& body);

TableShape ShapeOf(const pugi::xml_node& table);
// The table is only a frame that places another one.
bool IsFrame(const pugi::xml_node& table);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_DOCX_STRUCTURE_H_
