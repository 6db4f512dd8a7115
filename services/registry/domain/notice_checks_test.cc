// What a list says of itself against its rows.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/domain/notice_testing.h"

namespace minsheng::registry {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kHeader[] = "序号,项目名称,工作内容,总投资,牵头单位\n";

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Totals, ThatDifferAreNamedWithBothFiguresAndCells) {
  const Notice notice =
      Parse(Replaced(Golden("wulong-2024.csv"), "合  计,,,141859", "合  计,,,141860"));
  const auto found = Found(notice, "TOTAL_MISMATCH");
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_THAT(found[0].message, HasSubstr("141860万元"));
  EXPECT_THAT(found[0].message, HasSubstr("141859万元"));
  EXPECT_THAT(found[0].message, HasSubstr("第5行第4列"));
  EXPECT_THAT(found[0].message, HasSubstr("第6行第4列、第21行第4列"));
  EXPECT_THAT(found[1].message, HasSubstr("各行之和为141859万元"));
  EXPECT_EQ(found[0].severity, Severity::kWarning);
  EXPECT_THAT(notice.projects, SizeIs(23));
}

TEST(Totals, OfAGroupAreCheckedAgainstItsRows) {
  const Notice notice = Parse(Replaced(Golden("wulong-2024.csv"), ",4700,", ",4699,"));
  const auto found = Found(notice, "TOTAL_MISMATCH");
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_THAT(found[1].message, HasSubstr("8820万元"));
  EXPECT_THAT(found[1].message, HasSubstr("8819万元"));
  EXPECT_EQ(found[1].place.row, 6);
}

TEST(Totals, OfASubtotalRowBelongToTheGroupAbove) {
  const std::string rows = "一、市级,,,,\n1,甲,a,10,区教委\n2,乙,b,20,区教委\n";
  EXPECT_THAT(Found(ParseTitled(kHeader + rows + "小计,,,30,\n"), "TOTAL_MISMATCH"), IsEmpty());
  EXPECT_THAT(Found(ParseTitled(kHeader + rows + "小计,,,31,\n"), "TOTAL_MISMATCH"), SizeIs(1));
}

TEST(Totals, MayStandLast) {
  const Notice notice = ParseTitled(std::string(kHeader) + "1,甲,a,10,区教委\n总　计,,,11,\n");
  EXPECT_EQ(notice.declared_fen, 11'000'000);
  EXPECT_THAT(Found(notice, "TOTAL_MISMATCH"), SizeIs(1));
}

TEST(Counts, OfAGroupAreCheckedAgainstItsProjects) {
  const Notice notice = Parse(Replaced(Golden("wulong-2024.csv"), "（13件）", "（十四件）"));
  const auto found = Found(notice, "COUNT_MISMATCH");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].message, HasSubstr("14件"));
  EXPECT_THAT(found[0].message, HasSubstr("13件"));
}

TEST(MoneyUnits, AreNeverGuessed) {
  const std::string table = std::string("某区2024年民生实事\n") + kHeader + "1,甲,a,10,区教委\n";
  const Notice notice = Parse(table);
  ASSERT_THAT(Found(notice, "MONEY_UNIT_UNKNOWN"), SizeIs(1));
  EXPECT_TRUE(HasErrors(notice));
  EXPECT_EQ(notice.money_unit, std::nullopt);
  EXPECT_EQ(TaskOf(notice, "district-01/1").amount_fen, std::nullopt);

  const Notice given = Parse(table, {.money_unit = MoneyUnit::kYuan});
  EXPECT_FALSE(HasErrors(given));
  EXPECT_EQ(TaskOf(given, "district-01/1").amount_fen, 1000);
}

TEST(MoneyUnits, AreNotMissedWithoutAmounts) {
  const Notice notice = Parse(std::string("某区2024年民生实事\n") + kHeader + "1,甲,a,,区教委\n");
  EXPECT_FALSE(HasErrors(notice));
}

