// What the layouts share: a document as lines, and the one table that they are brought into.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_LINES_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_LINES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/registry/domain/grid.h"
#include "services/registry/domain/layouts.h"

namespace minsheng::registry {

inline constexpr std::size_t kListTitleChars = 60;

// Of a document that may be a list.
inline constexpr std::size_t kListLinesMax = 20'000;

// `row` is that of the grid's row. `cells` are several when the row is one of a table; `words` are
// all of them.
struct Line {
  int row = 0;
  std::string words;
  std::vector<std::string> cells = {};

  bool table() const { return cells.size() > 1; }
};

// Without blank lines. The text form and CSV part a sentence at its half-width commas: where most
// rows have one cell, the others are put together again.
std::vector<Line> LinesOf(const Grid& grid);

// The rows of the table that a grid is but for lines of one cell. Rows of one cell each that all
// have the same delimiter are parted at it.
std::vector<Line> TableLinesOf(const Grid& grid);

// Collects the made table. Not thread-safe; one use.
class TableMaker {
 public:
  explicit TableMaker(std::vector<std::string> header) : header_(std::move(header)) {}

  // Above the table. Titles come last whatever their order, for the last one is the list's.
  void Caption(const Line& line);
  // Below the table.
  void Aside(const Line& line);
  // `cells` beyond the header's width are a defect of the caller.
  void Row(int row, std::vector<std::string> cells);

  std::size_t rows() const { return rows_.size(); }

  // nullopt when the header is not one that FindHeader finds, or there are no rows.
  std::optional<Tabulated> Take(const std::string& name, std::string message);

 private:
  std::vector<std::string> header_;
  std::vector<GridRow> sentences_;
  std::vector<GridRow> titles_;
  std::vector<GridRow> rows_;
  std::vector<GridRow> asides_;
};

// A digit, half or full width, stands in the words.
bool HasFigure(absl::string_view words);

// The words end as a sentence or a clause does: 。；！？ and their half-width ones.
bool EndsClause(absl::string_view words);

// A short line that names a list: 民生实事, 项目清单, 任务分解表.
bool NamesList(absl::string_view words);

// 1 → 一, 12 → 十二, 103 → 一〇三: as ParseChineseNumber reads it.
std::string ChineseNumeral(int number);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_LINES_H_
