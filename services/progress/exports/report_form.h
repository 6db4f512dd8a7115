// The monthly form of a lead unit as a sheet: which columns it has, and the key that each row
// carries. Rows are found again by their keys, whatever became of their places: sorted, deleted,
// copied, columns moved, the file saved by another program.
//
// Thread-safe: constants and pure functions.
#ifndef MINSHENG_SERVICES_PROGRESS_EXPORTS_REPORT_FORM_H_
#define MINSHENG_SERVICES_PROGRESS_EXPORTS_REPORT_FORM_H_

#include <array>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::progress {

enum class FormField {
  kNumber,
  kProject,
  kContent,
  kTarget,
  kGoal,
  kLast,
  kLastPeriod,
  kMeasure,
  kProgressText,
  kInvestment,
  kStatus,
  kStartedOn,
  kProblems,
  kNextStep,
  kCorrection,
  kKey,
};

// `label` is the column's head; `width` in characters. `fill`: the unit writes here, kMeasure in
// every row, the others once for a task.
struct FormColumn {
  FormField field;
  const char* label;
  double width;
  bool fill = false;
};

inline constexpr std::array<FormColumn, 16> kFormColumns = {{
    {FormField::kNumber, "序号", 5},
    {FormField::kProject, "项目名称", 15},
    {FormField::kContent, "任务内容", 27},
    {FormField::kTarget, "目标", 16},
    {FormField::kGoal, "年度目标", 13},
    {FormField::kLast, "上次所报", 8},
    {FormField::kLastPeriod, "上次报送期", 10},
    {FormField::kMeasure, "累计完成", 10, true},
    {FormField::kProgressText, "形象进度", 20, true},
    {FormField::kInvestment, "完成投资(万元)", 11, true},
    {FormField::kStatus, "状态", 8, true},
    {FormField::kStartedOn, "开工日期", 11, true},
    {FormField::kProblems, "存在问题", 17, true},
    {FormField::kNextStep, "下一步", 17, true},
    {FormField::kCorrection, "更正原因", 11, true},
    {FormField::kKey, "识别码", 0.4},
}};

// What the column 状态 offers.
inline constexpr char kNormal[] = "正常";
inline constexpr char kDifficult[] = "有困难";
inline constexpr char kNothing[] = "无进展";

// What 累计完成 offers for works, in the order in which they pass.
inline constexpr std::array<const char*, 5> kStageWords = {"前期", "开工", "过半", "完工", "验收"};

// Whose row it is, and what its cell 累计完成 takes.
struct ReportKey {
  enum Entry { kNone, kNumber, kStage };

  std::string program = {};  // "districts/500156/programs/2024"
  std::string period = {};   // "2024-05"
  std::string task = {};     // the whole name
  int target = 0;            // 0: a task without targets
  Entry entry = kNone;
  bool needed = false;    // the first report must state it
  bool may_fall = false;  // a level may be lower than before
  std::string last = {};  // stated before, a number or a stage's word; empty: never
  std::string unit = {};  // who reports

  bool operator==(const ReportKey&) const = default;
};

// "MS1|500156/2024|2024-05|municipal-11/2|1|n!|19|区教委".
std::string KeyWords(const ReportKey& key);

// Nullopt for anything that KeyWords did not make.
std::optional<ReportKey> ParseKey(absl::string_view words);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_EXPORTS_REPORT_FORM_H_
