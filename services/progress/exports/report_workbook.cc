#include "services/progress/exports/report_workbook.h"

#include <algorithm>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/xlsx/workbook.h"
#include "services/progress/exports/last_stated.h"
#include "services/progress/exports/report_form.h"
#include "services/progress/exports/report_rules.h"

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
constexpr double kTitleHeight = 34;
constexpr double kLineHeight = 20;
constexpr double kInstructionsHeight = 46;
constexpr double kHeadHeight = 32;
constexpr double kRowHeightLeast = 30;
constexpr uint16_t kLastColumn = static_cast<uint16_t>(kFormColumns.size() - 1);

const Style kTitle{.font = "方正小标宋_GBK", .points = 18, .side = Side::kCenter, .border = false};
const Style kLine{.font = "黑体", .border = false};
const Style kAdvice{.points = 9.5, .border = false, .ink = 0x7F3F00};
const Style kHead{.font = "黑体", .side = Side::kCenter};
const Style kFillHead{.font = "黑体", .side = Side::kCenter, .fill = 0xFFE699};
const Style kSmallKey{.points = 1, .border = false, .ink = kWhite, .wrap = false};

constexpr char kInstructions[] =
    "填报说明：一、只填浅黄色的单元格，灰色和白色的单元格不填、不改。"
    "二、“累计完成”填年初至本期末的累计数，只填数字；形象进度类目标从下拉列表中选择。"
    "三、同一任务有几个目标的，形象进度、完成投资等只在该任务的第一行填写。"
    "四、本期没有进展的，状态选“无进展”，累计完成留空；不报的任务整行留空。"
    "五、数值低于上次所报的，须填写更正原因。"
    "六、取消工作表保护（没有密码）后可以排序、删行，但不要删除最右侧很窄的识别码列。";

std::string LastSegment(const std::string& name) { return name.substr(name.rfind('/') + 1); }

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
    sheet_.RowHeight(0, kTitleHeight);
    std::string line = absl::StrCat("报送单位：", unit_.unit, "　　报送期：", PeriodTitle(period_));
    if (!unit_.program.report_recipient().empty()) {
      absl::StrAppend(&line, "　　报送至：", unit_.program.report_recipient());
    }
    sheet_.Merge({1, 0, 1, last}, line, kLine);
    sheet_.RowHeight(1, kLineHeight);
    sheet_.Merge({2, 0, 2, last}, kInstructions, kAdvice);
    sheet_.RowHeight(2, kInstructionsHeight);
    for (uint16_t i = 0; i <= kLastColumn; ++i) {
      const FormColumn& column = kFormColumns[i];
      const bool key = column.field == FormField::kKey;
      sheet_.Text(kHeadRow, i, column.label, key ? kSmallKey : column.fill ? kFillHead : kHead);
      sheet_.ColumnWidth(i, column.width);
    }
    sheet_.RowHeight(kHeadRow, kHeadHeight);
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

}  // namespace

absl::StatusOr<std::string> ReportWorkbook(const ReportingUnit& unit) {
  ASSIGN_OR_RETURN(const Period period, Period::Parse(unit.period));
  ASSIGN_OR_RETURN(const std::unique_ptr<Workbook> book,
                   Workbook::Create(absl::StrCat(unit.unit, " ", unit.period)));
  Writer(unit, period, book->Add("月报")).Write();
  return book->Finish();
}

}  // namespace minsheng::progress
