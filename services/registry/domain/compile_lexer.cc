#include "services/registry/domain/compile_lexer.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_figures.h"
#include "services/registry/domain/compile_numbers.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::size_t kMaxQuoteBytes = 120;
constexpr std::size_t kMaxModelBytes = 40;

struct Sign {
  absl::string_view sign;
  TokenType type;
};
constexpr std::array<Sign, 22> kSigns = {
    {{"。", TokenType::kStop},  {".", TokenType::kStop},   {";", TokenType::kStop},
     {"\n", TokenType::kStop},  {"?", TokenType::kStop},   {"!", TokenType::kStop},
     {",", TokenType::kComma},  {":", TokenType::kComma},  {"、", TokenType::kPause},
     {"(", TokenType::kOpen},   {"[", TokenType::kOpen},   {"【", TokenType::kOpen},
     {"〔", TokenType::kOpen},  {")", TokenType::kClose},  {"]", TokenType::kClose},
     {"】", TokenType::kClose}, {"〕", TokenType::kClose}, {"|", TokenType::kComma},
     {"﹐", TokenType::kComma}, {"﹑", TokenType::kPause}, {"︰", TokenType::kComma},
     {"…", TokenType::kComma}}};

struct Quote {
  absl::string_view open;
  absl::string_view close;
};
constexpr std::array<Quote, 6> kQuotes = {
    {{"《", "》"}, {"“", "”"}, {"\"", "\""}, {"「", "」"}, {"‘", "’"}, {"〈", "〉"}}};

bool IsAsciiAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }
bool IsAsciiAlpha(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }
bool IsModelChar(char c) { return IsAsciiAlnum(c) || c == '+' || c == '.' || c == '-' || c == '#'; }

const Sign* SignAt(absl::string_view text) {
  for (const auto& sign : kSigns) {
    if (text[0] == sign.sign[0] && absl::StartsWith(text, sign.sign)) return &sign;
  }
  return nullptr;
}

}  // namespace

// Reads from left to right; each step takes the longest thing that can stand there.
class Lexer {
 public:
  Lexer(const FoldedText& text, int year) : text_(text.text()), year_(year) {
    lexed_.tokens.reserve(text_.size() / 6 + 4);
  }

  Lexed Read() {
    while (at_ < text_.size()) Step();
    return std::move(lexed_);
  }

 private:
  absl::string_view Rest() const { return text_.substr(at_); }

  void Step() {
    const auto lead = static_cast<unsigned char>(text_[at_]);
    const bool character = lead >= 0xE4 && lead <= 0xE9;
    if (!character && (TakeSign() || TakeQuote())) return;
    if (TakeMarker() || (!character && TakeModel()) || TakeNumeral()) return;
    if (character || lead < 0x80 || lead == 0xE2) {
      if (TakeEach() || TakeOrdinal() || TakeWord()) return;
    }
    TakeText(FirstCharLength(Rest()));
  }

  Token& Push(TokenType type, std::size_t length) {
    const Span span{static_cast<uint32_t>(at_), static_cast<uint32_t>(at_ + length)};
    lexed_.tokens.push_back({type, WordClass::kText, 0, span, -1});
    at_ += length;
    return lexed_.tokens.back();
  }

  void TakeText(std::size_t length) {
    if (!lexed_.tokens.empty() && lexed_.tokens.back().type == TokenType::kText) {
      at_ += length;
      lexed_.tokens.back().span.end = static_cast<uint32_t>(at_);
      return;
    }
    Push(TokenType::kText, length);
  }

  bool AtStart() const {
    if (lexed_.tokens.empty()) return true;
    const TokenType type = lexed_.tokens.back().type;
    return type == TokenType::kStop || type == TokenType::kComma;
  }

