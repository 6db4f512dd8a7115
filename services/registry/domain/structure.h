// The rows below the header as groups, projects and tasks.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_STRUCTURE_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_STRUCTURE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "services/registry/domain/findings.h"
#include "services/registry/domain/grid.h"
#include "services/registry/domain/header.h"
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

// A list that has no groups of its own is the group that its sheet is named after; its grand total
// is that group's.
void NameGroup(absl::string_view sheet, ProjectList& list);

// Groups that stand in both get ids apart; the first grand total stays.
void AppendList(ProjectList more, ProjectList& list);

// Reads one table, row by row in order. Not thread-safe; one use.
class ListReader {
 public:
  // `unit` is the unit of amounts in columns that do not name one. All references outlive the
  // reader.
  ListReader(const Grid& grid, const Header& header, std::optional<MoneyUnit> unit,
             Findings& findings);

  // Refusals: TRUNCATED, NEGATIVE_AMOUNT, BAD_AMOUNT.
  absl::StatusOr<ProjectList> Read();

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

  void UseGroupColumn(const GridRow& row, const RowFields& fields);
  void AddGroup(const GridRow& row, const std::string& title);
  const std::string& CurrentGroup();
  int NextProjectNo() const;
  bool RepeatsProject(const RowFields& fields, std::optional<int> no) const;
  bool AnnouncesTable(std::size_t index) const;
  int NumberTask(const RowFields& fields, bool below, std::string& content);
  void DropPlaceholderTask();
  void InheritUnits(NoticeTask& task);
  void FinishProject();
  void FillUnits(const GridRow& row, const RowFields& fields, NoticeTask& task);
  absl::StatusOr<std::optional<int64_t>> Amount(const GridRow& row, const std::string& cell);
  void CheckUnitLine(const GridRow& row, const std::string& words);
  void Unread(const GridRow& row, const std::string& why);
  absl::Status Truncated(const GridRow& row) const;
  Place At(const GridRow& row, Role role, const std::string& words) const;

  const Grid& grid_;
  Header header_;
  std::optional<MoneyUnit> declared_unit_;
  Findings& findings_;
  ProjectList list_;
  std::string marker_;                 // the number taken off the current project's first words
  std::optional<NoticeTask> heading_;  // the current project's own row, once its sub-rows came
  bool group_open_ = false;            // a group's row with nothing below it yet
  int group_row_ = 0;
};

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_STRUCTURE_H_
