#include "services/registry/domain/compile_figures.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/compile_numbers.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::size_t kCjk = 3;
constexpr std::size_t kLookBack = 48;
constexpr std::size_t kMaxTornDigits = 6;

bool IsCjk(absl::string_view c) {
  return c.size() == kCjk && static_cast<unsigned char>(c[0]) >= 0xE4 &&
         static_cast<unsigned char>(c[0]) <= 0xE9;
}

absl::string_view FirstChar(absl::string_view text) {
  return text.substr(0, FirstCharLength(text));
}

// What follows a figure and makes a name of it: 5人制, 3年级 (a unit by itself), 4大行动.
constexpr std::array<absl::string_view, 12> kNameTails = {"人制",   "年制",   "次方",   "次性",
                                                          "大行动", "大工程", "大体系", "类区",
                                                          "点半",   "人行",   "路公交", "件套"};
// 三项制度, 两个确保: small numerals before these count nothing.
constexpr std::array<absl::string_view, 26> kFigureOfSpeech = {
    "制度", "机制", "方面",     "目标", "原则", "坚持", "确保", "维护", "意识",
    "自信", "年",   "中心任务", "台阶", "阶段", "层次", "步骤", "体系", "维度",
    "环节", "角度", "办法",     "层面", "关系", "一律", "不",   "清单"};

bool StartsWithAny(absl::string_view text, const absl::string_view* words, std::size_t count) {
  return std::any_of(words, words + count,
                     [&](absl::string_view word) { return absl::StartsWith(text, word); });
}

// 甲—四公里、乙—丙2条: a numeral behind a dash between names belongs to the second name.
bool BehindDashOfNames(absl::string_view text, std::size_t at) {
  constexpr std::array<absl::string_view, 4> kBreaks = {"、", "。", ",", ";"};
  const std::size_t from = at > kLookBack ? at - kLookBack : 0;
  absl::string_view before = text.substr(from, at - from);
  for (const auto mark : kBreaks) {
    const std::size_t last = before.rfind(mark);
    if (last != absl::string_view::npos) before.remove_prefix(last + mark.size());
  }
  const std::size_t dash = before.rfind('-');
  if (dash == absl::string_view::npos || dash + 1 == before.size()) return false;
  return dash > 0 && static_cast<unsigned char>(before[dash - 1]) >= 0x80;
}

// One figure after another: the number, its unit, then perhaps a range.
class FigureReader {
 public:
  FigureReader(absl::string_view text, std::size_t at) : text_(text), start_(at), at_(at) {}

  ReadFigure Read() {
    if (TakePercentWords()) return Done(true);
    const Number number = ReadNumber(text_.substr(at_));
    if (number.length == 0) return VagueNumber();
    number_ = number;
    at_ += number.length;
    TakeFigure(number);
    TakeTorn();
    return number.chinese ? Chinese() : Arabic();
  }

 private:
  absl::string_view Rest() const { return text_.substr(at_); }

  // 几十个, 数百户, 上千人: a figure nobody can check.
  ReadFigure VagueNumber() {
    constexpr std::array<absl::string_view, 3> kVague = {"几", "数", "上"};
    const absl::string_view first = FirstChar(Rest());
    const bool near = start_ >= kCjk && text_.substr(start_ - kCjk, kCjk) == "近";
    if (near && (first == "百" || first == "千" || first == "万")) {
      at_ += kCjk;
      figure_.number = {static_cast<uint32_t>(start_), static_cast<uint32_t>(at_)};
      return TakeUnit() ? Unclear() : ReadFigure{};
    }
    if (std::find(kVague.begin(), kVague.end(), first) == kVague.end()) return {};
    const absl::string_view scale = Rest().substr(kCjk, kCjk);
    if (scale != "十" && scale != "百" && scale != "千" && scale != "万") return {};
    at_ += 2 * kCjk;
    while (absl::StartsWith(Rest(), "万") || absl::StartsWith(Rest(), "余")) at_ += kCjk;
    figure_.number = {static_cast<uint32_t>(start_), static_cast<uint32_t>(at_)};
    if (FindUnit(Rest()) == nullptr) return {};
    TakeUnit();
    figure_.use = FigureUse::kUnclear;
    return Done(true);
  }

