#include "services/registry/domain/layout_cells.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "services/registry/domain/layout_lines.h"
#include "services/registry/domain/money.h"
#include "services/registry/domain/text.h"
#include "services/registry/domain/units.h"

namespace minsheng::registry {
namespace {

constexpr std::int64_t kMicro = 1'000'000;
constexpr std::size_t kWholeDigits = 11;
constexpr std::size_t kUnitCellBytes = 600;
constexpr std::size_t kTimeChars = 20;
constexpr std::size_t kIndicatorUnitChars = 8;
constexpr std::array<absl::string_view, 24> kUnitEnds = {
    "局", "委",   "办",   "院",   "公司", "中心", "镇",   "乡",     "街道", "会",     "处", "部",
    "队", "集团", "单位", "部门", "政府", "学校", "医院", "开发区", "园区", "办公室", "厅", "站"};
constexpr std::array<absl::string_view, 10> kAreaEnds = {"镇", "乡",   "街道", "区", "县",
                                                         "市", "社区", "村",   "旗", "办事处"};

bool EndsWithAny(absl::string_view words, absl::Span<const absl::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [&](absl::string_view end) { return absl::EndsWith(words, end); });
}

}  // namespace

std::optional<std::int64_t> ParseMicro(absl::string_view cell) {
  if (cell.size() > 64) return std::nullopt;
  const std::string key = absl::StrReplaceAll(MatchKey(cell), {{",", ""}});
  const std::size_t point = std::min(key.find('.'), key.size());
  const std::string whole = key.substr(0, point);
  std::string part = point < key.size() ? key.substr(point + 1) : "0";
  const bool plain = IsDigits(whole) && IsDigits(part) && whole.size() <= kWholeDigits &&
                     part.size() <= static_cast<std::size_t>(kDecimalPlaces);
  if (!plain) return std::nullopt;
  part.resize(kDecimalPlaces, '0');
  std::int64_t value = 0;
  return absl::SimpleAtoi(whole + part, &value) ? std::optional(value) : std::nullopt;
}

std::string FormatMicro(std::int64_t micro) {
  std::string part = absl::StrCat(kMicro + micro % kMicro).substr(1);
  while (!part.empty() && part.back() == '0') part.pop_back();
  return absl::StrCat(micro / kMicro, part.empty() ? "" : ".", part);
}

bool IsNothing(absl::string_view cell) { return NonePlanned(Trim(cell)); }

bool IsUnits(absl::string_view cell) {
  if (cell.size() > kUnitCellBytes || HasFigure(cell) || ContainsAny(cell, {"。", "！"}))
    return false;
  const UnitList list = ParseUnits(cell);
  const auto is_unit = [](const UnitRef& unit) {
    return unit.kind != UnitRef::kUnit || EndsWithAny(unit.name, kUnitEnds);
  };
  return !list.units.empty() && std::all_of(list.units.begin(), list.units.end(), is_unit) &&
         std::all_of(list.supporting.begin(), list.supporting.end(), is_unit);
}

bool IsArea(absl::string_view cell) {
  return cell.size() <= 60 && !HasFigure(cell) && EndsWithAny(Trim(cell), kAreaEnds);
}

bool IsTime(absl::string_view cell) {
  if (cell.size() > kTimeChars * 4) return false;
  const std::string key = MatchKey(cell);
  return CharCount(key) <= kTimeChars &&
         ContainsAny(key, {"月", "季度", "年底", "年内", "年末", "全年"}) &&
         !ContainsAny(key, {"建", "改", "新增", "个"});
}

std::optional<Indicator> TakeIndicator(absl::string_view cell) {
  if (cell.size() > 200) return std::nullopt;
  const std::string folded = absl::StrReplaceAll(RemoveSpaces(cell), {{"（", "("}, {"）", ")"}});
  const std::size_t open = folded.rfind('(');
  if (open == std::string::npos || open == 0 || folded.back() != ')') return std::nullopt;
  std::string unit = folded.substr(open + 1, folded.size() - open - 2);
  const absl::string_view prefix = "单位:";
  if (absl::StartsWith(Fold(unit), prefix))
    unit = unit.substr(unit.find_first_of(":\xEF") + (Fold(unit).size() == unit.size() ? 1 : 3));
  if (unit.empty() || CharCount(unit) > kIndicatorUnitChars || HasFigure(unit)) return std::nullopt;
  return Indicator{std::string(Trim(cell.substr(0, std::min(cell.rfind("（"), cell.rfind('('))))),
                   unit};
}

}  // namespace minsheng::registry
