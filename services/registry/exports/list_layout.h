// A stored list laid out in the notice's own form, before it is written as a sheet or as CSV.
//
// The layout reads back as the same list: the importer finds the same program, projects, tasks,
// amounts and units in it. Where the usual form would not say the same, it gives way: groups whose
// titles do not read as headings get a column 类别, a list whose projects are named by their words
// has no column 项目名称, and a label that an extra column has already is not used twice.
//
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_LAYOUT_H_
#define MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_LAYOUT_H_

#include <string>
#include <vector>

#include "minsheng/registry/v1/registry.pb.h"

namespace minsheng::registry {

// What is exported: a program with all of its projects and tasks in the list's order, and the
// district's units, whose aliases are printed. Removed tasks are left out.
struct StoredList {
  v1::Program program;
  std::vector<v1::Project> projects;
  std::vector<v1::Task> tasks;
  std::vector<v1::Unit> units;
};

struct ListColumn {
  enum Kind { kNo, kGroup, kName, kContent, kAmount, kLead, kAssist, kExtra };

  Kind kind = kExtra;
  std::string label;
  // The two columns under the common head 2024年工作内容及资金计划.
  bool under_head() const { return kind == kContent || kind == kAmount; }
};

// `span`: how many rows the project's number and name stand for; 0 in the rows below the first.
struct ListRow {
  enum Kind { kTotal, kGroup, kSubtotal, kTask };

  Kind kind = kTask;
  std::vector<std::string> cells = {};  // one for each column
  int span = 1;
};

// `reference` is the line 文号 and 成文日期, `money_line` 单位：万元; empty ones are left out.
struct ListLayout {
  std::string reference;
  std::string title;
  std::string money_line;
  std::string head;
  std::vector<ListColumn> columns;
  std::vector<ListRow> rows;
};

ListLayout LayOut(const StoredList& list);

// Units as lists print them: 、 between them, ， before townships that end the cell.
std::string JoinUnits(const std::vector<std::string>& units);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_LAYOUT_H_