TEST(MoneyUnits, ThatContradictAreErrors) {
  const std::string table = Titled(std::string(kHeader) + "1,甲,a,10,区教委\n");
  const Notice notice = Parse(table, {.money_unit = MoneyUnit::kYuan});
  EXPECT_THAT(Found(notice, "MONEY_UNIT_CONFLICT"), SizeIs(1));
  EXPECT_EQ(notice.money_unit, MoneyUnit::kWanYuan);
}

TEST(Years, AreNeverGuessed) {
  const std::string table = std::string("民生实事清单\n") + kHeader + "1,甲,a,,区教委\n";
  EXPECT_THAT(Found(Parse(table), "YEAR_UNKNOWN"), SizeIs(1));
  EXPECT_EQ(Parse(table, {.year = 2024}).year, 2024);
  EXPECT_FALSE(HasErrors(Parse(table, {.year = 2024})));
}

TEST(Years, ThatContradictAreErrors) {
  const Notice notice = Parse(Golden("wulong-2024.csv"), {.year = 2023});
  EXPECT_THAT(Found(notice, "YEAR_CONFLICT"), SizeIs(1));
  EXPECT_EQ(notice.year, 2024);
}

TEST(Numbers, ThatRepeatOrSkipAreTold) {
  const Notice notice =
      ParseTitled(std::string(kHeader) + "1,甲,a,,区教委\n3,乙,b,,区教委\n3,丙,c,,区教委\n");
  EXPECT_THAT(Found(notice, "NUMBER_GAP"), SizeIs(1));
  EXPECT_THAT(Found(notice, "DUPLICATE_PROJECT"), SizeIs(1));
  EXPECT_TRUE(HasErrors(notice));
}

TEST(Numbers, OfTasksThatRepeatAreErrors) {
  const Notice notice = ParseTitled(std::string(kHeader) +
                                    "1,甲,（1）a,1,区教委\n,,（1）b,1,区教委\n,,（4）c,1,区教委\n");
  EXPECT_THAT(Found(notice, "DUPLICATE_TASK"), SizeIs(1));
  EXPECT_THAT(Found(notice, "NUMBER_GAP"), SizeIs(1));
}

TEST(Leads, ThatAreBlankAreTold) {
  const Notice notice = ParseTitled(std::string(kHeader) + "1,甲,a,1,\n");
  ASSERT_THAT(Found(notice, "BLANK_LEAD"), SizeIs(1));
  EXPECT_EQ(Found(notice, "BLANK_LEAD")[0].place.column, 5);
  EXPECT_THAT(Found(ParseTitled("序号,项目名称,工作内容\n1,甲,a\n"), "NO_LEAD_COLUMN"), SizeIs(1));
}

TEST(Units, InTwoSpellingsAreTold) {
  const Notice notice =
      ParseTitled(std::string(kHeader) + "1,甲,a,1,区教育局\n2,乙,b,1,教育局\n3,丙,c,1,区教育局\n");
  EXPECT_THAT(Found(notice, "UNIT_SPELLINGS"), SizeIs(1));
}

TEST(UnreadRows, AreErrorsWithTheirWords) {
  const Notice notice = ParseTitled(std::string(kHeader) +
                                    "以上资金由区财政统筹安排,,,,\n1,甲,a,1,区教委\n,,,77,\n"
                                    "2,乙,b,1,区教委,多出一格\n3,丙,c,1,区教委\n");
  const auto found = Found(notice, "UNREAD_ROW");
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_THAT(found[0].message, HasSubstr("以上资金由区财政统筹安排"));
  EXPECT_THAT(found[1].message, HasSubstr("77"));
  EXPECT_THAT(found[2].message, HasSubstr("多出一格"));
  EXPECT_TRUE(HasErrors(notice));
  ExpectAccounted(notice);
}

TEST(Groups, WithoutProjectsAreTold) {
  const Notice notice =
      ParseTitled(std::string(kHeader) + "一、市级,,,,\n二、区级,,,,\n1,甲,a,1,区教委\n");
  EXPECT_THAT(Found(notice, "EMPTY_GROUP"), SizeIs(1));
}

TEST(EmptyTables, AreErrors) { EXPECT_THAT(Found(ParseTitled(kHeader), "NO_PROJECTS"), SizeIs(1)); }

}  // namespace
}  // namespace minsheng::registry
