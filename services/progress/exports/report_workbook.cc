#include "services/progress/exports/report_workbook.h"

#include <algorithm>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/xlsx/workbook.h"
#include "services/progress/exports/last_stated.h"
#include "services/progress/exports/report_form.h"

namespace minsheng::progress {
namespace {

using platform::xlsx::HeightFor;
using platform::xlsx::Sheet;
using platform::xlsx::Side;
using platform::xlsx::Style;
using platform::xlsx::Validation;
using platform::xlsx::Workbook;
using registry::v1::Target;
using registry::v1::Task;

constexpr uint32_t kPale = 0xFFF8DC;   // to be filled in
constexpr uint32_t kShade = 0xEDEDED;  // not to be filled in
constexpr uint32_t kGrey = 0x9A9A9A;
constexpr uint32_t kWhite = 0xFFFFFF;
constexpr uint32_t kHeadRow = 3;
constexpr double kRowHeightLeast = 30;
constexpr uint16_t kLastColumn = static_cast<uint16_t>(kFormColumns.size() - 1);

const Style kTitle{.font = "方正小标宋_GBK", .points = 18, .side = Side::kCenter, .border = false};
const Style kLine{.font = "黑体", .border = false};
const Style kAdvice{.points = 9.5, .border = false, .ink = 0x7F3F00};
const Style kHead{.font = "黑体", .side = Side::kCenter};
const Style kFillHead{.font = "黑体", .side = Side::kCenter, .fill = 0xFFE699};
const Style kSmallKey{.points = 1, .border = false, .ink = kWhite, .wrap = false};

constexpr char kInstructions[] =
    "填报说明：一、只填浅黄色的单元格，灰色和白色的单元格不填、不改。二、“累计完成”填年初至本期末的"
    "累计数，只填数字；形象进度类目标从下拉列表中选择。三、同一任务有几个目标的，形象进度、完成投资"
    "等"
    "只在该任务的第一行填写。四、本期没有进展的，状态选“无进展”，累计完成留空；不报的任务整行留空。"
    "五、数值低于上次所报的，须填写更正原因。六、可以删行、排序，但不要删除最右侧很窄的识别码列。";

std::string LastSegment(const std::string& name) { return name.substr(name.rfind('/') + 1); }

bool IsMeasured(const Target& target) {
  return target.kind() != registry::v1::TARGET_KIND_QUALITATIVE &&
         target.kind() != registry::v1::TARGET_KIND_SERVICE;
}

// As the service asks for it in the first report.
bool IsNeeded(const Target& target) {
  return target.part_of() == 0 && (target.kind() == registry::v1::TARGET_KIND_COUNT ||
                                   target.kind() == registry::v1::TARGET_KIND_COVERAGE ||
                                   target.kind() == registry::v1::TARGET_KIND_EVENT);
}

std::string BeforeWords(const Statement& last) {
  return last.words.empty() ? "" : absl::StrCat("。上次所报（", last.period, "）：", last.words);
}

std::string MeasureHint(const Target& target, const Statement& last) {
  std::string hint;
  switch (target.kind()) {
    case registry::v1::TARGET_KIND_COVERAGE:
      hint = "填已覆盖的数量，不填百分比";
      if (!target.base().empty()) absl::StrAppend(&hint, "；基数 ", target.base());
      break;
    case registry::v1::TARGET_KIND_LEVEL:
      hint = absl::StrCat("填测评所得的值（", target.unit(), "），没有测评的月份留空");
      if (target.survey_days_size() > 0) {
        absl::StrAppend(&hint, "；测评日 ", absl::StrJoin(target.survey_days(), "、"));
      }
      break;
    case registry::v1::TARGET_KIND_EVENT:
      hint = "从下拉列表中选择形象进度";
      break;
    default:
      hint = absl::StrCat("填年初至本期末的累计数，单位：", target.unit());
  }
  return hint + BeforeWords(last);
}

Validation MeasureRule(const Target& target, const Statement& last) {
  Validation rule{.kind = Validation::kDecimalFrom,
                  .hint_title = "累计完成",
                  .hint = MeasureHint(target, last),
                  .error_title = "累计完成填写有误",
                  .error = "请填写不小于0的数字，不带单位、百分号和千分位。"};
  if (target.kind() == registry::v1::TARGET_KIND_EVENT) {
    rule.kind = Validation::kList;
    rule.choices.assign(kStageWords.begin(), kStageWords.end());
    rule.error = "请从下拉列表中选择前期、开工、过半、完工或验收。";
    return rule;
  }
  double base = 0;
  const bool covered = target.kind() == registry::v1::TARGET_KIND_COVERAGE;
  if (covered && absl::SimpleAtod(target.base(), &base)) {
    rule.kind = Validation::kDecimalBetween;
    rule.most = base;
    rule.error = absl::StrCat("请填写已覆盖的数量，应在0至基数", target.base(), "之间。");
  }
  return rule;
}

Validation TaskRule(FormField field, const Task& task, const LastStated& last) {
  switch (field) {
    case FormField::kProgressText:
      return {.hint_title = "形象进度",
              .hint = absl::StrCat("用文字说明进展", BeforeWords(last.Text(task.name())))};
    case FormField::kInvestment:
      return {.kind = Validation::kDecimalFrom,
              .hint_title = "完成投资",
              .hint = absl::StrCat("填年初至本期末的累计数，单位：万元",
                                   BeforeWords(last.Investment(task.name()))),
              .error_title = "完成投资填写有误",
              .error = "请填写不小于0的数字，单位为万元，不带千分位，如120.5。"};
    case FormField::kStatus:
      return {.kind = Validation::kList,
              .choices = {kNormal, kDifficult, kNothing},
              .hint_title = "状态",
              .hint = "正常、有困难，或无进展（选无进展的，累计完成留空）",
              .error_title = "状态填写有误",
              .error = "请从下拉列表中选择正常、有困难或无进展。"};
    case FormField::kStartedOn:
      return {.hint_title = "开工日期", .hint = "写成2024-05-08这样的日期；没有开工的留空"};
    case FormField::kProblems:
      return {.hint_title = "存在问题", .hint = "存在的问题，以及需要协调的事项"};
    case FormField::kNextStep:
      return {.hint_title = "下一步", .hint = "下一步打算和完成时间"};
    default:
      return {.hint_title = "更正原因", .hint = "数值低于上次所报的，说明原因"};
  }
}

class Writer {
 public:
  Writer(const ReportingUnit& unit, const Period& period, Sheet& sheet)
      : unit_(unit), period_(period), last_(unit.reports, period), sheet_(sheet) {}

