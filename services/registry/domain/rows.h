// One row of the table: fitted to the header's columns, read into fields, and told apart by kind.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_ROWS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_ROWS_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/registry/domain/grid.h"
#include "services/registry/domain/header.h"

namespace minsheng::registry {

// A row without contact data. `contact`: nothing else was in it. `redacted`: something was dropped.
struct CleanRow {
  GridRow row;
  bool contact = false;
  bool redacted = false;
};

CleanRow DropContactsOf(const GridRow& row);

// kCut: the row ends too early in a way that only a truncated file shows, if it is the last one.
enum class Fit { kFits, kTooShort, kTooLong, kCut };

struct FittedRow {
  Fit fit = Fit::kFits;
  std::vector<std::string> cells;
  bool padded = false;
};

// As many cells as the header has columns. In the text form a heading (合  计, a group) stands for
// the columns it was merged over, and a sub-row may lack the cells that merged ones above it cover.
FittedRow FitRow(const Grid& grid, const Header& header, const GridRow& row);

// The cells by what their columns mean. In a table without a column of contents a sub-row's words
// stand in the name's column.
struct RowFields {
  std::string no;
  std::string group;
  std::string name;
  std::string content;
  std::string amount;
  std::string leads;
  std::string assists;
  std::string schedule;
  std::map<std::string, std::string> attributes;

  bool OnlyHeading() const { return content.empty() && leads.empty() && assists.empty(); }
};

RowFields ReadFields(const Header& header, const std::vector<std::string>& cells);

bool IsTotalLabel(absl::string_view words);
bool IsSubtotalLabel(absl::string_view words);
// Looks at the first kNoteBytes only.
inline constexpr std::size_t kNoteBytes = 24;
bool IsNote(absl::string_view words);

// A heading that names a group of projects: numbered 一、, with a count （13件）, or by level
// (市级, 区级).
bool IsGroupTitle(absl::string_view words);

// Words that may name a group when they stand where a number is expected: 教育类, 安居工程.
bool NamesKind(absl::string_view words);

// municipal, district or "" by the level the title names.
std::string GroupIdOf(absl::string_view title);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_ROWS_H_
