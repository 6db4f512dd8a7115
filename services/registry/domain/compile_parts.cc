#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_numbers.h"
#include "services/registry/domain/compile_reader.h"

namespace minsheng::registry::compiler {
namespace {

constexpr int kLookBack = 16;

}  // namespace

void Reader::AddPart(int index) {
  const bool percent = draft(index).unit_class == UnitClass::kPercent;
  const bool rate = percent && absl::EndsWith(draft(index).row.indicator, "率");
  if (rate && !parts_.empty()) return CloseParts();
  const bool same = parts_.empty() || draft(parts_.front()).row.unit == draft(index).row.unit;
  if (same || percent) {
    parts_.push_back(index);
  } else {
    CloseParts();
  }
}

// 同步建设…: beside the whole, no part of it.
bool Reader::IsBeside(const Clause& clause) const {
  constexpr std::array<absl::string_view, 7> kBeside = {"同步", "同时", "配套", "另",
                                                        "此外", "并",   "还"};
  const absl::string_view words = work_.Words(work_.SpanOf(clause.first, clause.last));
  return std::any_of(kBeside.begin(), kBeside.end(),
                     [&](absl::string_view word) { return absl::StartsWith(words, word); });
}

// 其中 ends with its sentence: now all parts are known.
void Reader::CloseParts() {
  in_parts_ = false;
  std::vector<int> parts;
  parts.swap(parts_);
  if (parts.empty()) return;
  int64_t sum = 0;
  for (const int part : parts) sum += draft(part).micros;
  const int whole = WholeOf(parts, sum);
  if (whole == kNoDraft) {
    work_.Doubt("PART_WHOLE_UNKNOWN", parts.front(), draft(parts.front()).source,
                "“其中”前没有同单位的总数，作为单独的目标", 30);
    return;
  }
  for (const int part : parts) draft(part).part_of = whole;
  CheckParts(parts, whole, sum);
}

// The nearest target of the unit before; of several parts, rather the one they add up to.
int Reader::WholeOf(const std::vector<int>& parts, int64_t sum) const {
  int nearest = kNoDraft;
  int enough = kNoDraft;
  const std::string& unit = work_.drafts[static_cast<std::size_t>(parts.front())].row.unit;
  for (int i = parts.front() - 1; i >= 0 && i > parts.front() - kLookBack; --i) {
    const Draft& whole = work_.drafts[static_cast<std::size_t>(i)];
    if (whole.dropped || whole.part_of != kNoDraft || whole.row.unit != unit) continue;
    if (whole.sentence + 1 < sentence_) continue;
    if (parts.size() > 1 && whole.micros == sum) return i;
    if (nearest == kNoDraft) nearest = i;
    if (enough == kNoDraft && whole.micros >= sum) enough = i;
  }
  return enough != kNoDraft ? enough : nearest;
}

// The newest count of the sentence that `unit` measures, before the draft `before`.
int Reader::WholeInSentence(absl::string_view unit, int before) const {
  for (int i = before - 1; i >= static_cast<int>(sentence_drafts_); --i) {
    const Draft& whole = work_.drafts[static_cast<std::size_t>(i)];
    const bool open = !whole.dropped && whole.part_of == kNoDraft;
    if (open && whole.row.unit == unit) return i;
  }
  return kNoDraft;
}

// 新建3条道路，其中南环路年内开工: one of those counted, named.
void Reader::MakePartOfCount(int index) {
  for (int i = index - 1; i >= static_cast<int>(sentence_drafts_); --i) {
    const Draft& whole = draft(i);
    const bool things = whole.row.kind == TargetKind::kCount &&
                        whole.unit_class == UnitClass::kCounted && whole.part_of == kNoDraft;
    if (whole.dropped || !things) continue;
    draft(index).part_of = i;
    draft(index).weak = false;
    in_named_parts_ = true;
    if (draft(index).row.stage == whole.row.stage) return;
    work_.Doubt("STAGE_UNCLEAR", index, draft(index).source,
                "总数要求完成，其中这一部分只要求开工，两者照原文采用，请核实", 10);
    return;
  }
}

void Reader::CheckParts(const std::vector<int>& parts, int whole, int64_t sum) {
  const Draft& all = draft(whole);
  if (all.unit_class == UnitClass::kPercent) return;
  const bool exceeds = sum > all.micros;
  const bool claims = parts_claimed_ && sum != all.micros;
  parts_claimed_ = false;
  if (!exceeds && !claims) return;
  const Span place = draft(parts.front()).source;
  work_.Doubt(
      "PARTS_MISMATCH", whole, place,
      absl::StrCat("各部分相加为", FigureText(sum), "，与总数", all.row.value, "不符，照原文采用"),
      30);
}

}  // namespace minsheng::registry::compiler
