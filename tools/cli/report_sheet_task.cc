// What a unit filled in for one task, checked cell by cell and brought to the columns of
// reports.csv, which report_rows reads.
#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "services/registry/domain/money.h"
#include "services/registry/domain/text.h"
#include "tools/cli/measures.h"
#include "tools/cli/report_sheet.h"

namespace minsheng::cli {
namespace {

using progress::FormField;
using progress::kStageWords;
using progress::ReportKey;

constexpr int kFirstSerialDay = 30'000;  // 1982; smaller numbers are no dates of ours
constexpr int kLastSerialDay = 80'000;

// The columns that are filled in once for a task, and their names in reports.csv.
constexpr std::pair<FormField, const char*> kOfTask[] = {
    {FormField::kProgressText, "progress_text"},
    {FormField::kInvestment, "completed_investment"},
    {FormField::kStatus, "self_rating"},
    {FormField::kStartedOn, "started_on"},
    {FormField::kProblems, "problems"},
    {FormField::kNextStep, "next_step"},
    {FormField::kCorrection, "correction_reason"},
};

// 2024年5月8日, 2024/5/8, 2024.5.8 and a spreadsheet's day number as 2024-05-08; others unchanged.
std::string DayWords(const std::string& words) {
  int serial = 0;
  if (absl::SimpleAtoi(words, &serial) && serial >= kFirstSerialDay && serial <= kLastSerialDay) {
    return absl::FormatCivilTime(absl::CivilDay(1899, 12, 30) + serial);
  }
  std::vector<int> parts = {0};
  for (const absl::string_view c : registry::Chars(registry::MatchKey(words))) {
    if (c == "日") continue;
    if (registry::IsDigits(c)) {
      parts.back() = parts.back() * 10 + (c[0] - '0');
    } else {
      parts.push_back(0);
    }
    if (parts.back() > 9999) return words;
  }
  if (parts.size() != 3) return words;
  const absl::CivilDay day(parts[0], parts[1], parts[2]);
  const bool real = day.year() == parts[0] && day.month() == parts[1] && day.day() == parts[2];
  return real ? absl::FormatCivilTime(day) : words;
}

int StageNumber(absl::string_view word) {
  const auto at = std::find(kStageWords.begin(), kStageWords.end(), word);
  return at == kStageWords.end() ? -1 : static_cast<int>(at - kStageWords.begin());
}

bool IsBelow(const ReportKey& key, const std::string& words) {
  if (key.last.empty() || key.may_fall) return false;
  if (key.entry == ReportKey::kStage) return StageNumber(words) < StageNumber(key.last);
  double now = 0, before = 0;
  return absl::SimpleAtod(words, &now) && absl::SimpleAtod(key.last, &before) && now < before;
}

class Task {
 public:
  Task(const std::vector<FormRow>& rows, CellErrors& errors) : rows_(rows), errors_(errors) {}

  CsvRow Make() {
    out_.row = rows_.front().row;
    const ReportKey& key = rows_.front().key;
    Put("task", key.task, rows_.front().Place(FormField::kKey));
    Put("period", key.period, rows_.front().Place(FormField::kKey));
    Put("unit", key.unit, rows_.front().Place(FormField::kKey));
    for (const auto& [field, column] : kOfTask) TakeOnce(field, column);
    TakeStatus();
    TakeDay();
    for (const FormRow& row : rows_) TakeMeasure(row);
    PutMeasures();
    CheckStated();
    return std::move(out_);
  }

 private:
  struct Stated {
    std::string words;
    std::string place;
  };

  void Put(const std::string& column, const std::string& words, const std::string& place) {
    if (words.empty()) return;
    out_.cells[column] = words;
    out_.places[column] = place;
  }

  void Wrong(const FormRow& row, FormField field, absl::string_view message) {
    errors_.AddAt(row.Place(field), message);
  }

  // The rows of a task may say it once, or the same in several of them.
  void TakeOnce(FormField field, const char* column) {
    for (const FormRow& row : rows_) {
      const std::string& words = row.Words(field);
      const std::string& said = out_[column];
      if (said.empty()) {
        Put(column, words, row.Place(field));
      } else if (!words.empty() && words != said) {
        Wrong(row, field,
              absl::StrCat("“", words, "”与", out_.places[column], "的“", said,
                           "”不同；同一任务只填一处"));
      }
    }
  }

