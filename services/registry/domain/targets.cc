#include "services/registry/domain/targets.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/encoding.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::array<absl::string_view, 16> kColumns = {
    "task",    "no",   "indicator", "comparator", "value",       "unit",   "kind", "stage",
    "stretch", "base", "base_on",   "part_of",    "survey_days", "due_on", "note", "baseline"};
constexpr std::array<absl::string_view, 5> kNeeded = {"task", "no", "indicator", "comparator",
                                                      "kind"};
constexpr std::size_t kMaxTextChars = 500;
constexpr int kMaxTargetNo = 999;

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

bool IsGroupChar(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

// "municipal-11/2"
bool IsTaskId(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  if (parts.size() != 2 || !IsDigits(parts[1]) || parts[1][0] == '0' || parts[1].size() > 4)
    return false;
  const std::size_t hyphen = parts[0].rfind('-');
  if (hyphen == absl::string_view::npos || hyphen == 0 || parts[0].size() > 40) return false;
  const absl::string_view no = parts[0].substr(hyphen + 1);
  return IsDigits(no) && no.size() >= 2 && no.size() <= 4 && parts[0][0] >= 'a' &&
         std::all_of(parts[0].begin(), parts[0].end(), IsGroupChar);
}

std::string DayWords(const std::optional<absl::CivilDay>& day) {
  return day ? absl::FormatCivilTime(*day) : "";
}

// Reads lines into rows and collects what is wrong with them.
class TargetsReader {
 public:
  explicit TargetsReader(absl::string_view text) : lines_(absl::StrSplit(text, '\n')) {}

  absl::StatusOr<std::vector<TargetRow>> Read() {
    ReadHeader();
    if (header_read_) ReadRows();
    CheckParts();
    if (!errors_.empty()) return Refusal();
    return std::move(rows_);
  }

 private:
  void ReadHeader() {
    line_ = 1;
    std::set<std::string> seen;
    for (const absl::string_view cell : absl::StrSplit(lines_[0], '\t')) {
      const std::string name = MatchKey(cell);
      const bool known = std::find(kColumns.begin(), kColumns.end(), name) != kColumns.end();
      if (!known)
        Error(name, absl::StrCat("不认识的列，可用的列为", absl::StrJoin(kColumns, "、")));
      if (!seen.insert(name).second) Error(name, "列名重复");
      columns_.push_back(name);
    }
    for (const absl::string_view name : kNeeded) {
      if (seen.count(std::string(name)) == 0) Error(name, "缺少这一列");
    }
    header_read_ = errors_.empty();
  }

  void ReadRows() {
    for (std::size_t i = 1; i < lines_.size(); ++i) {
      line_ = static_cast<int>(i) + 1;
      if (!IsBlank(lines_[i])) ReadRow(lines_[i]);
    }
  }

  void ReadRow(absl::string_view line) {
    const std::vector<absl::string_view> cells = absl::StrSplit(line, '\t');
    if (cells.size() > columns_.size()) {
      Error("", absl::StrCat("有", cells.size(), "格，表头只有", columns_.size(), "列"));
      return;
    }
    cells_.clear();
    for (std::size_t i = 0; i < cells.size(); ++i)
      cells_[columns_[i]] = std::string(Trim(cells[i]));
    TargetRow row;
    row.line = line_;
    ReadIdentity(row);
    ReadFigures(row);
    ReadDays(row);
    CheckMeaning(row);
    rows_.push_back(std::move(row));
  }

  void ReadIdentity(TargetRow& row) {
    row.task = Cell("task");
    if (!IsTaskId(row.task)) Error("task", "应为municipal-01/1这样的任务编号", row.task);
    row.no = ReadNo("no", true);
    row.indicator = ReadText("indicator");
    if (row.indicator.empty()) Error("indicator", "指标名称不能空白");
    row.unit = ReadText("unit");
    row.note = ReadText("note");
    row.part_of = ReadNo("part_of", false);
    row.comparator = ReadWord("comparator", kComparators);
    row.kind = ReadWord("kind", kKinds);
    row.stage = ReadWord("stage", kStages);
    if (!seen_.insert({row.task, row.no}).second) Error("no", "同一任务的编号重复", Cell("no"));
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
    if (Cell("survey_days").empty()) return;
    const std::string days = Cell("survey_days");
    for (const absl::string_view word : absl::StrSplit(days, absl::ByAnyChar(",;"))) {
      const auto day = ReadDay("survey_days", std::string(Trim(word)));
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

  // A part's whole is a target of the same task, and no part of a part.
  void CheckParts() {
    std::map<std::pair<std::string, int>, int> wholes;
    for (const auto& row : rows_) wholes[{row.task, row.no}] = row.part_of;
    for (const auto& row : rows_) {
      if (row.part_of == 0) continue;
      line_ = row.line;
      const auto whole = wholes.find({row.task, row.part_of});
      if (whole == wholes.end() || whole->second != 0 || row.part_of == row.no) {
        Error("part_of", "应为同一任务中另一个不属于其他目标的编号", absl::StrCat(row.part_of));
      }
    }
  }

  std::string Cell(absl::string_view column) const {
    const auto found = cells_.find(std::string(column));
    return found == cells_.end() ? std::string() : found->second;
  }

  std::string ReadText(absl::string_view column) {
    std::string text = Cell(column);
    if (CharCount(text) > kMaxTextChars) {
      Error(column, absl::StrCat("超过", kMaxTextChars, "个字"), Abbreviate(text, 20));
    }
    return text;
  }

  int ReadNo(absl::string_view column, bool needed) {
    const std::string text = Cell(column);
    if (text.empty() && !needed) return 0;
    int no = 0;
    const bool good =
        IsDigits(text) && absl::SimpleAtoi(text, &no) && no >= 1 && no <= kMaxTargetNo;
    if (!good) Error(column, absl::StrCat("应为1到", kMaxTargetNo, "的整数"), text);
    return good ? no : 0;
  }

  std::string ReadDecimal(absl::string_view column) {
    std::string text = Cell(column);
    if (text.empty() || IsDecimal(text)) return text;
    Error(column,
          absl::StrCat("应为十进制数，整数部分至多", kMaxTargetWholeDigits, "位，小数至多",
                       kMaxTargetDecimals, "位"),
          text);
    return "";
  }

  std::optional<absl::CivilDay> ReadDay(absl::string_view column, const std::string& text) {
    absl::CivilDay day;
    if (text.empty() && column != "survey_days") return std::nullopt;
    if (text.size() == 10 && absl::ParseCivilTime(text, &day) &&
        absl::FormatCivilTime(day) == text) {
      return day;
    }
    Error(column, "应为2024-11-30这样的日期", text);
    return std::nullopt;
  }

  template <typename T, std::size_t N>
  T ReadWord(absl::string_view column, const std::array<Word<T>, N>& words) {
    const std::string text = Cell(column);
    std::vector<absl::string_view> known;
    for (const auto& [word, value] : words) {
      if (text == word) return value;
      if (!word.empty()) known.push_back(word);
    }
    Error(column, absl::StrCat("应为", absl::StrJoin(known, "、"), "之一"), text);
    return words[0].second;
  }

  void Error(absl::string_view column, absl::string_view expected, absl::string_view found = "") {
    ++error_count_;
    if (errors_.size() + 1 >= kMaxTargetErrorLines) return;
    const std::string where =
        column.empty() ? "" : absl::StrCat("“", Abbreviate(column, 30), "”列");
    const std::string what = found.empty() ? "" : absl::StrCat("“", Abbreviate(found, 30), "”，");
    errors_.push_back(absl::StrCat("第", line_, "行", where, "：", what, expected));
  }

  absl::Status Refusal() {
    const std::size_t more = error_count_ - errors_.size();
    if (more > 0) errors_.back() = absl::StrCat("还有", more + 1, "处错误没有列出");
    return Refuse("BAD_TARGETS", absl::StrJoin(errors_, "\n"));
  }

  std::vector<std::string> lines_;
  std::vector<std::string> columns_;
  std::map<std::string, std::string> cells_;
  std::set<std::pair<std::string, int>> seen_;
  std::vector<TargetRow> rows_;
  std::vector<std::string> errors_;
  std::size_t error_count_ = 0;
  bool header_read_ = false;
  int line_ = 0;
};

std::string FingerprintOf(const TargetRow& row) {
  std::vector<std::string> days;
  for (const auto& day : row.survey_days) days.push_back(absl::FormatCivilTime(day));
  const auto figure = [](const std::string& text) { return text.empty() ? text : Canonical(text); };
  return absl::StrJoin(
      {absl::StrCat(row.no), row.indicator, std::string(ComparatorWord(row.comparator)),
       figure(row.value), row.unit, std::string(TargetKindWord(row.kind)),
       std::string(TargetStageWord(row.stage)), absl::StrCat(row.part_of), figure(row.stretch),
       figure(row.base), DayWords(row.base_on), figure(row.baseline), absl::StrJoin(days, ","),
       DayWords(row.due_on)},
      "|");
}

}  // namespace

absl::StatusOr<std::vector<TargetRow>> ParseTargets(absl::string_view bytes,
                                                    absl::string_view filename) {
  const auto decoded = DecodeText(bytes);
  if (!decoded.ok()) return decoded.status();
  const auto lines = std::count(decoded->text.begin(), decoded->text.end(), '\n');
  if (lines > kMaxTargetRows) {
    return Refuse("TOO_MANY_ROWS", absl::StrCat("目标表超过", kMaxTargetRows, "行"));
  }
  auto rows = TargetsReader(decoded->text).Read();
  if (rows.ok()) return rows;
  return WithPrefix(rows.status(), absl::StrCat("目标表", filename, "有错误：\n"));
}

absl::string_view ComparatorWord(Comparator comparator) { return WordOf(kComparators, comparator); }

absl::string_view TargetKindWord(TargetKind kind) { return WordOf(kKinds, kind); }

absl::string_view TargetStageWord(TargetStage stage) { return WordOf(kStages, stage); }

std::string TargetsFingerprint(absl::Span<const TargetRow> targets) {
  std::vector<const TargetRow*> ordered;
  for (const auto& target : targets) ordered.push_back(&target);
  std::sort(ordered.begin(), ordered.end(),
            [](const TargetRow* a, const TargetRow* b) { return a->no < b->no; });
  return absl::StrJoin(ordered, "\n", [](std::string* out, const TargetRow* row) {
    absl::StrAppend(out, FingerprintOf(*row));
  });
}

}  // namespace minsheng::registry
