// The yearly list of livelihood projects (民生实事目标任务清单) as a district publishes it, read
// from what a reader left of its file, in stages: header, structure, cells, targets. ParseNotice
// refuses what it cannot read whole; what it can read but doubts becomes a diagnostic. No row is
// lost, nothing is guessed in silence, and no person's name or phone is kept.
//
// Refusals (INVALID_ARGUMENT, payload minsheng/reason): NO_TABLE_HEADER, TRUNCATED,
// NEGATIVE_AMOUNT, BAD_AMOUNT.
//
// Thread-safe: pure functions over values.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_NOTICE_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_NOTICE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "absl/types/span.h"

#include "services/registry/domain/compile.h"
#include "services/registry/domain/corrections.h"
#include "services/registry/domain/grid.h"
#include "services/registry/domain/money.h"

namespace minsheng::registry {

inline constexpr std::size_t kMaxNoticeBytes = 32U << 20U;
inline constexpr int kMaxNoticeRows = 200'000;

// Where something stands in the file. `row` is the line of a text or the row of a CSV as a
// spreadsheet counts it; `row` and `column` are 1-based, 0 when unknown. `words` are the words
// found there, shortened.
struct Place {
  std::string table;
  int row = 0;
  int column = 0;
  std::string words;
};

// An import with a kError diagnostic must not be published before it is settled.
enum class Severity { kInfo, kWarning, kError };

// `code` is stable and UPPER_SNAKE; `message` is Chinese: what was found, what was expected, what
// is assumed. Beside these, a document's notes (reader/reader.h) and the doubts about words
// (compile.h) keep their own codes.
// kError:   UNREAD_ROW, MONEY_UNIT_UNKNOWN, MONEY_UNIT_CONFLICT, YEAR_UNKNOWN, YEAR_CONFLICT,
//           DUPLICATE_PROJECT, DUPLICATE_TASK, NO_PROJECTS, BAD_CORRECTION,
//           UNKNOWN_TASK_IN_CORRECTIONS.
// kWarning: TOTAL_MISMATCH, TOTAL_UNCHECKED, COUNT_MISMATCH, SOURCES_MISMATCH, AMOUNT_ABOUT,
//           AMOUNT_IN_WORDS, AMOUNT_UNCLEAR, AMOUNT_WORDS, AMOUNT_SHARED, AMOUNT_SLIP, BLANK_LEAD,
//           LEAD_BY_BOLD, LEAD_UNCLEAR, NO_LEAD_COLUMN, PERSON_DROPPED, UNIT_SPELLINGS,
//           UNIT_LEVEL_MISSING, BRACKET_UNCLOSED, NUMBER_GAP, NUMBER_ASSIGNED, COLUMN_GUESSED,
//           SEVERAL_COLUMNS, MIXED_PEOPLE_COLUMN, EMPTY_GROUP, HEADER_CHANGED, TABLE_LEFT_OUT,
//           NOT_A_TABLE, BLANK_NAME, CONTENT_FROM_NAME, SAME_PROJECT_TWICE, TENTATIVE, NO_TARGETS,
//           CORRECTION_TEXT_CHANGED, CORRECTION_UNUSED.
// kInfo:    NO_FINAL_NEWLINE, BLANK_AMOUNT, NO_AMOUNT_COLUMN, AMOUNT_UNIT_IN_CELL,
//           AMOUNT_FROM_CONTENT, COLUMN_KEPT, PEOPLE_COLUMN_DROPPED, CONTACT_DROPPED, NOTE_ROW,
//           TEXT_OUTSIDE_TABLE, ROW_CONTINUED, ROW_JOINED, ROW_SHORT, HEADER_REPEATED,
//           SHEET_LEFT_OUT, NAME_FROM_CONTENT, LEAD_IS_FIRST, ASSISTS_FROM_NOTE, CORRECTION_MOVED;
//           AMOUNT_IN_WORDS, LEAD_BY_BOLD and CONTENT_FROM_NAME where nothing is left to choose.
struct Diagnostic {
  Severity severity = Severity::kInfo;
  std::string code;
  Place place;
  std::string message;
};

// A unit as written. 区数建办（区大数据局） has name 区数建办 and alias 区大数据局. A placeholder
// is kept as one: 有关乡镇（街道） is kGroupUnresolved until the lead names them, 各乡镇（街道） is
// kGroupAll.
struct UnitRef {
  enum Kind { kUnit, kGroupUnresolved, kGroupAll };