  void Write() {
    Head();
    for (const Task& task : unit_.tasks) AddTask(task);
    const auto last_printed = static_cast<uint16_t>(kLastColumn - 1);
    sheet_.Freeze(kHeadRow + 1, 2);
    sheet_.Protect();
    sheet_.PrintSetup({0, 0, row_ - 1, last_printed}, kHeadRow, kHeadRow);
  }

 private:
  void Head() {
    const auto last = static_cast<uint16_t>(kLastColumn - 1);
    sheet_.Merge({0, 0, 0, last}, absl::StrCat(PeriodTitle(period_), "民生实事进展情况报送表"),
                 kTitle);
    sheet_.RowHeight(0, 34);
    std::string line = absl::StrCat("报送单位：", unit_.unit, "　　报送期：", PeriodTitle(period_));
    if (!unit_.program.report_recipient().empty()) {
      absl::StrAppend(&line, "　　报送至：", unit_.program.report_recipient());
    }
    sheet_.Merge({1, 0, 1, last}, line, kLine);
    sheet_.RowHeight(1, 20);
    sheet_.Merge({2, 0, 2, last}, kInstructions, kAdvice);
    sheet_.RowHeight(2, 42);
    for (uint16_t i = 0; i <= kLastColumn; ++i) {
      const FormColumn& column = kFormColumns[i];
      const bool key = column.field == FormField::kKey;
      sheet_.Text(kHeadRow, i, column.label, key ? kSmallKey : column.fill ? kFillHead : kHead);
      sheet_.ColumnWidth(i, column.width);
    }
    sheet_.RowHeight(kHeadRow, 32);
    row_ = kHeadRow + 1;
  }

  void AddTask(const Task& task) {
    ++number_;
    if (task.targets().empty()) return AddRow(task, Target(), true);
    for (const Target& target : task.targets()) {
      AddRow(task, target, &target == &task.targets(0));
    }
  }

  void AddRow(const Task& task, const Target& target, bool first) {
    sheet_.RowHeight(row_, HeightOf(task, target, first));
    for (uint16_t i = 0; i <= kLastColumn; ++i) AddCell(kFormColumns[i], i, task, target, first);
    ++row_;
  }

  static double HeightOf(const Task& task, const Target& target, bool first) {
    double height = kRowHeightLeast;
    for (const FormColumn& column : kFormColumns) {
      height = std::max(height, HeightFor(Known(column.field, task, target, first), column.width));
    }
    return height;
  }

  // The words of the cells that may be long.
  static std::string Known(FormField field, const Task& task, const Target& target, bool first) {
    switch (field) {
      case FormField::kProject:
        return task.project_title();
      case FormField::kContent:
        return first ? Content(task) : "";
      case FormField::kTarget:
        return Indicator(target);
      case FormField::kGoal:
        return GoalOf(target);
      default:
        return "";
    }
  }

