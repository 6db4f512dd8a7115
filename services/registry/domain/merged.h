// What cells that are merged downwards say in the rows that they cover.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_MERGED_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_MERGED_H_

#include <cstddef>
#include <string>
#include <vector>

#include "services/registry/domain/grid.h"

namespace minsheng::registry {

// Follows a table row by row. Not thread-safe.
class MergedColumns {
 public:
  // The next row, with its cells as they were read.
  void Next(const GridRow& row);

  // The words of the merged cell above that covers this row's, empty when there is none.
  const std::string& WordsOver(std::size_t column) const;
  // Those of all columns; empty when no cell of the row is covered.
  std::vector<std::string> Covering() const;

 private:
  struct Cell {
    std::string words;
    int rows_left = 0;
    bool covers = false;
  };

  std::vector<Cell> columns_;
};

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_MERGED_H_
