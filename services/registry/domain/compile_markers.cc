#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/compile_figures.h"
#include "services/registry/domain/compile_numbers.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::size_t kCjk = 3;

constexpr std::array<absl::string_view, 14> kPeriods = {"学年", "学期", "季度",   "半年", "年度",
                                                        "两年", "三年", "工作日", "年",   "季",
                                                        "月",   "周",   "天",     "日"};

}  // namespace

std::size_t ReadEach(absl::string_view text, Each& each) {
  absl::string_view rest = text.substr(kCjk);
  const std::size_t counter = absl::StartsWith(rest, "个") ? kCjk : 0;
  for (const auto period : kPeriods) {
    if (!absl::StartsWith(rest.substr(counter), period)) continue;
    each.period = std::string(period);
    std::size_t length = kCjk + counter + period.size();
    if (absl::StartsWith(text.substr(length), "度") && period == "季") length += kCjk;
    return length;
  }
  std::size_t length = 0;
  constexpr std::array<absl::string_view, 7> kScales = {"百万", "十万", "千", "万",
                                                        "百",   "十",   "两"};
  for (const auto scale : kScales) {
    if (absl::StartsWith(rest, scale)) {
      length = scale.size();
      break;
    }
  }
  if (length == 0) length = ReadNumber(rest).length;
  const UnitEntry* unit = FindUnit(rest.substr(length));
  if (unit != nullptr) length += unit->word.size();
  each.base = std::string(rest.substr(0, length));
  const absl::string_view noun = rest.substr(length);
  constexpr std::array<absl::string_view, 16> kNouns = {
      "常住人口", "人口",   "老年人口", "老年人", "老人", "居民", "家庭", "户籍人口",
      "村民小组", "行政村", "村",       "社区",   "乡镇", "街道", "小区", "学校"};
  for (const auto word : kNouns) {
    if (!absl::StartsWith(noun, word)) continue;
    const bool people = word == "人口" || word == "常住人口" || word == "户籍人口";
    absl::StrAppend(&each.base, people ? "人" : word);
    length += word.size();
    break;
  }
  if (each.base == "个" || each.base == "名" || each.base == "户" || each.base.empty()) {
    if (each.base.empty()) return 0;
  }
  if (absl::StartsWith(each.base, "个") && each.base.size() > kCjk) each.base.erase(0, kCjk);
  constexpr absl::string_view kDoubled = "人口人";
  if (absl::EndsWith(each.base, kDoubled)) each.base.resize(each.base.size() - 2 * kCjk);
  if (absl::EndsWith(each.base, "人口")) each.base.resize(each.base.size() - kCjk);
  return kCjk + length;
}

std::size_t MarkerLength(absl::string_view text, int& last) {
  absl::string_view rest = text;
  const bool bracket = absl::ConsumePrefix(&rest, "(");
  const std::size_t digits = DigitsLength(rest);
  const Number number = digits > 0 ? Number{} : ReadNumber(rest);
  const std::size_t length = digits > 0 ? digits : number.length;
  int no = 0;
  if (length == 0 || digits > 2) return 0;
  if (digits > 0 && !absl::SimpleAtoi(rest.substr(0, digits), &no)) return 0;
  if (digits == 0) no = static_cast<int>(std::min<int64_t>(number.micros / kMillionths, 99));
  const absl::string_view behind = rest.substr(length);
  const auto take = [&](std::size_t sign) {
    last = no;
    return (text.size() - rest.size()) + length + sign;
  };
  if (bracket) return absl::StartsWith(behind, ")") ? take(1) : 0;
  if (absl::StartsWith(behind, "、"))
    return digits > 0 || number.micros <= 20 * kMillionths ? take(kCjk) : 0;
  if (absl::StartsWith(behind, ")")) return take(1);
  if (digits == 0 && absl::StartsWith(behind, "是")) return take(kCjk);
  if (!absl::StartsWith(behind, ".")) return 0;
  const std::size_t more = DigitsLength(behind.substr(1));
  if (more == 0) return take(1);
  const bool month = more <= 2 && absl::StartsWith(behind.substr(1 + more), "月");
  const UnitEntry* unit = FindUnit(behind.substr(1 + more));
  const bool counted = unit != nullptr && (unit->unit_class == UnitClass::kCounted ||
                                           unit->unit_class == UnitClass::kPeople);
  const bool next = no == last + 1 && (last > 0 || month);
  return month || (counted && next) ? take(1) : 0;
}

}  // namespace minsheng::registry::compiler
