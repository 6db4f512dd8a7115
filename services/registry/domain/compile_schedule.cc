#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_clauses.h"
#include "services/registry/domain/compile_numbers.h"
#include "services/registry/domain/compile_reader.h"
#include "services/registry/domain/compile_uses.h"

namespace minsheng::registry::compiler {
namespace {

constexpr uint32_t kMaxStepBytes = 300;

// The target that a step of the schedule is about, by its unit.
int OnlyOfUnit(const Work& work, absl::string_view unit) {
  int found = kWholeTask;
  for (std::size_t i = 0; i < work.drafts.size(); ++i) {
    if (work.drafts[i].dropped || work.drafts[i].row.unit != unit) continue;
    if (found != kWholeTask) return kWholeTask;
    found = static_cast<int>(i);
  }
  return found;
}

// The target of a row that counts one thing only.
int OnlyCount(const Work& work) {
  int found = kWholeTask;
  for (std::size_t i = 0; i < work.drafts.size(); ++i) {
    const Draft& draft = work.drafts[i];
    const bool counts = draft.row.kind == TargetKind::kCount && draft.part_of == kNoDraft;
    if (draft.dropped || !counts) continue;
    if (found != kWholeTask) return kWholeTask;
    found = static_cast<int>(i);
  }
  return found;
}

// Reads the words of the columns of time with a work of their own. A line is one column's; the
// label before its colon may be the date (一季度：完成20公里) or the stage (开工：5月).
class ScheduleReader {
 public:
  ScheduleReader(Work& work, Work& schedule) : work_(work), schedule_(schedule) {}

  void Read() {
    ResolveUses(schedule_);
    for (const Clause& clause : SplitClauses(schedule_)) ReadClause(clause);
    CloseLine();
    if (plain_ && dates_ == 1) DoubtConflict(*plain_);
  }

 private:
  bool OpensLine(const Clause& clause) const {
    if (line_last_ < 0) return true;
    for (int i = line_last_; i < clause.first; ++i) {
      if (schedule_.Words(schedule_.At(i).span) == "\n") return true;
    }
    return false;
  }

  void ReadClause(const Clause& clause) {
    const bool opens = OpensLine(clause);
    if (opens) OpenLine();
    line_last_ = clause.last;
    if (opens && clause.label && schedule_.At(clause.first).type == TokenType::kDate) {
      label_ = clause.first;
      line_first_ = clause.last + 1;
      return;
    }
    if (clause.label) label_traits_ = TraitsOf(clause.first, clause.last);
    ReadDates(clause);
  }

  void OpenLine() {
    CloseLine();
    label_ = -1;
    label_traits_ = 0;
    dated_ = false;
  }

  // The column's date, unless its words have dates of their own.
  void CloseLine() {
    if (label_ < 0 || dated_ || line_first_ >= line_last_) return;
    ReadDateIn({line_first_, line_last_, 0, false}, label_, line_first_, line_last_);
    label_ = -1;
  }

  void ReadDates(const Clause& clause) {
    for (int i = clause.first; i < clause.last; ++i) {
      if (schedule_.At(i).type != TokenType::kDate) continue;
      int end = i + 1;
      while (end < clause.last && schedule_.At(end).type != TokenType::kDate) ++end;
      const bool named_again =
          end < clause.last && end == i + 2 && schedule_.At(i + 1).type == TokenType::kOpen;
      if (!named_again) ReadDateIn(clause, i, i + 1, end);
      dated_ = dated_ || !named_again;
    }
  }

  // What the date at `date` asks for stands in tokens [first, last).
  void ReadDateIn(const Clause& clause, int date, int first, int last) {
    const DateMark& mark = schedule_.DateOf(date);
    const Span place = schedule_.At(date).span;
    const bool within = mark.kind == DateKind::kWithin;
    const bool own_year = mark.day.year() == work_.context.year;
    if (within && (!mark.written_year || own_year)) return;
    if (mark.kind == DateKind::kYears && !mark.span && own_year) return;
    if (mark.kind == DateKind::kSeason || mark.kind == DateKind::kLost) {
      const bool lost = mark.kind == DateKind::kLost;
      work_.Doubt(
          lost ? "DIGITS_LOST" : "DATE_UNCLEAR", kWholeTask, {},
          absl::StrCat("时间栏的“", schedule_.text.Words(place),
                       lost ? "”缺少月、日之间的字，请核对原件" : "”没有确定的日期，未列入节点"),
          0);
      return;
    }
    AddStep(clause, date, first, last);
  }

