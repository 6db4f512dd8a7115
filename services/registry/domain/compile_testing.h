// What the tests of the target compiler share: short ways to write down what was read.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_TESTING_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_TESTING_H_

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

#include "services/registry/domain/compile.h"
#include "services/registry/domain/targets.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {

// "count at_least 41 个 start stretch=50 part_of=1"
inline std::string RowWords(const TargetRow& row) {
  std::string words = std::string(TargetKindWord(row.kind));
  const auto add = [&](absl::string_view word) {
    if (!word.empty()) absl::StrAppend(&words, " ", word);
  };
  add(ComparatorWord(row.comparator));
  add(row.value);
  if (!row.value.empty()) add(row.unit);
  if (row.stage == TargetStage::kStart) add("start");
  if (!row.stretch.empty()) add(absl::StrCat("stretch=", row.stretch));
  if (!row.baseline.empty()) add(absl::StrCat("baseline=", row.baseline));
  if (row.part_of != 0) add(absl::StrCat("part_of=", row.part_of));
  if (row.approximate) add("about");
  return words;
}

inline std::string TargetWords(const Compiled& compiled) {
  return absl::StrJoin(compiled.targets, "; ", [](std::string* out, const CompiledTarget& target) {
    absl::StrAppend(out, RowWords(target.row));
  });
}

// "06-30 finish 200 个 #1"
inline std::string StepWords(const Compiled& compiled) {
  return absl::StrJoin(compiled.steps, "; ", [](std::string* out, const DatedStep& step) {
    absl::StrAppend(out, absl::FormatCivilTime(step.due_on), " ", TargetStageWord(step.stage));
    if (!step.value.empty()) absl::StrAppend(out, " ", step.value, " ", step.unit);
    if (step.target != 0) absl::StrAppend(out, " #", step.target);
  });
}

inline bool HasDoubt(const Compiled& compiled, absl::string_view code, int target = -1) {
  return std::any_of(compiled.doubts.begin(), compiled.doubts.end(), [&](const Doubt& doubt) {
    return doubt.code == code && (target < 0 || doubt.target == target);
  });
}

inline std::string DoubtWords(const Compiled& compiled) {
  return absl::StrJoin(compiled.doubts, " ", [](std::string* out, const Doubt& doubt) {
    absl::StrAppend(out, doubt.code, "#", doubt.target);
  });
}

inline absl::string_view At(absl::string_view content, ByteRange range) {
  return content.substr(range.begin, range.end - range.begin);
}

// What holds for whatever was compiled: ranges, numbers, the rules of targets.h.
inline void ExpectSound(absl::string_view content, const Compiled& compiled) {
  const auto inside = [&](ByteRange range) {
    return range.begin <= range.end && range.end <= content.size() &&
           IsValidUtf8(At(content, range));
  };
  int no = 0;
  for (const CompiledTarget& target : compiled.targets) {
    const TargetRow& row = target.row;
    EXPECT_EQ(row.no, ++no);
    EXPECT_TRUE(inside(target.source)) << content;
    EXPECT_LT(target.source.begin, target.source.end) << content;
    EXPECT_TRUE(target.confidence > 0 && target.confidence <= 100);
    EXPECT_FALSE(row.indicator.empty()) << content;
    std::vector<CellError> errors;
    ReadTargetCells(CellsOf(row), errors);
    for (const CellError& error : errors) {
      ADD_FAILURE() << content << "\n"
                    << error.column << " " << error.found << " " << error.expected;
    }
  }
  std::size_t last = 0;
  for (const ByteRange& range : compiled.unread) {
    EXPECT_TRUE(inside(range)) << content;
    EXPECT_LE(last, range.begin) << content;
    EXPECT_LT(range.begin, range.end) << content;
    last = range.end;
  }
  for (const Doubt& doubt : compiled.doubts) {
    EXPECT_TRUE(inside(doubt.place)) << content;
    EXPECT_TRUE(doubt.target >= 0 && doubt.target <= no) << content;
    EXPECT_FALSE(doubt.message.empty());
  }
  for (const DatedStep& step : compiled.steps) {
    EXPECT_TRUE(step.target >= 0 && step.target <= no) << content;
    EXPECT_FALSE(step.words.empty());
  }
}

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_TESTING_H_