  std::string name;
  std::string alias;
  Kind kind = kUnit;

  bool operator==(const UnitRef&) const = default;
};

// One accountable row. `content` is without its leading （n）. `amount_fen` nullopt: none planned,
// which is not zero. `leads` are in the list's order: the first files the reports. `attributes` are
// the columns that have no field here, by their header's words; `schedule` those of time, joined.
// `corrections` are those that were applied.
struct NoticeTask {
  int no = 0;
  std::string content;
  std::optional<int64_t> amount_fen;
  std::vector<UnitRef> leads;
  std::vector<UnitRef> assists;
  std::map<std::string, std::string> attributes;
  std::string schedule;
  Compiled compiled;
  std::vector<Correction> corrections;
  Place place;
};

// A numbered item. Without sub-rows it has the one task 1. Never without a task.
struct NoticeProject {
  std::string group;
  int no = 0;
  std::string name;
  std::vector<NoticeTask> tasks;
};

// `id` is municipal (市级, 省级, 上级, 国家), district (区级, 县级, 本级; also a list without
// groups), or group-N by order.
struct NoticeGroup {
  std::string id;
  std::string title;
  std::optional<int> declared_count;
  std::optional<int64_t> declared_fen;
  Place place;
};

// What became of each row below the header; the numbers add up to `rows`.
struct RowTally {
  int rows = 0;
  int blank = 0;
  int totals = 0;
  int groups = 0;
  int projects = 0;   // rows that only name a project whose tasks stand below
  int tasks = 0;      // rows that opened a task
  int continued = 0;  // joined to the task above
  int headers = 0;    // a header printed again
  int notes = 0;      // notes and prose, told by NOTE_ROW or TEXT_OUTSIDE_TABLE
  int contacts = 0;   // dropped, told by CONTACT_DROPPED
  int left_out = 0;   // of other tables, told by TABLE_LEFT_OUT
  int unread = 0;     // told by UNREAD_ROW

  bool operator==(const RowTally&) const = default;
};

// `year` 0 and empty `district_name`: not found. `money_unit`: the table's own or, failing that,
// the given one.
struct Notice {
  std::string title;
  int year = 0;
  std::string district_name;
  std::optional<MoneyUnit> money_unit;
  std::optional<int64_t> declared_fen;
  std::vector<NoticeGroup> groups;
  std::vector<NoticeProject> projects;
  std::vector<Diagnostic> diagnostics;
  RowTally tally;
};

// What the caller knows beside the file: unit and year are used where the file is silent, and are
// an error diagnostic where it disagrees; corrections go over what is read.
struct ParseOptions {
  std::optional<MoneyUnit> money_unit = std::nullopt;
  int year = 0;
  absl::Span<const Correction> corrections = {};
};

// `filename` goes into places and messages only.
absl::StatusOr<Notice> ParseNotice(const Document& document, absl::string_view filename,
                                   const ParseOptions& options);

// The list's year as ParseNotice settles it, 0 when it is unknown.
int YearOf(const Document& document, const ParseOptions& options);

// ("municipal", 1) → "municipal-01"; three digits and more stay as they are.
std::string ProjectId(absl::string_view group, int no);
std::string ProjectId(const NoticeProject& project);

// ("municipal", 11, 2) → "municipal-11/2".
std::string TaskId(absl::string_view group, int project_no, int task_no);
std::string TaskId(const NoticeProject& project, const NoticeTask& task);

bool HasErrors(const Notice& notice);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_NOTICE_H_
