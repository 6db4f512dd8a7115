#include "services/registry/domain/targets.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::array<absl::string_view, 16> kColumns = {
    "indicator", "comparator",  "value",   "unit",       "kind",   "stage",
    "stretch",   "base",        "base_on", "part_of",    "due_on", "note",
    "baseline",  "survey_days", "objects", "approximate"};
constexpr std::size_t kMaxTextChars = 500;

template <typename T>
using Word = std::pair<absl::string_view, T>;

constexpr std::array<Word<Comparator>, 7> kComparators = {{{"", Comparator::kNone},
                                                           {"at_least", Comparator::kAtLeast},
                                                           {"at_most", Comparator::kAtMost},
                                                           {"done", Comparator::kDone},
                                                           {"all", Comparator::kAll},
                                                           {"more_than", Comparator::kMoreThan},
                                                           {"less_than", Comparator::kLessThan}}};
constexpr std::array<Word<TargetKind>, 7> kKinds = {{{"count", TargetKind::kCount},
                                                     {"coverage", TargetKind::kCoverage},
                                                     {"level", TargetKind::kLevel},
                                                     {"frequency", TargetKind::kFrequency},
                                                     {"event", TargetKind::kEvent},
                                                     {"qualitative", TargetKind::kQualitative},
                                                     {"service", TargetKind::kService}}};
constexpr std::array<Word<TargetStage>, 3> kStages = {
    {{"finish", TargetStage::kFinish}, {"", TargetStage::kFinish}, {"start", TargetStage::kStart}}};

constexpr std::array<Word<bool>, 2> kYes = {{{"", false}, {"yes", true}}};

template <typename T, std::size_t N>
absl::string_view WordOf(const std::array<Word<T>, N>& words, T value) {
  for (const auto& [word, known] : words) {
    if (known == value) return word;
  }
  return "";
}

bool IsDecimal(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  if (parts.size() > 2 || !IsDigits(parts[0]) || parts[0].size() > kMaxTargetWholeDigits)
    return false;
  return parts.size() == 1 || (IsDigits(parts[1]) && parts[1].size() <= kMaxTargetDecimals);
}

// "007.50" → "7.5": equal figures get equal text.
std::string Canonical(absl::string_view decimal) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(decimal, absl::MaxSplits('.', 1));
  absl::string_view whole = parts.first;
  absl::string_view decimals = parts.second;
  while (whole.size() > 1 && absl::ConsumePrefix(&whole, "0")) {
  }
  while (absl::ConsumeSuffix(&decimals, "0")) {
  }
  return decimals.empty() ? std::string(whole) : absl::StrCat(whole, ".", decimals);
}

// Figures of one length compare as text.
std::string Padded(absl::string_view decimal) {
  const std::string canonical = Canonical(decimal);
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(canonical, absl::MaxSplits('.', 1));
  return absl::StrCat(std::string(kMaxTargetWholeDigits - parts.first.size(), '0'), parts.first,
                      ".", parts.second,
                      std::string(kMaxTargetDecimals - parts.second.size(), '0'));
}

// "a, b;c" → a b c; nothing for a blank cell.
std::vector<absl::string_view> SplitList(absl::string_view cell) {
  std::vector<absl::string_view> words;
  for (const absl::string_view word : absl::StrSplit(cell, absl::ByAnyChar(",;"))) {
    if (!IsBlank(word)) words.push_back(Trim(word));
  }
  return words;
}

std::string DayWords(const std::optional<absl::CivilDay>& day) {
  return day ? absl::FormatCivilTime(*day) : "";
}

class CellsReader {
 public:
  CellsReader(const TargetCells& cells, std::vector<CellError>& errors)
      : cells_(cells), errors_(errors) {}

  TargetRow Read() {
    TargetRow row;
    ReadWords(row);
    ReadFigures(row);
    ReadDays(row);
    CheckMeaning(row);
    return row;
  }

 private:
  void ReadWords(TargetRow& row) {
    row.indicator = ReadText("indicator");
    if (row.indicator.empty()) Error("indicator", "指标名称不能空白");
    row.unit = ReadText("unit");
    row.note = ReadText("note");
    row.part_of = ReadNo("part_of");
    row.comparator = ReadWord("comparator", kComparators);
    row.kind = ReadWord("kind", kKinds);
    row.stage = ReadWord("stage", kStages);
    row.approximate = ReadWord("approximate", kYes);
    for (const absl::string_view name : SplitList(Cell("objects"))) row.objects.emplace_back(name);
  }

