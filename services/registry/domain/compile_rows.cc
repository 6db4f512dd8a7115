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

constexpr std::size_t kMaxIndicatorChars = 60;
constexpr std::size_t kDeedBytes = 6;  // two characters: 体检

// 2.10个: nobody counts tenths of these.
bool IsCountedWhole(UnitClass unit_class) {
  return unit_class == UnitClass::kCounted || unit_class == UnitClass::kPeople ||
         unit_class == UnitClass::kTimes || unit_class == UnitClass::kVisits;
}

}  // namespace

int Reader::AddFigure(const Counted& counted, Span noun, const std::string& indicator,
                      bool behind) {
  const int index = static_cast<int>(work_.drafts.size());
  work_.drafts.emplace_back();
  Draft& target = draft(index);
  const Figure& figure = work_.FigureOf(counted.measure.token);
  target.sentence = sentence_;
  target.unit_class = figure.unit_class;
  target.figure = figure.number;
  target.noun = noun;
  target.micros = figure.micros;
  const int base = counted.left.base_each;
  target.row.indicator = Shortened(
      base < 0 ? indicator : absl::StrCat(work_.text.Words(work_.At(base).span), indicator),
      kMaxIndicatorChars);
  const int first = counted.left.has_noun() || counted.left.kept_verb >= 0
                        ? counted.left.first
                        : std::min(counted.measure.first, counted.left.last);
  const int last =
      behind ? std::max(counted.right.noun_last, counted.measure.last) : counted.measure.last;
  target.source = work_.SpanOf(std::min(first, counted.left.first), last);
  if (!noun.empty()) last_noun_ = noun;
  SetKind(counted, target, behind);
  SetFigure(counted, index);
  SetComparator(counted, index);
  ReplaceAssumed(index);
  SetStage(counted, index);
  DoubtUnit(counted, index);
  if (counted.part_of != kNoDraft) draft(index).part_of = counted.part_of;
  if (counted.part_of == kNoDraft && in_parts_ && !counted.benefit) AddPart(index);
  AddSteps(counted.clause, index, true);
  return index;
}

void Reader::SetKind(const Counted& counted, Draft& target, bool behind) {
  const Figure& figure = work_.FigureOf(counted.measure.token);
  const int index = static_cast<int>(work_.drafts.size()) - 1;
  target.row.unit = figure.unit;
  if (counted.left.each >= 0) carried_each_ = counted.left.each;
  if (counted.measure.each >= 0) carried_each_ = counted.measure.each;
  const int base = counted.left.base_each;
  const bool times = figure.unit_class == UnitClass::kTimes ||
                     (figure.unit_class == UnitClass::kTime && counted.left.each >= 0);
  const bool often = carried_each_ >= 0 && times;
  if (base >= 0 && !absl::StrContains(work_.EachOf(base).base, "人")) {
    work_.Doubt("PER_UNIT", index, target.source,
                absl::StrCat("“", Shown(work_.At(base).span), "”的数是每个对象的数，不是总数"), 20);
  }
  if (base >= 0 && !often) {
    target.row.kind = TargetKind::kLevel;
    absl::StrAppend(&target.row.unit, "/", work_.EachOf(base).base);
    return;
  }
  if (often) {
    target.row.kind = TargetKind::kFrequency;
    const std::string period = work_.EachOf(carried_each_).period;
    absl::StrAppend(&target.row.unit, "/", period);
    if (period == "学年" || period == "学期") {
      work_.Doubt("SCHOOL_YEAR", index, target.source,
                  absl::StrCat("“每", period, "”没有写明是哪一", period, "，请确认起止"), 0);
    }
    return;
  }
  if (carried_each_ >= 0 && figure.unit_class == UnitClass::kMoney) {
    absl::StrAppend(&target.row.unit, "/", work_.EachOf(carried_each_).period);
  }
  KindGuess guess = KindOfFigure(target.row.indicator, figure.unit_class);
  if (figure.unit_class == UnitClass::kPercent) guess = KindOfPercent(target.row.indicator, behind);
  if (IsHoursOfWork(figure.unit, figure.micros)) guess = {TargetKind::kCount, true};
  if (IsRateUnit(figure.unit)) guess = {TargetKind::kLevel, true};
  if (counted.base_figure >= 0) guess = TakePlan(counted, target);
  const bool reaches_all =
      figure.micros == 100 * kMillionths && absl::EndsWith(target.row.indicator, "率");
  if (!guess.sure && reaches_all) guess.kind = TargetKind::kCoverage;
  target.row.kind = guess.kind;
  SetMean(figure, target);
  if (!guess.sure) {
    work_.Doubt("KIND_UNCLEAR", index, target.source,
                absl::StrCat("“", Shown(target.source), "”的百分比看不出是水平还是覆盖面，暂按",
                             guess.kind == TargetKind::kLevel ? "水平" : "覆盖面", "处理"),
                30);
  }
  if (carried_each_ >= 0 && counted.left.each >= 0 && guess.kind == TargetKind::kCount) {
    work_.Doubt(
        "PERIOD_FIGURE", index, target.source,
        absl::StrCat("“每", work_.EachOf(carried_each_).period, "”的数按全年的总数处理，请确认"),
        30);
  }
}

