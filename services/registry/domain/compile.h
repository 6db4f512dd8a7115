// The target compiler: what a row of the list promises, in words, as typed targets that can be
// checked. What it is not sure of it says; what it cannot read it shows; it never guesses silently.
// Kinds and their measures: domain rules of services/progress/RULES.md. Thread-safe: pure
// functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "services/registry/domain/grid.h"
#include "services/registry/domain/targets.h"

namespace minsheng::registry {

// The numbers of rows count from 1, through what can be measured and then through services and mere
// words, each in the order of the text. `source` is the stretch of the content
// it was read from, at least its figure and what is counted. `confidence` is percent: 100 only for
// what the words leave no choice in.
struct CompiledTarget {
  TargetRow row;
  ByteRange source;
  int confidence = 0;
};

// A date that the list itself sets: 5月底前动工 (start), 9月投入使用 (finish), 6月底完成200个
// (finish, value 200, unit 个, cumulative). `target` is the number of the target it is about, 0 for
// the whole task. `words` are the words it was read from.
struct DatedStep {
  absl::CivilDay due_on;
  TargetStage stage = TargetStage::kFinish;
  std::string value;
  std::string unit;
  int target = 0;
  std::string words;
};

// A place where the words allow more than one reading, or where something is assumed. `target` is
// the number of the target it is about, 0 for the whole content. `place` is empty for what stands
// in the name or the schedule. `code` is stable and UPPER_SNAKE; `message` is Chinese: what was
// found, what is assumed. The codes, by what they are about:
// Figures: UNCLEAR_FIGURE, FIGURE_TOO_LONG, RANGE, ZERO_FIGURE, OVER_HUNDRED, SCALE_SUSPECT,
//   UNIT_MISSING, UNIT_UNKNOWN, STRICT_BOUND, BOUND_CONFLICT.
// Figures that are no target, or may be none: MONEY_FIGURE, BENEFIT_FIGURE (惠及),
//   SIZE_INDICATIVE (全长), PAST_FIGURE (已建成).
// Kind and scope: KIND_UNCLEAR, STAGE_UNCLEAR (推进), ALL_ASSUMED, PER_UNIT (每个村),
//   PERIOD_FIGURE (每年500个), SCHOOL_YEAR, STRETCH_ONLY, EACH_UNCLEAR (各), APIECE_MISMATCH
//   (分别).
// Parts and names: PARTS_MISMATCH, PART_WHOLE_UNKNOWN, COUNT_MISMATCH, OPEN_LIST.
// Words: INDICATOR_ASSUMED, NAME_WITHOUT_CONTENT, NAME_ONLY, NO_TARGET, TOO_MANY_TARGETS.
// What the list does not say and judging needs: BASE_NEEDED, BASE_APPROXIMATE, BASELINE_NEEDED.
// Dates: DATE_UNCLEAR (汛前), DATE_UNSURE (11月前), OTHER_YEAR, DIGITS_LOST, MILESTONES_FALL,
//   DATE_CONFLICT (two dates for one goal), STEP_UNIT_MISSING.
struct Doubt {
  std::string code;
  int target = 0;
  ByteRange place;
  std::string message;
};

// `unread` are the stretches of the content that hold words which belong to no target: neither
// what a target was read from nor mere connecting words, in order. `steps` are in order of their
// days.
struct Compiled {
  std::vector<CompiledTarget> targets;
  std::vector<DatedStep> steps;
  std::vector<Doubt> doubts;
  std::vector<ByteRange> unread;
};

// What surrounds the content. `name` is the project's, as printed; `year` is the list's, 0 when
// unknown; `schedule` are the words of the list's columns of time (完成时限, 进度安排), empty when
// it has none.
struct CompileContext {
  std::string name;
  int year = 0;
  std::string schedule;
};

// `content` is valid UTF-8, without its leading number. Never fails: the worst text gives a
// qualitative target with a doubt, and a blank one gives nothing.
Compiled CompileTargets(absl::string_view content, const CompileContext& context);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_H_
