// The explicit table of targets that belongs to a list: a TSV with a header line, one row per typed
// goal of a task. Columns, in any order: task, no, indicator, comparator, value, unit, kind, stage,
// note, and the optional stretch, part_of, base, base_on, baseline, survey_days (dates with
// commas), due_on. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_TARGETS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_TARGETS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"

namespace minsheng::registry {

inline constexpr int kMaxTargetErrorLines = 20;
inline constexpr int kMaxTargetRows = 200'000;
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
  std::string task;
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
  int line = 0;
};

// Refuses (INVALID_ARGUMENT, minsheng/reason) with the encodings' reasons, or with BAD_TARGETS and
// all errors in one Chinese message, one line each, at most kMaxTargetErrorLines lines, each with
// its line and column name.
absl::StatusOr<std::vector<TargetRow>> ParseTargets(absl::string_view bytes,
                                                    absl::string_view filename);

// The wire words of the table: "at_least", "count", "start".
absl::string_view ComparatorWord(Comparator comparator);
absl::string_view TargetKindWord(TargetKind kind);
absl::string_view TargetStageWord(TargetStage stage);

// A canonical text of one task's targets, equal exactly when they mean the same: order by no,
// without notes and lines, figures without trailing zeros. For DiffNotices.
std::string TargetsFingerprint(absl::Span<const TargetRow> targets);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_TARGETS_H_