// 2万亩建设任务的80%: the plan is what the share is of.
KindGuess Reader::TakePlan(const Counted& counted, Draft& target) {
  const Figure& plan = work_.FigureOf(counted.base_figure);
  if (!plan.too_long && plan.micros > 0) target.row.base = FigureText(plan.micros);
  return {TargetKind::kCoverage, true};
}

// 对老年人免费体检，体检率达到70%: the rate says how many, so that nothing is assumed.
void Reader::ReplaceAssumed(int index) {
  absl::string_view deed = draft(index).row.indicator;
  const bool rate =
      draft(index).unit_class == UnitClass::kPercent && absl::ConsumeSuffix(&deed, "率");
  if (!rate || deed.size() < kDeedBytes) return;
  deed.remove_prefix(deed.size() - kDeedBytes);
  for (int i = index - 1; i >= static_cast<int>(sentence_drafts_); --i) {
    Draft& before = draft(i);
    const bool same = before.assumed && absl::StrContains(work_.Words(before.source), deed);
    before.dropped = before.dropped || same;
  }
}

// 人均公园绿地面积14.5平方米: so many for each.
void Reader::SetMean(const Figure& figure, Draft& target) {
  const bool shared =
      figure.unit_class == UnitClass::kSize || figure.unit_class == UnitClass::kMoney ||
      figure.unit_class == UnitClass::kPhysical || figure.unit_class == UnitClass::kCounted;
  if (!shared || absl::StrContains(target.row.unit, "/")) return;
  const std::string base = BaseOfMean(target.row.indicator);
  if (!base.empty()) absl::StrAppend(&target.row.unit, "/", base);
}

void Reader::SetFigure(const Counted& counted, int index) {
  const Figure& figure = work_.FigureOf(counted.measure.token);
  Draft& target = draft(index);
  target.row.approximate = counted.measure.about;
  if (figure.too_long) {
    target.row = {};
    target.row.indicator = Shown(target.source);
    target.row.kind = TargetKind::kQualitative;
    work_.Doubt("FIGURE_TOO_LONG", index, figure.number,
                absl::StrCat("数字“", Shown(figure.number), "”位数过多，按定性目标处理"), 60);
    return;
  }
  target.row.value = FigureText(figure.micros);
  if (counted.measure.about) target.confidence -= 5;
  const bool halves = target.row.kind == TargetKind::kCount && IsCountedWhole(figure.unit_class) &&
                      figure.micros % kMillionths != 0;
  if (figure.suspect || halves) {
    work_.Doubt(figure.torn ? "DIGITS_LOST" : "UNCLEAR_FIGURE", index, figure.number,
                absl::StrCat("数字“", Shown(figure.number), "”的写法可疑，按", target.row.value,
                             "处理，请核对原件"),
                40);
  }
  if (figure.high <= figure.micros) return;
  target.row.stretch = FigureText(figure.high);
  work_.Doubt("RANGE", index, figure.number,
              absl::StrCat("“", Shown(figure.number), "”是一个范围，按至少", target.row.value,
                           "、力争", target.row.stretch, "处理"),
              30);
}

