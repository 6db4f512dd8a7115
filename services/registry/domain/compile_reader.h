// Fifth stage of the target compiler: clauses → drafts of targets, steps and doubts. One reader
// reads one content from left to right and remembers what the clause before said.
// Not thread-safe: one content, one reader.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_READER_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_READER_H_

#include <string>
#include <vector>

#include "services/registry/domain/compile_kinds.h"
#include "services/registry/domain/compile_phrases.h"
#include "services/registry/domain/compile_work.h"

namespace minsheng::registry::compiler {

class Reader {
 public:
  explicit Reader(Work& work) : work_(work) {}

  void Read(const std::vector<Clause>& clauses);

 private:
  // One figure of a clause with what stands around it.
  struct Counted {
    Clause clause;
    Measure measure;
    Phrase left;
    Phrase right;
    int left_first = 0;
    int right_end = 0;
    int part_of = kNoDraft;
    int base_figure = -1;  // the plan that a share is of
    bool benefit = false;  // who gains by the work
  };

  // compile_reader.cc: the flow through clauses and sentences.
  void ReadClause(const Clause& clause);
  bool ContinuesParts(const Clause& clause) const;
  void DoubtTooMany(const Clause& clause);
  void OpenSentence(int sentence);
  void CloseSentence();
  void JoinDuties();
  bool TakesDateOnly(const Clause& clause, const Phrase& phrase);

  // compile_figured.cc: figures and what they count; compile_rows.cc: their rows of the table;
  // compile_context.cc: figures that are no target of their own; compile_groups.cc: 各, 分别 and
  // brackets.
  void ReadFigured(const Clause& clause, int part_of);
  int ReadCounted(Counted& counted);
  int AddFigure(const Counted& counted, Span noun, const std::string& indicator, bool behind);
  void SetKind(const Counted& counted, Draft& draft, bool behind);
  KindGuess TakePlan(const Counted& counted, Draft& target);
  void SetMean(const Figure& figure, Draft& target);
  void ReplaceAssumed(int index);
  void SetComparator(const Counted& counted, int index);
  void SetFigure(const Counted& counted, int index);
  void SetStage(const Counted& counted, int index);
  void DoubtUnit(const Counted& counted, int index);
  bool IsIndicative(const Counted& counted);
  bool TakesSizeOfWork(const Counted& counted);
  int BaseOfStretch(const Figure& figure);
  bool IsSum(const Counted& counted) const;
  bool IsRepeated(const Counted& counted) const;
  bool IsBenefit(const Counted& counted) const;
  int PlanBefore(const Clause& clause, const std::vector<Measure>& measures, std::size_t at) const;
  bool TakesStretch(const Counted& counted);
  void TakeCapacities(const Clause& clause, std::vector<Measure>& measures);
  bool IsSizeOfThing(const Clause& clause, const std::vector<Measure>& measures,
                     std::size_t at) const;
  bool IsContext(const Clause& clause, const std::vector<Measure>& measures, std::size_t at) const;
  void SkipContext(const Clause& clause, const std::vector<Measure>& measures, std::size_t at,
                   int& left_first, int& left_end);
  Phrase ReadBehind(const Measure& measure, int end) const;
  Span RightNoun(const Counted& counted) const;
  std::string NounWords(Span noun) const;
  Span IndicatorOf(const Counted& counted, std::string& indicator, bool& behind);
  Span GainBefore(const Counted& counted) const;
  bool LeadsToNext(const Counted& counted) const;
  void ReadBrackets(const Counted& counted, int index);
  void ReadBracket(int open, int index);
  int ReadEachOf(const Counted& counted);
  bool ReadApiece(const Clause& clause);

  // compile_names.cc: objects that the list names.
  void TakeNames(const Counted& counted, int index);
  void SetObjects(std::vector<Span> items, bool open, int index);
  bool EndsWithList(const Counted& counted) const;

  // compile_moves.cc: from–to.
  bool ReadMove(const Clause& clause);

  // compile_deeds.cc: targets without a figure.
  void ReadDeed(const Clause& clause);
  void TakePast(const Clause& clause, int figure);
  bool TakesStretchOfAll(const Clause& clause, const Phrase& phrase);
  bool TakesBase(const Clause& clause, int index);
  int AddDeed(const Clause& clause, const Phrase& phrase);
  void DoubtDeed(const Clause& clause, const Phrase& phrase, int index);

  // compile_parts.cc: 其中.
  bool IsBeside(const Clause& clause) const;
  void AddPart(int index);
  void CloseParts();
  int WholeOf(const std::vector<int>& parts, int64_t sum) const;
  int WholeInSentence(absl::string_view unit, int before) const;
  void MakePartOfCount(int index);
  void CheckParts(const std::vector<int>& parts, int whole, int64_t sum);

  // compile_steps.cc: dates.
  void AddSteps(const Clause& clause, int index, bool valued);
  void AddStep(int date, int index, TargetStage stage, bool valued, Span words);
  bool TakesMilestone(const Counted& counted);
  void KeepValues(int index);
  bool TakesProgress(const Counted& counted);
  bool TakesYear(const Counted& counted, int index);
  TargetStage StageBehind(int date, int end) const;

  int LastDraft() const;
  // The newest draft of the sentence or the one before, that `unit` measures.
  int LastOfUnit(absl::string_view unit) const;
  Draft& draft(int index) { return work_.draft(index); }
  std::string Shown(Span span) const;

  Work& work_;
  int sentence_ = -1;
  std::size_t sentence_drafts_ = 0;  // the first draft of the sentence
  Span last_noun_;
  uint8_t carried_traits_ = 0;
  int carried_each_ = -1;
  bool after_deed_ = false;  // a strong deed stands before in the sentence
  int read_ = -1;            // the sentence of the clause before
  bool in_parts_ = false;
  bool parts_listed_ = false;    // 其中 with a colon
  bool in_named_parts_ = false;  // 其中 with a name and no figure
  bool parts_claimed_ = false;
  std::vector<int> parts_;
};

// All that compiling one content does, but the last stage.
void ReadTargets(Work& work);

// compile_steps.cc: a date's doubts; `where` opens their message, `place` is empty for the columns.
void DoubtDate(Work& work, const DateMark& date, int draft, Span place, absl::string_view words);

// compile_schedule.cc: the list's columns of time.
void ReadSchedule(Work& work);

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_READER_H_
