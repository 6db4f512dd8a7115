// The rows below the header as groups, projects and tasks.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_STRUCTURE_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_STRUCTURE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "services/registry/domain/findings.h"
#include "services/registry/domain/grid.h"
#include "services/registry/domain/header.h"
#include "services/registry/domain/inline_units.h"
#include "services/registry/domain/merged.h"
#include "services/registry/domain/notice.h"
#include "services/registry/domain/rows.h"

namespace minsheng::registry {

// The row that sums up the whole table.
struct GrandTotal {
  std::optional<int64_t> fen;
  std::optional<int> count;
  Place place;
};

// A project's own figure in a row above its sub-rows.
struct ProjectTotal {
  std::size_t project = 0;
  int64_t fen = 0;
  Place place;
};

// What the table says, before it is checked. `unitless` is the first amount for which no unit is
// known.
struct ProjectList {
  std::vector<NoticeGroup> groups;
  std::vector<NoticeProject> projects;
  GrandTotal total;
  std::vector<ProjectTotal> project_totals;
  std::optional<Place> unitless;
  RowTally tally;
};

// One table or sheet of a list. `unit` is that of amounts in columns that do not name one; `title`
// is its own, which names the group of rows without one when there are several.
struct ListPart {
  const Grid* grid = nullptr;
  Header header;
  std::optional<MoneyUnit> unit;
  std::string title;
};

// Reads the parts of one list in their order, row by row. Not thread-safe; one use.
class ListReader {
 public:
  // `findings` outlives the reader. `several`: more than one part will come.
  ListReader(bool several, Findings& findings);

  // The part's grid outlives the reader. Refusals: TRUNCATED, NEGATIVE_AMOUNT, BAD_AMOUNT.
  absl::Status Read(const ListPart& part);

  ProjectList Take();

 private:
  absl::Status ReadAt(std::size_t index);
  absl::Status ReadTableRow(const CleanRow& clean, bool last);
  absl::Status ReadFitted(const GridRow& row, const std::vector<std::string>& cells);
  absl::Status ReadItem(const GridRow& row, const RowFields& fields);
  absl::Status ReadUnnumbered(const GridRow& row, const RowFields& fields);
  absl::Status ReadBelowProject(const GridRow& row, const RowFields& fields);

  bool ReadHeader(std::size_t& index);
  bool ReadAside(const CleanRow& clean, std::size_t index);
  absl::Status ReadTotal(const GridRow& row, const std::string& words, const RowFields& fields);
  absl::Status ReadSubtotal(const GridRow& row, const RowFields& fields);
  absl::Status OpenGroup(const GridRow& row, const std::string& title, const std::string& amount);
  absl::Status OpenProject(const GridRow& row, const RowFields& fields, int no);
  absl::Status OpenTask(const GridRow& row, const RowFields& fields, bool below);
  void ContinueTask(const GridRow& row, const RowFields& fields);

  void SettlePartTotal();
  bool LeaveTableOut(const GridRow& row);
  void UseGroupColumn(const GridRow& row, const RowFields& fields);
  bool JoinProject(const RowFields& fields, int no);
  void AddGroup(const GridRow& row, const std::string& title);
  const std::string& CurrentGroup();
  int NextProjectNo() const;
  bool StandsBelowHeading(const RowFields& fields) const;
  static RowFields WithSubItem(const RowFields& fields, int no);
  bool RepeatsProject(const RowFields& fields, std::optional<int> no) const;
  bool AnnouncesTable(std::size_t index) const;
  int NumberTask(const RowFields& fields, bool below, std::string& content);
  void DropPlaceholderTask();
  void InheritUnits(NoticeTask& task);
  RowFields SplitBoldUnits(const GridRow& row, const RowFields& fields);
  RowFields FirstUnitLeads(const GridRow& row, const RowFields& fields);
  void CheckSources(const GridRow& row, const NoticeTask& task);
  void FillAmountFromWords(const GridRow& row, NoticeTask& task);
  void FillFromMerged(const GridRow& row, NoticeTask& task);
  void FillFromWords(const GridRow& row, NoticeTask& task);
  void FinishProject();
  void FillUnits(const GridRow& row, const RowFields& fields, NoticeTask& task);
  absl::StatusOr<std::optional<int64_t>> Amount(const GridRow& row, const std::string& cell);
  std::optional<int64_t> AmountInWords(const std::string& cell, std::optional<MoneyUnit> unit,
                                       const Place& place);
  void CheckUnitLine(const GridRow& row, const std::string& words);
  void Unread(const GridRow& row, const std::string& why);
  absl::Status Truncated(const GridRow& row) const;
  Place At(const GridRow& row, Role role, const std::string& words) const;

  const bool several_;
  Findings& findings_;
  const Grid* grid_ = nullptr;
  Header header_;
  std::optional<MoneyUnit> declared_unit_;
  std::string title_;
  std::size_t first_group_ = 0;  // of the part
  bool own_total_ = false;       // the part's sum was read
  GrandTotal part_total_;
  bool other_header_ = false;  // not the list's first: its rows may add to projects read before
  int table_ = 0;              // that the header belongs to
  int left_out_ = 0;           // the table that was last left out
  MergedColumns merged_;
  bool bold_leads_ = false;   // the list says that bold marks the lead
  bool heading_row_ = false;  // the current project's row is numbered （一） and bare
  std::map<std::string, InlineUnits> group_units_;
  ProjectList list_;
  std::string marker_;                 // the number taken off the current project's first words
  std::optional<NoticeTask> heading_;  // the current project's own row, once its sub-rows came
  bool group_open_ = false;            // a group's row with nothing below it yet
  int group_row_ = 0;
};

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_STRUCTURE_H_
