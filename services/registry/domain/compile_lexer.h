// First stage of the target compiler: folded text → tokens. A figure takes its unit with it, a date
// all of its words, a quoted name all that it quotes. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_LEXER_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_LEXER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/registry/domain/compile_dates.h"
#include "services/registry/domain/compile_text.h"
#include "services/registry/domain/compile_words.h"

namespace minsheng::registry::compiler {

enum class TokenType : uint8_t {
  kText,
  kWord,
  kFigure,
  kDate,
  kEach,   // 每学年, 每千人口
  kName,   // 《…》, “…”, 第三, 5G: holds no figure
  kStop,   // 。；! and line breaks
  kComma,  // ， and ：
  kPause,  // 、
  kOpen,
  kClose,
  kMarker,  // （1）, ①, 2. at the start of a sentence
};

// `link` is the index of the figure, date or each; of a bracket, its mate's token, -1 without one.
struct Token {
  TokenType type = TokenType::kText;
  WordClass word = WordClass::kText;
  uint8_t arg = 0;
  Span span;
  int link = -1;
};

// Why a figure is no target's.
// kPast: of an earlier year, or of what is there already.
enum class FigureUse : uint8_t { kMeasure, kNeutral, kContext, kIndicative, kUnclear, kPast };

// `micros` with `high` > 0 for a range. `number` is the span without the unit.
struct Figure {
  int64_t micros = 0;
  int64_t high = 0;
  std::string unit;
  UnitClass unit_class = UnitClass::kMissing;
  FigureUse use = FigureUse::kMeasure;
  Span number;
  bool approximate = false;
  bool chinese = false;
  bool too_long = false;
  bool suspect = false;  // 2.10个, 1，20: may be written otherwise
  bool torn = false;     // 3 0场: a blank within
};

// 每学年 has the period 学年, 每千人口 the base 千人, 每个村 the base 村.
struct Each {
  std::string period;
  std::string base;
};

struct Lexed {
  std::vector<Token> tokens;
  std::vector<Figure> figures;
  std::vector<DateMark> dates;
  std::vector<Each> eaches;
};

// `year` is that of dates without one.
Lexed Lex(const FoldedText& text, int year);

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_LEXER_H_
