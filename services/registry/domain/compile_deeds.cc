#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/compile_clauses.h"
#include "services/registry/domain/compile_judge.h"
#include "services/registry/domain/compile_numbers.h"
#include "services/registry/domain/compile_reader.h"
#include "services/registry/domain/compile_uses.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::size_t kMaxIndicatorChars = 60;

constexpr std::array<absl::string_view, 5> kMoneyWords = {"投资", "资金", "产值", "贷款", "税"};
constexpr std::array<absl::string_view, 6> kWaysToDo = {"基础上", "前提下", "方式",
                                                        "形式",   "要求",   "原则"};

template <std::size_t N>
bool Has(absl::string_view words, const std::array<absl::string_view, N>& list) {
  return ContainsAnyOf(words, list.data(), list.size());
}

// 甲路改造工程5月底前动工: a date ends the noun, and so does a verb of stage.
void CutTail(const Work& work, Phrase& phrase) {
  for (int i = phrase.noun_first; i < phrase.noun_last; ++i) {
    if (work.At(i).type != TokenType::kDate || work.DateOf(i).kind == DateKind::kYears) continue;
    for (int at = i; at < phrase.noun_last; ++at) {
      if (work.Is(at, WordClass::kVerb)) phrase.traits |= work.At(at).arg;
    }
    phrase.noun_last = i;
    phrase.date = i;
  }
  const int last = phrase.noun_last - 1;
  const bool staged = last > phrase.noun_first && work.Is(last, WordClass::kVerb) &&
                      (work.At(last).arg & (kStartVerb | kFinishVerb)) != 0;
  if (!staged) return;
  phrase.traits |= work.At(last).arg;
  --phrase.noun_last;
}

// 总投资约200万, 每人每年2000元
bool HasMoney(const Work& work, const Clause& clause) {
  for (int i = clause.first; i < clause.last; ++i) {
    if (work.At(i).type != TokenType::kFigure) continue;
    const UnitClass unit_class = work.FigureOf(i).unit_class;
    if (unit_class == UnitClass::kMoney || unit_class == UnitClass::kMissing) return true;
  }
  return false;
}

// The first figure of another year or of what is there; -1 when there is none.
int PastFigure(const Work& work, const Clause& clause) {
  for (int i = clause.first; i < clause.last; ++i) {
    const bool figure = work.At(i).type == TokenType::kFigure;
    if (figure && work.FigureOf(i).use == FigureUse::kPast) return i;
  }
  return -1;
}

// 时间 累计完成: the head of a small table within the cell.
bool IsColumnWords(absl::string_view words) {
  constexpr std::array<absl::string_view, 6> kHeads = {"时间", "节点", "时段",
                                                       "阶段", "月份", "季度"};
  constexpr std::array<absl::string_view, 7> kTails = {"累计", "完成", "数量", "目标",
                                                       "任务", "进度", "情况"};
  for (const auto head : kHeads) {
    absl::string_view rest = words;
    if (!absl::ConsumePrefix(&rest, head)) continue;
    const auto take = [&](absl::string_view tail) { return absl::ConsumePrefix(&rest, tail); };
    while (std::any_of(kTails.begin(), kTails.end(), take)) {
    }
    if (rest.empty()) return true;
  }
  return false;
}

}  // namespace

void Reader::ReadDeed(const Clause& clause) {
  Phrase phrase = ReadPhrase(work_, clause.first, clause.last, false);
  CutTail(work_, phrase);
  if (TakesStretchOfAll(clause, phrase)) return;
  if (TakesDateOnly(clause, phrase)) return;
  const absl::string_view words = work_.Words(work_.SpanOf(clause.first, clause.last));
  const bool way = (phrase.how >= 0 && !phrase.has_verb) ||
                   ((phrase.how >= 0 || phrase.topic >= 0) && Has(words, kWaysToDo));
  const bool nothing = !phrase.has_noun() && !phrase.has_verb && phrase.topic < 0;
  const bool money =
      HasMoney(work_, clause) && ((phrase.traits & kStrongVerb) == 0 || Has(words, kMoneyWords) ||
                                  work_.At(clause.last - 1).type == TokenType::kFigure);
  if (way || nothing || money) return;
  if (const int past = PastFigure(work_, clause); past >= 0) return TakePast(clause, past);
  if (IsColumnWords(words)) {
    return work_.used.push_back(work_.SpanOf(clause.first, clause.last));
  }
  const int index = AddDeed(clause, phrase);
  const bool named = in_named_parts_ && !work_.Is(clause.first, WordClass::kVerb) &&
                     draft(index).row.kind == TargetKind::kEvent && !IsBeside(clause);
  if (phrase.part || named) MakePartOfCount(index);
  DoubtDeed(clause, phrase, index);
  AddSteps(clause, index, false);
}

// 2024年建成公厕12座，今年再建5座: nothing of this year, but what is counted.
void Reader::TakePast(const Clause& clause, int figure) {
  const Phrase left = ReadPhrase(work_, clause.first, figure, true);
  if (left.has_noun()) last_noun_ = work_.SpanOf(left.bare_first, left.noun_last);
  work_.used.push_back(work_.SpanOf(clause.first, clause.last));
}

