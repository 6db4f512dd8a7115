// A table for a terminal: columns aligned by display width, cells coloured when wanted.
#ifndef MINSHENG_TOOLS_CLI_TABLE_H_
#define MINSHENG_TOOLS_CLI_TABLE_H_

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "tools/cli/text.h"

namespace minsheng::cli {

enum class Colour { kNone, kBold, kRed, kGreen, kYellow, kBlue, kCyan, kGray };

// The text between the colour's escape sequences; as it is when not `on`.
std::string Coloured(absl::string_view text, Colour colour, bool on);

struct Cell {
  Cell(std::string words, Colour c = Colour::kNone) : text(std::move(words)), colour(c) {}
  Cell(const char* words) : text(words) {}
  Cell(int64_t number) : text(std::to_string(number)) {}

  std::string text;
  Colour colour = Colour::kNone;
};

struct Column {
  std::string title;
  Align align = Align::kLeft;
  int width_max = 0;  // longer cells are elided; 0: as wide as needed
  Colour colour = Colour::kNone;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns, or fewer.
  void Add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }
  // Two blanks between columns, none at a line's end.
  void Print(std::ostream& out, bool colour) const;

 private:
  std::vector<int> Widths() const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_TABLE_H_
