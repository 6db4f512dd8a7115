// A generated district's list: its groups, and any of its tasks without the others. Pure;
// immutable.
#ifndef MINSHENG_TOOLS_CLI_GENERATE_LIST_H_
#define MINSHENG_TOOLS_CLI_GENERATE_LIST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "tools/cli/generate/catalogue.h"
#include "tools/cli/generate/districts.h"
#include "tools/cli/generate/options.h"

namespace minsheng::generate {

// A goal as the content promises it; what the list does not say (base, baseline, survey days) goes
// into corrections.tsv. Figures as in GoalTemplate: value and stretch of 10^-decimals; baseline of
// 10^-reported_decimals.
struct Goal {
  const GoalTemplate* from = nullptr;
  int no = 0;
  int part_of = 0;
  int64_t value = 0;
  int64_t stretch = 0;  // 0: none
  int64_t base = 0;     // coverage; counted at the end of the year before
  std::optional<absl::CivilDay> base_on;
  int64_t baseline = 0;  // level
  std::vector<absl::CivilDay> survey_days;
  std::optional<absl::CivilDay> due_on;

  bool measured() const { return from->kind != Kind::kQualitative && from->kind != Kind::kService; }
};

// A row of list.csv.
struct Task {
  std::string id;      // "municipal-11/2"
  int project = 0;     // counted over the whole list from 0
  int project_no = 0;  // its number in its group
  int no = 0;
  std::string content;                   // without its leading （n）
  std::optional<int64_t> amount_tenths;  // of 万元; none planned
  std::vector<std::string> leads;
  std::string cooperating;  // as the cell says it
  std::vector<Goal> goals;
  bool built = false;
};

struct Group {
  std::string id;
  std::string title;  // 承接市级民生实事（13件）
  int first = 0;      // its first project, counted over the whole list from 0
  int projects = 0;
};

class List {
 public:
  // The district `index` of a generation; depends on nothing but these two.
  List(const Options& options, int64_t index);

  const Options& options() const { return options_; }
  int64_t index() const { return index_; }
  const District& district() const { return district_; }
  const std::vector<Group>& groups() const { return groups_; }
  absl::CivilDay issued_on() const { return issued_on_; }

  int TasksOf(int project) const;
  int64_t task_count() const;
  std::string ProjectName(int project) const;
  // `project` from 0, `no` from 1.
  Task TaskAt(int project, int no) const;
  // With the district's level before it: 区教委.
  std::string Unit(const char* name) const;

 private:
  const WorkTemplate& WorkAt(int project, int no) const;
  const Group& GroupOf(int project) const;

  Options options_;
  int64_t index_;
  District district_;
  std::vector<Group> groups_;
  absl::CivilDay issued_on_;
};

// 37 with one decimal: "3.7"; without zeros at the end.
std::string Figure(int64_t value, int decimals);
int64_t PowerOfTen(int exponent);

}  // namespace minsheng::generate

#endif  // MINSHENG_TOOLS_CLI_GENERATE_LIST_H_
