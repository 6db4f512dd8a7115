#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_clauses.h"
#include "services/registry/domain/compile_kinds.h"
#include "services/registry/domain/compile_numbers.h"
#include "services/registry/domain/compile_reader.h"

namespace minsheng::registry::compiler {
int Reader::ReadEachOf(const Counted& counted) {
  const std::vector<Span> items =
      ReadItems(work_, counted.left_first, std::max(counted.left_first, counted.left.last));
  if (items.size() < 2) {
    bool behind = false;
    std::string indicator;
    const Span noun = IndicatorOf(counted, indicator, behind);
    const int index = AddFigure(counted, noun, indicator, behind);
    work_.Doubt("EACH_UNCLEAR", index, draft(index).source,
                "“各”所指的有几个看不清，数字照原文采用", 40);
    return counted.right_end;
  }
  int first = counted.left_first;
  for (const Span& item : items) {
    int last = first;
    while (last < counted.measure.first && work_.At(last).span.begin < item.end) ++last;
    Counted one = counted;
    one.left = ReadPhrase(work_, first, last, true);
    if (!one.left.has_verb) one.left.traits = carried_traits_;
    bool behind = false;
    std::string indicator;
    const Span noun = IndicatorOf(one, indicator, behind);
    const int index = AddFigure(one, noun, indicator, behind);
    draft(index).source.end = work_.At(counted.measure.last - 1).span.end;
    first = std::min(last + 1, counted.measure.first);
  }
  return counted.right_end;
}

bool Reader::ReadApiece(const Clause& clause) {
  int apiece = -1;
  for (int i = clause.first; i < clause.last; i = work_.Next(i)) {
    if (work_.Is(i, WordClass::kApiece)) apiece = i;
  }
  if (apiece < 0) return false;
  const std::vector<Measure> measures = ReadMeasures(work_, clause);
  const Phrase left = ReadPhrase(work_, clause.first, apiece, true);
  const std::vector<Span> items = ReadItems(work_, left.noun_first, left.noun_last);
  if (items.size() != measures.size() || measures.front().token < apiece) {
    work_.Doubt("APIECE_MISMATCH", kWholeTask, work_.SpanOf(clause.first, clause.last),
                "“分别”前后的个数不同，逐个数字照原文采用", 0);
    return false;
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    Counted counted{clause, measures[i], left, Phrase{}, clause.first, clause.last, kNoDraft};
    if (counted.measure.bound == kUnbound) counted.measure.bound = measures[0].bound;
    AddFigure(counted, items[i], work_.text.Words(items[i]), false);
  }
  return true;
}

void Reader::ReadBrackets(const Counted& counted, int index) {
  for (int i = counted.measure.last; i < counted.right_end; ++i) {
    if (work_.At(i).type != TokenType::kOpen || work_.At(i).link < i) continue;
    ReadBracket(i, index);
    i = work_.At(i).link;
  }
}

void Reader::ReadBracket(int open, int index) {
  const int close = work_.At(open).link;
  bool measured = false;
  for (int i = open + 1; i < close; ++i) measured = measured || IsMeasure(work_, i);
  if (!measured && work_.Is(open + 1, WordClass::kPart)) {
    return ReadDeed({open + 1, close, sentence_, false});
  }
  if (!measured) {
    const std::vector<Span> items = ReadItems(work_, open + 1, close);
    if (items.size() < 2 || draft(index).row.kind != TargetKind::kCount) return;
    work_.used.push_back(work_.SpanOf(open, close + 1));
    return SetObjects(items, work_.Is(close - 1, WordClass::kEtc), index);
  }
  std::vector<int> parts;
  int first = open + 1;
  for (int i = first; i <= close; ++i) {
    const TokenType type = work_.At(i).type;
    const bool ends = i == close || type == TokenType::kPause || type == TokenType::kComma;
    if (!ends || !HasMeasure(work_, first, i)) continue;
    const std::size_t before = work_.drafts.size();
    ReadFigured({first, i, sentence_, false}, kNoDraft);
    for (std::size_t d = before; d < work_.drafts.size(); ++d) parts.push_back(static_cast<int>(d));
    first = i + 1;
  }
  in_parts_ = false;
  parts_.erase(
      std::remove_if(parts_.begin(), parts_.end(), [&](int part) { return part >= index; }),
      parts_.end());
  int64_t sum = 0;
  std::vector<int> same;
  for (const int part : parts) {
    if (draft(part).row.unit != draft(index).row.unit) {
      draft(part).part_of = WholeInSentence(draft(part).row.unit, index);
      continue;
    }
    draft(part).part_of = index;
    sum += draft(part).micros;
    same.push_back(part);
  }
  parts_claimed_ = same.size() > 1;
  if (draft(index).part_of != kNoDraft) {
    for (const int part : same) draft(part).part_of = draft(index).part_of;
    return;
  }
  if (!same.empty()) CheckParts(same, index, sum);
}

}  // namespace minsheng::registry::compiler
