// What a list says once for all its rows about who leads: the first unit, the bold one, these for
// all. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_CONVENTIONS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_CONVENTIONS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "absl/types/span.h"

#include "services/registry/domain/findings.h"
#include "services/registry/domain/grid.h"
#include "services/registry/domain/notice.h"

namespace minsheng::registry {

// `first_leads`: 列第一位者为牵头单位. `bold_leads`: 加粗者为牵头单位. `assists` are those of rows
// that name none: 除特别注明的外， 各街道为协办单位.
struct Conventions {
  bool first_leads = false;
  bool bold_leads = false;
  std::vector<UnitRef> assists;
};

// From titles, labels and notes anywhere in the grid.
Conventions FindConventions(const Grid& grid);

// Over the projects of one table: LEAD_IS_FIRST, ASSISTS_FROM_NOTE.
void ApplyConventions(const Conventions& conventions, absl::Span<NoticeProject> projects,
                      Findings& findings);

// The units of a cell of which only some are set in bold: these lead, the others assist. Nothing
// when all or none are bold.
struct BoldUnits {
  std::string leads;
  std::string assists;
};
BoldUnits SplitByBold(absl::string_view cell, absl::Span<const ByteRange> bold);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_CONVENTIONS_H_
