// What the tests of exported lists share: a file's list as it would be stored, and back.
#ifndef MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_TESTING_H_
#define MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_TESTING_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/registry/exports/list_csv.h"
#include "services/registry/exports/list_layout.h"
#include "services/registry/exports/list_sheet.h"
#include "services/registry/reader/reader.h"
#include "services/registry/render/render.h"

namespace minsheng::registry {

inline v1::ImportProgramResponse Imported(const std::string& bytes, int year = 0) {
  const auto document = ReadDocument(bytes);
  EXPECT_TRUE(document.ok()) << document.status() << '\n' << bytes;
  if (!document.ok()) return {};
  ParseOptions options;
  options.year = year;
  const auto notice = ParseNotice(*document, "list", options);
  EXPECT_TRUE(notice.ok()) << notice.status() << '\n' << bytes;
  v1::ImportProgramRequest request;
  request.set_parent("districts/500156");
  request.set_year(year);
  request.set_document_number("武隆府办发〔2024〕1号");
  request.set_issued_on("2024-03-15");
  return notice.ok() ? RenderNotice(*notice, request) : v1::ImportProgramResponse();
}

inline StoredList Stored(const v1::ImportProgramResponse& imported) {
  return {.program = imported.program(),
          .projects = {imported.projects().begin(), imported.projects().end()},
          .tasks = {imported.tasks().begin(), imported.tasks().end()},
          .units = {imported.units().begin(), imported.units().end()}};
}

// All that makes a list the same list: not where its rows stood, nor what was noticed.
inline std::string Same(v1::ImportProgramResponse imported) {
  for (v1::Task& task : *imported.mutable_tasks()) task.clear_source_row();
  imported.clear_diagnostics();
  return imported.DebugString();
}

// Row by row, without blank ends.
inline std::vector<std::vector<std::string>> Words(const Grid& grid) {
  std::vector<std::vector<std::string>> words;
  for (const GridRow& row : grid.rows) {
    words.push_back(row.cells);
    while (!words.back().empty() && words.back().back().empty()) words.back().pop_back();
  }
  return words;
}

// Both forms have the same words, so that one reads back as the other does.
inline void ExpectSheetReadsAsCsv(const StoredList& list) {
  const auto bytes = ListSheet(list);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const auto document = ReadXlsx(*bytes);
  ASSERT_TRUE(document.ok()) << document.status();
  ASSERT_EQ(document->grids.size(), 1U);
  EXPECT_TRUE(document->notes.empty()) << document->notes[0].message;
  constexpr std::size_t kByteOrderMark = 3;
  const std::string csv = ListCsv(list);
  const auto grid = ReadCsvGrid(absl::string_view(csv).substr(kByteOrderMark), ',');
  ASSERT_TRUE(grid.ok()) << grid.status();
  EXPECT_EQ(Words(document->grids[0]), Words(*grid));
}

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_TESTING_H_
