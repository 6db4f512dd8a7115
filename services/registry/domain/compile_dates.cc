#include "services/registry/domain/compile_dates.h"

#include <array>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"

#include "services/registry/domain/compile_numbers.h"

namespace minsheng::registry::compiler {
namespace {

constexpr int kFirstYear = 1949;
constexpr int kLastYear = 2099;

absl::CivilDay MonthEnd(int year, int month) {
  return absl::CivilDay(absl::CivilMonth(year, month) + 1) - 1;
}

// A small number in digits or Chinese numerals.
struct Small {
  int value = 0;
  std::size_t length = 0;
};

Small ReadSmall(absl::string_view text) {
  const std::size_t digits = DigitsLength(text);
  Small small;
  if (digits > 0) {
    if (digits <= 2 && absl::SimpleAtoi(text.substr(0, digits), &small.value))
      small.length = digits;
    return small;
  }
  const Number number = ReadNumber(text);
  if (number.length == 0 || number.odd || number.approximate || number.micros > 99 * kMillionths)
    return small;
  return {static_cast<int>(number.micros / kMillionths), number.length};
}

// Takes words off the start of a text and counts them.
class DateReader {
 public:
  DateReader(absl::string_view text, int year, bool may_span)
      : text_(text), year_(year), may_span_(may_span) {}

  DateMark Read() {
    ReadWrittenYear();
    if (mark_.kind == DateKind::kNone) ReadWithinYear();
    if (mark_.kind == DateKind::kNone && mark_.written_year) {
      mark_.kind = DateKind::kYears;
      mark_.day = absl::CivilDay(year_, 12, 31);
    }
    if (mark_.kind == DateKind::kNone) ReadLost();
    if (mark_.kind == DateKind::kNone) ReadLostMonths();
    if (mark_.kind == DateKind::kNone) return {};
    if (mark_.kind == DateKind::kDay && year_ == 0) mark_.kind = DateKind::kSeason;
    mark_.length = at_;
    return mark_;
  }

 private:
  absl::string_view Rest() const { return text_.substr(at_); }

  bool Take(absl::string_view word) {
    if (!absl::StartsWith(Rest(), word)) return false;
    at_ += word.size();
    return true;
  }

  template <std::size_t N>
  bool TakeAny(const std::array<absl::string_view, N>& words) {
    for (const auto word : words) {
      if (Take(word)) return true;
    }
    return false;
  }

  // Four digits of a year.
  int YearHere(std::size_t at) const {
    int year = 0;
    const absl::string_view rest = text_.substr(at);
    if (DigitsLength(rest) != 4 || !absl::SimpleAtoi(rest.substr(0, 4), &year)) return 0;
    return year >= kFirstYear && year <= kLastYear ? year : 0;
  }

  void ReadWrittenYear() {
    const int year = YearHere(0);
    if (year == 0) return ReadChineseYear();
    if (ReadYearSpan(year) || ReadDotted(year)) return;
    if (!absl::StartsWith(text_.substr(4), "年")) return;
    at_ = 4 + 3;
    Take("度");
    SetYear(year);
  }

  // 二〇二四年
  void ReadChineseYear() {
    int year = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const int digit = text_.size() < 3 * (i + 1) ? -1 : ChineseDigitOf(text_.substr(3 * i, 3));
      if (digit < 0) return;
      year = year * 10 + digit;
    }
    if (year < kFirstYear || year > kLastYear || !absl::StartsWith(text_.substr(12), "年")) return;
    at_ = 15;
    SetYear(year);
  }

  void SetYear(int year) {
    year_ = year;
    mark_.written_year = true;
  }

  // 2023年—2025年, 2022-2023
  bool ReadYearSpan(int first) {
    at_ = 4;
    const bool named = Take("年");
    if (named) Take("度");
    constexpr std::array<absl::string_view, 4> kTo = {"--", "-", "至", "到"};
    const int last = TakeAny(kTo) ? YearHere(at_) : 0;
    const bool year_word = last > 0 && absl::StartsWith(text_.substr(at_ + 4), "年");
    const bool month_word = last > 0 && year_word && DigitsLength(text_.substr(at_ + 7)) > 0;
    const bool figure =
        last > 0 && !named && !year_word && FindUnit(text_.substr(at_ + 4)) != nullptr;
    if (last <= first || last > first + 30 || figure || month_word) {
      at_ = 0;
      return false;
    }
    at_ += 4;
    Take("年度") || Take("年");
    Finish(DateKind::kYears, absl::CivilDay(last, 12, 31));
    mark_.span = true;
    mark_.written_year = true;
    year_ = last;
    return true;
  }