  void TakeFigure(const Number& number) {
    figure_.micros = number.micros;
    figure_.approximate = number.approximate;
    figure_.chinese = number.chinese;
    figure_.too_long = number.too_long;
    figure_.suspect = number.odd;
    figure_.number = {static_cast<uint32_t>(start_), static_cast<uint32_t>(at_)};
  }

  // 3 0场: one figure that a copy tore apart, when a unit follows the second half only.
  void TakeTorn() {
    const std::size_t digits = DigitsLength(text_.substr(start_));
    if (digits == 0 || start_ + digits != at_ || !absl::StartsWith(Rest(), " ")) return;
    const std::size_t more = DigitsLength(Rest().substr(1));
    const bool joined =
        more > 0 && digits + more <= kMaxTornDigits && FindUnit(Rest().substr(1 + more)) != nullptr;
    if (!joined) return;
    const Number whole =
        ReadNumber(absl::StrCat(text_.substr(start_, digits), text_.substr(at_ + 1, more)));
    at_ += 1 + more;
    TakeFigure(whole);
    figure_.suspect = figure_.torn = true;
  }

  ReadFigure Arabic() {
    if (IsPhone() || IsMultiple()) return Done(false);
    if (TakeRange()) return Done(true);
    if (!TakeUnit()) return WithoutUnit();
    TakeRangeBehindUnit();
    return Judge();
  }

  // A Chinese numeral is a figure only before a unit, and outside names: 二桥, 二次, 四公里.
  ReadFigure Chinese() {
    const absl::string_view word = text_.substr(start_, at_ - start_);
    const bool small = number_.micros < 10 * kMillionths && !number_.approximate;
    const bool figure = !number_.odd && word != "二" && word != "零" && word != "〇";
    if (number_.odd && IsColloquial(word) && TakeUnit()) return Unclear();
    if (word == "百" || !figure || IsPattern()) return Done(false);
    if (TakeRange()) return Done(true);
    if (!TakeUnit() || figure_.unit_class == UnitClass::kOrdinal) return NotCounted();
    if (small && IsNameLike(word)) return NotCounted();
    TakeRangeBehindUnit();
    return Judge();
  }

  // 一百五: 105 or 150.
  static bool IsColloquial(absl::string_view word) {
    return absl::StrContains(word, "百") || absl::StrContains(word, "千") ||
           absl::StrContains(word, "万");
  }

  ReadFigure Unclear() {
    figure_.use = FigureUse::kUnclear;
    return Done(true);
  }

  bool IsNameLike(absl::string_view word) const {
    const bool speech = StartsWithAny(Rest(), kFigureOfSpeech.data(), kFigureOfSpeech.size());
    const bool size = figure_.unit_class == UnitClass::kSize;
    const absl::string_view unit = figure_.unit;
    const bool ordinal = unit == "期" || unit == "线" || unit == "院" || unit == "村" ||
                         unit == "镇" || unit == "里" || unit == "队" || unit == "组" ||
                         unit == "校" || unit == "园" || unit == "站" || unit == "店" ||
                         unit == "班" || unit == "方" || unit == "宿" || unit == "分" ||
                         unit == "对" || unit == "点" || unit == "楼" || unit == "片" ||
                         (word == "一" && (unit == "种" || unit == "类" || unit == "批" ||
                                           unit == "方面" || unit == "系列" || unit == "线"));
    return speech || ordinal || (size && BehindDashOfNames(text_, start_));
  }

  // 一楼一码, 一户一策
  bool IsPattern() const {
    if (text_.substr(start_, at_ - start_) != "一") return false;
    const absl::string_view behind = text_.substr(start_ + kCjk);
    const bool forward = behind.substr(FirstCharLength(behind), kCjk) == "一";
    const bool backward = start_ >= 2 * kCjk && text_.substr(start_ - 2 * kCjk, kCjk) == "一";
    return forward || backward;
  }

