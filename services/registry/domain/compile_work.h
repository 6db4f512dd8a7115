// What the stages of the target compiler hand to each other while they read one content.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_WORK_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_WORK_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/registry/domain/compile.h"
#include "services/registry/domain/compile_lexer.h"
#include "services/registry/domain/compile_text.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry::compiler {

inline constexpr int kNoDraft = -1;
inline constexpr int kWholeTask = -2;
// The table of targets numbers no more (targets.cc).
inline constexpr std::size_t kMaxDrafts = 999;

// Tokens [first, last) between commas. `sentence` counts the stops before it.
struct Clause {
  int first = 0;
  int last = 0;
  int sentence = 0;
  bool label = false;  // a colon follows

  int size() const { return last - first; }
};

// A target in the making; `part_of` is a draft's index. `noun` is what is counted, without verbs.
struct Draft {
  TargetRow row;
  Span source;
  Span figure;
  Span noun;
  UnitClass unit_class = UnitClass::kMissing;
  int64_t micros = 0;
  int confidence = 100;
  int part_of = kNoDraft;
  int sentence = 0;
  bool weak = false;     // belongs to its sentence unless something better does
  bool assumed = false;  // nobody wrote that it reaches all
  bool dropped = false;
};

struct DraftDoubt {
  std::string code;
  int draft = kWholeTask;
  Span place;
  std::string message;
};

struct DraftStep {
  DatedStep step;
  int draft = kWholeTask;
  Span words;
  bool own = false;  // its figure is the target's, said once: the date alone says it all
};

// At most `chars` characters.
inline std::string Shortened(std::string words, std::size_t chars) {
  return words.size() <= chars ? std::move(words) : Abbreviate(words, chars);
}

struct Work {
  Work(absl::string_view content, const CompileContext& given)
      : text(content), context(given), lexed(Lex(text, given.year)), dated(lexed.dates.size()) {
    for (const Token& token : lexed.tokens) {
      if (token.type == TokenType::kFigure) KeepScript(token);
    }
  }

  // 個 stays 個: a unit that is written in other characters only, is kept as written.
  void KeepScript(const Token& token) {
    Figure& figure = lexed.figures[static_cast<std::size_t>(token.link)];
    const Span unit{figure.number.end, token.span.end};
    if (unit.empty() || text.Of(unit) != figure.unit) return;
    std::string written = text.Words(unit);
    if (written.size() == figure.unit.size()) figure.unit = std::move(written);
  }

  const Token& At(int token) const { return lexed.tokens[static_cast<std::size_t>(token)]; }
  Figure& FigureOf(int token) { return lexed.figures[static_cast<std::size_t>(At(token).link)]; }
  const Figure& FigureOf(int token) const {
    return lexed.figures[static_cast<std::size_t>(At(token).link)];
  }
  const DateMark& DateOf(int token) const {
    return lexed.dates[static_cast<std::size_t>(At(token).link)];
  }
  const Each& EachOf(int token) const {
    return lexed.eaches[static_cast<std::size_t>(At(token).link)];
  }
  // The stretch of tokens [first, last); empty when there are none.
  Span SpanOf(int first, int last) const {
    if (first >= last) return {};
    return {At(first).span.begin, At(last - 1).span.end};
  }
  absl::string_view Words(Span span) const { return text.Of(span); }
  bool Is(int token, WordClass word) const {
    return At(token).type == TokenType::kWord && At(token).word == word;
  }
  // Behind the bracket that opens here, or the next token.
  int Next(int token) const {
    const Token& here = At(token);
    return here.type == TokenType::kOpen && here.link > token ? here.link + 1 : token + 1;
  }

  Draft& draft(int index) { return drafts[static_cast<std::size_t>(index)]; }

  // Adds a doubt about a draft and takes off its confidence.
  void Doubt(absl::string_view code, int draft_index, Span place, std::string message, int cost) {
    doubts.push_back({std::string(code), draft_index, place, std::move(message)});
    if (draft_index >= 0) draft(draft_index).confidence -= cost;
  }

  FoldedText text;
  const CompileContext& context;
  Lexed lexed;
  std::vector<Draft> drafts;
  std::vector<DraftDoubt> doubts;
  std::vector<DraftStep> steps;
  std::vector<Span> used;
  std::vector<bool> dated;  // which dates have made a step
};

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_WORK_H_
