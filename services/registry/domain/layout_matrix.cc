#include "services/registry/domain/layout_matrix.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "services/registry/domain/labels.h"
#include "services/registry/domain/layout_cells.h"
#include "services/registry/domain/layout_items.h"
#include "services/registry/domain/layout_lines.h"
#include "services/registry/domain/rows.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

using Cells = std::vector<std::string>;

constexpr std::size_t kFewestRows = 2;
constexpr std::size_t kMostColumns = 40;
constexpr std::size_t kToldSums = 5;
constexpr std::array<absl::string_view, 8> kWholeAreas = {"全区", "全县", "全市", "全旗",
                                                          "全镇", "全乡", "总数", "总量"};

// `head` is the column of names, the figures stand in those after it. `body` are the rows below
// the header; `above` and `below` are lines around them.
struct Matrix {
  Cells labels;
  std::vector<const Line*> body;
  std::vector<const Line*> above;
  std::vector<const Line*> below;
  const Line* header = nullptr;
  std::size_t head = 0;
};

std::size_t CountFilled(const Cells& cells) {
  return static_cast<std::size_t>(
      std::count_if(cells.begin(), cells.end(), [](const auto& cell) { return !IsBlank(cell); }));
}

bool IsFigure(absl::string_view cell) { return IsNothing(cell) || ParseMicro(cell).has_value(); }

bool IsSum(absl::string_view label) {
  const std::string key = MatchKey(label.substr(0, std::min<std::size_t>(label.size(), 120)));
  const absl::string_view word = absl::string_view(key).substr(0, key.find('('));
  return IsTotalLabel(label) || IsSubtotalLabel(label) || IsSumLabel(label) ||
         std::find(kWholeAreas.begin(), kWholeAreas.end(), word) != kWholeAreas.end();
}

bool IsBodyRow(const Cells& cells, std::size_t head) {
  return !IsBlank(cells[head]) && !IsFigure(cells[head]) && CountFilled(cells) > head + 1 &&
         std::all_of(cells.begin() + static_cast<std::ptrdiff_t>(head) + 1, cells.end(), IsFigure);
}

// The header is the first row without figures whose cells are all filled.
bool MayBeHeader(const Cells& cells) {
  return cells.size() >= 3 && cells.size() <= kMostColumns && CountFilled(cells) == cells.size() &&
         std::none_of(cells.begin(), cells.end(),
                      [](const auto& cell) { return ParseMicro(cell).has_value(); });
}

std::optional<Matrix> ReadMatrix(const std::vector<Line>& lines) {
  Matrix matrix;
  for (const Line& line : lines) {
    const bool parted = CountFilled(line.cells) > 1;
    if (matrix.labels.empty() && MayBeHeader(line.cells)) {
      matrix.labels = line.cells;
      matrix.header = &line;
      matrix.head = KnownMeaningOf(line.cells[0]).role == Role::kNo ? 1 : 0;
    } else if (matrix.labels.empty() && !parted) {
      matrix.above.push_back(&line);
    } else if (!parted) {
      matrix.below.push_back(&line);
    } else if (line.cells.size() == matrix.labels.size() && IsBodyRow(line.cells, matrix.head) &&
               matrix.below.empty()) {
      matrix.body.push_back(&line);
    } else {
      return std::nullopt;
    }
  }
  const bool enough = matrix.body.size() >= kFewestRows && matrix.labels.size() > matrix.head + 2;
  return enough ? std::optional(std::move(matrix)) : std::nullopt;
}

bool HeadsAreas(absl::string_view label) {
  const std::string key = MatchKey(label);
  return CharCount(key) <= 12 &&
         ContainsAny(key, {"镇", "乡", "街道", "区域", "地区", "单位", "区县", "县区", "片区",
                           "辖区", "园区", "社区", "村", "县(市", "部门", "属地"});
}

std::string Sums(const std::vector<std::string>& differing) {
  if (differing.empty()) return "";
  std::string words = "；合计与各地之和不符：";
  for (std::size_t i = 0; i < std::min(differing.size(), kToldSums); ++i) {
    absl::StrAppend(&words, i == 0 ? "" : "，", differing[i]);
  }
  return absl::StrCat(words, differing.size() > kToldSums ? "等" : "", "，请核对");
}

// The total and the sum of the others, when both are figures and differ.
void Compare(absl::string_view label, absl::string_view total, std::int64_t sum,
             std::vector<std::string>& differing) {
  const auto declared = ParseMicro(total);
  if (!declared || *declared == sum) return;
  differing.push_back(
      absl::StrCat(label, "合计", FormatMicro(*declared), "而各地之和为", FormatMicro(sum)));
}

class AreaReader {
 public:
  explicit AreaReader(const Matrix& matrix) : matrix_(matrix) {}

  bool Read() {
    for (std::size_t i = matrix_.head + 1; i < matrix_.labels.size(); ++i) {
      auto indicator = TakeIndicator(matrix_.labels[i]);
      if (!indicator && !IsSum(matrix_.labels[i])) return false;
      indicators_.push_back(indicator.value_or(Indicator{}));
    }
    for (const Line* line : matrix_.body) {
      if (IsSum(line->cells[matrix_.head])) {
        totals_.push_back(line);
      } else {
        areas_.push_back(line);
      }
    }
    return !areas_.empty() && totals_.size() <= 1;
  }

