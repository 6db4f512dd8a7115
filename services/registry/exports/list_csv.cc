#include "services/registry/exports/list_csv.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace minsheng::registry {
namespace {

constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

std::string Quoted(const std::string& cell) {
  if (cell.find_first_of(",;\t\"\r\n") == std::string::npos) return cell;
  return absl::StrCat("\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"");
}

void AppendRow(const std::vector<std::string>& cells, std::string& csv) {
  for (size_t i = 0; i < cells.size(); ++i) {
    absl::StrAppend(&csv, i == 0 ? "" : ",", Quoted(cells[i]));
  }
  csv.push_back('\n');
}

void AppendHeader(const ListLayout& layout, std::string& csv) {
  std::vector<std::string> heads, labels;
  bool open = false;
  for (const ListColumn& column : layout.columns) {
    heads.push_back(!column.under_head() ? column.label : open ? "" : layout.head);
    labels.push_back(column.under_head() ? column.label : "");
    open = open || column.under_head();
  }
  AppendRow(heads, csv);
  AppendRow(labels, csv);
}

}  // namespace

std::string ListCsv(const StoredList& list) {
  const ListLayout layout = LayOut(list);
  std::string csv = kByteOrderMark;
  for (const std::string& line : {layout.reference, layout.title, layout.money_line}) {
    if (!line.empty()) AppendRow({line}, csv);
  }
  AppendHeader(layout, csv);
  for (const ListRow& row : layout.rows) AppendRow(row.cells, csv);
  return csv;
}

}  // namespace minsheng::registry
