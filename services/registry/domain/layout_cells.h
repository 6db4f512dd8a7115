// What a cell's words are by themselves, for tables whose header says nothing.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_CELLS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_CELLS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::registry {

inline constexpr int kDecimalPlaces = 6;

// A plain decimal in units of 10^-6, exact: "18.5" → 18'500'000. nullopt for anything else, and
// above 10^11.
std::optional<std::int64_t> ParseMicro(absl::string_view cell);
std::string FormatMicro(std::int64_t micro);

// Blank, or a dash that stands for nothing.
bool IsNothing(absl::string_view cell);

// 县水利局；市教育局、区城投公司: every part ends as units do.
bool IsUnits(absl::string_view cell);

// 红旗镇, 城关街道, 江北区: ends as areas do.
bool IsArea(absl::string_view cell);

// 11月底前, 2025年6月, 四季度: short, and a time.
bool IsTime(absl::string_view cell);

// 新建公厕（座）: its label and the unit in its last bracket. nullopt when it has none, or the
// bracket holds more than a unit.
struct Indicator {
  std::string label;
  std::string unit;
};
std::optional<Indicator> TakeIndicator(absl::string_view cell);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_CELLS_H_
