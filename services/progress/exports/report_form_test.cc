#include "services/progress/exports/report_form.h"

#include <gtest/gtest.h>

namespace minsheng::progress {
namespace {

ReportKey Key() {
  return {.program = "districts/500156/programs/2024",
          .period = "2024-05",
          .task = "districts/500156/programs/2024/projects/municipal-11/tasks/2",
          .target = 3,
          .entry = ReportKey::kNumber,
          .needed = true,
          .may_fall = false,
          .last = "1200.5",
          .unit = "区民政局"};
}

TEST(ReportKeyTest, ReadsBackWhatItWrote) {
  EXPECT_EQ(KeyWords(Key()), "MS1|500156/2024|2024-05|municipal-11/2|3|n!|1200.5|区民政局");
  EXPECT_EQ(ParseKey(KeyWords(Key())), Key());
  for (const auto entry : {ReportKey::kNone, ReportKey::kNumber, ReportKey::kStage}) {
    ReportKey key = Key();
    key.entry = entry;
    key.needed = false;
    key.may_fall = true;
    key.last = "";
    key.period = "2024-final";
    key.unit = "甲|乙";
    EXPECT_EQ(ParseKey(KeyWords(key)), key);
  }
}

TEST(ReportKeyTest, NothingElseIsAKey) {
  for (const char* words :
       {"", "识别码", "MS1", "MS2|500156/2024|2024-05|municipal-11/2|3|n!|1200.5|区民政局",
        "MS1|500156/2024|2024-13|municipal-11/2|3|n!|1200.5|区民政局",
        "MS1|500156/2024|2024-05|municipal-11|3|n!|1200.5|区民政局",
        "MS1|500156|2024-05|municipal-11/2|3|n!|1200.5|区民政局",
        "MS1|500156/2024|2024-05|municipal-11/2|-3|n!|1200.5|区民政局",
        "MS1|500156/2024|2024-05|municipal-11/2|3|x|1200.5|区民政局",
        "MS1|500156/2024|2024-05|municipal-11/2|3|n!|1200.5"}) {
    EXPECT_FALSE(ParseKey(words)) << words;
  }
}

}  // namespace
}  // namespace minsheng::progress