  void ReadFigures(TargetRow& row) {
    row.value = ReadDecimal("value");
    row.stretch = ReadDecimal("stretch");
    row.base = ReadDecimal("base");
    row.baseline = ReadDecimal("baseline");
  }

  void ReadDays(TargetRow& row) {
    row.base_on = ReadDay("base_on", Cell("base_on"));
    row.due_on = ReadDay("due_on", Cell("due_on"));
    const absl::string_view days = Cell("survey_days");
    for (const absl::string_view word : SplitList(days)) {
      const auto day = ReadDay("survey_days", word);
      if (!day) continue;
      if (!row.survey_days.empty() && *day <= row.survey_days.back()) {
        Error("survey_days", "日期应从早到晚且不重复", days);
      }
      row.survey_days.push_back(*day);
    }
  }

  void CheckMeaning(const TargetRow& row) {
    CheckComparator(row);
    const bool compared = row.comparator != Comparator::kNone &&
                          row.comparator != Comparator::kDone && row.comparator != Comparator::kAll;
    if (compared && row.value.empty())
      Error("value", absl::StrCat(ComparatorWord(row.comparator), "必须有数值"));
    if (!compared && !row.value.empty())
      Error("value", "没有at_least、at_most等比较时不能有数值", row.value);
    if (compared && row.unit.empty()) Error("unit", "有数值时必须有计量单位");
    if (!row.stretch.empty()) CheckStretch(row);
    if (row.base.empty() && row.base_on)
      Error("base_on", "没有base时不能有base_on", Cell("base_on"));
  }

  void CheckStretch(const TargetRow& row) {
    const bool upwards =
        row.comparator == Comparator::kAtLeast || row.comparator == Comparator::kMoreThan;
    const bool downwards =
        row.comparator == Comparator::kAtMost || row.comparator == Comparator::kLessThan;
    const bool beyond =
        IsDecimal(row.value) && ((upwards && Padded(row.stretch) > Padded(row.value)) ||
                                 (downwards && Padded(row.stretch) < Padded(row.value)));
    if (!beyond) Error("stretch", "力争值应超过目标值", row.stretch);
  }

  void CheckComparator(const TargetRow& row) {
    using C = Comparator;
    static const std::map<TargetKind, std::vector<C>> kAllowed = {
        {TargetKind::kCount, {C::kAtLeast, C::kAtMost}},
        {TargetKind::kCoverage, {C::kAtLeast, C::kAll}},
        {TargetKind::kLevel, {C::kAtLeast, C::kAtMost, C::kMoreThan, C::kLessThan}},
        {TargetKind::kFrequency, {C::kAtLeast, C::kAtMost}},
        {TargetKind::kEvent, {C::kDone}},
        {TargetKind::kQualitative, {C::kNone}},
        {TargetKind::kService, {C::kNone}}};
    const auto& allowed = kAllowed.at(row.kind);
    if (std::find(allowed.begin(), allowed.end(), row.comparator) != allowed.end()) return;
    const auto words = [](std::string* out, C c) {
      absl::StrAppend(out, c == C::kNone ? "空白" : ComparatorWord(c));
    };
    Error("comparator",
          absl::StrCat(TargetKindWord(row.kind), "类目标应为", absl::StrJoin(allowed, "或", words)),
          Cell("comparator"));
  }

  absl::string_view Cell(absl::string_view column) const {
    const auto found = cells_.find(std::string(column));
    return found == cells_.end() ? absl::string_view() : absl::string_view(found->second);
  }

  std::string ReadText(absl::string_view column) {
    const absl::string_view text = Cell(column);
    if (CharCount(text) > kMaxTextChars) {
      Error(column, absl::StrCat("超过", kMaxTextChars, "个字"), Abbreviate(text, 20));
    }
    return std::string(text);
  }

  int ReadNo(absl::string_view column) {
    const absl::string_view text = Cell(column);
    if (text.empty()) return 0;
    int no = 0;
    const bool good =
        IsDigits(text) && absl::SimpleAtoi(text, &no) && no >= 1 && no <= kMaxTargetNo;
    if (!good) Error(column, absl::StrCat("应为1到", kMaxTargetNo, "的整数"), text);
    return good ? no : 0;
  }

  std::string ReadDecimal(absl::string_view column) {
    const absl::string_view text = Cell(column);
    if (text.empty() || IsDecimal(text)) return std::string(text);
    Error(column,
          absl::StrCat("应为十进制数，整数部分至多", kMaxTargetWholeDigits, "位，小数至多",
                       kMaxTargetDecimals, "位"),
          text);
    return "";
  }