  ReadFigure NotCounted() {
    at_ = figure_.number.end;
    return Done(false);
  }

  // 百分之八十, 百分之百
  bool TakePercentWords() {
    constexpr absl::string_view kPercent = "百分之";
    if (!absl::StartsWith(Rest(), kPercent)) return false;
    const absl::string_view behind = Rest().substr(kPercent.size());
    const bool whole = absl::StartsWith(behind, "百");
    const Number number = ReadNumber(behind);
    if (!whole && number.length == 0) return false;
    at_ += kPercent.size() + (whole ? kCjk : number.length);
    TakeFigure(number);
    if (whole) figure_.micros = 100 * kMillionths;
    figure_.unit = "%";
    figure_.unit_class = UnitClass::kPercent;
    return true;
  }

  bool IsPhone() const {
    const std::size_t digits = at_ - start_;
    const bool plain = DigitsLength(text_.substr(start_)) == digits;
    const bool area = text_.substr(at_, 1) == "-" && DigitsLength(text_.substr(at_ + 1)) >= 7;
    return (plain && digits >= 7 && FindUnit(Rest()) == nullptr) || area;
  }

  // 7×24小时, 2*3
  bool IsMultiple() {
    if (FindUnit(Rest()) != nullptr) return false;
    const bool sign = absl::StartsWith(Rest(), "×") || absl::StartsWith(Rest(), "*") ||
                      absl::StartsWith(Rest(), "/");
    const std::size_t length = absl::StartsWith(Rest(), "×") ? 2 : 1;
    if (!sign || DigitsLength(text_.substr(at_ + length)) == 0) return false;
    at_ += length + DigitsLength(text_.substr(at_ + length));
    return true;
  }

  // 3—5个, 3至5万人
  bool TakeRange() {
    const std::size_t before = at_;
    const std::size_t dash = RangeSign();
    if (dash == 0) return false;
    const Number high = ReadNumber(text_.substr(at_ + dash));
    at_ += dash + high.length;
    const auto end = static_cast<uint32_t>(at_);
    if (high.length == 0 || high.odd || !TakeUnit()) return Back(before);
    figure_.number.end = end;
    SetRange(high);
    return true;
  }

  // 3个—5个
  void TakeRangeBehindUnit() {
    const std::size_t before = at_;
    const Figure low = figure_;
    const std::size_t dash = RangeSign();
    if (dash == 0) return;
    const Number high = ReadNumber(text_.substr(at_ + dash));
    at_ += dash + high.length;
    const auto end = static_cast<uint32_t>(at_);
    if (high.length == 0 || high.odd || !TakeUnit() || figure_.unit != low.unit) {
      figure_ = low;
      at_ = before;
      return;
    }
    figure_.number.end = end;
    SetRange(high);
  }

  std::size_t RangeSign() const {
    constexpr std::array<absl::string_view, 4> kSigns = {"--", "-", "至", "到"};
    for (const auto sign : kSigns) {
      if (absl::StartsWith(Rest(), sign)) return sign.size();
    }
    return 0;
  }

  bool Back(std::size_t at) {
    at_ = at;
    return false;
  }

  void SetRange(const Number& high) {
    int64_t low = figure_.micros;
    if (number_.scale == 0 && high.scale > 0) (void)ScaleBy(low, high.scale);
    figure_.too_long = figure_.too_long || high.too_long;
    figure_.suspect = figure_.suspect || high.micros <= low;
    figure_.micros = low;
    figure_.high = high.micros;
    const bool aside = IsAside(figure_.unit_class);
    figure_.use = aside ? FigureUse::kNeutral : FigureUse::kMeasure;
    TakeAgeTail();
  }

  bool TakeUnit() {
    const UnitEntry* unit = FindUnit(Rest());
    if (unit == nullptr) return false;
    at_ += unit->word.size();
    figure_.unit = std::string(unit->unit);
    figure_.unit_class = unit->unit_class;
    if (unit->word == "成") TakeTenths();
    TakePerUnit();
    TakeOddBehindUnit();
    return true;
  }

