#include "services/registry/domain/merged.h"

namespace minsheng::registry {

void MergedColumns::Next(const GridRow& row) {
  columns_.resize(row.cells.size());
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    Cell& cell = columns_[i];
    const bool told = i < row.formats.size();
    cell.covers = told && row.formats[i].covered && cell.rows_left > 0;
    if (cell.covers) {
      --cell.rows_left;
    } else {
      const int rows = told && !row.formats[i].covered ? row.formats[i].rows : 1;
      cell = {rows > 1 ? row.cells[i] : "", rows - 1, false};
    }
  }
}

const std::string& MergedColumns::WordsOver(std::size_t column) const {
  static const std::string none;
  return column < columns_.size() && columns_[column].covers ? columns_[column].words : none;
}

std::vector<std::string> MergedColumns::Covering() const {
  std::vector<std::string> words;
  bool any = false;
  for (const Cell& cell : columns_) {
    words.push_back(cell.covers ? cell.words : "");
    any = any || !words.back().empty();
  }
  return any ? words : std::vector<std::string>();
}

}  // namespace minsheng::registry