  bool TakeMarker() {
    const auto lead = static_cast<unsigned char>(text_[at_]);
    const bool circled = lead == 0xE2 && (absl::StartsWith(Rest(), "①") ||
                                          (Rest().size() >= 3 && text_[at_ + 1] == '\x91' &&
                                           static_cast<unsigned char>(text_[at_ + 2]) <= 0xB3));
    if (circled) {
      Push(TokenType::kMarker, 3);
      marker_ = 0;
      return true;
    }
    if (!AtStart()) return false;
    const std::size_t length = MarkerLength(Rest(), marker_);
    if (length == 0) return false;
    Push(TokenType::kMarker, length);
    return true;
  }

  bool TakeSign() {
    const Sign* sign = SignAt(Rest());
    if (sign == nullptr) return false;
    Push(sign->type, sign->sign.size());
    const int here = static_cast<int>(lexed_.tokens.size()) - 1;
    if (sign->type == TokenType::kStop) open_.clear();
    if (sign->type == TokenType::kOpen) open_.push_back(here);
    if (sign->type == TokenType::kClose && !open_.empty()) {
      lexed_.tokens[here].link = open_.back();
      lexed_.tokens[open_.back()].link = here;
      open_.pop_back();
    }
    return true;
  }

  bool TakeQuote() {
    for (const auto& quote : kQuotes) {
      if (text_[at_] != quote.open[0] || !absl::StartsWith(Rest(), quote.open)) continue;
      const std::size_t close =
          Rest().substr(0, kMaxQuoteBytes).find(quote.close, quote.open.size());
      if (close == absl::string_view::npos) return false;
      Push(TokenType::kName, close + quote.close.size());
      return true;
    }
    return false;
  }

  // LED, PM2.5, 5G, 5+2, 1+N: letters and digits in one.
  bool TakeModel() {
    if (!IsAsciiAlnum(text_[at_])) return false;
    const std::size_t length = ModelLength(Rest());
    if (length == 0) return false;
    Push(TokenType::kName, length);
    return true;
  }

  static std::size_t ModelLength(absl::string_view rest) {
    std::size_t length = 0;
    bool letters = false;
    bool signs = false;
    while (length < std::min(rest.size(), kMaxModelBytes) && IsModelChar(rest[length])) {
      letters = letters || IsAsciiAlpha(rest[length]);
      signs = signs || rest[length] == '+' || rest[length] == '#';
      ++length;
    }
    if (letters && !IsAsciiAlpha(rest[0])) {
      const std::size_t digits = FigureDigits(rest);
      const UnitEntry* unit = FindUnit(rest.substr(digits));
      const std::size_t end = digits + (unit == nullptr ? 0 : unit->word.size());
      const bool measured = unit != nullptr && (end >= rest.size() || !IsAsciiAlnum(rest[end]));
      if (measured) return 0;
    }
    if (const std::size_t name = NameBeforeFigure(rest.substr(0, length), rest.substr(length))) {
      return name;
    }
    while (length > 0 && (rest[length - 1] == '-' || rest[length - 1] == '.')) --length;
    return letters || signs ? length : 0;
  }

  // AED70台: letters that name what a figure right behind them counts; but DN300, G318线.
  static std::size_t NameBeforeFigure(absl::string_view model, absl::string_view behind) {
    std::size_t letters = 0;
    while (letters < model.size() && IsAsciiAlpha(model[letters])) ++letters;
    const bool digits = letters >= 3 && letters < model.size() &&
                        FigureDigits(model.substr(letters)) == model.size() - letters &&
                        absl::ascii_isdigit(static_cast<unsigned char>(model.back()));
    const UnitEntry* unit = digits ? FindUnit(behind) : nullptr;
    const bool counted = unit != nullptr && (unit->unit_class == UnitClass::kCounted ||
                                             unit->unit_class == UnitClass::kPeople);
    return counted && model.find('-') == absl::string_view::npos ? letters : 0;
  }

