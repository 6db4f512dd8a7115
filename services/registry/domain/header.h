// Finds a table's header and gives each column its meaning. Knows headers of one to four levels and
// columns in any order. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_HEADER_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_HEADER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/registry/domain/findings.h"
#include "services/registry/domain/grid.h"
#include "services/registry/domain/labels.h"

namespace minsheng::registry {

// `label` is the lowest level's words without spaces. `contested`: another column has the role,
// this one is kept.
struct Column {
  Role role = Role::kKept;
  std::string label;
  std::optional<MoneyUnit> unit;
  int rank = 0;
  bool contested = false;
  bool guessed = false;
  std::string head = "";  // the label over a merged one's
};

// The rows [first, first + count) of the grid. `words` are all labels of all levels, for the year.
struct Header {
  std::size_t first = 0;
  std::size_t count = 0;
  std::vector<Column> columns;
  std::string words;

  // -1 when no column has the role.
  int ColumnOf(Role role) const;
  bool Has(Role role) const { return ColumnOf(role) >= 0; }
  bool SameColumns(const Header& other) const;
};

// The header that begins at this row, if one does.
std::optional<Header> MatchHeader(const Grid& grid, std::size_t row);

absl::Status NoTable();

// The first header of the grid. Refuses with NoTable: NO_TABLE_HEADER.
absl::StatusOr<Header> FindHeader(const Grid& grid);

// Columns that were dropped, kept as attributes or chosen among several.
void ReportColumns(const Grid& grid, const Header& header, Findings& findings);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_HEADER_H_
