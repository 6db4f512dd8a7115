#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/compile_clauses.h"
#include "services/registry/domain/compile_kinds.h"
#include "services/registry/domain/compile_numbers.h"
#include "services/registry/domain/compile_reader.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::array<absl::string_view, 10> kCapacities = {
    "能力", "日供水", "日处理", "规模", "产能", "容量", "装机", "库容", "日产", "日均"};

bool IsCapacity(const Work& work, const Clause& clause, const Measure& measure) {
  if (measure.first <= clause.first) return false;
  const absl::string_view left = work.Words(work.At(measure.first - 1).span);
  return std::any_of(kCapacities.begin(), kCapacities.end(),
                     [&](absl::string_view word) { return absl::EndsWith(left, word); });
}

}  // namespace

void Reader::TakeCapacities(const Clause& clause, std::vector<Measure>& measures) {
  const bool counts = std::any_of(measures.begin(), measures.end(), [&](const Measure& measure) {
    return work_.FigureOf(measure.token).unit_class == UnitClass::kCounted;
  });
  if (!counts || measures.size() < 2) return;
  for (const Measure& measure : measures) {
    Figure& figure = work_.FigureOf(measure.token);
    if (figure.unit_class != UnitClass::kSize || !IsCapacity(work_, clause, measure)) continue;
    figure.use = FigureUse::kIndicative;
    work_.Doubt(
        "SIZE_INDICATIVE", kWholeTask, work_.At(measure.token).span,
        absl::StrCat("“", Shown(work_.At(measure.token).span), "”看作每个的规模，未作为目标"), 0);
  }
  measures.erase(
      std::remove_if(measures.begin(), measures.end(),
                     [&](const Measure& measure) { return !IsMeasure(work_, measure.token); }),
      measures.end());
}

bool Reader::IsSizeOfThing(const Clause& clause, const std::vector<Measure>& measures,
                           std::size_t at) const {
  const Figure& size = work_.FigureOf(measures[at].token);
  const Figure& count = work_.FigureOf(measures[at + 1].token);
  const int before = measures[at].first - 1;
  const bool opens = before < clause.first || work_.Is(before, WordClass::kVerb);
  const bool pair =
      size.unit_class == UnitClass::kSize && count.unit_class == UnitClass::kCounted && opens;
  const int behind = measures[at].last;
  return pair && measures[at].bound == kUnbound && behind < measures[at + 1].first &&
         work_.At(behind).type == TokenType::kText;
}

bool Reader::IsContext(const Clause& clause, const std::vector<Measure>& measures,
                       std::size_t at) const {
  if (at + 1 >= measures.size()) return false;
  const int from = measures[at].last;
  const int to = measures[at + 1].first;
  const bool in = work_.Is(clause.first, WordClass::kTopic) &&
                  work_.Words(work_.At(clause.first).span) == "在" && at == 0;
  if (from >= to) return false;
  if (IsSizeOfThing(clause, measures, at)) return true;
  int end = to;
  while (end > from && (work_.At(end - 1).type == TokenType::kPause)) --end;
  if (in) return true;
  absl::string_view noun = work_.Words(work_.SpanOf(from, end));
  while (absl::EndsWith(noun, "的")) noun.remove_suffix(3);
  return end == to && IsPlaceWord(noun);
}

void Reader::SkipContext(const Clause& clause, const std::vector<Measure>& measures, std::size_t at,
                         int& left_first, int& left_end) {
  if (IsSizeOfThing(clause, measures, at)) {
    work_.Doubt(
        "SIZE_INDICATIVE", kWholeTask, work_.At(measures[at].token).span,
        absl::StrCat("“", Shown(work_.At(measures[at].token).span), "”看作每个的规模，未作为目标"),
        0);
    left_first = measures[at].last;
    return;
  }
  if (!work_.Is(clause.first, WordClass::kTopic) || at > 0) {
    if (left_end < 0) left_end = measures[at].first;
    return;
  }
  left_first = measures[at].last;
  for (int i = measures[at + 1].first - 1; i >= measures[at].last; --i) {
    if (work_.Is(i, WordClass::kVerb)) left_first = i;
  }
}

bool Reader::IsIndicative(const Counted& counted) {
  const Span noun = work_.SpanOf(counted.left.noun_first, counted.left.noun_last);
  bool only_size = false;
  if (!EndsWithSize(work_.Words(noun), only_size)) return false;
  const Figure& figure = work_.FigureOf(counted.measure.token);
  if (figure.unit_class != UnitClass::kSize) return false;
  const bool bound = counted.measure.bound != kUnbound;
  const bool before = only_size ? LastDraft() != kNoDraft : after_deed_;
  if (!before || bound) return false;
  if (!counted.measure.about && !only_size) {
    work_.Doubt("SIZE_INDICATIVE", kWholeTask, work_.At(counted.measure.token).span,
                absl::StrCat("“", Shown(work_.At(counted.measure.token).span),
                             "”看作工程的规模，未作为目标"),
                0);
  }
  return true;
}

