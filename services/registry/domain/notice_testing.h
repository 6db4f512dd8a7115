// What the tests of notices share: the project's own copy of the notice, and short ways to read
// small tables.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_NOTICE_TESTING_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_NOTICE_TESTING_H_

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

#include "services/registry/domain/encoding.h"
#include "services/registry/domain/notice.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/domain/units.h"

namespace minsheng::registry {

inline std::string Golden(const std::string& name) {
  const char* source = std::getenv("MINSHENG_SOURCE_DIR");
  const std::string path =
      std::string(source == nullptr ? "." : source) + "/tests/golden/notice/" + name;
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// What a reader makes of a text.
inline absl::StatusOr<Document> TextDocument(absl::string_view bytes) {
  const auto decoded = DecodeText(bytes);
  if (!decoded.ok()) return decoded.status();
  auto grid = ReadGrid(decoded->text);
  if (!grid.ok()) return grid.status();
  Document document;
  document.grids.push_back(*std::move(grid));
  return document;
}

inline absl::StatusOr<Notice> ParseNotice(absl::string_view bytes, absl::string_view filename,
                                          const ParseOptions& options) {
  const auto document = TextDocument(bytes);
  if (!document.ok()) return document.status();
  return ParseNotice(*document, filename, options);
}

// A row of the golden table of what the published list promises.
struct GoldenTarget : TargetRow {
  std::string task;
};

inline std::vector<GoldenTarget> GoldenTargets() {
  std::vector<GoldenTarget> targets;
  std::vector<std::string> columns;
  const std::string table = Golden("wulong-2024.targets.tsv");
  for (const absl::string_view line : absl::StrSplit(table, '\n')) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    if (columns.empty()) {
      columns = cells;
      continue;
    }
    TargetCells row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (!cells[i].empty()) row[columns[i]] = cells[i];
    }
    if (row.empty()) continue;
    std::vector<CellError> errors;
    GoldenTarget target;
    static_cast<TargetRow&>(target) = ReadTargetCells(row, errors);
    EXPECT_TRUE(errors.empty()) << line;
    EXPECT_TRUE(absl::SimpleAtoi(row["no"], &target.no));
    target.task = row["task"];
    targets.push_back(std::move(target));
  }
  return targets;
}

inline Notice Parse(const std::string& bytes, const ParseOptions& options = {}) {
  auto notice = ParseNotice(bytes, "test", options);
  EXPECT_TRUE(notice.ok()) << notice.status();
  return notice.ok() ? std::move(*notice) : Notice{};
}

// Above each small table, so that year and unit are known.
inline std::string Titled(const std::string& table) {
  return "某区2024年民生实事清单\n单位：万元\n" + table;
}

inline Notice ParseTitled(const std::string& table) { return Parse(Titled(table)); }

inline std::string RefusalOf(const std::string& bytes) {
  return ReasonOf(ParseNotice(bytes, "test", {}).status());
}

inline std::vector<std::string> Ids(const Notice& notice) {
  std::vector<std::string> ids;
  for (const auto& project : notice.projects) {
    for (const auto& task : project.tasks) ids.push_back(TaskId(project, task));
  }
  return ids;
}

inline const NoticeTask& TaskOf(const Notice& notice, const std::string& id) {
  static const NoticeTask none;
  for (const auto& project : notice.projects) {
    for (const auto& task : project.tasks) {
      if (TaskId(project, task) == id) return task;
    }
  }
  ADD_FAILURE() << "no task " << id;
  return none;
}

inline std::string Words(const std::vector<UnitRef>& units) {
  std::string words;
  for (const auto& unit : units) words += (words.empty() ? "" : "、") + UnitWords(unit);
  return words;
}

inline std::vector<Diagnostic> Found(const Notice& notice, const std::string& code) {
  std::vector<Diagnostic> found;
  for (const auto& diagnostic : notice.diagnostics) {
    if (diagnostic.code == code) found.push_back(diagnostic);
  }
  return found;
}

// What was found in the table, without the doubts about words.
inline std::string CodesOf(const Notice& notice) {
  std::set<std::string> of_words;
  for (const auto& project : notice.projects) {
    for (const auto& task : project.tasks) {
      for (const Doubt& doubt : task.compiled.doubts) of_words.insert(doubt.code);
    }
  }
  std::string codes;
  for (const auto& diagnostic : notice.diagnostics) {
    if (of_words.count(diagnostic.code) == 0) codes += diagnostic.code + " ";
  }
  return codes;
}

inline int CountTasks(const Notice& notice) { return static_cast<int>(Ids(notice).size()); }

// Every row is somewhere, and what the tally says is there.
inline void ExpectAccounted(const Notice& notice) {
  const RowTally& tally = notice.tally;
  EXPECT_EQ(tally.rows, tally.blank + tally.totals + tally.groups + tally.projects + tally.tasks +
                            tally.continued + tally.headers + tally.notes + tally.contacts +
                            tally.unread);
  EXPECT_EQ(tally.tasks, CountTasks(notice));
  EXPECT_EQ(tally.unread, static_cast<int>(Found(notice, "UNREAD_ROW").size()));
  EXPECT_EQ(tally.notes, static_cast<int>(Found(notice, "NOTE_ROW").size() +
                                          Found(notice, "TEXT_OUTSIDE_TABLE").size()));
  for (const auto& project : notice.projects) EXPECT_FALSE(project.tasks.empty());
}

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_NOTICE_TESTING_H_
