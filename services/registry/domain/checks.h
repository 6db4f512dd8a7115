// What a list says of itself against what its rows add up to, and what is missing in it.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_CHECKS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_CHECKS_H_

#include "absl/status/status.h"

#include "services/registry/domain/findings.h"
#include "services/registry/domain/header.h"
#include "services/registry/domain/structure.h"

namespace minsheng::registry {

// Totals: the grand total against the groups' and against the rows', each group's against its rows,
// a project's own figure against its sub-rows. Differences are warnings: lists differ on purpose as
// well (剔除重复内容). `unit` is the unit of the messages. Refuses with BAD_AMOUNT when a sum is
// beyond int64.
absl::Status CheckTotals(const ProjectList& list, MoneyUnit unit, Findings& findings);

// Numbers that repeat (errors) or skip (warnings). Numbers may run on through the groups.
void CheckNumbers(const ProjectList& list, Findings& findings);

// Blank leads and amounts, columns that are not there, one unit in two spellings.
void CheckTasks(const ProjectList& list, const Header& header, Findings& findings);

// Declared numbers of projects, in the title (十件民生实事), the total and the groups, against the
// rows.
void CheckCounts(const ProjectList& list, const std::string& title, int title_row,
                 Findings& findings);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_CHECKS_H_
