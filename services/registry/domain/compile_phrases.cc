#include "services/registry/domain/compile_phrases.h"

#include <algorithm>

#include "absl/strings/match.h"

#include "services/registry/domain/compile_clauses.h"

namespace minsheng::registry::compiler {
namespace {

class PhraseReader {
 public:
  PhraseReader(const Work& work, int first, int last) : work_(work) {
    phrase_.first = phrase_.noun_first = first;
    phrase_.last = phrase_.noun_last = last;
  }

  Phrase Read(bool before_figure) {
    int at = phrase_.first;
    before_figure_ = before_figure;
    while (at < phrase_.last && TakeHead(at)) {
    }
    phrase_.noun_first = at;
    if (before_figure) StripTail();
    StripParticles();
    phrase_.bare_first = phrase_.noun_first;
    if (phrase_.has_noun() && kept_from_ >= 0) phrase_.noun_first = kept_from_;
    if (IsShortNoun()) --phrase_.noun_first;
    if (!phrase_.has_noun()) phrase_.kept_verb = kept_from_;
    return phrase_;
  }

 private:
  // 办理时限, 建设项目: two characters alone say too little.
  bool IsShortNoun() const {
    constexpr uint32_t kTwoChars = 6;
    const int before = phrase_.noun_first - 1;
    if (!phrase_.has_noun() || before < phrase_.first) return false;
    const Span noun = work_.SpanOf(phrase_.noun_first, phrase_.noun_last);
    if (noun.end - noun.begin > kTwoChars || !work_.Is(before, WordClass::kVerb)) return false;
    return (work_.At(before).arg & (kFinishVerb | kVagueVerb)) == 0;
  }

  // Takes one opening token; false where the noun begins.
  bool TakeHead(int& at) {
    const Token& token = work_.At(at);
    if (token.type == TokenType::kWord) return TakeHeadWord(at, token);
    if (token.type == TokenType::kDate) {
      if (work_.DateOf(at).kind != DateKind::kYears) phrase_.date = at;
    } else if (token.type == TokenType::kEach) {
      TakeEach(at);
    } else if (token.type == TokenType::kOpen && at + 1 < phrase_.last &&
               work_.At(at + 1).type == TokenType::kDate && work_.Next(at) > at + 1) {
      phrase_.date = at + 1;
      at = work_.Next(at) - 1;
    } else if (token.type != TokenType::kPause && token.type != TokenType::kMarker &&
               token.type != TokenType::kComma) {
      return false;
    }
    if (token.type != TokenType::kPause) kept_from_ = -1;
    ++at;
    return true;
  }

  void TakeEach(int at) {
    const bool period = !work_.EachOf(at).period.empty();
    (period ? phrase_.each : phrase_.base_each) = at;
  }

  bool TakeHeadWord(int& at, const Token& token) {
    switch (token.word) {
      case WordClass::kVerb:
        return TakeVerb(at, token);
      case WordClass::kTopic:
      case WordClass::kHow:
        return TakeTopic(at, token.word);
      case WordClass::kEachOf:
      case WordClass::kApiece:
        return false;
      default:
        Note(token.word);
        ++at;
        return true;
    }
  }

  void Note(WordClass word) {
    phrase_.stretch = phrase_.stretch || word == WordClass::kStretch;
    phrase_.part = phrase_.part || word == WordClass::kPart;
    phrase_.service = phrase_.service || word == WordClass::kService;
    phrase_.quality = phrase_.quality || word == WordClass::kQuality;
    phrase_.all = phrase_.all || word == WordClass::kAll;
  }

  bool TakeVerb(int& at, const Token& token) {
    phrase_.traits |= token.arg;
    phrase_.has_verb = true;
    const bool kept = (token.arg & kKeptVerb) != 0;
    if (kept && kept_from_ < 0) kept_from_ = at;
    if (!kept) kept_from_ = -1;
    ++at;
    return true;
  }

  // 面向学生至少开展: whom it is for, up to the last verb of the phrase.
  bool TakeTopic(int& at, WordClass word) {
    (word == WordClass::kHow ? phrase_.how : phrase_.topic) = at;
    int verb = -1;
    for (int i = at + 1; i < phrase_.last; i = work_.Next(i)) {
      if (work_.Is(i, WordClass::kVerb) && IsOwnVerb(i)) verb = i;
      if (work_.At(i).type == TokenType::kEach && !IsPrice(i)) TakeEach(i);
    }
    if (verb < 0) {
      at = before_figure_ ? at + 1 : phrase_.last;
      return false;
    }
    at = verb;
    return true;
  }

  // 每人1200元标准: what it costs, no rate of the figure.
  bool IsPrice(int each) const {
    const int next = each + 1;
    const bool figure = next < phrase_.last && work_.At(next).type == TokenType::kFigure;
    return figure && work_.FigureOf(next).use != FigureUse::kMeasure;
  }

  // A verb at the end, or one that is no part of a noun.
  bool IsOwnVerb(int i) const {
    const bool kept = (work_.At(i).arg & kKeptVerb) != 0;
    return !kept || (before_figure_ && i + 1 == phrase_.last);
  }

  void StripTail() {
    while (phrase_.noun_last > phrase_.noun_first && TakeTail(phrase_.noun_last - 1)) {
      --phrase_.noun_last;
    }
  }

  bool TakeTail(int at) {
    const Token& token = work_.At(at);
    if (token.type == TokenType::kDate) {
      if (work_.DateOf(at).kind != DateKind::kYears) phrase_.date = at;
      return true;
    }
    if (token.type == TokenType::kEach) {
      TakeEach(at);
      return true;
    }
    if (token.type == TokenType::kPause) return true;
    return token.type == TokenType::kWord && TakeTailWord(token);
  }