  // 八成
  void TakeTenths() {
    figure_.unit = "%";
    if (!ScaleBy(figure_.micros, 1)) figure_.too_long = true;
  }

  // 吨/日, 元/人·年
  void TakePerUnit() {
    std::size_t length = 0;
    while (absl::StartsWith(Rest().substr(length), "/")) {
      const std::size_t scale = ScaleLength(Rest().substr(length + 1));
      const absl::string_view behind = Rest().substr(length + 1 + scale);
      const UnitEntry* unit = FindUnit(behind);
      const absl::string_view next = FirstChar(behind);
      const std::size_t word = unit != nullptr ? unit->word.size() : next.size();
      if (unit == nullptr && !IsCjk(next)) break;
      length += 1 + scale + word;
    }
    if (length > kLookBack) return;
    absl::string_view per = Rest().substr(0, length);
    at_ += length;
    if (absl::EndsWith(per, "人口")) per.remove_suffix(kCjk);
    absl::StrAppend(&figure_.unit, per);
  }

  // 千 of 批次/千人, 10万 of 人/10万人
  static std::size_t ScaleLength(absl::string_view text) {
    const std::size_t digits = DigitsLength(text);
    constexpr std::array<absl::string_view, 6> kScales = {"百万", "十万", "千", "万", "百", "亿"};
    for (const auto scale : kScales) {
      if (absl::StartsWith(text.substr(digits), scale)) return digits + scale.size();
    }
    return digits;
  }

  // 3公里多
  void TakeOddBehindUnit() {
    if (!absl::StartsWith(Rest(), "多") || absl::StartsWith(Rest(), "多层")) return;
    if (figure_.unit_class != UnitClass::kSize) return;
    at_ += kCjk;
    figure_.approximate = true;
  }

  ReadFigure WithoutUnit() {
    figure_.unit_class = UnitClass::kMissing;
    const absl::string_view next = FirstChar(Rest());
    if (IsCjk(next) && FindWord(Rest()) == nullptr) return UnknownUnit(next);
    return Done(true);
  }

  // An unknown character is a unit where the phrase ends behind it or soon.
  ReadFigure UnknownUnit(absl::string_view next) {
    const absl::string_view behind = Rest().substr(next.size());
    const absl::string_view second = FirstChar(behind);
    const bool ends = behind.empty() || !IsCjk(second) || FindWord(behind) != nullptr;
    if (!ends) return Done(true);
    figure_.unit = std::string(next);
    figure_.unit_class = UnitClass::kUnknown;
    at_ += next.size();
    return Done(true);
  }

  ReadFigure Judge() {
    const std::size_t tail = figure_.number.end;
    const bool name = StartsWithAny(text_.substr(tail), kNameTails.data(), kNameTails.size());
    if (name || IsAside(figure_.unit_class)) figure_.use = FigureUse::kNeutral;
    TakeAgeTail();
    return Done(true);
  }

  static bool IsAside(UnitClass unit_class) {
    return unit_class == UnitClass::kAge || unit_class == UnitClass::kFloor ||
           unit_class == UnitClass::kOrdinal;
  }

  // 65岁及以上, 8层以上
  void TakeAgeTail() {
    if (figure_.use != FigureUse::kNeutral) return;
    constexpr std::array<absl::string_view, 8> kTails = {"及以上", "及以下", "(含)以上", "以上",
                                                         "以下",   "以内",   "(含)",     "左右"};
    for (const auto tail : kTails) {
      if (!absl::StartsWith(Rest(), tail)) continue;
      at_ += tail.size();
      return;
    }
  }

  ReadFigure Done(bool is_figure) {
    ReadFigure read;
    read.length = at_ - start_;
    read.is_figure = is_figure;
    if (is_figure) read.figure = std::move(figure_);
    return read;
  }

  absl::string_view text_;
  std::size_t start_;
  std::size_t at_;
  Number number_;
  Figure figure_;
};

}  // namespace

ReadFigure ReadFigureAt(absl::string_view text, std::size_t at) {
  return FigureReader(text, at).Read();
}

}  // namespace minsheng::registry::compiler
