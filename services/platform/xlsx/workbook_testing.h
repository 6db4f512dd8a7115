// What the tests of written workbooks share: the parts of the package as text.
#ifndef MINSHENG_SERVICES_PLATFORM_XLSX_WORKBOOK_TESTING_H_
#define MINSHENG_SERVICES_PLATFORM_XLSX_WORKBOOK_TESTING_H_

#include <gtest/gtest.h>
#include <zip.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace minsheng::platform::xlsx {

// "" when the package has no such part.
inline std::string Part(const std::string& bytes, const std::string& name) {
  zip_error_t error;
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* package = zip_open_from_source(source, ZIP_RDONLY, &error);
  EXPECT_NE(package, nullptr) << zip_error_strerror(&error);
  std::string text;
  zip_stat_t stat;
  if (package != nullptr && zip_stat(package, name.c_str(), 0, &stat) == 0) {
    text.resize(stat.size);
    zip_file_t* file = zip_fopen(package, name.c_str(), 0);
    EXPECT_EQ(zip_fread(file, text.data(), text.size()), static_cast<zip_int64_t>(text.size()));
    zip_fclose(file);
  }
  if (package != nullptr) zip_discard(package);
  return text;
}

inline std::string SheetXml(const std::string& bytes, int number = 1) {
  return Part(bytes, absl::StrCat("xl/worksheets/sheet", number, ".xml"));
}

// The words between each `open` and the next `close`.
inline std::vector<std::string> Between(const std::string& text, const std::string& open,
                                        const std::string& close) {
  std::vector<std::string> found;
  for (size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    found.push_back(text.substr(at, text.find(close, at) - at));
  }
  return found;
}

// The cells of a sheet that have words or a number, by name: {"A1", "武隆区2024年度…"}.
inline std::map<std::string, std::string> CellsOf(const std::string& bytes, int number = 1) {
  std::vector<std::string> shared;
  for (const std::string& item : Between(Part(bytes, "xl/sharedStrings.xml"), "<si>", "</si>")) {
    const auto words = Between(item.substr(item.find('>')), ">", "</t>");
    shared.push_back(absl::StrReplaceAll(words.empty() ? "" : words[0],
                                         {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}}));
  }
  std::map<std::string, std::string> cells;
  for (const std::string& cell : Between(SheetXml(bytes, number), "<c ", "</c>")) {
    const auto value = Between(cell, "<v>", "</v>");
    const bool blank = cell.find("/>") != std::string::npos && cell.find("/>") < cell.find("<v>");
    if (value.empty()) continue;
    const std::string own = blank ? cell.substr(cell.rfind("<c ") + 3) : cell;
    const bool text = own.find("t=\"s\"") < own.find('>');
    cells[Between(own, "r=\"", "\"")[0]] =
        text ? shared[static_cast<size_t>(std::atoi(value[0].c_str()))] : value[0];
  }
  return cells;
}

}  // namespace minsheng::platform::xlsx

#endif  // MINSHENG_SERVICES_PLATFORM_XLSX_WORKBOOK_TESTING_H_
