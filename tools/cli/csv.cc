#include "tools/cli/csv.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/registry/domain/encoding.h"
#include "services/registry/domain/grid.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"

namespace minsheng::cli {
namespace {

constexpr char kBadColumns[] = "BAD_COLUMNS";

std::string Names(const std::vector<CsvColumn>& columns) {
  return absl::StrJoin(columns, "、", [](std::string* out, const CsvColumn& column) {
    absl::StrAppend(out, column.name);
  });
}

const CsvColumn* Find(const std::vector<CsvColumn>& columns, const std::string& header) {
  const auto it = std::find_if(columns.begin(), columns.end(), [&](const CsvColumn& column) {
    return header == column.name || header == column.chinese;
  });
  return it == columns.end() ? nullptr : &*it;
}

// The header's cells as column names; an empty name for a header cell without words.
absl::StatusOr<std::vector<std::string>> ReadHeader(const registry::GridRow& header,
                                                    absl::string_view file,
                                                    const std::vector<CsvColumn>& columns) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const std::string& cell : header.cells) {
    const CsvColumn* column = cell.empty() ? nullptr : Find(columns, cell);
    if (column == nullptr && !cell.empty()) {
      return Failure(kBadColumns, absl::StrCat(file, " 第1行：不认识的列“", cell, "”；可用的列：",
                                               Names(columns)));
    }
    names.emplace_back(column == nullptr ? "" : column->name);
    if (column != nullptr && !seen.insert(column->name).second) {
      return Failure(kBadColumns,
                     absl::StrCat(file, " 第1行：列“", cell, "”出现了两次，请只留一列"));
    }
  }
  for (const CsvColumn& column : columns) {
    if (!column.required || seen.count(column.name) != 0) continue;
    return Failure(kBadColumns, absl::StrCat(file, " 第1行：缺少列“", column.name, "”；可用的列：",
                                             Names(columns)));
  }
  return names;
}

CsvRow ToRow(const registry::GridRow& grid_row, const std::vector<std::string>& names,
             CellErrors& errors) {
  CsvRow row;
  row.row = grid_row.row;
  for (size_t i = 0; i < grid_row.cells.size(); ++i) {
    const std::string& cell = grid_row.cells[i];
    if (cell.empty()) continue;
    if (i >= names.size() || names[i].empty()) {
      errors.Add(row.row, absl::StrCat("第", i + 1),
                 absl::StrCat("“", cell, "”不在任何有列名的列中；含逗号的内容请加引号"));
    } else {
      row.cells[names[i]] = cell;
    }
  }
  return row;
}

}  // namespace

void CellErrors::Add(int row, absl::string_view column, absl::string_view message) {
  AddAt(absl::StrCat("第", row, "行 ", column, " 列"), message);
}

void CellErrors::Add(const CsvRow& row, const std::string& column, absl::string_view message) {
  const auto place = row.places.find(column);
  if (place == row.places.end()) return Add(row.row, column, message);
  AddAt(place->second, message);
}

void CellErrors::AddAt(absl::string_view place, absl::string_view message) {
  lines_.push_back(absl::StrCat("  ", place, "：", message));
}

absl::Status CellErrors::ToStatus(absl::string_view file) const {
  if (lines_.empty()) return absl::OkStatus();
  std::vector<std::string> shown(lines_.begin(),
                                 lines_.begin() + std::min(lines_.size(), kLinesMax));
  if (lines_.size() > kLinesMax) {
    shown.push_back(absl::StrCat("  ……还有", lines_.size() - kLinesMax, "处"));
  }
  return Failure("BAD_CELLS", absl::StrCat(file, " 有", lines_.size(), "处错误，什么也没有发送：\n",
                                           absl::StrJoin(shown, "\n")));
}

const std::string& CsvRow::operator[](const std::string& column) const {
  static const auto* const empty = new std::string;
  const auto it = cells.find(column);
  return it == cells.end() ? *empty : it->second;
}

absl::StatusOr<std::vector<CsvRow>> ParseCsv(absl::string_view bytes, absl::string_view file,
                                             const std::vector<CsvColumn>& columns) {
  const auto in_file = [&](const absl::Status& status) {
    return platform::Prefixed(status, absl::StrCat(file, "："));
  };
  const auto decoded = registry::DecodeText(bytes);
  if (!decoded.ok()) return in_file(decoded.status());
  const auto grid = registry::ReadCsvGrid(decoded->text, registry::DetectDelimiter(decoded->text));
  if (!grid.ok()) return in_file(grid.status());
  if (grid->rows.empty()) return Failure("EMPTY_FILE", absl::StrCat(file, " 是空的"));
  ASSIGN_OR_RETURN(const auto names, ReadHeader(grid->rows.front(), file, columns));

  std::vector<CsvRow> rows;
  CellErrors errors;
  for (size_t i = 1; i < grid->rows.size(); ++i) {
    CsvRow row = ToRow(grid->rows[i], names, errors);
    if (!row.cells.empty()) rows.push_back(std::move(row));
  }
  RETURN_IF_ERROR(errors.ToStatus(file));
  return rows;
}

absl::StatusOr<std::vector<CsvRow>> ReadCsv(const std::string& path,
                                            const std::vector<CsvColumn>& columns) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  return ParseCsv(bytes, path, columns);
}

}  // namespace minsheng::cli