  void TakeStatus() {
    const std::string status = out_["self_rating"];
    if (status == progress::kNothing) {
      nothing_ = true;
      out_.cells.erase("self_rating");
      Put("nothing_to_report", "是", out_.places["self_rating"]);
    } else if (!status.empty() && status != progress::kNormal && status != progress::kDifficult) {
      errors_.AddAt(out_.places["self_rating"],
                    absl::StrCat("“", status, "”不是状态；请从下拉列表中选择正常、有困难或无进展"));
      out_.cells.erase("self_rating");
    }
  }

  void TakeDay() {
    const auto day = out_.cells.find("started_on");
    if (day != out_.cells.end()) day->second = DayWords(day->second);
  }

  void TakeMeasure(const FormRow& row) {
    const std::string words = registry::Fold(row.Words(FormField::kMeasure));
    if (registry::NonePlanned(words)) return;
    said_ = true;
    if (const std::string wrong = WrongWith(row.key, words); !wrong.empty()) {
      return Wrong(row, FormField::kMeasure, wrong);
    }
    const Stated stated{words, row.Place(FormField::kMeasure)};
    const auto [first, fresh] = stated_.try_emplace(row.key.target, stated);
    if (fresh) return;
    Wrong(row, FormField::kMeasure,
          absl::StrCat("这个目标在", first->second.place, "已经填过；请删去其中一行"));
  }

  void PutMeasures() {
    std::string measures;
    for (const auto& [target, stated] : stated_) {
      absl::StrAppend(&measures, measures.empty() ? "" : "; ", target, "=", stated.words);
      Put("measures", measures, stated.place);
    }
  }

  std::string WrongWith(const ReportKey& key, const std::string& words) const {
    if (nothing_) return "状态选了“无进展”，累计完成应当留空；确有进展的请改选状态";
    if (key.entry == ReportKey::kNone) {
      return absl::StrCat("这个目标不按数值填报，请删去“", words, "”，把进展写在形象进度中");
    }
    if (words[0] == '-') return absl::StrCat("“", words, "”是负数；累计数不能为负，请更正");
    const auto measure = ParseMeasure(absl::StrCat(key.target, "=", words));
    const bool stage = key.entry == ReportKey::kStage;
    if (!measure.ok() || measure->value().empty() != stage) {
      return absl::StrCat("“", words,
                          stage ? "”不是形象进度；请从下拉列表中选择前期、开工、过半、完工或验收"
                                : "”不是数字；请填累计数，不带单位、百分号和千分位，如19或120.5");
    }
    if (!IsBelow(key, words) || !out_["correction_reason"].empty()) return "";
    return absl::StrCat("“", words, "”低于上次所报的", key.last,
                        "；累计数只增不减，请更正，确需更正的填写更正原因");
  }

  // As the service asks for it: each goal in the first report, and some figure in every one.
  void CheckStated() {
    if (nothing_) return;
    const FormRow* needed = nullptr;
    for (const FormRow& row : rows_) {
      const bool given = !registry::NonePlanned(row.Words(FormField::kMeasure)) ||
                         stated_.count(row.key.target) != 0;
      if (!row.key.needed || given) continue;
      if (needed == nullptr) needed = &row;
      if (row.key.last.empty()) {
        Wrong(row, FormField::kMeasure,
              "没有填累计完成；首次报送每个目标都要填累计数，整项没有进展的状态选“无进展”");
        told_ = true;
      }
    }
    if (said_ || told_ || needed == nullptr) return;
    Wrong(*needed, FormField::kMeasure,
          "没有填累计完成；请填累计数，没有变化的照上次填写，或把状态选为“无进展”");
  }

  const std::vector<FormRow>& rows_;
  CellErrors& errors_;
  CsvRow out_;
  std::map<int, Stated> stated_;  // by target
  bool nothing_ = false;
  bool said_ = false;  // something stands in 累计完成, right or wrong
  bool told_ = false;  // that a figure is missing
};

}  // namespace

CsvRow TaskReport(const std::vector<FormRow>& rows, CellErrors& errors) {
  return Task(rows, errors).Make();
}

}  // namespace minsheng::cli
