#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_clauses.h"
#include "services/registry/domain/compile_kinds.h"
#include "services/registry/domain/compile_numbers.h"
#include "services/registry/domain/compile_reader.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::size_t kShortNounBytes = 45;

bool IsWholeSize(absl::string_view noun) {
  bool only = false;
  return noun.size() <= 18 && EndsWithSize(noun, only);
}

}  // namespace

void Reader::ReadFigured(const Clause& clause, int part_of) {
  std::vector<Measure> measures = ReadMeasures(work_, clause);
  TakeCapacities(clause, measures);
  int plan = -1;
  int left_first = clause.first;
  int left_end = -1;
  for (std::size_t i = 0; i < measures.size(); ++i) {
    if (work_.drafts.size() >= kMaxDrafts) return;
    if (const int base = PlanBefore(clause, measures, i); base >= 0) {
      plan = base;
      continue;
    }
    if (IsContext(clause, measures, i)) {
      SkipContext(clause, measures, i, left_first, left_end);
      continue;
    }
    const int end = i + 1 < measures.size() ? measures[i + 1].first : clause.last;
    if (left_end < 0) left_end = measures[i].first;
    Counted counted{clause,
                    measures[i],
                    ReadPhrase(work_, left_first, left_end, true),
                    ReadBehind(measures[i], end),
                    left_first,
                    end,
                    part_of,
                    plan};
    plan = -1;
    left_first = ReadCounted(counted);
    left_end = -1;
  }
}

Phrase Reader::ReadBehind(const Measure& measure, int end) const {
  int first = measure.last;
  while (first < end && work_.At(first).type == TokenType::kOpen && work_.Next(first) > first + 1) {
    first = work_.Next(first);
  }
  Phrase phrase = ReadPhrase(work_, first, end, false);
  const int verb = phrase.kept_verb;
  if (verb >= 0 && (work_.At(verb).arg & (kStartVerb | kFinishVerb)) == 0) {
    phrase.noun_first = phrase.bare_first = verb;
    phrase.noun_last = verb + 1;
  }
  for (int i = phrase.noun_first; i < phrase.noun_last; i = work_.Next(i)) {
    const bool verb_behind = i + 1 < phrase.noun_last && work_.Is(i + 1, WordClass::kVerb);
    const bool joins = work_.Is(i, WordClass::kJoin) && verb_behind;
    const bool date = work_.At(i).type == TokenType::kDate;
    if (joins || date || work_.Is(i, WordClass::kHow)) phrase.noun_last = i;
  }
  return phrase;
}

int Reader::ReadCounted(Counted& counted) {
  if (counted.left.part) in_parts_ = true;
  counted.benefit = IsBenefit(counted);
  const bool bare = !counted.left.has_noun() && !counted.right.has_noun() && !counted.benefit;
  if (bare && (TakesMilestone(counted) || TakesProgress(counted))) return counted.right_end;
  if (bare && (IsRepeated(counted) || IsSum(counted))) {
    work_.used.push_back(work_.SpanOf(counted.left_first, counted.measure.last));
    return counted.right_end;
  }
  if (counted.left.stretch && TakesStretch(counted)) return counted.right_end;
  if (IsIndicative(counted) || TakesSizeOfWork(counted)) return counted.right_end;
  if (counted.measure.each_of) return ReadEachOf(counted);
  bool behind = false;
  std::string indicator;
  const Span noun = IndicatorOf(counted, indicator, behind);
  const int index = AddFigure(counted, noun, indicator, behind);
  if (bare && index > 0 && draft(index - 1).assumed) {
    draft(index - 1).dropped = draft(index - 1).sentence == sentence_;
  }
  TakeNames(counted, index);
  ReadBrackets(counted, index);
  if (counted.left.stretch) {
    work_.Doubt("STRETCH_ONLY", index, draft(index).source,
                "只写了力争、争取的数，没有必须完成的数，按目标处理", 20);
  }
  return behind ? counted.right_end : counted.measure.last;
}

std::string Reader::NounWords(Span noun) const {
  absl::string_view words = work_.Words(noun);
  if (absl::StartsWith(words, "的")) noun.begin += 3;
  if (absl::EndsWith(words, "的") && noun.end > noun.begin + 3) noun.end -= 3;
  return work_.text.Words(noun);
}

Span Reader::IndicatorOf(const Counted& counted, std::string& indicator, bool& behind) {
  const Phrase& left = counted.left;
  if (const Span gain = GainBefore(counted); !gain.empty()) {
    indicator = work_.text.Words(gain);
    return gain;
  }
  const Span before = work_.SpanOf(left.noun_first, left.noun_last);
  const Span after = RightNoun(counted);
  const bool topical = left.topic >= 0 && left.noun_first <= left.topic + 1;
  const bool listed = !after.empty() && EndsWithList(counted);
  const bool take_right = !after.empty() && (!left.has_noun() || left.of || topical || listed);
  if (take_right) {
    behind = true;
    indicator = work_.text.Words(after);
    const Figure& figure = work_.FigureOf(counted.measure.token);
    if (left.kept_verb >= 0) {
      const std::string verb = work_.text.Words(work_.SpanOf(left.kept_verb, left.kept_verb + 1));
      indicator = figure.unit_class == UnitClass::kPercent ? absl::StrCat(indicator, verb)
                                                           : absl::StrCat(verb, indicator);
    }
    return after;
  }
  if (left.has_noun()) {
    indicator = NounWords(before);
    if (IsWholeSize(work_.Words(before)) && !last_noun_.empty()) {
      indicator = absl::StrCat(work_.text.Words(last_noun_), indicator);
      return last_noun_;
    }
    const Span bare = work_.SpanOf(left.bare_first, left.noun_last);
    const bool own = !counted.right.has_verb && !LeadsToNext(counted);
    if (!after.empty() && after.end - after.begin <= kShortNounBytes && own) {
      behind = true;
      absl::StrAppend(&indicator, work_.text.Words(after));
    }
    return bare;
  }
  indicator = work_.text.Words(last_noun_);
  if (last_noun_.empty() && left.topic >= 0) {
    indicator = work_.text.Words(work_.SpanOf(left.topic + 1, counted.measure.first));
  } else if (left.kept_verb >= 0) {
    absl::StrAppend(&indicator, work_.text.Words(work_.At(left.kept_verb).span));
  }
  return last_noun_;
}

// 惠及群众 before the figure; empty when it says no gain.
Span Reader::GainBefore(const Counted& counted) const {
  for (int i = counted.measure.first - 1; i >= counted.left_first; --i) {
    if (work_.Is(i, WordClass::kBenefit)) return work_.SpanOf(i, counted.measure.first);
  }
  return {};
}

// 治理村庄9个污水治理率达到45%: the noun behind is that of the next figure.
bool Reader::LeadsToNext(const Counted& counted) const {
  const int end = counted.right_end;
  if (end >= counted.clause.last || !counted.right.has_noun()) return false;
  const bool paused = work_.At(end - 1).type == TokenType::kPause;
  const bool measured = IsMeasure(work_, end) || work_.Is(end, WordClass::kBound);
  return !paused && measured && counted.right.noun_last == end;
}

Span Reader::RightNoun(const Counted& counted) const {
  Span span = work_.SpanOf(counted.right.noun_first, counted.right.noun_last);
  if (span.empty() || counted.right.how >= 0) return {};
  if (absl::StartsWith(work_.Words(span), "的")) span.begin += 3;
  if (absl::EndsWith(work_.Words(span), "工作") && span.end - span.begin > 12) span.end -= 6;
  return span;
}

}  // namespace minsheng::registry::compiler
