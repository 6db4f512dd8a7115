#include "services/registry/reader/check.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

std::string Place(const Grid& grid, const GridRow& row) {
  if (grid.name.empty()) return absl::StrCat("第", row.row, "行");
  return absl::StrCat("工作表“", grid.name, "”第", row.row, "行");
}

absl::Status CheckRow(const Grid& grid, const GridRow& row) {
  for (const auto& cell : row.cells) {
    if (cell.size() > kMaxCellBytes) {
      return Refuse("TOO_LARGE", absl::StrCat(Place(grid, row), "有一格超过", kMaxCellBytes / 1024,
                                              " KiB，不像清单中的内容。请只保留清单本身"));
    }
    if (!IsValidUtf8(cell)) {
      return Refuse("BAD_DOCUMENT",
                    absl::StrCat(Place(grid, row), "有不是文字的字节，文件可能已损坏。",
                                 "请在原软件中打开并重新保存后再导入"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckGrid(const Grid& grid) {
  for (const auto& row : grid.rows) {
    if (absl::Status status = CheckRow(grid, row); !status.ok()) return status;
  }
  return absl::OkStatus();
}

void MakeValid(std::string& words) {
  const std::size_t invalid = FirstInvalidUtf8(words);
  if (invalid != absl::string_view::npos) words.resize(invalid);
}

}  // namespace

absl::StatusOr<Document> CheckDocument(Document document) {
  for (const auto& grid : document.grids) {
    if (absl::Status status = CheckGrid(grid); !status.ok()) return status;
  }
  for (auto& note : document.notes) {
    MakeValid(note.words);
    MakeValid(note.message);
  }
  if (std::all_of(document.grids.begin(), document.grids.end(),
                  [](const Grid& grid) { return grid.rows.empty(); })) {
    return Refuse("NO_TABLE",
                  "文件里没有表格，也没有文字（图片中的文字不能读取）。"
                  "请选择含有清单表格的文件");
  }
  return document;
}

}  // namespace minsheng::registry
