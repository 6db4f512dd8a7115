#include "services/registry/domain/layout_dense.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "services/registry/domain/labels.h"
#include "services/registry/domain/layout_aside.h"
#include "services/registry/domain/layout_lines.h"
#include "services/registry/domain/money.h"
#include "services/registry/domain/numbering.h"
#include "services/registry/domain/rows.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kFewestColumns = 3;
constexpr std::size_t kMostColumns = 20;
constexpr std::size_t kLabelBytes = 90;
constexpr int kMostBlanks = 20;

struct Labels {
  std::size_t first = 0;
  std::size_t count = 0;
};

bool IsNumberLabel(const Line& line) {
  return line.words.size() <= kLabelBytes && KnownMeaningOf(line.words).role == Role::kNo;
}

bool BeginsRows(absl::string_view words) {
  return ParseItemNo(words) || HasHeadingNumber(words) || IsTotalLabel(words);
}

// From the label of the numbers to the line before the first number.
std::optional<Labels> FindLabels(absl::Span<const Line> lines) {
  const auto first = std::find_if(lines.begin(), lines.end(), IsNumberLabel);
  if (first == lines.end()) return std::nullopt;
  std::size_t known = 0;
  std::size_t count = 0;
  for (auto line = first; line != lines.end() && count <= kMostColumns; ++line, ++count) {
    if (line->words.size() > kLabelBytes) return std::nullopt;
    if (BeginsRows(line->words)) break;
    known += IsKnownLabel(line->words) ? 1 : 0;
  }
  if (count < kFewestColumns || count > kMostColumns || known * 2 < count) return std::nullopt;
  return Labels{static_cast<std::size_t>(first - lines.begin()), count};
}

// The cells below the labels, with a blank one for each blank line if wanted.
std::vector<Line> CellsOf(absl::Span<const Line> lines, int row, bool blanks) {
  std::vector<Line> cells;
  for (const Line& line : lines) {
    const int gap = std::min(line.row - row - 1, kMostBlanks);
    for (int i = 0; blanks && i < gap; ++i) cells.push_back({row + 1 + i, ""});
    cells.push_back(line);
    row = line.row;
  }
  return cells;
}

// Rows as the running numbers part them. Not thread-safe; one use.
class RowCutter {
 public:
  RowCutter(absl::Span<const Line> cells, std::vector<std::string> header)
      : cells_(cells), header_(std::move(header)), width_(header_.size()) {}

  bool Cut() {
    while (at_ < cells_.size()) {
      if (!TakeRow() && !TakeHeading() && !TakeTotal()) return TakeRest();
    }
    return last_ > 0;
  }

  const std::vector<std::pair<int, std::vector<std::string>>>& rows() const { return rows_; }
  absl::Span<const Line> rest() const { return cells_.subspan(rest_); }

 private:
  bool TakeRow() {
    const auto no = ParseItemNo(cells_[at_].words);
    const bool follows = no && (*no == last_ + 1 || (*no == 1 && last_ > 0 && headed_));
    if (!follows || at_ + width_ > cells_.size()) return false;
    std::vector<std::string> row;
    for (std::size_t i = 0; i < width_; ++i) {
      if (!Fits(i, cells_[at_ + i].words)) return false;
      row.push_back(cells_[at_ + i].words);
    }
    rows_.emplace_back(cells_[at_].row, std::move(row));
    at_ += width_;
    last_ = *no;
    headed_ = false;
    return true;
  }

  // Amounts are figures, and no cell is one of the labels.
  bool Fits(std::size_t column, const std::string& cell) const {
    std::string figure = cell;
    TakeMoneyUnit(figure);
    const Role role = KnownMeaningOf(header_[column]).role;
    if (role == Role::kAmount) return IsAmount(figure, MoneyUnit::kWanYuan);
    const bool lone_figure = role != Role::kNo && role != Role::kKept && role != Role::kTime &&
                             role != Role::kUnknown && role != Role::kPeople && !cell.empty() &&
                             IsNumeric(cell);
    return !lone_figure;
  }

