#include <algorithm>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_clauses.h"
#include "services/registry/domain/compile_numbers.h"
#include "services/registry/domain/compile_reader.h"

namespace minsheng::registry::compiler {
namespace {

constexpr uint32_t kMaxStepBytes = 300;

}  // namespace

void DoubtDate(Work& work, const DateMark& date, int draft, Span place, absl::string_view words) {
  const absl::string_view where = place.empty() ? "时间栏的" : "";
  if (date.unsure) {
    work.Doubt("DATE_UNSURE", draft, place, absl::StrCat(where, "“", words, "”按当月最后一天处理"),
               0);
  }
  if (work.context.year != 0 && date.day.year() != work.context.year) {
    work.Doubt(
        "OTHER_YEAR", draft, place,
        absl::StrCat(where, "“", words, "”不在清单年度", work.context.year, "年内，照原文采用"), 0);
  }
}

// 动工 behind a date makes it a start, unless something is finished as well.
TargetStage Reader::StageBehind(int date, int end) const {
  uint8_t traits = 0;
  for (int i = date + 1; i < end; ++i) {
    if (work_.At(i).type == TokenType::kDate) break;
    if (work_.Is(i, WordClass::kVerb)) traits |= work_.At(i).arg;
  }
  const bool starts = (traits & kStartVerb) != 0 && (traits & kFinishVerb) == 0;
  return starts ? TargetStage::kStart : TargetStage::kFinish;
}

// A step for each date of the clause. `valued`: the draft's figure is what the date asks for.
void Reader::AddSteps(const Clause& clause, int index, bool valued) {
  for (int i = clause.first; i < clause.last; ++i) {
    const int behind = work_.Next(i);
    if (behind > i + 1 && HasMeasure(work_, i + 1, behind - 1)) i = behind - 1;
    if (work_.At(i).type != TokenType::kDate) continue;
    const bool named_behind = i + 2 < clause.last && work_.At(i + 1).type == TokenType::kOpen &&
                              work_.At(i + 2).type == TokenType::kDate;
    if (named_behind) {
      work_.used.push_back(work_.At(i).span);
      continue;
    }
    if (work_.dated[static_cast<std::size_t>(work_.At(i).link)]) continue;
    const Span words = work_.SpanOf(clause.first, clause.last);
    const TargetStage stage = index >= 0 && draft(index).row.stage == TargetStage::kStart
                                  ? TargetStage::kStart
                                  : StageBehind(i, clause.last);
    AddStep(i, index, stage, valued, words);
  }
}

void Reader::AddStep(int date, int index, TargetStage stage, bool valued, Span words) {
  const DateMark& mark = work_.DateOf(date);
  const Span place = work_.At(date).span;
  if (mark.kind == DateKind::kYears || mark.kind == DateKind::kNone) {
    return;
  }
  work_.used.push_back(place);
  work_.dated[static_cast<std::size_t>(work_.At(date).link)] = true;
  if (words.end - words.begin > kMaxStepBytes) words = place;
  if (mark.kind == DateKind::kWithin) {
    if (!mark.written_year || mark.day.year() == work_.context.year) return;
  }
  if (mark.kind == DateKind::kSeason) {
    work_.Doubt("DATE_UNCLEAR", index, place,
                absl::StrCat("“", Shown(place), "”没有确定的日期，未列入节点"), 5);
    return;
  }
  if (mark.kind == DateKind::kLost) {
    work_.Doubt("DIGITS_LOST", index, place,
                absl::StrCat("“", Shown(place), "”的日期缺少月、日之间的字，请核对原件"), 20);
    return;
  }
  DraftStep step;
  step.draft = index;
  step.words = place;
  step.step.due_on = mark.day;
  step.step.stage = stage;
  step.step.words = work_.text.Words(words);
  if (valued && index >= 0) {
    step.step.value = draft(index).row.value;
    step.step.unit = draft(index).row.unit;
    step.own = true;
  }
  DoubtDate(work_, mark, index, place, work_.text.Words(place));
  if (index >= 0 && stage == draft(index).row.stage) draft(index).row.due_on = mark.day;
  work_.steps.push_back(std::move(step));
}

// 3月底100个；6月底200个: a figure alone with its date is how far the target before has come.
bool Reader::TakesMilestone(const Counted& counted) {
  int date = counted.left.date >= 0 ? counted.left.date : counted.right.date;
  if (date < 0) return false;
  const Figure& figure = work_.FigureOf(counted.measure.token);
  const int index = LastOfUnit(figure.unit);
  if (index == kNoDraft || figure.high > 0 || figure.too_long) return false;
  Draft& target = draft(index);
  const bool dated = target.row.due_on.has_value();
  if (work_.DateOf(date).kind == DateKind::kWithin && dated) return TakesYear(counted, index);
  if (work_.DateOf(date).kind != DateKind::kDay) return false;
  if (!dated && figure.micros > target.micros) return false;
  if (counted.left.part) in_parts_ = false;
  const Span words = work_.SpanOf(counted.clause.first, counted.clause.last);
  const bool later = dated && work_.DateOf(date).day > *target.row.due_on;
  if (later && figure.micros > target.micros) {
    target.micros = figure.micros;
    target.row.value = FigureText(figure.micros);
    target.figure = figure.number;
    target.source.end = words.end;
  }
  work_.used.push_back(words);
  const auto due_on = target.row.due_on;
  KeepValues(index);
  AddStep(date, index, TargetStage::kFinish, true, words);
  work_.steps.back().step.value = FigureText(figure.micros);
  work_.steps.back().own = false;
  if (!later) draft(index).row.due_on = due_on;
  return true;
}

// Several dates of one target: each has its figure.
void Reader::KeepValues(int index) {
  for (DraftStep& step : work_.steps) {
    if (step.draft == index) step.own = false;
  }
}

// 6月底前完成50%: how far the whole work has come.
bool Reader::TakesProgress(const Counted& counted) {
  const int date = counted.left.date;
  const Figure& figure = work_.FigureOf(counted.measure.token);
  const bool whole = figure.unit_class == UnitClass::kPercent && figure.high == 0 &&
                     counted.left.kept_verb < 0 && last_noun_.empty();
  if (date < 0 || !whole || figure.too_long) return false;
  if (work_.DateOf(date).kind != DateKind::kDay) return false;
  const Span words = work_.SpanOf(counted.clause.first, counted.clause.last);
  AddStep(date, kWholeTask, TargetStage::kFinish, false, words);
  work_.steps.back().step.value = FigureText(figure.micros);
  work_.steps.back().step.unit = figure.unit;
  work_.used.push_back(words);
  return true;
}

// 上半年50公里，全年120公里: the figure of the year is the target's.
bool Reader::TakesYear(const Counted& counted, int index) {
  const Figure& figure = work_.FigureOf(counted.measure.token);
  Draft& target = draft(index);
  if (figure.micros < target.micros) return false;
  KeepValues(index);
  target.micros = figure.micros;
  target.row.value = FigureText(figure.micros);
  target.figure = figure.number;
  target.row.due_on.reset();
  target.source.end = work_.SpanOf(counted.clause.first, counted.measure.last).end;
  return true;
}

}  // namespace minsheng::registry::compiler