  static std::size_t FigureDigits(absl::string_view rest) {
    std::size_t digits = 0;
    while (digits < std::min(rest.size(), kMaxModelBytes) &&
           (absl::ascii_isdigit(static_cast<unsigned char>(rest[digits])) || rest[digits] == '.' ||
            rest[digits] == '-')) {
      ++digits;
    }
    return digits;
  }

  bool MayBeNumeral() const {
    constexpr uint32_t kOthers[] = {u'十', u'百', u'千', u'万', u'首',
                                    u'第', u'前', u'几', u'数', u'上'};
    const absl::string_view rest = Rest();
    if (static_cast<unsigned char>(rest[0]) < 0x80) return rest[0] >= '0' && rest[0] <= '9';
    return ChineseDigitOf(rest) >= 0 ||
           std::find(std::begin(kOthers), std::end(kOthers), CodeOf(rest)) != std::end(kOthers);
  }

  bool TakeNumeral() {
    if (!MayBeNumeral()) return false;
    if (TakeDate()) return true;
    const WordEntry* word = FindWord(Rest());
    if (word != nullptr && word->word_class == WordClass::kIdiom) return TakeWord();
    return TakeFigure();
  }

  bool TakeDate() {
    const DateMark date = ReadDate(Rest(), year_);
    if (date.length == 0) return false;
    Push(TokenType::kDate, date.length).link = static_cast<int>(lexed_.dates.size());
    lexed_.dates.push_back(date);
    return true;
  }

  bool TakeFigure() {
    const ReadFigure read = ReadFigureAt(text_, at_);
    if (read.length == 0) return false;
    if (!read.is_figure) {
      Push(TokenType::kName, read.length);
      return true;
    }
    Push(TokenType::kFigure, read.length).link = static_cast<int>(lexed_.figures.size());
    lexed_.figures.push_back(read.figure);
    return true;
  }

  bool TakeEach() {
    if (CodeOf(Rest()) != u'每') return false;
    Each each;
    const std::size_t length = ReadEach(Rest(), each);
    if (length == 0) return false;
    Push(TokenType::kEach, length).link = static_cast<int>(lexed_.eaches.size());
    lexed_.eaches.push_back(std::move(each));
    return true;
  }

  // 第三, 第12
  bool TakeOrdinal() {
    if (CodeOf(Rest()) != u'第') return false;
    const Number number = ReadNumber(Rest().substr(3));
    if (number.length == 0) return false;
    Push(TokenType::kName, 3 + number.length);
    return true;
  }

  bool TakeWord() {
    const WordEntry* entry = FindWord(Rest());
    if (entry == nullptr) return false;
    if (entry->word_class == WordClass::kIdiom || IsNounStem(*entry)) {
      TakeText(entry->word.size());
      return true;
    }
    if (entry->word_class == WordClass::kDateWord) return TakeDateWord(*entry);
    Token& token = Push(TokenType::kWord, entry->word.size());
    token.word = entry->word_class;
    token.arg = entry->arg;
    return true;
  }

  // 保障性, 完成率: a verb's characters within a noun.
  bool IsNounStem(const WordEntry& entry) const {
    if (entry.word_class != WordClass::kVerb) return false;
    const absl::string_view behind = Rest().substr(entry.word.size());
    return absl::StartsWith(behind, "性") || absl::StartsWith(behind, "率") ||
           absl::StartsWith(behind, "者");
  }

  bool TakeDateWord(const WordEntry& entry) {
    const auto word = static_cast<DateWord>(entry.arg);
    Push(TokenType::kDate, entry.word.size()).link = static_cast<int>(lexed_.dates.size());
    lexed_.dates.push_back(DateOfWord(word, entry.word.size(), year_));
    return true;
  }

  absl::string_view text_;
  int year_;
  std::size_t at_ = 0;
  int marker_ = 0;
  std::vector<int> open_;
  Lexed lexed_;
};

Lexed Lex(const FoldedText& text, int year) { return Lexer(text, year).Read(); }

}  // namespace minsheng::registry::compiler
