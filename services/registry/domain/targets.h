// The typed goals of a task, and their form as cells of a table: how people write, correct and
// compare them. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_TARGETS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_TARGETS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace minsheng::registry {

inline constexpr int kMaxTargetNo = 999;
// A figure has at most so many digits before and after the point, so that judging stays exact.
inline constexpr int kMaxTargetWholeDigits = 12;
inline constexpr int kMaxTargetDecimals = 6;

enum class Comparator { kNone, kAtLeast, kAtMost, kDone, kAll, kMoreThan, kLessThan };
enum class TargetKind { kCount, kCoverage, kLevel, kFrequency, kEvent, kQualitative, kService };
enum class TargetStage { kFinish, kStart };

// Figures are decimal text as written ("3.7"), validated, never rounded; empty when absent. Count,
// coverage, level and frequency have a comparator; at_least, at_most, more_than and less_than need
// a value, done and all have none; more_than and less_than are for levels only; event is done;
// qualitative and service have neither. `part_of` is the no of the same task's whole, 0 when none.
// A blank stage is finish. `base` is the size of the set a coverage counts in, stated on `base_on`;
// `baseline` is a level's value before the work.
struct TargetRow {
  int no = 0;
  std::string indicator;
  Comparator comparator = Comparator::kNone;
  std::string value;
  std::string unit;
  TargetKind kind = TargetKind::kCount;
  TargetStage stage = TargetStage::kFinish;
  int part_of = 0;
  std::string stretch;
  std::string base;
  std::optional<absl::CivilDay> base_on;
  std::string baseline;
  std::vector<absl::CivilDay> survey_days;
  std::optional<absl::CivilDay> due_on;
  std::string note;
  bool approximate = false;          // 约, 左右: judged as it stands
  std::vector<std::string> objects;  // those that the list names
};

// By column: indicator, comparator, value, unit, kind, stage, part_of, stretch, base, base_on,
// baseline, survey_days and objects (each with commas), due_on, approximate (yes), note. Blank
// cells are left out.
using TargetCells = std::map<std::string, std::string>;

TargetCells CellsOf(const TargetRow& row);
bool IsTargetColumn(absl::string_view column);
// The columns, joined by 、.
std::string TargetColumns();

// What is wrong with a cell, in Chinese: what was found (may be empty) and what should stand there.
struct CellError {
  std::string column;
  std::string found;
  std::string expected;
};

// The row of these cells without its number; what is wrong is added to `errors`, then the row is
// not to be used.
TargetRow ReadTargetCells(const TargetCells& cells, std::vector<CellError>& errors);

// All that it says, for people: 农村公路 ≥ 120公里（力争150；6月30日前）. Equal for equal goals.
std::string TargetWords(const TargetRow& row);

// The wire words of the table: "at_least", "count", "start".
absl::string_view ComparatorWord(Comparator comparator);
absl::string_view TargetKindWord(TargetKind kind);
absl::string_view TargetStageWord(TargetStage stage);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_TARGETS_H_