  void AddStep(const Clause& clause, int date, int first, int last) {
    const DateMark& mark = schedule_.DateOf(date);
    DraftStep step;
    step.step.due_on = mark.day;
    Span words = schedule_.SpanOf(std::min(date, clause.first), clause.last);
    if (words.end - words.begin > kMaxStepBytes) words = schedule_.At(date).span;
    step.step.words = schedule_.text.Words(words);
    uint8_t traits = TraitsOf(first, last);
    if (traits == 0 && date >= clause.first) traits = TraitsOf(clause.first, date) | label_traits_;
    const bool starts = (traits & kStartVerb) != 0 && (traits & kFinishVerb) == 0;
    step.step.stage = starts ? TargetStage::kStart : TargetStage::kFinish;
    TakeValue(first, last, step);
    const bool plain = label_ != date && !starts && step.step.value.empty();
    if (plain) plain_ = mark.day;
    ++dates_;
    DoubtDate(work_, mark, step.draft, {}, schedule_.text.Words(schedule_.At(date).span));
    work_.steps.push_back(std::move(step));
  }

  uint8_t TraitsOf(int first, int last) const {
    uint8_t traits = 0;
    for (int i = first; i < last; ++i) {
      if (schedule_.Is(i, WordClass::kVerb)) traits |= schedule_.At(i).arg;
    }
    return traits;
  }

  bool MayBeValue(int token) const {
    if (schedule_.At(token).type != TokenType::kFigure) return false;
    const Figure& figure = schedule_.FigureOf(token);
    const bool bare = figure.unit_class == UnitClass::kMissing &&
                      figure.use == FigureUse::kUnclear && !figure.chinese;
    return figure.use == FigureUse::kMeasure || bare;
  }

  // The year's figure, said once more behind that of the date: 完成20公里，完成70公里.
  bool IsWhole(int token) const {
    const Figure& figure = schedule_.FigureOf(token);
    const int index = OnlyOfUnit(work_, figure.unit);
    return index >= 0 && work_.draft(index).micros == figure.micros;
  }

  // The one figure of [first, last); -1 when there are none or several.
  int OnlyFigure(int first, int last) const {
    int found = -1;
    for (int i = first; i < last; ++i) {
      if (!MayBeValue(i) || (found >= 0 && IsWhole(i))) continue;
      if (found >= 0) return -1;
      found = i;
    }
    return found;
  }

  void TakeValue(int first, int last, DraftStep& step) {
    const int at = OnlyFigure(first, last);
    if (at < 0 || schedule_.FigureOf(at).too_long) return;
    const Figure& figure = schedule_.FigureOf(at);
    const bool bare = figure.unit_class == UnitClass::kMissing;
    step.draft = bare ? OnlyCount(work_) : OnlyOfUnit(work_, figure.unit);
    if (bare && step.draft < 0) return DoubtBare(at);
    step.step.value = FigureText(figure.micros);
    step.step.unit = bare ? work_.draft(step.draft).row.unit : figure.unit;
    if (step.draft < 0) return;
    Draft& target = work_.draft(step.draft);
    if (target.row.stage != step.step.stage || figure.micros < target.micros) return;
    auto& due_on = target.row.due_on;
    if (!due_on || *due_on < step.step.due_on) due_on = step.step.due_on;
  }

  // 一季度：10 in a row that counts several things.
  void DoubtBare(int figure) {
    work_.Doubt("STEP_UNIT_MISSING", kWholeTask, {},
                absl::StrCat("时间栏的“", schedule_.text.Words(schedule_.At(figure).span),
                             "”没有计量单位，看不出是哪个目标的数，节点不带数"),
                0);
  }

  // The content asks for another day than the column.
  void DoubtConflict(absl::CivilDay day) {
    std::optional<absl::CivilDay> last;
    bool all = true;
    for (const Draft& draft : work_.drafts) {
      if (draft.dropped) continue;
      all = all && draft.row.due_on.has_value();
      if (draft.row.due_on && (!last || *last < *draft.row.due_on)) last = draft.row.due_on;
    }
    if (!last || *last == day || (!all && day > *last)) return;
    work_.Doubt("DATE_CONFLICT", kWholeTask, {},
                absl::StrCat("内容要求", absl::FormatCivilTime(*last), "，时间栏为",
                             absl::FormatCivilTime(day), "，两个日期都列入节点，请确认以哪个为准"),
                0);
  }

  Work& work_;
  Work& schedule_;
  int label_ = -1;  // the date that labels the line
  uint8_t label_traits_ = 0;
  int line_first_ = 0;  // behind the label
  int line_last_ = -1;
  bool dated_ = false;  // the line has dates beside its label
  int dates_ = 0;
  std::optional<absl::CivilDay> plain_;  // a date that says no more
};

}  // namespace

void ReadSchedule(Work& work) {
  if (work.context.schedule.empty()) return;
  Work schedule(work.context.schedule, work.context);
  ScheduleReader(work, schedule).Read();
}

}  // namespace minsheng::registry::compiler
