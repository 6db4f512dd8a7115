// The marks that open the items of a prose list. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_MARKS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_MARKS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/registry/domain/layout_lines.h"

namespace minsheng::registry {

// From the outermost to the innermost as documents use them: 第一部分, 一、 (第一， counts as one),
// （一）, 1., （1）, ①, 一是, ●.
enum class MarkStyle {
  kNone,
  kPart,
  kOrdinal,
  kChinese,
  kChineseBracket,
  kDigit,
  kDigitBracket,
  kCircled,
  kClause,
  kBullet
};

// `no` is 0 for kNone and kBullet; `mark` as written, `words` what follows it.
struct Marked {
  MarkStyle style = MarkStyle::kNone;
  int no = 0;
  std::string mark;
  std::string words;
};

// From 1 to 999. Not a mark: 2025年…, 1.5万人, 第一季度, 一老一小.
Marked TakeMark(absl::string_view line);

// 办好六件实事：一是…，二是…，三是…。 → the words before 一是, then one line for each item. One
// line, the given one, when it has fewer than three of them in order.
std::vector<Line> PartAtMarks(const Line& line);

// …以下实事：新建…；改造…；建成…。 → the words up to ： and one line for each item, marked ●. One
// line when it has fewer than three parts.
std::vector<Line> PartAtSemicolons(const Line& line);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_MARKS_H_