void Reader::SetComparator(const Counted& counted, int index) {
  Draft& target = draft(index);
  if (target.row.kind == TargetKind::kQualitative) return;
  const Bound bound = counted.measure.bound;
  const bool down = bound == kAtMostBound || bound == kLessBound;
  if (down && target.row.kind == TargetKind::kCoverage) target.row.kind = TargetKind::kLevel;
  const bool level = target.row.kind == TargetKind::kLevel;
  target.row.comparator = down ? Comparator::kAtMost : Comparator::kAtLeast;
  if (level && bound == kMoreBound) target.row.comparator = Comparator::kMoreThan;
  if (level && bound == kLessBound) target.row.comparator = Comparator::kLessThan;
  if (target.micros == 0 && target.row.stretch.empty() && !level) {
    target.row.kind = TargetKind::kCount;
    target.row.comparator = Comparator::kAtMost;
    work_.Doubt("ZERO_FIGURE", index, target.source, "目标数是0，按不超过0处理", 20);
  }
  if (down && !target.row.stretch.empty()) std::swap(target.row.value, target.row.stretch);
  if (counted.measure.strict && !level) {
    work_.Doubt(
        "STRICT_BOUND", index, target.source,
        absl::StrCat("“超过”“低于”一类的词按", down ? "至多" : "至少", target.row.value, "处理"),
        10);
  }
  if (counted.measure.conflict) {
    work_.Doubt("BOUND_CONFLICT", index, target.source,
                absl::StrCat("“", Shown(target.source), "”前后的比较词方向不同，按前一个处理"), 40);
  }
}

void Reader::SetStage(const Counted& counted, int index) {
  if (counted.benefit) return;
  const uint8_t own = counted.left.traits | counted.right.traits;
  const bool has_own = counted.left.has_verb || counted.right.has_verb;
  if (has_own) carried_traits_ = own;
  const uint8_t traits = has_own ? own : carried_traits_;
  Draft& target = draft(index);
  const bool starts = (traits & kStartVerb) != 0 && (traits & kFinishVerb) == 0;
  if (target.row.kind == TargetKind::kCount && starts) target.row.stage = TargetStage::kStart;
  if (starts || target.row.kind != TargetKind::kCount || (own & kVagueVerb) == 0) return;
  const UnitClass unit = target.unit_class;
  const bool people = unit == UnitClass::kPeople || unit == UnitClass::kVisits;
  if (people || (own & (kFinishVerb | kKeptVerb)) != 0) return;
  work_.Doubt("STAGE_UNCLEAR", index, target.source,
              "“推进”“实施”没有说明是开工还是完成，按完成处理", 15);
}

void Reader::DoubtUnit(const Counted& counted, int index) {
  Draft& target = draft(index);
  const Figure& figure = work_.FigureOf(counted.measure.token);
  if (target.row.value.empty()) return;
  if (figure.unit_class == UnitClass::kMissing) {
    const bool level = target.row.kind == TargetKind::kLevel;
    target.row.unit = UnitOfRate(target.row.indicator);
    if (target.row.unit.empty()) target.row.unit = level ? "未写明" : "个";
    work_.Doubt(
        "UNIT_MISSING", index, figure.number,
        absl::StrCat("数字“", Shown(figure.number), "”没有计量单位，按“", target.row.unit, "”处理"),
        40);
  } else if (figure.unit_class == UnitClass::kUnknown) {
    work_.Doubt("UNIT_UNKNOWN", index, figure.number,
                absl::StrCat("“", figure.unit, "”不是常见的计量单位，照原文采用"), 30);
  }
  if (target.noun.empty() || target.row.indicator.empty()) {
    target.row.indicator =
        Shortened(absl::StrCat(work_.context.name, target.row.indicator), kMaxIndicatorChars);
    if (target.row.indicator.empty()) target.row.indicator = "未写明";
    work_.Doubt("INDICATOR_ASSUMED", index, target.source, "数字旁没有写明计的是什么，采用项目名称",
                30);
  }
}

}  // namespace minsheng::registry::compiler
