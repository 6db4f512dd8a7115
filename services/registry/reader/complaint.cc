#include <map>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/notice.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"
#include "services/registry/reader/package_testing.h"

namespace minsheng::registry {
namespace {

std::string ComplaintOfFormat(const GridRow& row, std::size_t column) {
  const CellFormat& format = row.formats[column];
  const std::string& cell = row.cells[column];
  if (format.covered && !cell.empty()) return "covered words";
  if (format.columns < 1 || format.rows < 1) return "empty span";
  if (column + format.columns > row.cells.size()) return "span beyond the row";
  std::size_t end = 0;
  for (const ByteRange& range : format.bold) {
    if (range.begin < end || range.end <= range.begin || range.end > cell.size()) return "bold";
    if (!IsValidUtf8(cell.substr(range.begin, range.end - range.begin))) return "bold cuts";
    end = range.end + 1;
  }
  return "";
}

std::string ComplaintOfRow(const GridRow& row) {
  if (row.cells.empty()) return "no cells";
  if (row.prose && (row.cells.size() != 1 || row.cells[0].empty())) return "prose";
  if (!row.formats.empty() && row.formats.size() != row.cells.size()) return "formats";
  for (std::size_t column = 0; column < row.cells.size(); ++column) {
    const std::string& cell = row.cells[column];
    if (!IsValidUtf8(cell)) return "not UTF-8";
    if (cell.size() > kMaxCellBytes) return "cell too long";
    if (Trim(cell).size() != cell.size()) return "not trimmed";
    if (row.formats.empty()) continue;
    if (std::string found = ComplaintOfFormat(row, column); !found.empty()) return found;
  }
  return "";
}

std::string ComplaintOfGrid(const Grid& grid) {
  if (!IsValidUtf8(grid.name)) return "name";
  if (grid.rows.size() > kMaxNoticeRows) return "too many rows";
  std::map<int, std::size_t> widths;
  int number = 0;
  for (const auto& row : grid.rows) {
    if (row.row <= number) return "row numbers";
    number = row.row;
    if (std::string found = ComplaintOfRow(row); !found.empty()) return found;
    if (row.prose || grid.form == GridForm::kText || grid.form == GridForm::kCsv) continue;
    const auto width = widths.emplace(row.table, row.cells.size()).first->second;
    if (width != row.cells.size()) return "widths";
  }
  return "";
}

}  // namespace

std::string Complaint(const absl::StatusOr<Document>& read) {
  if (!read.ok()) {
    const bool refusal = read.status().code() == absl::StatusCode::kInvalidArgument &&
                         !ReasonOf(read.status()).empty() &&
                         IsValidUtf8(std::string(read.status().message()));
    return refusal ? "" : absl::StrCat("no refusal: ", read.status().ToString());
  }
  for (const auto& grid : read->grids) {
    if (std::string found = ComplaintOfGrid(grid); !found.empty()) return found;
  }
  for (const auto& note : read->notes) {
    if (note.code.empty() || note.message.empty()) return "note";
    if (!IsValidUtf8(note.words) || !IsValidUtf8(note.message)) return "note's words";
  }
  return "";
}

}  // namespace minsheng::registry