  // 2024.6.30, 2024-06-30, 2024/6, 2024.6
  bool ReadDotted(int year) {
    const char sign = text_.size() > 4 ? text_[4] : ' ';
    if (sign != '.' && sign != '-' && sign != '/') return false;
    const Small month = ReadDigits(5);
    if (month.value < 1 || month.value > 12) return false;
    const std::size_t behind = 5 + month.length;
    const bool more = text_.size() > behind && text_[behind] == sign;
    const Small day = more ? ReadDigits(behind + 1) : Small{};
    if (!more && sign == '.' && month.length == 1 && FindUnit(text_.substr(behind)) != nullptr)
      return false;
    at_ = behind + (day.length > 0 ? 1 + day.length : 0);
    SetYear(year);
    if (Take("月"))
      TakeMonthPart(month.value);
    else if (day.length > 0)
      FinishDay(month.value, day.value);
    else
      Finish(DateKind::kDay, MonthEnd(year, month.value));
    TakeBefore();
    TakeUntil();
    return true;
  }

  Small ReadDigits(std::size_t at) const {
    const absl::string_view rest = at < text_.size() ? text_.substr(at) : "";
    const std::size_t digits = DigitsLength(rest);
    Small small;
    if (digits == 0 || digits > 2 || !absl::SimpleAtoi(rest.substr(0, digits), &small.value))
      return {};
    small.length = digits;
    return small;
  }

  void ReadWithinYear() {
    if (ReadMonth() || ReadQuarter()) return;
    if (!mark_.written_year) return;
    constexpr std::array<absl::string_view, 5> kEnds = {"底前", "底", "末前", "末", "终"};
    constexpr std::array<absl::string_view, 2> kWithin = {"内", "以内"};
    if (Take("上半年")) return Finish(DateKind::kDay, MonthEnd(year_, 6));
    if (Take("下半年") || TakeAny(kEnds)) return Finish(DateKind::kDay, MonthEnd(year_, 12));
    if (TakeAny(kWithin)) Finish(DateKind::kWithin, MonthEnd(year_, 12));
  }

  bool ReadMonth() {
    const std::size_t start = at_;
    Small month = ReadSmall(Rest());
    if (month.length == 0) return false;
    at_ += month.length;
    TakeMonthSpan(month);
    if (month.value < 1 || month.value > 12 || !Take("月") || absl::StartsWith(Rest(), "龄")) {
      at_ = start;
      return false;
    }
    TakeMonthPart(month.value);
    TakeBefore();
    TakeUntil();
    return true;
  }

  // 4—6月: the later month
  void TakeMonthSpan(Small& month) {
    const std::size_t start = at_;
    if (!Take("-") && !Take("至") && !Take("到")) return;
    const Small last = ReadSmall(Rest());
    if (last.length > 0 && last.value <= 12 && absl::StartsWith(Rest().substr(last.length), "月")) {
      at_ += last.length;
      month = last;
      mark_.span = true;
      return;
    }
    at_ = start;
  }

  // What stands behind 6月: a day, 底, 中旬, 份.
  void TakeMonthPart(int month) {
    const Small day = ReadSmall(Rest());
    const absl::string_view behind = Rest().substr(day.length);
    if (day.length > 0 && (absl::StartsWith(behind, "日") || absl::StartsWith(behind, "号"))) {
      at_ += day.length + 3;
      return FinishDay(month, day.value);
    }
    Take("份");
    constexpr std::array<absl::string_view, 2> kEarly = {"上旬", "初"};
    constexpr std::array<absl::string_view, 3> kEnd = {"底", "末", "下旬"};
    if (TakeAny(kEarly)) return FinishDay(month, 10);
    if (Take("中旬")) return FinishDay(month, 20);
    bare_month_ = !TakeAny(kEnd);
    Finish(DateKind::kDay, MonthEnd(YearOrAny(), month));
  }