  bool TakeHeading() {
    const std::string& words = cells_[at_].words;
    const bool heading = HasHeadingNumber(words) && IsGroupTitle(words) && at_ + 1 < cells_.size();
    if (!heading) return TakeBlank();
    rows_.push_back({cells_[at_++].row, {words}});
    return headed_ = true;
  }

  bool TakeBlank() {
    if (!cells_[at_].words.empty()) return false;
    ++at_;
    return true;
  }

  // 合计 with one figure, that of the one column of amounts.
  bool TakeTotal() {
    const auto is_amount = [](const auto& label) {
      return KnownMeaningOf(label).role == Role::kAmount;
    };
    const bool one = std::count_if(header_.begin(), header_.end(), is_amount) == 1;
    const bool total = one && IsTotalLabel(cells_[at_].words) && at_ + 1 < cells_.size() &&
                       IsAmount(cells_[at_ + 1].words, MoneyUnit::kWanYuan);
    if (!total) return false;
    std::vector<std::string> row(width_);
    row[0] = cells_[at_].words;
    const auto column = std::find_if(header_.begin(), header_.end(), is_amount) - header_.begin();
    row[static_cast<std::size_t>(column)] = cells_[at_ + 1].words;
    rows_.emplace_back(cells_[at_].row, std::move(row));
    at_ += 2;
    return true;
  }

  // What follows the last row has to be notes.
  bool TakeRest() {
    rest_ = at_;
    const auto rest = cells_.subspan(at_);
    return last_ > 0 && std::all_of(rest.begin(), rest.end(), [](const Line& line) {
             return line.words.empty() || IsBesideList(line.words) || IsPageNoise(line.words);
           });
  }

  absl::Span<const Line> cells_;
  std::vector<std::string> header_;
  std::size_t width_;
  std::size_t at_ = 0;
  std::size_t rest_ = cells_.size();
  int last_ = 0;
  bool headed_ = true;
  std::vector<std::pair<int, std::vector<std::string>>> rows_;
};

std::optional<Tabulated> Cut(absl::Span<const Line> lines, const Labels& labels, bool blanks,
                             const std::string& name) {
  std::vector<std::string> header;
  for (const Line& line : lines.subspan(labels.first, labels.count)) header.push_back(line.words);
  const std::size_t begin = labels.first + labels.count;
  const int row = lines[begin - 1].row;
  const std::vector<Line> cells = CellsOf(lines.subspan(begin), row, blanks);
  RowCutter cutter(cells, header);
  if (!cutter.Cut()) return std::nullopt;
  TableMaker table(std::move(header));
  for (const Line& line : lines.first(labels.first)) table.Caption(line);
  for (const auto& [at, words] : cutter.rows()) table.Row(at, words);
  for (const Line& line : cutter.rest()) {
    if (!line.words.empty()) table.Aside(line);
  }
  return table.Take(
      name, absl::StrCat("表格的各格每格一行，没有分行的标志；按", labels.count, "个列名和序号分成",
                         cutter.rows().size(), "行", blanks ? "，空行作为空格" : "", "，请核对"));
}

}  // namespace

std::optional<Tabulated> TabulateDense(const Grid& grid) {
  const std::vector<Line> lines = LinesOf(grid);
  const bool parted =
      std::any_of(lines.begin(), lines.end(), [](const Line& line) { return line.table(); });
  if (parted || lines.size() > kListLinesMax) return std::nullopt;
  const auto labels = FindLabels(lines);
  if (!labels || labels->first + labels->count >= lines.size()) return std::nullopt;
  if (auto made = Cut(lines, *labels, false, grid.name)) return made;
  return Cut(lines, *labels, true, grid.name);
}

}  // namespace minsheng::registry
