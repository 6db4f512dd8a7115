#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_clauses.h"
#include "services/registry/domain/compile_numbers.h"
#include "services/registry/domain/compile_reader.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry::compiler {
namespace {

// The tokens of 从甲、乙提高到丙、丁.
struct Move {
  int from = -1;
  int to = -1;
  int each = -1;
  std::vector<int> before;
  std::vector<int> after;
};

Move FindMove(const Work& work, const Clause& clause) {
  Move move;
  for (int i = clause.first; i < clause.last; i = work.Next(i)) {
    if (work.Is(i, WordClass::kFrom) && move.from < 0) move.from = i;
    const bool raise = work.Is(i, WordClass::kBound) && (work.At(i).arg & kRaises) != 0;
    if (raise && move.from >= 0 && move.to < 0) move.to = i;
    const bool period = work.At(i).type == TokenType::kEach && !work.EachOf(i).period.empty();
    if (period) move.each = i;
    if (IsMeasure(work, i) && move.from >= 0) {
      (move.to < 0 ? move.before : move.after).push_back(i);
    }
  }
  return move;
}

// 城市、农村低保标准: the first takes the end of the last.
std::string MovedName(const Work& work, const std::vector<Span>& items, std::size_t at, Span one) {
  const std::string name = work.text.Words(one);
  if (items.size() < 2 || at + 1 == items.size() || one.empty()) return name;
  absl::string_view last = work.Words(items.back());
  if (last.size() <= name.size()) return name;
  for (std::size_t i = CharCount(name); i > 0; --i) last.remove_prefix(FirstCharLength(last));
  return absl::EndsWith(name, last) ? name : absl::StrCat(name, last);
}

}  // namespace

// 从每月631元、286元提高到653元、300元: levels with what they were.
bool Reader::ReadMove(const Clause& clause) {
  const Move move = FindMove(work_, clause);
  if (move.to < 0 || move.before.empty() || move.before.size() != move.after.size()) return false;
  Phrase left = ReadPhrase(work_, clause.first, move.from, true);
  if (!left.has_noun() && left.topic >= 0) {
    left.noun_first = left.topic + 1;
    left.noun_last = move.from;
  }
  std::vector<Span> items = ReadItems(work_, left.noun_first, left.noun_last);
  const Span noun = work_.SpanOf(left.noun_first, left.noun_last);
  for (std::size_t i = 0; i < move.after.size(); ++i) {
    Counted counted{clause,       ReadMeasure(work_, move.after[i], move.to, clause.last),
                    left,         Phrase{},
                    clause.first, clause.last,
                    kNoDraft};
    const auto bound = static_cast<Bound>(work_.At(move.to).arg & kBoundMask);
    if (counted.measure.bound == kUnbound) counted.measure.bound = bound;
    const Span one = items.size() == move.after.size() ? items[i] : noun;
    const int index = AddFigure(counted, one, MovedName(work_, items, i, one), false);
    Draft& target = draft(index);
    if (target.row.value.empty()) continue;
    const Figure& old = work_.FigureOf(move.before[i]);
    target.row.kind = TargetKind::kLevel;
    target.row.stage = TargetStage::kFinish;
    target.source = work_.SpanOf(clause.first, clause.last);
    if (!old.too_long) target.row.baseline = FigureText(old.micros);
    const Figure& now = work_.FigureOf(move.after[i]);
    const bool per = absl::StrContains(target.row.unit, "/");
    if (!per && move.each >= 0 && now.unit_class == UnitClass::kMoney) {
      target.row.unit = absl::StrCat(now.unit, "/", work_.EachOf(move.each).period);
    }
  }
  return true;
}

}  // namespace minsheng::registry::compiler
