#include "services/registry/domain/corrections.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/domain/notice_testing.h"

namespace minsheng::registry {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string MessageOf(const std::string& bytes) {
  const auto rows = ParseCorrections(bytes, "c.tsv");
  EXPECT_EQ(ReasonOf(rows.status()), "BAD_CORRECTIONS");
  return std::string(rows.status().message());
}

std::vector<Correction> Read(const std::string& bytes) {
  auto rows = ParseCorrections(bytes, "c.tsv");
  EXPECT_TRUE(rows.ok()) << rows.status();
  return rows.ok() ? *std::move(rows) : std::vector<Correction>();
}

TEST(CorrectionsTest, AreReadFromColumnsInAnyOrder) {
  const auto rows = Read(
      "base\ttask\tno\tdrop\tamount\r\n40\tmunicipal-07/1\t1\t\t\r\n"
      "\tdistrict-04/2\t\t\t1500万元\r\n\tdistrict-04/2\t3\tyes\t\r\n");
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_EQ(rows[0].target, 1);
  EXPECT_EQ(rows[0].cells, (TargetCells{{"base", "40"}}));
  EXPECT_EQ(rows[0].line, 2);
  EXPECT_EQ(rows[1].cells, (TargetCells{{"amount", "1500万元"}}));
  EXPECT_TRUE(rows[2].dropped);
}

TEST(CorrectionsTest, AreWrittenAsTheyAreRead) {
  const std::string table =
      "task\tno\tdrop\tbase\tleads\nmunicipal-07/1\t1\t\t40\t\nmunicipal-07/1\t2\tyes\t\t\n"
      "municipal-08/1\t\t\t\t区教委、区民政局\n";
  EXPECT_EQ(CorrectionsTable(Read(table)), table);
}

struct BadRow {
  const char* row;
  const char* expected;
};

class BadCorrection : public testing::TestWithParam<BadRow> {};

TEST_P(BadCorrection, IsNamedByLineAndColumn) {
  const std::string head = "task\tno\tdrop\tbase\tleads\nmunicipal-07/1\t1\t\t40\t\n";
  EXPECT_THAT(MessageOf(head + GetParam().row + "\n"),
              HasSubstr(std::string("第3行") + GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(Table, BadCorrection,
                         testing::Values(BadRow{"municipal-7\t1\t\t4", "“task”列"},
                                         BadRow{"municipal-07/1\t0\t\t4", "“no”列"},
                                         BadRow{"municipal-07/1\t1\t\t4", "“no”列"},
                                         BadRow{"municipal-07/1\t2\tno\t4", "“drop”列"},
                                         BadRow{"municipal-07/1\t\tyes\t", "“drop”列"},
                                         BadRow{"municipal-07/1\t\t\t4", "“base”列"},
                                         BadRow{"municipal-07/1\t2\t\t\t区教委", "“leads”列"},
                                         BadRow{"municipal-07/1\t2", "：没有写明"},
                                         BadRow{"a\tb\tc\td\te\tf", "：有6格"}));

TEST(CorrectionsTest, NameUnknownAndMissingColumns) {
  EXPECT_THAT(MessageOf("task\tno\tcolour\n"), HasSubstr("第1行“colour”列"));
  EXPECT_THAT(MessageOf("no\tbase\n"), HasSubstr("“task”列：缺少这一列"));
  EXPECT_THAT(MessageOf("task\ttask\n"), HasSubstr("列名重复"));
}

TEST(CorrectionsTest, ListAtMostTwentyErrors) {
  std::string table = "task\tno\tbase\n";
  for (int i = 1; i <= 30; ++i) table += "bad\t" + std::to_string(i) + "\t4\n";
  const std::string message = MessageOf(table);
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n') + 1, kMaxCorrectionErrorLines);
  EXPECT_THAT(message, HasSubstr("还有12处错误没有列出"));
}

TEST(CorrectionsTest, RefuseWhatIsNoText) {
  EXPECT_EQ(ReasonOf(ParseCorrections("PK\x03\x04", "t").status()), "NOT_TEXT");
  EXPECT_EQ(ReasonOf(ParseCorrections("", "t").status()), "EMPTY_FILE");
}

TEST(CorrectionsTest, AreReadFromFlags) {
  const auto base = ParseCorrectionFlag("municipal-07/1#2:base=1200");
  ASSERT_TRUE(base.ok()) << base.status();
  EXPECT_EQ(base->target, 2);
  EXPECT_EQ(base->cells, (TargetCells{{"base", "1200"}}));
  EXPECT_TRUE(ParseCorrectionFlag("municipal-07/1#2:drop")->dropped);
  EXPECT_EQ(ParseCorrectionFlag("district-04/1:leads=区教委、区民政局")->cells.at("leads"),
            "区教委、区民政局");
  for (const char* bad : {"", "municipal-07/1", "municipal-07/1#2", "municipal-07/1#2:base",
                          "x:base=1", "municipal-07/1:base=1", "municipal-07/1#2:colour=1"}) {
    EXPECT_EQ(ReasonOf(ParseCorrectionFlag(bad).status()), "BAD_CORRECTIONS") << bad;
  }
}

TEST(CorrectionsTest, LaterOnesWinCellByCell) {
  const auto kept = Read("task\tno\tbase\tunit\nmunicipal-07/1\t1\t40\t个\n");
  const auto more =
      Read("task\tno\tbase\tnote\nmunicipal-07/1\t1\t41\tx\nmunicipal-06/1\t1\t7\t\n");
  const auto merged = MergeCorrections(kept, more);
  ASSERT_THAT(merged, SizeIs(2));
  EXPECT_EQ(merged[0].task, "municipal-06/1");
  EXPECT_EQ(merged[1].cells, (TargetCells{{"base", "41"}, {"note", "x"}, {"unit", "个"}}));
}

TargetRow Row(int no, const std::string& value) {
  TargetRow row;
  row.no = no;
  row.indicator = "x";
  row.comparator = Comparator::kAtLeast;
  row.value = value;
  row.unit = "个";
  return row;
}

TEST(CorrectionsTest, BetweenTwoReadingsAreWhatTurnsOneIntoTheOther) {
  TargetRow stretched = Row(1, "5");
  stretched.stretch = "9";
  const std::vector<TargetRow> before = {stretched, Row(2, "6"), Row(3, "7")};
  const std::vector<TargetRow> after = {Row(1, "5"), Row(2, "8"), Row(4, "1")};
  const auto made = CorrectionsBetween("municipal-07/1", before, after);
  ASSERT_THAT(made, SizeIs(4));
  EXPECT_EQ(made[0].cells, (TargetCells{{"stretch", "-"}}));
  EXPECT_EQ(made[1].cells, (TargetCells{{"value", "8"}}));
  EXPECT_EQ(made[2].cells, CellsOf(Row(4, "1")));
  EXPECT_TRUE(made[3].dropped);
  EXPECT_THAT(CorrectionsBetween("municipal-07/1", after, after), IsEmpty());
}

// --- over a list ---------------------------------------------------------------------------------

constexpr char kList[] =
    "序号,项目名称,工作内容,总投资,牵头单位\n"
    "1,公园,建设口袋公园2个。,100,区城管局\n2,公厕,新建公厕3个。,50,区城管局\n";

Notice Corrected(const std::vector<Correction>& corrections, const std::string& list = kList) {
  ParseOptions options;
  options.corrections = corrections;
  return Parse(Titled(list), options);
}

TEST(CorrectedList, HasWhatPeoplePutRight) {
  const Notice notice =
      Corrected(Read("task\tno\tamount\tleads\tindicator\tcomparator\tvalue\tunit\tkind\ndistrict-"
                     "01/1\t\t1.5亿元\t区园林局\n"
                     "district-02/1\t9\t\t\t开放\tdone\t\t\tevent\n"));
  EXPECT_EQ(TaskOf(notice, "district-01/1").amount_fen, 15'000'000'000);
  EXPECT_EQ(Words(TaskOf(notice, "district-01/1").leads), "区园林局");
  const auto& targets = TaskOf(notice, "district-02/1").compiled.targets;
  EXPECT_EQ(targets.back().row.no, 9);
  EXPECT_EQ(targets.back().row.kind, TargetKind::kEvent);
  EXPECT_EQ(targets.back().confidence, 100);
  EXPECT_FALSE(HasErrors(notice)) << CodesOf(notice);
}

TEST(CorrectedList, NamesCorrectionsThatCannotBe) {
  const Notice notice = Corrected(
      Read("task\tno\tamount\tindicator\tkind\tpart_of\tcomparator\ndistrict-01/1\t\tmuch\n"
           "district-02/1\t9\t\tx\tevent\t8\tdone\ndistrict-77/1\t1\t\tx\n"));
  EXPECT_THAT(Found(notice, "BAD_CORRECTION"), SizeIs(2));
  ASSERT_THAT(Found(notice, "UNKNOWN_TASK_IN_CORRECTIONS"), SizeIs(1));
  EXPECT_EQ(Found(notice, "UNKNOWN_TASK_IN_CORRECTIONS")[0].place.row, 4);
}

Correction Kept(const std::string& task, const std::string& content) {
  return {.task = task, .target = 9, .dropped = true, .content = content};
}

TEST(CorrectedList, KeepsCorrectionsWithTheirWords) {
  const Notice same = Corrected({Kept("district-02/1", "新建公厕3个。")});
  EXPECT_THAT(TaskOf(same, "district-02/1").corrections, SizeIs(1));
  EXPECT_THAT(Found(same, "CORRECTION_MOVED"), IsEmpty());

  const Notice moved = Corrected({Kept("district-01/1", "新建公厕3个。")});
  EXPECT_THAT(TaskOf(moved, "district-02/1").corrections, SizeIs(1));
  EXPECT_THAT(Found(moved, "CORRECTION_MOVED"), SizeIs(1));

  const Notice changed = Corrected({Kept("district-02/1", "新建公厕4个。")});
  EXPECT_THAT(TaskOf(changed, "district-02/1").corrections, SizeIs(1));
  EXPECT_THAT(Found(changed, "CORRECTION_TEXT_CHANGED"), SizeIs(1));

  const Notice gone = Corrected({Kept("district-07/1", "别的。")});
  EXPECT_THAT(Found(gone, "CORRECTION_UNUSED"), SizeIs(1));
  EXPECT_FALSE(HasErrors(gone));
}

}  // namespace
}  // namespace minsheng::registry