  // 窨井盖整治, 管网建设; but 小区改造开工.
  bool IsPartOfNoun(const Token& token) const {
    const bool staged = (token.arg & (kStartVerb | kFinishVerb)) != 0;
    if (staged) return phrase_.noun_last - phrase_.noun_first < 2;
    return (token.arg & kKeptVerb) != 0 || token.arg == kWorkVerb;
  }

  bool TakeTailWord(const Token& token) {
    switch (token.word) {
      case WordClass::kVerb:
        if (IsPartOfNoun(token)) return false;
        phrase_.traits |= token.arg;
        phrase_.has_verb = true;
        return true;
      case WordClass::kEtc:
        phrase_.etc = true;
        return true;
      case WordClass::kTopic:
      case WordClass::kBound:
      case WordClass::kAbout:
      case WordClass::kJoin:
      case WordClass::kPlan:
      case WordClass::kAdverb:
      case WordClass::kStretch:
      case WordClass::kEachOf:
      case WordClass::kApiece:
        Note(token.word);
        return true;
      default:
        return false;
    }
  }

  // 的 alone at either end says nothing.
  void StripParticles() {
    while (phrase_.has_noun() && work_.Words(work_.At(phrase_.noun_first).span) == "的") {
      ++phrase_.noun_first;
    }
    if (!phrase_.has_noun()) return;
    phrase_.of = absl::EndsWith(work_.Words(work_.At(phrase_.noun_last - 1).span), "的");
  }

  const Work& work_;
  Phrase phrase_;
  int kept_from_ = -1;
  bool before_figure_ = false;
};

void TakeBoundBefore(const Token& token, Measure& measure) {
  const auto bound = static_cast<Bound>(token.arg & kBoundMask);
  if ((token.arg & kHolds) == 0 || measure.bound == kUnbound) measure.bound = bound;
  measure.raises = measure.raises || (token.arg & kRaises) != 0;
}

// 提高到每人每月123元: 每 between the bound and the figure.
bool LeadsToFigure(const Work& work, int each, int low) {
  int before = each - 1;
  while (before >= low && work.At(before).type == TokenType::kEach) --before;
  return before >= low && work.Is(before, WordClass::kBound);
}

bool IsAnd(const Work& work, int token) {
  if (!work.Is(token, WordClass::kJoin)) return false;
  const absl::string_view word = work.Words(work.At(token).span);
  return word == "和" || word == "及" || word == "与" || word == "以及" || word == "暨";
}

bool SameWay(Bound one, Bound other) {
  const auto up = [](Bound b) { return b == kAtLeastBound || b == kMoreBound; };
  return up(one) == up(other);
}

}  // namespace

Phrase ReadPhrase(const Work& work, int first, int last, bool before_figure) {
  return PhraseReader(work, first, last).Read(before_figure);
}

Measure ReadMeasure(const Work& work, int token, int low, int high) {
  Measure measure;
  measure.token = measure.first = token;
  measure.last = token + 1;
  bool holds = false;
  for (int i = token - 1; i >= low; --i) {
    if (work.Is(i, WordClass::kBound)) {
      TakeBoundBefore(work.At(i), measure);
      holds = holds || (work.At(i).arg & kHolds) != 0;
    } else if (work.Is(i, WordClass::kAbout)) {
      measure.about = true;
    } else if (work.Is(i, WordClass::kEachOf)) {
      measure.each_of = true;
    } else if (work.At(i).type == TokenType::kEach) {
      if (!LeadsToFigure(work, i, low)) break;
      if (!work.EachOf(i).period.empty()) measure.each = i;
    } else if (!work.Is(i, WordClass::kJoin)) {
      break;
    }
    measure.first = i;
  }
  for (int i = token + 1; i < high; ++i) {
    if (work.Is(i, WordClass::kBoundAfter)) {
      const auto after = static_cast<Bound>(work.At(i).arg & kBoundMask);
      measure.conflict = measure.bound != kUnbound && !holds && !SameWay(measure.bound, after);
      if (measure.bound == kUnbound || holds) measure.bound = after;
    } else if (work.Is(i, WordClass::kAboutAfter)) {
      measure.about = true;
    } else {
      break;
    }
    measure.last = i + 1;
  }
  measure.strict = measure.bound == kMoreBound || measure.bound == kLessBound;
  measure.about = measure.about || work.FigureOf(token).approximate;
  return measure;
}

std::vector<Measure> ReadMeasures(const Work& work, const Clause& clause) {
  std::vector<Measure> measures;
  int low = clause.first;
  for (int i = clause.first; i < clause.last; i = work.Next(i)) {
    if (!IsMeasure(work, i)) continue;
    measures.push_back(ReadMeasure(work, i, low, clause.last));
    low = measures.back().last;
  }
  return measures;
}

std::vector<Span> ReadItems(const Work& work, int first, int last) {
  std::vector<Span> items;
  int from = first;
  const auto close = [&](int end) {
    const Span span = work.SpanOf(from, end);
    if (!span.empty()) items.push_back(span);
    from = end + 1;
  };
  for (int i = first; i < last; i = work.Next(i)) {
    const TokenType type = work.At(i).type;
    const bool sign = type == TokenType::kPause || type == TokenType::kComma;
    if (sign || (i > from && IsAnd(work, i))) close(i);
  }
  close(last);
  return items;
}

}  // namespace minsheng::registry::compiler