  bool ReadQuarter() {
    const std::size_t start = at_;
    if (Take("上半年")) return FinishDone(MonthEnd(YearOrAny(), 6));
    const bool whole = Take("前");
    Take("第");
    const Small quarter = Take("首") ? Small{1, 0} : ReadSmall(Rest());
    at_ += quarter.length;
    if (quarter.value < 1 || quarter.value > 4 ||
        !(Take("季度") || Take("个季度") || (!whole && Take("季")))) {
      at_ = start;
      return false;
    }
    Take("末") || Take("底");
    TakeBefore();
    return FinishDone(MonthEnd(YearOrAny(), 3 * quarter.value));
  }

  void TakeBefore() {
    constexpr std::array<absl::string_view, 5> kBefore = {"之前", "以前", "前", "止", "内"};
    const bool before = TakeAny(kBefore);
    mark_.unsure = before && bare_month_ && text_.substr(at_ - 3, 3) != "内";
  }

  // 6月—10月, 3月1日至6月30日: the later date.
  void TakeUntil() {
    const std::size_t start = at_;
    if (!may_span_ || (!Take("-") && !Take("至") && !Take("到"))) return;
    const DateMark later = DateReader(Rest(), year_, false).Read();
    if (later.kind != DateKind::kDay || later.day < mark_.day) {
      at_ = start;
      return;
    }
    const bool written = mark_.written_year || later.written_year;
    at_ += later.length;
    mark_ = later;
    mark_.written_year = written;
    mark_.span = true;
    if (year_ == 0 && written) year_ = static_cast<int>(later.day.year());
  }

  // 1031日, 2025411日: the signs between the digits are lost.
  void ReadLost() {
    const std::size_t digits = DigitsLength(text_);
    if (digits < 3 || digits > 8) return;
    at_ = digits;
    if (Take("-")) at_ += DigitsLength(Rest());
    if (!Take("日")) {
      at_ = 0;
      return;
    }
    Take("前");
    mark_.kind = DateKind::kLost;
  }

  // 19月, 1012月: a span that lost its dash.
  void ReadLostMonths() {
    const std::size_t digits = DigitsLength(text_);
    int value = 0;
    if (digits < 2 || digits > 4 || !absl::SimpleAtoi(text_.substr(0, digits), &value)) return;
    const int scale = digits == 2 ? 10 : 100;
    const int first = value / scale;
    const int last = value % scale;
    if (first < 1 || first >= last || last > 12 || value <= 12) return;
    const absl::string_view behind = text_.substr(digits);
    constexpr std::array<absl::string_view, 3> kNoMonths = {"月龄", "月大", "月以"};
    for (const auto no : kNoMonths) {
      if (absl::StartsWith(behind, no)) return;
    }
    at_ = digits;
    if (!Take("月")) {
      at_ = 0;
      return;
    }
    TakeBefore();
    mark_.kind = DateKind::kLost;
  }

  int YearOrAny() const { return year_ == 0 ? 2000 : year_; }

  void FinishDay(int month, int day) {
    const absl::CivilDay end = MonthEnd(YearOrAny(), month);
    if (day < 1 || day > end.day()) {
      mark_.kind = DateKind::kLost;
      return;
    }
    Finish(DateKind::kDay, absl::CivilDay(YearOrAny(), month, day));
  }

  void Finish(DateKind kind, absl::CivilDay day) {
    mark_.kind = kind;
    mark_.day = day;
  }

  bool FinishDone(absl::CivilDay day) {
    Finish(DateKind::kDay, day);
    return true;
  }

  absl::string_view text_;
  int year_;
  std::size_t at_ = 0;
  bool may_span_;
  bool bare_month_ = false;
  DateMark mark_;
};

}  // namespace

DateMark ReadDate(absl::string_view text, int year) {
  return text.empty() ? DateMark{} : DateReader(text, year, true).Read();
}

DateMark DateOfWord(DateWord word, std::size_t length, int year) {
  DateMark mark;
  mark.length = length;
  mark.kind = year == 0 ? DateKind::kSeason : DateKind::kDay;
  const int any = year == 0 ? 2000 : year;
  mark.day = word == kHalfYear ? MonthEnd(any, 6) : MonthEnd(any, 12);
  if (word == kWithinYear) mark.kind = DateKind::kWithin;
  if (word == kSeasonBefore) mark.kind = DateKind::kSeason;
  return mark;
}

}  // namespace minsheng::registry::compiler
