#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_clauses.h"
#include "services/registry/domain/compile_kinds.h"
#include "services/registry/domain/compile_numbers.h"
#include "services/registry/domain/compile_reader.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::size_t kShortNounBytes = 45;
constexpr std::size_t kMaxIndicatorChars = 60;

std::vector<Measure> MeasuresOf(const Work& work, const Clause& clause) {
  std::vector<Measure> measures;
  int low = clause.first;
  for (int i = clause.first; i < clause.last; i = work.Next(i)) {
    if (!IsMeasure(work, i)) continue;
    measures.push_back(ReadMeasure(work, i, low, clause.last));
    low = measures.back().last;
  }
  return measures;
}

constexpr std::array<absl::string_view, 10> kCapacities = {
    "能力", "日供水", "日处理", "规模", "产能", "容量", "装机", "库容", "日产", "日均"};

bool IsCapacity(const Work& work, const Clause& clause, const Measure& measure) {
  if (measure.first <= clause.first) return false;
  const absl::string_view left = work.Words(work.At(measure.first - 1).span);
  return std::any_of(kCapacities.begin(), kCapacities.end(),
                     [&](absl::string_view word) { return absl::EndsWith(left, word); });
}

// 2.10个: nobody counts tenths of these.
bool IsCountedWhole(UnitClass unit_class) {
  return unit_class == UnitClass::kCounted || unit_class == UnitClass::kPeople ||
         unit_class == UnitClass::kTimes || unit_class == UnitClass::kVisits;
}

bool IsWholeSize(absl::string_view noun) {
  bool only = false;
  return noun.size() <= 18 && EndsWithSize(noun, only);
}

}  // namespace

void Reader::ReadFigured(const Clause& clause, int part_of) {
  std::vector<Measure> measures = MeasuresOf(work_, clause);
  TakeCapacities(clause, measures);
  int left_first = clause.first;
  int left_end = -1;
  for (std::size_t i = 0; i < measures.size(); ++i) {
    if (work_.drafts.size() >= kMaxDrafts) return;
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
                    part_of};
    left_first = ReadCounted(counted);
    left_end = -1;
  }
}

// 日供水5万吨水厂1座: what each of them can do, beside how many there are.
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

// 建设500平方米文化广场2个: how large each of them is.
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

// 11个乡镇（街道）15个村: the first says only where.
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

// 甲村、乙村等2个乡镇5个村: the names before stay those of the next figure; 在2个乡镇建5个亭: they
// begin with the verb.
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

// Reads one figure; where the words of the next one begin.
int Reader::ReadCounted(Counted& counted) {
  if (counted.left.part) in_parts_ = true;
  const bool bare = !counted.left.has_noun() && !counted.right.has_noun();
  if (bare && (TakesMilestone(counted) || TakesProgress(counted))) return counted.right_end;
  if (counted.left.stretch && TakesStretch(counted)) return counted.right_end;
  if (IsIndicative(counted)) return counted.right_end;
  if (counted.measure.each_of) return ReadEachOf(counted);
  bool behind = false;
  std::string indicator;
  const Span noun = IndicatorOf(counted, indicator, behind);
  const int index = AddFigure(counted, noun, indicator, behind);
  TakeNames(counted, index);
  ReadBrackets(counted, index);
  if (counted.left.stretch) {
    work_.Doubt("STRETCH_ONLY", index, draft(index).source,
                "只写了力争、争取的数，没有必须完成的数，按目标处理", 20);
  }
  return behind ? counted.right_end : counted.measure.last;
}

// 整治道路面积约5000平方米: how large an open work is, and no goal.
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

bool Reader::TakesStretch(const Counted& counted) {
  const Figure& figure = work_.FigureOf(counted.measure.token);
  const int index = LastOfUnit(figure.unit);
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

// The words of a noun, without 的 at its ends.
std::string Reader::NounWords(Span noun) const {
  absl::string_view words = work_.Words(noun);
  if (absl::StartsWith(words, "的")) noun.begin += 3;
  if (absl::EndsWith(words, "的") && noun.end > noun.begin + 3) noun.end -= 3;
  return work_.text.Words(noun);
}

// What is counted: before the figure, behind it, both, or what the figure before counted.
Span Reader::IndicatorOf(const Counted& counted, std::string& indicator, bool& behind) {
  const Phrase& left = counted.left;
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
    if (!after.empty() && after.end - after.begin <= kShortNounBytes && !counted.right.has_verb) {
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

// Without the words of no content at its end.
Span Reader::RightNoun(const Counted& counted) const {
  Span span = work_.SpanOf(counted.right.noun_first, counted.right.noun_last);
  if (span.empty() || counted.right.how >= 0) return {};
  if (absl::StartsWith(work_.Words(span), "的")) span.begin += 3;
  if (absl::EndsWith(work_.Words(span), "工作") && span.end - span.begin > 12) span.end -= 6;
  return span;
}

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
  SetStage(counted, index);
  DoubtUnit(counted, index);
  if (counted.part_of != kNoDraft) draft(index).part_of = counted.part_of;
  if (counted.part_of == kNoDraft && in_parts_) AddPart(index);
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
  const bool reaches_all =
      figure.micros == 100 * kMillionths && absl::EndsWith(target.row.indicator, "率");
  if (!guess.sure && reaches_all) guess.kind = TargetKind::kCoverage;
  target.row.kind = guess.kind;
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
    work_.Doubt("UNCLEAR_FIGURE", index, figure.number,
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

// 开工, 竣工; without either of them it is finished.
void Reader::SetStage(const Counted& counted, int index) {
  const uint8_t own = counted.left.traits | counted.right.traits;
  const bool has_own = counted.left.has_verb || counted.right.has_verb;
  if (has_own) carried_traits_ = own;
  const uint8_t traits = has_own ? own : carried_traits_;
  Draft& target = draft(index);
  const bool starts = (traits & kStartVerb) != 0 && (traits & kFinishVerb) == 0;
  if (target.row.kind == TargetKind::kCount && starts) target.row.stage = TargetStage::kStart;
  if (starts || target.row.kind != TargetKind::kCount || (own & kVagueVerb) == 0) return;
  if ((own & (kFinishVerb | kKeptVerb)) != 0) return;
  work_.Doubt("STAGE_UNCLEAR", index, target.source,
              "“推进”“实施”没有说明是开工还是完成，按完成处理", 15);
}

void Reader::DoubtUnit(const Counted& counted, int index) {
  Draft& target = draft(index);
  const Figure& figure = work_.FigureOf(counted.measure.token);
  if (target.row.value.empty()) return;
  if (figure.unit_class == UnitClass::kMissing) {
    const bool level = target.row.kind == TargetKind::kLevel;
    target.row.unit = level ? "未写明" : "个";
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

// 开工、竣工各10个; 公厕、驿站各5座: one target for each.
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

// 甲率、乙率分别达到80%、90%
bool Reader::ReadApiece(const Clause& clause) {
  int apiece = -1;
  for (int i = clause.first; i < clause.last; i = work_.Next(i)) {
    if (work_.Is(i, WordClass::kApiece)) apiece = i;
  }
  if (apiece < 0) return false;
  const std::vector<Measure> measures = MeasuresOf(work_, clause);
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

// In brackets behind a figure: its parts, or the names of what it counts.
void Reader::ReadBracket(int open, int index) {
  const int close = work_.At(open).link;
  bool measured = false;
  for (int i = open + 1; i < close; ++i) measured = measured || IsMeasure(work_, i);
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
    if (draft(part).row.unit != draft(index).row.unit) continue;
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
