// The strings of a workbook, with their parts in bold. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_XLSX_STRINGS_H_
#define MINSHENG_SERVICES_REGISTRY_READER_XLSX_STRINGS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "pugixml.hpp"

#include "services/registry/domain/grid.h"

namespace minsheng::registry {

// Runs without settings of their own look as the cell does: what is bold depends on the cell.
struct CellText {
  std::string text;
  std::vector<ByteRange> bold;
  std::vector<ByteRange> bold_in_bold_cell;
};

// An si or is element. Phonetic guides are left out.
CellText ReadCellText(const pugi::xml_node& node);

// The si of an sst, in order.
std::vector<CellText> ReadSharedStrings(const pugi::xml_node& root);

// _x000D_ and the like, which files write for what XML cannot hold; control characters but line
// breaks and tabs are dropped.
std::string Unescape(absl::string_view text);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_XLSX_STRINGS_H_
