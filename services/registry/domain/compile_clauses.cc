#include "services/registry/domain/compile_clauses.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::size_t kCjk = 3;
constexpr int kMaxTopicTokens = 40;

// Words that close the way of doing: 在…的基础上.
constexpr std::array<absl::string_view, 9> kHowEnds = {"基础上", "前提下", "方式",   "形式", "要求",
                                                       "原则",   "过程中", "工作中", "机制"};

class ClauseSplitter {
 public:
  explicit ClauseSplitter(const Work& work) : work_(work) {}

  std::vector<Clause> Split() {
    const int count = static_cast<int>(work_.lexed.tokens.size());
    for (int i = 0; i < count; i = work_.Next(i)) Take(i);
    Close(count, false);
    JoinLists();
    JoinTopics();
    return Apart();
  }

 private:
  void Take(int i) {
    const TokenType type = work_.At(i).type;
    if (type == TokenType::kStop || type == TokenType::kMarker) {
      Close(i, false);
      ++sentence_;
    } else if (type == TokenType::kComma) {
      Close(i, work_.Words(work_.At(i).span) == ":");
    } else if (type == TokenType::kClose || type == TokenType::kOpen) {
      if (work_.At(i).link < 0) Close(i, false);
    }
  }

  void Close(int end, bool label) {
    if (end > first_) clauses_.push_back({first_, end, sentence_, label});
    first_ = end + 1;
  }

  absl::string_view LastChar(int token) const {
    const absl::string_view words = work_.Words(work_.At(token).span);
    return words.size() < kCjk ? words : words.substr(words.size() - kCjk);
  }

  // The last character of the first of several names, before 、 or 等.
  absl::string_view ListSuffix(const Clause& clause) const {
    for (int i = clause.first; i < clause.last; i = work_.Next(i)) {
      const bool ends = work_.At(i).type == TokenType::kPause || work_.Is(i, WordClass::kEtc);
      if (ends && i > clause.first) return LastChar(i - 1);
    }
    return "";
  }

  bool HasEtcFigure(const Clause& clause) const {
    for (int i = clause.first; i + 1 < clause.last; i = work_.Next(i)) {
      if (work_.Is(i, WordClass::kEtc) && IsMeasure(work_, i + 1)) return true;
      if (IsMeasure(work_, i)) return i > clause.first;
    }
    return false;
  }

  // 甲镇一村，乙镇二村、三村等3个村: commas within one list of names.
  void JoinLists() {
    std::vector<Clause> joined;
    for (const Clause& clause : clauses_) {
      Clause whole = clause;
      const absl::string_view suffix = HasEtcFigure(clause) ? ListSuffix(clause) : "";
      while (!suffix.empty() && !joined.empty() && Continues(joined.back(), whole, suffix)) {
        whole.first = joined.back().first;
        joined.pop_back();
      }
      joined.push_back(whole);
    }
    clauses_ = std::move(joined);
  }

  bool Continues(const Clause& before, const Clause& clause, absl::string_view suffix) const {
    return before.sentence == clause.sentence && !before.label &&
           LastChar(before.last - 1) == suffix && !HasMeasure(work_, before.first, before.last);
  }

  // 针对失能老年人，开展集中照护: whom it is for belongs to what is done.
  void JoinTopics() {
    std::vector<Clause> joined;
    for (const Clause& clause : clauses_) {
      const bool join =
          !joined.empty() && joined.back().sentence == clause.sentence && IsTopic(joined.back());
      if (join) {
        joined.back().last = clause.last;
        joined.back().label = clause.label;
      } else {
        joined.push_back(clause);
      }
    }
    clauses_ = std::move(joined);
  }

  bool IsTopic(const Clause& clause) const {
    if (!work_.Is(clause.first, WordClass::kTopic) || clause.size() > kMaxTopicTokens) return false;
    if (HasMeasure(work_, clause.first, clause.last)) return false;
    const absl::string_view words = work_.Words(work_.SpanOf(clause.first, clause.last));
    for (const auto end : kHowEnds) {
      if (absl::EndsWith(words, end)) return false;
    }
    for (int i = clause.first; i < clause.last; ++i) {
      if (work_.Is(i, WordClass::kVerb) && (work_.At(i).arg & kKeptVerb) == 0) return false;
      if (work_.Is(i, WordClass::kAll)) return false;
    }
    return true;
  }

  // Cuts at 、 where both sides have a figure, or the other side begins with a verb.
  std::vector<Clause> Apart() const {
    std::vector<Clause> apart;
    apart.reserve(clauses_.size() + 4);
    for (const Clause& clause : clauses_) CutPauses(clause, apart);
    return apart;
  }

  bool IsMoved(const Clause& clause) const {
    bool from = false;
    for (int i = clause.first; i < clause.last; i = work_.Next(i)) {
      from = from || work_.Is(i, WordClass::kFrom);
      if (from && work_.Is(i, WordClass::kBound) && (work_.At(i).arg & kRaises) != 0) return true;
    }
    return false;
  }

  bool IsApiece(const Clause& clause) const {
    for (int i = clause.first; i < clause.last; i = work_.Next(i)) {
      if (work_.Is(i, WordClass::kApiece)) return true;
    }
    return false;
  }

  void CutPauses(Clause rest, std::vector<Clause>& apart) const {
    if (IsMoved(rest) || IsApiece(rest)) return apart.push_back(rest);
    int last_measure = -1;
    for (int i = rest.first; i < rest.last; ++i) {
      if (IsMeasure(work_, i)) last_measure = i;
    }
    bool measured = false;
    for (int i = rest.first; i < rest.last; i = work_.Next(i)) {
      measured = measured || IsMeasure(work_, i);
      if (!measured || work_.At(i).type != TokenType::kPause || i + 1 >= rest.last) continue;
      const bool opens = work_.Is(i + 1, WordClass::kVerb) || work_.Is(i + 1, WordClass::kBenefit);
      if (i > last_measure && !opens) continue;
      apart.push_back({rest.first, i, rest.sentence, false});
      rest.first = i + 1;
      measured = false;
    }
    apart.push_back(rest);
  }

  const Work& work_;
  std::vector<Clause> clauses_;
  int first_ = 0;
  int sentence_ = 0;
};

}  // namespace

bool IsMeasure(const Work& work, int token) {
  return work.At(token).type == TokenType::kFigure &&
         work.FigureOf(token).use == FigureUse::kMeasure;
}

bool HasMeasure(const Work& work, int first, int last) {
  for (int i = first; i < last; i = work.Next(i)) {
    if (IsMeasure(work, i)) return true;
  }
  return false;
}

std::vector<Clause> SplitClauses(const Work& work) { return ClauseSplitter(work).Split(); }

}  // namespace minsheng::registry::compiler
