// What a workbook's cell styles say: how numbers are shown, and bold. Thread-safe once parsed.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_XLSX_STYLES_H_
#define MINSHENG_SERVICES_REGISTRY_READER_XLSX_STYLES_H_

#include <cstdint>
#include <vector>

#include "pugixml.hpp"

#include "services/registry/reader/number_format.h"

namespace minsheng::registry {

struct CellStyle {
  bool bold = false;
  NumberFormat format;
};

class XlsxStyles {
 public:
  // `root` is styleSheet; null when the workbook has none.
  explicit XlsxStyles(const pugi::xml_node& root);

  // Of a cell's s attribute. Unknown ones are the default style.
  const CellStyle& Of(std::int64_t index) const;

 private:
  std::vector<CellStyle> styles_;
  CellStyle default_;
};

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_XLSX_STYLES_H_
