// Units that stand in a sentence or a heading rather than in a column of their own.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_INLINE_UNITS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_INLINE_UNITS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::registry {

// `leads` and `assists` are the words as a cell would hold them, `rest` the text without them.
struct InlineUnits {
  std::string rest;
  std::string leads;
  std::string assists;

  bool found() const { return !leads.empty() || !assists.empty(); }
};

// 新建公园2个。（牵头单位：区城管局；配合单位：区财政局）, 责任单位：区教委,
// （区教委牵头，区财政局配合）.
InlineUnits TakeInlineUnits(absl::string_view text);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_INLINE_UNITS_H_
