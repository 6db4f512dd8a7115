#include "services/registry/domain/compile_reader.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_clauses.h"
#include "services/registry/domain/compile_uses.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry::compiler {
namespace {

constexpr int kLookBack = 16;
constexpr uint32_t kLabelBytes = 24;

// Steps on the way, and no goal: 招标, 施工图设计.
constexpr std::array<absl::string_view, 22> kProcedures = {
    "招标", "招投标", "立项",     "可研", "设计",     "施工图",   "前期工作", "审批",
    "勘察", "方案",   "前期手续", "征地", "评审",     "施工许可", "手续",     "主体",
    "采购", "摸底",   "验收",     "总结", "主体工程", "工程量"};

bool IsProcedure(absl::string_view noun) {
  return noun.size() <= 36 &&
         std::any_of(kProcedures.begin(), kProcedures.end(), [&](absl::string_view word) {
           return absl::EndsWith(noun, word) || absl::StartsWith(noun, word);
         });
}

}  // namespace

void Reader::Read(const std::vector<Clause>& clauses) {
  for (const Clause& clause : clauses) {
    if (clause.sentence != read_ && !ContinuesParts(clause)) OpenSentence(clause.sentence);
    read_ = clause.sentence;
    if (work_.drafts.size() + 2 >= kMaxDrafts) return DoubtTooMany(clause);
    ReadClause(clause);
  }
  CloseSentence();
}

// 其中：甲5个；乙3个。 The list behind the colon goes on, as long as nothing else is done.
bool Reader::ContinuesParts(const Clause& clause) const {
  if (!parts_listed_ || parts_.empty() || clause.first == 0) return false;
  const bool semicolon = work_.Words(work_.At(clause.first - 1).span) == ";";
  bool verb = false;
  for (int i = clause.first; i < clause.last; ++i) verb = verb || work_.Is(i, WordClass::kVerb);
  return semicolon && !verb && HasMeasure(work_, clause.first, clause.last);
}

void Reader::DoubtTooMany(const Clause& clause) {
  CloseSentence();
  work_.Doubt("TOO_MANY_TARGETS", kWholeTask, work_.SpanOf(clause.first, clause.last),
              "目标太多，从这里起没有再读", 0);
}

void Reader::OpenSentence(int sentence) {
  CloseSentence();
  sentence_ = sentence;
  sentence_drafts_ = work_.drafts.size();
  carried_traits_ = 0;
  carried_each_ = -1;
  after_deed_ = false;
  parts_listed_ = in_named_parts_ = false;
}

// What is weak in a sentence gives way to what is not.
void Reader::CloseSentence() {
  CloseParts();
  const auto first = work_.drafts.begin() + static_cast<std::ptrdiff_t>(sentence_drafts_);
  const bool strong =
      std::any_of(first, work_.drafts.end(), [](const Draft& d) { return !d.weak && !d.dropped; });
  const bool duties = std::all_of(first, work_.drafts.end(), [](const Draft& d) {
    return d.dropped || d.row.kind == TargetKind::kQualitative;
  });
  if (duties) return JoinDuties();
  for (auto it = first; it != work_.drafts.end(); ++it) {
    if (it->weak && strong) it->dropped = true;
  }
}

// A sentence of duties in words is one target, named by its strongest words.
void Reader::JoinDuties() {
  Draft* whole = nullptr;
  for (std::size_t i = sentence_drafts_; i < work_.drafts.size(); ++i) {
    Draft& next = work_.drafts[i];
    if (next.dropped) continue;
    if (whole == nullptr) {
      whole = &next;
      continue;
    }
    if (!whole->weak && !next.weak) {
      whole = &next;
      continue;
    }
    if (whole->weak && !next.weak) whole->row.indicator = next.row.indicator;
    whole->weak = whole->weak && next.weak;
    whole->confidence = std::max(whole->confidence, next.confidence);
    whole->source.end = next.source.end;
    next.dropped = true;
  }
}

void Reader::ReadClause(const Clause& clause) {
  if (in_parts_ && IsBeside(clause)) CloseParts();
  if (clause.label && !HasMeasure(work_, clause.first, clause.last)) {
    if (clause.size() == 1 && work_.Is(clause.first, WordClass::kPart)) {
      in_parts_ = parts_listed_ = true;
    }
    const Span words = work_.SpanOf(clause.first, clause.last);
    if (words.end - words.begin <= kLabelBytes) work_.used.push_back(words);
    return;
  }
  if (ReadMove(clause)) return;
  if (HasMeasure(work_, clause.first, clause.last)) {
    if (!ReadApiece(clause)) ReadFigured(clause, kNoDraft);
    return;
  }
  ReadDeed(clause);
}

// 6月底前完成: a date for what was said before.
bool Reader::TakesDateOnly(const Clause& clause, const Phrase& phrase) {
  const Span noun = work_.SpanOf(phrase.noun_first, phrase.noun_last);
  if (phrase.date < 0 || (phrase.has_noun() && !IsProcedure(work_.Words(noun)))) return false;
  const bool one = work_.drafts.size() - sentence_drafts_ == 1;
  const int index = one ? LastDraft() : kWholeTask;
  const bool finishes = (phrase.traits & kFinishVerb) != 0;
  if (index >= 0 && finishes && draft(index).row.kind == TargetKind::kEvent) {
    draft(index).row.stage = TargetStage::kFinish;
  }
  AddSteps(clause, index, false);
  work_.used.push_back(work_.SpanOf(clause.first, clause.last));
  return true;
}

int Reader::LastDraft() const {
  for (std::size_t i = work_.drafts.size(); i > 0; --i) {
    if (!work_.drafts[i - 1].dropped) return static_cast<int>(i) - 1;
  }
  return kNoDraft;
}

int Reader::LastOfUnit(absl::string_view unit) const {
  if (unit.empty()) return kNoDraft;
  int looked = 0;
  for (std::size_t i = work_.drafts.size(); i > 0 && looked < kLookBack; --i, ++looked) {
    const Draft& draft = work_.drafts[i - 1];
    if (!draft.dropped && draft.part_of == kNoDraft && draft.row.unit == unit) {
      return static_cast<int>(i) - 1;
    }
  }
  return kNoDraft;
}

std::string Reader::Shown(Span span) const { return Shortened(work_.text.Words(span), 20); }

void ReadTargets(Work& work) {
  ResolveUses(work);
  Reader(work).Read(SplitClauses(work));
  for (DraftStep& step : work.steps) {
    if (step.own) step.step.value = step.step.unit = "";
  }
}

}  // namespace minsheng::registry::compiler
