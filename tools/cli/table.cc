#include "tools/cli/table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace minsheng::cli {
namespace {

const char* Escape(Colour colour) {
  switch (colour) {
    case Colour::kNone:
      return "";
    case Colour::kBold:
      return "\x1b[1m";
    case Colour::kRed:
      return "\x1b[31m";
    case Colour::kGreen:
      return "\x1b[32m";
    case Colour::kYellow:
      return "\x1b[33m";
    case Colour::kBlue:
      return "\x1b[34m";
    case Colour::kCyan:
      return "\x1b[36m";
    case Colour::kGray:
      return "\x1b[90m";
  }
  return "";
}

// Coloured without its padding; the last cell of a line is not padded on the right.
std::string Rendered(const Cell& cell, const Column& column, int width, bool last, bool colour) {
  const std::string blanks(static_cast<size_t>(std::max(0, width - DisplayWidth(cell.text))), ' ');
  const std::string text = Coloured(cell.text, cell.colour, colour);
  if (column.align == Align::kRight) return absl::StrCat(blanks, text);
  return last ? text : absl::StrCat(text, blanks);
}

}  // namespace

std::string Coloured(absl::string_view text, Colour colour, bool on) {
  if (!on || colour == Colour::kNone || text.empty()) return std::string(text);
  return absl::StrCat(Escape(colour), text, "\x1b[0m");
}

void Table::Add(std::vector<Cell> row) {
  for (size_t i = 0; i < row.size(); ++i) {
    row[i].text = OneLine(row[i].text);
    if (columns_[i].width_max > 0) row[i].text = Elide(row[i].text, columns_[i].width_max);
  }
  rows_.push_back(std::move(row));
}

std::vector<int> Table::Widths() const {
  std::vector<int> widths;
  for (const Column& column : columns_) widths.push_back(DisplayWidth(column.title));
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row[i].text));
    }
  }
  return widths;
}

void Table::Print(std::ostream& out, bool colour) const {
  const std::vector<int> widths = Widths();
  const auto print = [&](const std::vector<Cell>& row) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      absl::StrAppend(&line, i == 0 ? "" : "  ",
                      Rendered(row[i], columns_[i], widths[i], i + 1 == row.size(), colour));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  };
  std::vector<Cell> titles;
  for (const Column& column : columns_) {
    titles.emplace_back(column.title,
                        column.colour == Colour::kNone ? Colour::kBold : column.colour);
  }
  print(titles);
  for (const auto& row : rows_) print(row);
}

}  // namespace minsheng::cli