  std::optional<Tabulated> Take(const std::string& name) {
    ItemTable items;
    int no = 0;
    for (const Line* line : areas_) items.Add(ItemOf(*line, ++no));
    TableMaker table = items.Take();
    for (const Line* line : matrix_.above) table.Caption(*line);
    table.Aside(*matrix_.header);
    for (const Line* line : totals_) table.Aside(*line);
    for (const Line* line : matrix_.below) table.Aside(*line);
    return table.Take(
        name,
        absl::StrCat("文件是各地与指标的对照表：每个“", matrix_.labels[matrix_.head],
                     "”作为一项，由其自身牵头，各列指标作为其目标，共", no, "项；序号为系统所编",
                     totals_.empty() ? "" : "；合计行只用于核对，未作为目标", CompareTotals()));
  }

 private:
  ListItem ItemOf(const Line& line, int no) const {
    ListItem item{.row = line.row};
    item.no = absl::StrCat(no);
    item.name = item.leads = line.cells[matrix_.head];
    for (std::size_t i = 0; i < indicators_.size(); ++i) {
      const std::string& cell = line.cells[matrix_.head + 1 + i];
      if (IsNothing(cell)) continue;
      if (indicators_[i].label.empty()) {
        item.Keep(matrix_.labels[matrix_.head + 1 + i], cell);
        continue;
      }
      absl::StrAppend(&item.content, item.content.empty() ? "" : "，", indicators_[i].label, cell,
                      indicators_[i].unit);
    }
    return item;
  }

  std::string CompareTotals() const {
    std::vector<std::string> differing;
    for (const Line* total : totals_) {
      for (std::size_t i = matrix_.head + 1; i < total->cells.size(); ++i) {
        std::int64_t sum = 0;
        for (const Line* area : areas_) sum += ParseMicro(area->cells[i]).value_or(0);
        Compare(absl::StrCat("“", matrix_.labels[i], "”"), total->cells[i], sum, differing);
      }
    }
    return Sums(differing);
  }

  const Matrix& matrix_;
  std::vector<Indicator> indicators_;
  std::vector<const Line*> areas_;
  std::vector<const Line*> totals_;
};

class IndicatorReader {
 public:
  explicit IndicatorReader(const Matrix& matrix) : matrix_(matrix) {}

  bool Read() {
    const auto first = matrix_.labels.begin() + static_cast<std::ptrdiff_t>(matrix_.head) + 1;
    const auto total = std::find_if(first, matrix_.labels.end(), IsSum);
    if (total == matrix_.labels.end()) return false;
    total_ = static_cast<std::size_t>(total - matrix_.labels.begin());
    std::set<std::string> labels(matrix_.labels.begin(), matrix_.labels.end());
    if (labels.size() < matrix_.labels.size()) return false;
    return std::all_of(matrix_.body.begin(), matrix_.body.end(), [&](const Line* line) {
      return TakeIndicator(line->cells[matrix_.head]) && ParseMicro(line->cells[total_]);
    });
  }

  std::optional<Tabulated> Take(const std::string& name) {
    ItemTable items;
    int no = 0;
    std::vector<std::string> differing;
    for (const Line* line : matrix_.body) items.Add(ItemOf(*line, ++no, differing));
    TableMaker table = items.Take();
    for (const Line* line : matrix_.above) table.Caption(*line);
    table.Aside(*matrix_.header);
    for (const Line* line : matrix_.below) table.Aside(*line);
    return table.Take(name,
                      absl::StrCat("文件是指标与各地的对照表：每个指标作为一项，以“",
                                   matrix_.labels[total_], "”一列为目标，共", no,
                                   "项；序号为系统所编；各地的数额按附加信息保留，没有分解为任务",
                                   Sums(differing)));
  }

 private:
  ListItem ItemOf(const Line& line, int no, std::vector<std::string>& differing) const {
    ListItem item{.row = line.row};
    const auto indicator = TakeIndicator(line.cells[matrix_.head]);
    item.no = absl::StrCat(no);
    item.name = line.cells[matrix_.head];
    item.content = absl::StrCat(indicator->label, line.cells[total_], indicator->unit);
    std::int64_t sum = 0;
    for (std::size_t i = matrix_.head + 1; i < line.cells.size(); ++i) {
      if (i == total_) continue;
      sum += ParseMicro(line.cells[i]).value_or(0);
      if (!IsNothing(line.cells[i])) item.Keep(matrix_.labels[i], line.cells[i]);
    }
    Compare(absl::StrCat("“", indicator->label, "”"), line.cells[total_], sum, differing);
    return item;
  }

  const Matrix& matrix_;
  std::size_t total_ = 0;
};

bool AreAreas(const Matrix& matrix) {
  if (HeadsAreas(matrix.labels[matrix.head])) return true;
  return std::all_of(matrix.body.begin(), matrix.body.end(), [&](const Line* line) {
    return IsSum(line->cells[matrix.head]) || IsArea(line->cells[matrix.head]);
  });
}

}  // namespace

std::optional<Tabulated> TabulateMatrix(const Grid& grid) {
  const std::vector<Line> lines = TableLinesOf(grid);
  const auto matrix = ReadMatrix(lines);
  if (!matrix) return std::nullopt;
  if (AreAreas(*matrix)) {
    AreaReader reader(*matrix);
    if (reader.Read()) return reader.Take(grid.name);
  }
  IndicatorReader reader(*matrix);
  return reader.Read() ? reader.Take(grid.name) : std::nullopt;
}

}  // namespace minsheng::registry
