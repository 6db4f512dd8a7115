#include "services/registry/domain/grid.h"

#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

// A last line of spaces only is no row that could be cut.
bool EndsWithNewline(absl::string_view lines) {
  const std::size_t newline = lines.rfind('\n');
  if (newline == absl::string_view::npos) return false;
  const absl::string_view last = lines.substr(newline + 1);
  return IsBlank(last) && !absl::StrContains(last, "\t");
}

absl::Status CheckCellSizes(const Grid& grid) {
  for (const auto& row : grid.rows) {
    for (const auto& cell : row.cells) {
      if (cell.size() <= kMaxCellBytes) continue;
      return Refuse("TOO_LARGE", absl::StrCat("第", row.row, "行有一格超过", kMaxCellBytes / 1024,
                                              " KiB，不像清单中的内容。请检查引号和分隔符"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Grid> ReadGrid(absl::string_view text) {
  std::string replaced;
  if (absl::StrContains(text, "\r")) {
    replaced = absl::StrReplaceAll(text, {{"\r\n", "\n"}, {"\r", "\n"}});
  }
  const absl::string_view lines = replaced.empty() ? text : absl::string_view(replaced);
  absl::StatusOr<Grid> grid =
      LooksLikeTextForm(lines) ? ReadTextGrid(lines) : ReadCsvGrid(lines, DetectDelimiter(lines));
  if (!grid.ok()) return grid;
  if (absl::Status sizes = CheckCellSizes(*grid); !sizes.ok()) return sizes;
  grid->ends_with_newline = EndsWithNewline(lines);
  return grid;
}

}  // namespace minsheng::registry