  void AddCell(const FormColumn& column, uint16_t i, const Task& task, const Target& target,
               bool first) {
    const bool same = !first && column.field == FormField::kProject;
    const Style again{.ink = same ? kGrey : 0};
    switch (column.field) {
      case FormField::kNumber:
        return sheet_.Number(row_, i, number_, {.side = Side::kCenter, .ink = first ? 0 : kGrey});
      case FormField::kProject:
      case FormField::kContent:
      case FormField::kTarget:
      case FormField::kGoal:
        return sheet_.Text(row_, i, Known(column.field, task, target, first), again);
      case FormField::kLast:
        return AddLast(i, last_.Measure(task.name(), target.number()).words);
      case FormField::kLastPeriod:
        return sheet_.Text(row_, i, last_.Measure(task.name(), target.number()).period,
                           {.side = Side::kCenter});
      case FormField::kMeasure:
        return AddMeasure(i, task, target);
      case FormField::kKey:
        return sheet_.Text(row_, i, KeyWords(KeyOf(task, target)), kSmallKey);
      default:
        return AddFill(i, first, TaskRule(column.field, task, last_),
                       column.field == FormField::kStartedOn);
    }
  }

  // （2）… where the project has several tasks.
  static std::string Content(const Task& task) {
    const std::string number = LastSegment(task.name());
    return number == "1" ? task.content() : absl::StrCat("（", number, "）", task.content());
  }

  static std::string Indicator(const Target& target) {
    return absl::StrCat(target.part_of() > 0 ? "其中：" : "", target.indicator(),
                        target.stage() == registry::v1::TARGET_STAGE_START ? "（计开工）" : "");
  }

  void AddLast(uint16_t i, const std::string& words) {
    double number = 0;
    if (absl::SimpleAtod(words, &number)) {
      sheet_.Number(row_, i, number, {.side = Side::kCenter});
    } else {
      sheet_.Text(row_, i, words, {.side = Side::kCenter});
    }
  }

  void AddMeasure(uint16_t i, const Task& task, const Target& target) {
    const bool open = target.number() > 0 && IsMeasured(target);
    AddFill(i, open, MeasureRule(target, last_.Measure(task.name(), target.number())), false);
  }

  void AddFill(uint16_t i, bool open, const Validation& rule, bool as_text) {
    const bool words = rule.kind == Validation::kAny && !as_text;
    sheet_.Text(row_, i, "",
                {.side = words ? Side::kLeft : Side::kCenter,
                 .locked = !open,
                 .fill = open ? kPale : kShade,
                 .as_text = as_text});
    if (open) sheet_.Validate(row_, i, rule);
  }

  ReportKey KeyOf(const Task& task, const Target& target) const {
    const bool event = target.kind() == registry::v1::TARGET_KIND_EVENT;
    const bool measured = target.number() > 0 && IsMeasured(target);
    return {.program = unit_.program.name(),
            .period = unit_.period,
            .task = task.name(),
            .target = target.number(),
            .entry = !measured ? ReportKey::kNone
                     : event   ? ReportKey::kStage
                               : ReportKey::kNumber,
            .needed = measured && IsNeeded(target),
            .may_fall = target.kind() == registry::v1::TARGET_KIND_LEVEL,
            .last = last_.Measure(task.name(), target.number()).words,
            .unit = unit_.unit};
  }

  const ReportingUnit& unit_;
  const Period period_;
  const LastStated last_;
  Sheet& sheet_;
  uint32_t row_ = 0;
  int number_ = 0;
};

std::string ValueWords(const Target& target) {
  const std::string value = absl::StrCat(target.value(), target.unit());
  switch (target.comparator()) {
    case registry::v1::COMPARATOR_AT_LEAST:
      return absl::StrCat("≥", value);
    case registry::v1::COMPARATOR_AT_MOST:
      return absl::StrCat("≤", value);
    case registry::v1::COMPARATOR_MORE_THAN:
      return absl::StrCat(">", value);
    case registry::v1::COMPARATOR_LESS_THAN:
      return absl::StrCat("<", value);
    case registry::v1::COMPARATOR_DONE:
      return "完成";
    case registry::v1::COMPARATOR_ALL:
      return "全覆盖";
    default:
      return "";
  }
}

}  // namespace

std::string GoalOf(const Target& target) {
  std::string words = ValueWords(target);
  if (!target.stretch().empty()) {
    absl::StrAppend(&words, "，力争", target.stretch(), target.unit());
  }
  if (!target.base().empty()) absl::StrAppend(&words, "（基数", target.base(), "）");
  absl::CivilDay due;
  if (absl::ParseCivilTime(target.due_on(), &due)) {
    absl::StrAppend(&words, "（", due.month(), "月", due.day(), "日前）");
  }
  return words;
}

absl::StatusOr<std::string> ReportWorkbook(const ReportingUnit& unit) {
  ASSIGN_OR_RETURN(const Period period, Period::Parse(unit.period));
  ASSIGN_OR_RETURN(const std::unique_ptr<Workbook> book,
                   Workbook::Create(absl::StrCat(unit.unit, " ", unit.period)));
  Writer(unit, period, book->Add("月报")).Write();
  return book->Finish();
}

}  // namespace minsheng::progress
