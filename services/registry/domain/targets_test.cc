#include "services/registry/domain/targets.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/domain/notice_testing.h"

namespace minsheng::registry {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr char kHeader[] = "task\tno\tindicator\tcomparator\tvalue\tunit\tkind\tstage\tnote\n";
constexpr char kGood[] = "municipal-07/1\t1\t治理率\tat_least\t50\t%\tcoverage\tfinish\t";

std::string MessageOf(const std::string& bytes) {
  const auto rows = ParseTargets(bytes, "targets.tsv");
  EXPECT_EQ(ReasonOf(rows.status()), "BAD_TARGETS");
  return std::string(rows.status().message());
}

TEST(WulongTargets, AreAllRead) {
  const auto rows = ParseTargets(Golden("wulong-2024.targets.tsv"), "targets.tsv");
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT(*rows, SizeIs(48));
  std::map<TargetKind, int> kinds;
  for (const auto& row : *rows) ++kinds[row.kind];
  EXPECT_EQ(kinds[TargetKind::kQualitative], 2);
  EXPECT_EQ(kinds[TargetKind::kService], 2);
  EXPECT_EQ(kinds[TargetKind::kFrequency], 1);
  EXPECT_EQ((*rows)[0].task, "municipal-01/1");
  EXPECT_EQ((*rows)[0].value, "41");
  EXPECT_EQ((*rows)[0].stage, TargetStage::kStart);
  EXPECT_EQ((*rows)[0].line, 2);
  const auto level = std::find_if(rows->begin(), rows->end(), [](const TargetRow& row) {
    return row.task == "municipal-09/1" && row.no == 1;
  });
  EXPECT_EQ(level->value, "3.7");
  EXPECT_EQ(level->unit, "个/千人");
}

TEST(ParseTargets, ReadsOptionalColumnsInAnyOrder) {
  const auto rows = ParseTargets(
      "kind\tcomparator\tvalue\tunit\tindicator\tno\ttask\tstretch\tbase\tbase_on\tpart_of\t"
      "survey_days\tdue_on\tbaseline\r\n"
      "coverage\tat_least\t50\t%\t治理率\t1\tmunicipal-07/"
      "1\t100\t40\t2024-03-31\t\t\t2024-12-31\t\r\n"
      "level\tat_least\t3.7\t个/千人\t托位\t2\tmunicipal-07/1\t\t\t\t1\t2024-06-30, "
      "2024-11-30\t\t3.25\r\n",
      "targets.tsv");
  ASSERT_TRUE(rows.ok()) << rows.status();
  const TargetRow& coverage = (*rows)[0];
  EXPECT_EQ(coverage.stretch, "100");
  EXPECT_EQ(coverage.base, "40");
  EXPECT_EQ(coverage.base_on, absl::CivilDay(2024, 3, 31));
  EXPECT_EQ(coverage.due_on, absl::CivilDay(2024, 12, 31));
  EXPECT_EQ(coverage.stage, TargetStage::kFinish);
  const TargetRow& level = (*rows)[1];
  EXPECT_EQ(level.part_of, 1);
  EXPECT_EQ(level.baseline, "3.25");
  EXPECT_THAT(level.survey_days,
              ElementsAre(absl::CivilDay(2024, 6, 30), absl::CivilDay(2024, 11, 30)));
}

TEST(ParseTargets, NamesUnknownAndMissingColumns) {
  EXPECT_THAT(MessageOf("task\tno\tindicator\tcomparator\tvalue\tunit\tkind\tcolour\n"),
              HasSubstr("第1行“colour”列"));
  EXPECT_THAT(MessageOf("task\tno\tindicator\n"), HasSubstr("“kind”列：缺少这一列"));
  EXPECT_THAT(MessageOf(std::string("task\t") + kHeader), HasSubstr("列名重复"));
}

struct BadRow {
  const char* row;
  const char* expected;
};

class BadTarget : public testing::TestWithParam<BadRow> {};

TEST_P(BadTarget, IsNamedByLineAndColumn) {
  const std::string table = std::string(kHeader) + kGood + "\n" + GetParam().row + "\n";
  EXPECT_THAT(MessageOf(table), HasSubstr(std::string("第3行“") + GetParam().expected + "”列"));
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadTarget,
    testing::Values(BadRow{"municipal-7\t1\tx\tat_least\t5\t个\tcount", "task"},
                    BadRow{"municipal-07/1\t1\tx\tat_least\t5\t个\tcount", "no"},
                    BadRow{"municipal-08/1\t0\tx\tat_least\t5\t个\tcount", "no"},
                    BadRow{"municipal-08/1\t1\t\tat_least\t5\t个\tcount", "indicator"},
                    BadRow{"municipal-08/1\t1\tx\tatleast\t5\t个\tcount", "comparator"},
                    BadRow{"municipal-08/1\t1\tx\tdone\t\t\tcount", "comparator"},
                    BadRow{"municipal-08/1\t1\tx\tat_least\t5\t个\tevent", "comparator"},
                    BadRow{"municipal-08/1\t1\tx\tmore_than\t5\t个\tcount", "comparator"},
                    BadRow{"municipal-08/1\t1\tx\tless_than\t\t%\tlevel", "value"},
                    BadRow{"municipal-08/1\t1\tx\tat_least\t4万\t亩\tcount", "value"},
                    BadRow{"municipal-08/1\t1\tx\tat_least\t-4\t亩\tcount", "value"},
                    BadRow{"municipal-08/1\t1\tx\tat_least\t1.2345678\t亩\tcount", "value"},
                    BadRow{"municipal-08/1\t1\tx\tat_least\t1234567890123\t亩\tcount", "value"},
                    BadRow{"municipal-08/1\t1\tx\tat_least\t\t亩\tcount", "value"},
                    BadRow{"municipal-08/1\t1\tx\tdone\t5\t\tevent", "value"},
                    BadRow{"municipal-08/1\t1\tx\tat_least\t5\t\tcount", "unit"},
                    BadRow{"municipal-08/1\t1\tx\tat_least\t5\t个\tamount", "kind"},
                    BadRow{"municipal-08/1\t1\tx\tat_least\t5\t个\tcount\tmiddle", "stage"}));

TEST(ParseTargets, ChecksOptionalValues) {
  const std::string header =
      "task\tno\tindicator\tcomparator\tvalue\tunit\tkind\tstretch\tpart_of\tbase_on\tsurvey_"
      "days\n";
  const std::string row = "municipal-07/1\t1\tx\tat_least\t9.5\t%\tlevel\t";
  EXPECT_THAT(MessageOf(header + row + "9.50\t\t\t\n"), HasSubstr("“stretch”列"));
  EXPECT_TRUE(ParseTargets(header + row + "10\t\t\t\n", "t").ok()) << "10 is more than 9.5";
  const std::string less = "municipal-07/1\t1\tx\tless_than\t5.5\t%\tlevel\t";
  EXPECT_TRUE(ParseTargets(header + less + "5\t\t\t\n", "t").ok()) << "5 is striven for";
  EXPECT_THAT(MessageOf(header + less + "6\t\t\t\n"), HasSubstr("“stretch”列"));
  EXPECT_THAT(MessageOf(header + row + "\t2\t\t\n"), HasSubstr("“part_of”列"));
  EXPECT_THAT(MessageOf(header + row + "\t1\t\t\n"), HasSubstr("“part_of”列"));
  EXPECT_THAT(MessageOf(header + row + "\t\t2024-02-30\t\n"), HasSubstr("“base_on”列"));
  EXPECT_THAT(MessageOf(header + row + "\t\t\t2024-11-30,2024-06-30\n"),
              HasSubstr("“survey_days”列"));
  EXPECT_THAT(MessageOf(header + row + "\t\t\t2024-11-30,\n"), HasSubstr("“survey_days”列"));
}

TEST(ParseTargets, ListsAtMostTwentyLines) {
  std::string table = kHeader;
  for (int i = 1; i <= 30; ++i) table += "bad\t" + std::to_string(i) + "\tx\tdone\t\t\tevent\n";
  const std::string message = MessageOf(table);
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n') + 1, kMaxTargetErrorLines);
  EXPECT_THAT(message, HasSubstr("还有12处错误没有列出"));
}

TEST(ParseTargets, RefusesWhatIsNoText) {
  EXPECT_EQ(ReasonOf(ParseTargets("PK\x03\x04", "t").status()), "NOT_TEXT");
  EXPECT_EQ(ReasonOf(ParseTargets("", "t").status()), "EMPTY_FILE");
}

TEST(TargetsFingerprint, IsEqualForEqualMeaning) {
  auto one = *ParseTargets(std::string(kHeader) + kGood + "\n", "t");
  auto other = *ParseTargets(std::string(kHeader) + "\n" + kGood + "a note\n", "t");
  other[0].value = "050.0";
  EXPECT_EQ(TargetsFingerprint(one), TargetsFingerprint(other));
  other[0].value = "51";
  EXPECT_NE(TargetsFingerprint(one), TargetsFingerprint(other));
}

}  // namespace
}  // namespace minsheng::registry