// 力争全年完成所有…的治理: the share before is meant to reach all.
bool Reader::TakesStretchOfAll(const Clause& clause, const Phrase& phrase) {
  const absl::string_view words = work_.Words(work_.SpanOf(clause.first, clause.last));
  const bool all = HasToken(work_, clause, WordClass::kAll) || absl::StrContains(words, "全部");
  if (!phrase.stretch || !all) return false;
  const int index = LastOfUnit("%");
  if (index == kNoDraft || draft(index).sentence + 1 < sentence_) return false;
  Draft& base = draft(index);
  const bool open = base.row.comparator == Comparator::kAtLeast &&
                    base.micros < 100 * kMillionths && base.row.stretch.empty();
  if (!open) return false;
  base.row.stretch = "100";
  work_.used.push_back(work_.SpanOf(clause.first, clause.last));
  return true;
}

int Reader::AddDeed(const Clause& clause, const Phrase& phrase) {
  const DeedGuess guess = JudgeDeed(work_, clause, phrase);
  const int index = static_cast<int>(work_.drafts.size());
  work_.drafts.emplace_back();
  Draft& target = draft(index);
  const Span noun = work_.SpanOf(phrase.noun_first, phrase.noun_last);
  const Span whole = work_.SpanOf(clause.first, clause.last);
  const bool opened = clause.size() > 1 && work_.Is(clause.first, WordClass::kTopic);
  const Span named =
      noun.empty() ? work_.SpanOf(clause.first + (opened ? 1 : 0), clause.last) : noun;
  target.source = whole;
  target.sentence = sentence_;
  target.weak = guess.weak;
  target.row.kind = guess.kind;
  target.noun = noun;
  target.row.indicator = Shortened(work_.text.Words(named), kMaxIndicatorChars);
  if (guess.kind == TargetKind::kEvent) target.row.comparator = Comparator::kDone;
  if (guess.kind == TargetKind::kCoverage) target.row.comparator = Comparator::kAll;
  const bool starts = (phrase.traits & kStartVerb) != 0 && (phrase.traits & kFinishVerb) == 0;
  if (guess.kind == TargetKind::kEvent && starts) target.row.stage = TargetStage::kStart;
  target.confidence = guess.weak ? 60 : 80;
  if (!noun.empty()) last_noun_ = work_.SpanOf(phrase.bare_first, phrase.noun_last);
  const bool works = guess.kind == TargetKind::kEvent && (phrase.traits & kVagueVerb) == 0;
  after_deed_ = after_deed_ || works;
  return index;
}

void Reader::DoubtDeed(const Clause& clause, const Phrase& phrase, int index) {
  const TargetKind kind = draft(index).row.kind;
  const Span source = draft(index).source;
  if (kind == TargetKind::kEvent && HasToken(work_, clause, WordClass::kEtc)) {
    work_.Doubt("OPEN_LIST", index, source, "“等”字前没有列全，以名单以外的为准时请补充", 10);
  }
  if (kind == TargetKind::kEvent && (phrase.traits & kVagueVerb) != 0) {
    work_.Doubt("STAGE_UNCLEAR", index, source, "“推进”“实施”没有说明是开工还是完成，按完成处理",
                15);
  }
  if (kind == TargetKind::kCoverage && phrase.topic >= 0 &&
      !HasToken(work_, clause, WordClass::kAll)) {
    draft(index).assumed = true;
    work_.Doubt("ALL_ASSUMED", index, source, "没有写“全部”，按覆盖全部对象处理", 15);
  }
  const bool based = TakesBase(clause, index);
  const bool for_whom = kind == TargetKind::kService && phrase.topic >= 0 &&
                        work_.Words(work_.At(phrase.topic).span) != "在";
  if (!based && for_whom) {
    work_.Doubt("BASE_NEEDED", index, source, "服务对象的人数没有写明，请补充", 0);
  }
  if (phrase.stretch) {
    work_.Doubt("STRETCH_ONLY", index, source, "只写了力争、争取，没有必须完成的目标，按目标处理",
                20);
  }
}

// （约5万名）: how many there are.
bool Reader::TakesBase(const Clause& clause, int index) {
  for (int i = clause.first; i < clause.last; ++i) {
    if (!IsMeasure(work_, i)) continue;
    const Figure& figure = work_.FigureOf(i);
    Draft& target = draft(index);
    const bool counts = target.row.kind == TargetKind::kCoverage && !figure.too_long &&
                        figure.high == 0 && figure.unit_class == UnitClass::kPeople;
    if (counts) target.row.base = FigureText(figure.micros);
    work_.Doubt(counts ? "BASE_APPROXIMATE" : "UNCLEAR_FIGURE", index, work_.At(i).span,
                absl::StrCat("“", Shown(work_.At(i).span),
                             counts ? "”作为基数，没有写明是哪一天的数，请核实"
                                    : "”不是目标数，请核实它的含义"),
                counts ? 5 : 20);
    if (counts) return true;
  }
  return false;
}

}  // namespace minsheng::registry::compiler
