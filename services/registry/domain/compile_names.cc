#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_numbers.h"
#include "services/registry/domain/compile_reader.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::size_t kCjk = 3;
constexpr std::size_t kMaxObjects = 500;

absl::string_view LastChar(absl::string_view words) {
  return words.size() < kCjk ? words : words.substr(words.size() - kCjk);
}

}  // namespace

// 甲镇、乙镇10个乡镇, 甲校等8所学校: names right before the figure.
bool Reader::EndsWithList(const Counted& counted) const {
  const Phrase& left = counted.left;
  if (left.etc) return true;
  const std::vector<Span> items = ReadItems(work_, left.bare_first, left.noun_last);
  if (items.size() < 2) return false;
  const Figure& figure = work_.FigureOf(counted.measure.token);
  const bool exact = static_cast<int64_t>(items.size()) * kMillionths == figure.micros;
  const absl::string_view first = LastChar(work_.Words(items[items.size() - 2]));
  return exact || first == LastChar(work_.Words(items.back()));
}

void Reader::TakeNames(const Counted& counted, int index) {
  const Phrase& left = counted.left;
  if (draft(index).row.kind != TargetKind::kCount || !left.has_noun()) return;
  if (counted.measure.first > counted.measure.token) return;
  const std::vector<Span> items = ReadItems(work_, left.bare_first, left.noun_last);
  if (left.etc) return SetObjects(items, true, index);
  const bool behind = counted.right.has_noun() && EndsWithList(counted);
  const Figure& figure = work_.FigureOf(counted.measure.token);
  const bool exact = static_cast<int64_t>(items.size()) * kMillionths == figure.micros;
  if (items.size() > 1 && (behind || exact)) SetObjects(items, false, index);
}

// Sets the names, counted against the figure.
void Reader::SetObjects(std::vector<Span> items, bool open, int index) {
  Draft& target = draft(index);
  if (target.row.kind != TargetKind::kCount || !target.row.objects.empty()) return;
  if (items.size() > kMaxObjects) items.resize(kMaxObjects);
  for (const Span& item : items) target.row.objects.push_back(work_.text.Words(item));
  if (static_cast<int64_t>(items.size()) * kMillionths == target.micros) return;
  work_.Doubt("COUNT_MISMATCH", index, target.source,
              absl::StrCat("点名", items.size(), "个，数字是", target.row.value,
                           open ? "，“等”字前没有列全，照数字采用" : "，两者不符，照数字采用"),
              open ? 10 : 30);
}

}  // namespace minsheng::registry::compiler
