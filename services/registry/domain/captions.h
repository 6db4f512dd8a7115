// What the lines above a table say of it: title, year, district, unit of money, number of projects.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_CAPTIONS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_CAPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "services/registry/domain/grid.h"
#include "services/registry/domain/money.h"

namespace minsheng::registry {

// `title` is the last line above the header that reads like a title. Empty, 0 and nullopt: not
// found. `unit_row` is the row of the
// unit's declaration; `declared_fen` the sum that an introduction states, in row `declared_row`.
struct Captions {
  std::string title;
  int title_row = 0;
  int year = 0;
  std::string district_name;
  std::optional<MoneyUnit> money_unit;
  std::optional<int64_t> declared_fen = std::nullopt;
  int declared_row = 0;
  int unit_row = 0;
};

Captions ReadCaptions(absl::Span<const GridRow> rows);

// The first year in the words: 2024年, ２０２４年度, 二〇二四年. A range (2023—2025年) is none. 0
// when there is none.
int FindYear(absl::string_view words);

// The district's own name, without what it belongs to: 重庆市武隆区2024年度… → 武隆区. Empty for
// 全区 and the like.
std::string FindDistrictName(absl::string_view title);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_CAPTIONS_H_
