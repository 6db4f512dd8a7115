// The units that a cell of leads or of assists names.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_UNITS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_UNITS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/registry/domain/notice.h"

namespace minsheng::registry {

// `person`: a name of a person stood beside a unit and was left out. `supporting` are those that a
// cell itself marks as such: 区财政局（配合）.
struct UnitList {
  std::vector<UnitRef> units;
  std::vector<UnitRef> supporting;
  bool bracket_unclosed = false;
  bool person = false;
};

// Units are split at 、 ， , ； ; and line breaks, and at blanks between names of three characters
// and more; never inside brackets, unless a bracket is not closed. 区民政局等有关部门 is 区民政局
// and the placeholder 有关部门.
UnitList ParseUnits(absl::string_view cell);

// A bracket at the end of a name is an alias: 区数建办（区大数据局); one within it belongs to the
// name: 区城市发展（集团）公司.
UnitRef MakeUnit(absl::string_view words);

// 区数建办（区大数据局）: as printed, for showing and comparing.
std::string UnitWords(const UnitRef& unit);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_UNITS_H_
