#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/registry/domain/grid.h"
#include "services/registry/domain/notice.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr int kFewestCellLines = 3;

// A cell line has its only tab at its start.
bool IsCellLine(absl::string_view line) {
  return absl::StartsWith(line, "\t") && !absl::StrContains(line.substr(1), "\t");
}

class TextReader {
 public:
  void Read(absl::string_view line) {
    ++line_;
    if (IsCellLine(line)) {
      AddCell(line);
    } else if (IsBlank(line)) {
      EndRow();
    } else if (!row_.cells.empty()) {
      std::string& cell = row_.cells.back();
      absl::StrAppend(&cell, cell.empty() ? "" : "\n", Trim(line));
    } else {
      grid_.rows.push_back({line_, {std::string(Trim(line))}, true});
    }
  }

  Grid Take() {
    EndRow();
    grid_.form = GridForm::kText;
    return std::move(grid_);
  }

 private:
  void AddCell(absl::string_view line) {
    if (row_.cells.empty()) row_.row = line_;
    row_.cells.emplace_back(Trim(line));
  }

  void EndRow() {
    if (!row_.cells.empty()) grid_.rows.push_back(std::exchange(row_, GridRow{}));
  }

  Grid grid_;
  GridRow row_;
  int line_ = 0;
};

}  // namespace

bool LooksLikeTextForm(absl::string_view text) {
  int cell_lines = 0;
  int tabbed_lines = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (IsCellLine(line)) {
      ++cell_lines;
    } else if (absl::StrContains(line, "\t")) {
      ++tabbed_lines;
    }
  }
  return cell_lines >= kFewestCellLines && cell_lines > tabbed_lines;
}

absl::StatusOr<Grid> ReadTextGrid(absl::string_view text) {
  TextReader reader;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) reader.Read(line);
  Grid grid = reader.Take();
  if (grid.rows.size() > kMaxNoticeRows) {
    return Refuse("TOO_MANY_ROWS",
                  absl::StrCat("表格超过", kMaxNoticeRows, "行，请只保留清单本身"));
  }
  return grid;
}

}  // namespace minsheng::registry
