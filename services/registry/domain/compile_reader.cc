#include "services/registry/domain/compile_reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_clauses.h"
#include "services/registry/domain/compile_uses.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry::compiler {
namespace {

constexpr int kLookBack = 16;

}  // namespace

void Reader::Read(const std::vector<Clause>& clauses) {
  for (const Clause& clause : clauses) {
    if (clause.sentence != sentence_) OpenSentence(clause.sentence);
    if (work_.drafts.size() + 2 < kMaxDrafts) ReadClause(clause);
  }
  CloseSentence();
}

void Reader::OpenSentence(int sentence) {
  CloseSentence();
  sentence_ = sentence;
  sentence_drafts_ = work_.drafts.size();
  carried_traits_ = 0;
  carried_each_ = -1;
  after_deed_ = false;
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
  if (clause.label && !HasMeasure(work_, clause.first, clause.last)) return;
  if (ReadMove(clause)) return;
  if (HasMeasure(work_, clause.first, clause.last)) {
    if (!ReadApiece(clause)) ReadFigured(clause, kNoDraft);
    return;
  }
  ReadDeed(clause);
}

// 6月底前完成: a date for what was said before.
bool Reader::TakesDateOnly(const Clause& clause, const Phrase& phrase) {
  if (phrase.date < 0 || phrase.has_noun()) return false;
  const std::size_t own = work_.drafts.size() - sentence_drafts_;
  AddSteps(clause, own == 1 ? LastDraft() : kWholeTask, false);
  return true;
}

int Reader::LastDraft() const {
  for (std::size_t i = work_.drafts.size(); i > 0; --i) {
    if (!work_.drafts[i - 1].dropped) return static_cast<int>(i) - 1;
  }
  return kNoDraft;
}

int Reader::LastOfUnit(absl::string_view unit) const {
  int looked = 0;
  for (std::size_t i = work_.drafts.size(); i > 0 && looked < kLookBack; --i, ++looked) {
    const Draft& draft = work_.drafts[i - 1];
    if (!draft.dropped && draft.part_of == kNoDraft && draft.row.unit == unit) {
      return static_cast<int>(i) - 1;
    }
  }
  return kNoDraft;
}

std::string Reader::Shown(Span span) const { return Abbreviate(work_.text.Words(span), 20); }

void ReadTargets(Work& work) {
  ResolveUses(work);
  Reader(work).Read(SplitClauses(work));
}

}  // namespace minsheng::registry::compiler