  std::optional<absl::CivilDay> ReadDay(absl::string_view column, absl::string_view text) {
    absl::CivilDay day;
    if (text.empty()) return std::nullopt;
    if (text.size() == 10 && absl::ParseCivilTime(text, &day) &&
        absl::FormatCivilTime(day) == text) {
      return day;
    }
    Error(column, "应为2024-11-30这样的日期", text);
    return std::nullopt;
  }

  template <typename T, std::size_t N>
  T ReadWord(absl::string_view column, const std::array<Word<T>, N>& words) {
    const absl::string_view text = Cell(column);
    std::vector<absl::string_view> known;
    for (const auto& [word, value] : words) {
      if (text == word) return value;
      if (!word.empty()) known.push_back(word);
    }
    Error(column, absl::StrCat("应为", absl::StrJoin(known, "、"), "之一"), text);
    return words[0].second;
  }

  void Error(absl::string_view column, absl::string_view expected, absl::string_view found = "") {
    errors_.push_back({std::string(column), std::string(found), std::string(expected)});
  }

  const TargetCells& cells_;
  std::vector<CellError>& errors_;
};

std::string GoalWords(const TargetRow& row) {
  switch (row.comparator) {
    case Comparator::kNone:
      return row.kind == TargetKind::kService ? "服务" : "定性";
    case Comparator::kDone:
      return "完成";
    case Comparator::kAll:
      return "全部";
    case Comparator::kAtLeast:
      return absl::StrCat("≥ ", row.value, row.unit);
    case Comparator::kAtMost:
      return absl::StrCat("≤ ", row.value, row.unit);
    case Comparator::kMoreThan:
      return absl::StrCat("> ", row.value, row.unit);
    case Comparator::kLessThan:
      return absl::StrCat("< ", row.value, row.unit);
  }
  return "";
}

}  // namespace

TargetCells CellsOf(const TargetRow& row) {
  TargetCells cells;
  const auto set = [&](absl::string_view column, std::string words) {
    if (!words.empty()) cells.emplace(column, std::move(words));
  };
  std::vector<std::string> days;
  for (const auto& day : row.survey_days) days.push_back(absl::FormatCivilTime(day));
  set("indicator", row.indicator);
  set("comparator", std::string(ComparatorWord(row.comparator)));
  set("value", row.value);
  set("unit", row.unit);
  set("kind", std::string(TargetKindWord(row.kind)));
  set("stage", std::string(TargetStageWord(row.stage)));
  set("part_of", row.part_of == 0 ? "" : absl::StrCat(row.part_of));
  set("stretch", row.stretch);
  set("base", row.base);
  set("base_on", DayWords(row.base_on));
  set("baseline", row.baseline);
  set("survey_days", absl::StrJoin(days, ","));
  set("due_on", DayWords(row.due_on));
  set("approximate", row.approximate ? "yes" : "");
  set("objects", absl::StrJoin(row.objects, ","));
  set("note", row.note);
  return cells;
}

std::string TargetWords(const TargetRow& row) {
  std::vector<std::string> more;
  const auto add = [&](absl::string_view what, absl::string_view words) {
    if (!words.empty()) more.push_back(absl::StrCat(what, words));
  };
  if (row.stage == TargetStage::kStart) more.push_back("开工");
  if (row.approximate) more.push_back("约数");
  if (row.part_of != 0) more.push_back(absl::StrCat("属于目标", row.part_of));
  add("力争", row.stretch);
  add("基数", row.base);
  add("基数日期", DayWords(row.base_on));
  add("基期值", row.baseline);
  for (const auto& day : row.survey_days) add("测评", absl::FormatCivilTime(day));
  add("截止", DayWords(row.due_on));
  add("", absl::StrJoin(row.objects, "、"));
  add("说明：", row.note);
  return absl::StrCat(row.indicator, " ", GoalWords(row),
                      more.empty() ? "" : absl::StrCat("（", absl::StrJoin(more, "；"), "）"));
}

bool IsTargetColumn(absl::string_view column) {
  return std::find(kColumns.begin(), kColumns.end(), column) != kColumns.end();
}

std::string TargetColumns() { return absl::StrJoin(kColumns, "、"); }

TargetRow ReadTargetCells(const TargetCells& cells, std::vector<CellError>& errors) {
  return CellsReader(cells, errors).Read();
}

absl::string_view ComparatorWord(Comparator comparator) { return WordOf(kComparators, comparator); }

absl::string_view TargetKindWord(TargetKind kind) { return WordOf(kKinds, kind); }

absl::string_view TargetStageWord(TargetStage stage) { return WordOf(kStages, stage); }

}  // namespace minsheng::registry