// 甲站至乙桥段道路整治约5000平方米: the work is the goal, its size is not.
bool Reader::TakesSizeOfWork(const Counted& counted) {
  const Figure& figure = work_.FigureOf(counted.measure.token);
  const Span noun = work_.SpanOf(counted.left.noun_first, counted.left.noun_last);
  const bool area = absl::StartsWith(figure.unit, "平方") || figure.unit == "亩";
  const bool rough = area && counted.measure.about && counted.measure.bound == kUnbound &&
                     counted.right_end == counted.clause.last;
  if (!rough || counted.left_first != counted.clause.first) return false;
  if (!IsStretchOfWork(work_.Words(noun))) return false;
  const int index = AddDeed(counted.clause, counted.left);
  AddSteps(counted.clause, index, false);
  work_.Doubt(
      "SIZE_INDICATIVE", index, work_.At(counted.measure.token).span,
      absl::StrCat("“", Shown(work_.At(counted.measure.token).span), "”看作工程的规模，未作为目标"),
      0);
  return true;
}

// 完成70公里 after 改造公路70公里: the same goal once more.
bool Reader::IsRepeated(const Counted& counted) const {
  const Figure& figure = work_.FigureOf(counted.measure.token);
  const int index = LastOfUnit(figure.unit);
  const bool other = counted.left.part || counted.left.stretch || counted.left.kept_verb >= 0 ||
                     counted.left.each >= 0 || counted.left.base_each >= 0;
  if (index == kNoDraft || other || counted.left.topic >= 0 || figure.high > 0) return false;
  const Draft& before = work_.drafts[static_cast<std::size_t>(index)];
  const bool starts = (counted.left.traits & kStartVerb) != 0;
  return before.row.kind == TargetKind::kCount && before.micros == figure.micros &&
         counted.left.has_verb && starts == (before.row.stage == TargetStage::kStart);
}

// 惠及群众5万人, 5万人受益
bool Reader::IsBenefit(const Counted& counted) const {
  for (int i = counted.left_first; i < counted.right_end; ++i) {
    if (work_.Is(i, WordClass::kBenefit)) return true;
  }
  return false;
}

// The figure at `at` when it is the plan that the percentage behind it is of; else -1.
int Reader::PlanBefore(const Clause& clause, const std::vector<Measure>& measures,
                       std::size_t at) const {
  if (at + 1 >= measures.size()) return -1;
  const UnitClass share = work_.FigureOf(measures[at + 1].token).unit_class;
  const UnitClass whole = work_.FigureOf(measures[at].token).unit_class;
  if (share != UnitClass::kPercent || whole == UnitClass::kPercent) return -1;
  absl::string_view between = work_.Words(work_.SpanOf(measures[at].last, measures[at + 1].first));
  const bool of = measures[at + 1].first <= clause.last && absl::ConsumeSuffix(&between, "的");
  return of && (between.empty() || IsPlanNoun(between)) ? measures[at].token : -1;
}

// Of 50公里，其中城区30公里，力争60公里 the whole; of 力争40公里 the part.
int Reader::BaseOfStretch(const Figure& figure) {
  const int nearest = LastOfUnit(figure.unit);
  if (!in_parts_ || parts_.empty()) return nearest;
  CloseParts();
  const int whole = LastOfUnit(figure.unit);
  const bool beyond = whole != kNoDraft && figure.micros > draft(whole).micros;
  return beyond ? whole : nearest;
}

// 新建10座、改造20座，合计30座: what was counted already.
bool Reader::IsSum(const Counted& counted) const {
  constexpr std::array<absl::string_view, 6> kSums = {"合计", "共计", "总计", "总共", "累计", "共"};
  bool summed = false;
  for (int i = counted.left_first; i < counted.measure.token; ++i) {
    const absl::string_view words = work_.Words(work_.At(i).span);
    summed = summed || std::find(kSums.begin(), kSums.end(), words) != kSums.end();
  }
  const Figure& figure = work_.FigureOf(counted.measure.token);
  int64_t sum = 0;
  int parts = 0;
  for (std::size_t i = sentence_drafts_; summed && i < work_.drafts.size(); ++i) {
    const Draft& part = work_.drafts[i];
    if (part.dropped || part.part_of != kNoDraft || part.row.unit != figure.unit) continue;
    sum += part.micros;
    ++parts;
  }
  return parts > 1 && sum == figure.micros;
}

bool Reader::TakesStretch(const Counted& counted) {
  const Figure& figure = work_.FigureOf(counted.measure.token);
  const int index = BaseOfStretch(figure);
  if (index == kNoDraft || draft(index).sentence + 1 < sentence_) return false;
  Draft& base = draft(index);
  const bool starts = (counted.left.traits & kStartVerb) != 0;
  const bool named = counted.left.has_noun() || counted.right.has_noun();
  const bool other = starts != (base.row.stage == TargetStage::kStart);
  const bool upward = base.row.comparator == Comparator::kAtLeast && figure.micros > base.micros;
  const bool downward = base.row.comparator == Comparator::kAtMost && figure.micros < base.micros;
  if (other || (named && base.sentence != sentence_) || !base.row.stretch.empty()) return false;
  if ((!upward && !downward) || figure.too_long || figure.high > 0) return false;
  base.row.stretch = FigureText(figure.micros);
  const int from = counted.left.has_noun() ? counted.measure.first : counted.left_first;
  work_.used.push_back(work_.SpanOf(from, counted.measure.last));
  AddSteps(counted.clause, index, false);
  return true;
}

}  // namespace minsheng::registry::compiler
