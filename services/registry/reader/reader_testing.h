// What the tests of readers share: packages built from XML text, and grids as text.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_READER_TESTING_H_
#define MINSHENG_SERVICES_REGISTRY_READER_READER_TESTING_H_

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "services/registry/domain/refusal.h"
#include "services/registry/reader/package_testing.h"
#include "services/registry/reader/reader.h"

namespace minsheng::registry {

inline std::string SourceFile(const std::string& name) {
  const char* source = std::getenv("MINSHENG_SOURCE_DIR");
  std::ifstream file(std::string(source == nullptr ? "." : source) + "/" + name, std::ios::binary);
  EXPECT_TRUE(file.good()) << name;
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

inline std::string Sample(const std::string& name) {
  return SourceFile("deploy/samples/wulong-2024/" + name);
}

inline Document Read(const std::string& bytes) {
  auto document = ReadDocument(bytes);
  EXPECT_TRUE(document.ok()) << document.status();
  return document.ok() ? std::move(*document) : Document{};
}

inline std::string RefusalOf(const std::string& bytes) {
  return ReasonOf(ReadDocument(bytes).status());
}

// A row: cells parted by |, "-" for covered ones, line breaks as /, a prose row after "> ".
inline std::string RowText(const GridRow& row) {
  std::string text = row.prose ? "> " : "";
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (i > 0) text += "|";
    const bool covered = !row.formats.empty() && row.formats[i].covered;
    text += covered && row.cells[i].empty() ? "-" : row.cells[i];
  }
  for (char& c : text) {
    if (c == '\n') c = '/';
  }
  return text;
}

inline std::vector<std::string> Rows(const Grid& grid) {
  std::vector<std::string> rows;
  for (const auto& row : grid.rows) rows.push_back(RowText(row));
  return rows;
}

inline std::vector<std::string> Rows(const Document& document) {
  return document.grids.empty() ? std::vector<std::string>{} : Rows(document.grids[0]);
}

using Lines = std::vector<std::string>;

// The parts of the cell set in bold, parted by |.
inline std::string BoldOf(const Document& document, std::size_t row, std::size_t column) {
  const GridRow& at = document.grids.at(0).rows.at(row);
  std::string bold;
  if (at.formats.empty()) return bold;
  for (const auto& range : at.formats.at(column).bold) {
    bold += (bold.empty() ? "" : "|") +
            at.cells.at(column).substr(range.begin, range.end - range.begin);
  }
  return bold;
}

inline std::string NotesOf(const Document& document) {
  std::string notes;
  for (const auto& note : document.notes) {
    notes += note.code + (note.words.empty() ? "" : "(" + note.words + ")") + " ";
  }
  return notes;
}

// A long run takes more: $MINSHENG_FUZZ_ROUNDS.
inline int DamageRounds(int usual) {
  const char* given = std::getenv("MINSHENG_FUZZ_ROUNDS");
  return given == nullptr ? usual : std::atoi(given);
}

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_READER_TESTING_H_
