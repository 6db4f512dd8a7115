#include "services/platform/xlsx/workbook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/platform/base/error.h"
#include "services/platform/xlsx/workbook_testing.h"

namespace minsheng::platform::xlsx {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Written(const std::string& words) {
  auto book = Workbook::Create("清单");
  EXPECT_TRUE(book.ok()) << book.status();
  Sheet& sheet = (*book)->Add("表");
  sheet.Text(0, 0, words, {});
  sheet.Number(1, 1, 55219.1, {.side = Side::kRight});
  sheet.Merge({2, 0, 3, 0}, "合并", {});
  const auto bytes = (*book)->Finish();
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return bytes.ok() ? *bytes : "";
}

TEST(WorkbookTest, HoldsWordsNumbersAndMergedCells) {
  const std::string bytes = Written("甲 & 乙 <丙>\n第二行");
  const auto cells = CellsOf(bytes);
  EXPECT_EQ(cells.at("A1"), "甲 & 乙 <丙>\n第二行");
  EXPECT_EQ(cells.at("B2"), "55219.1");
  EXPECT_EQ(cells.at("A3"), "合并");
  EXPECT_THAT(SheetXml(bytes), HasSubstr("<mergeCell ref=\"A3:A4\"/>"));
}

TEST(WorkbookTest, TheSameCallsGiveTheSameBytes) {
  EXPECT_EQ(Written("甲"), Written("甲"));
  EXPECT_NE(Written("甲"), Written("乙"));
  EXPECT_THAT(Part(Written("甲"), "docProps/core.xml"), HasSubstr(">2000-01-01T00:00:00Z<"));
}

TEST(WorkbookTest, WordsThatLookLikeCodesMeanThemselves) {
  EXPECT_EQ(CellsOf(Written("_x0041_ _x00_ _x12zz_")).at("A1"), "_x005F_x0041_ _x00_ _x12zz_");
}

TEST(WorkbookTest, WhatNoSheetHoldsIsRefused) {
  auto book = Workbook::Create("清单");
  ASSERT_TRUE(book.ok());
  (*book)->Add("表").Text(0, 0, std::string(32'768, 'x'), {});
  EXPECT_EQ(ReasonOf((*book)->Finish().status()), "TOO_LONG_FOR_SHEET");

  book = Workbook::Create("清单");
  ASSERT_TRUE(book.ok());
  (*book)->Add("表").Text(1'048'576, 0, "一行太多", {});
  EXPECT_EQ(ReasonOf((*book)->Finish().status()), "TOO_LONG_FOR_SHEET");
}

TEST(WorkbookTest, AnAbandonedWorkbookLeavesNothing) {
  auto book = Workbook::Create("清单");
  ASSERT_TRUE(book.ok());
  (*book)->Add("表").Text(0, 0, "甲", {});
}

TEST(WorkbookTest, ProtectsAllButUnlockedCellsAndSaysWhatACellMayHold) {
  auto book = Workbook::Create("月报");
  ASSERT_TRUE(book.ok());
  Sheet& sheet = (*book)->Add("月报");
  sheet.Text(0, 0, "", {.locked = false});
  sheet.Validate(0, 0,
                 {.kind = Validation::kList,
                  .choices = {"正常", "有困难"},
                  .error_title = "状态",
                  .error = "请从下拉列表中选择"});
  sheet.Validate(1, 0, {.kind = Validation::kDecimalBetween, .least = 0, .most = 40});
  sheet.Protect();
  const auto bytes = (*book)->Finish();
  ASSERT_TRUE(bytes.ok());
  const std::string xml = SheetXml(*bytes);
  EXPECT_THAT(xml, HasSubstr("<sheetProtection sheet=\"1\""));
  EXPECT_THAT(xml, Not(HasSubstr("password=")));
  EXPECT_THAT(xml, HasSubstr("正常,有困难"));
  EXPECT_THAT(xml, HasSubstr("error=\"请从下拉列表中选择\""));
  EXPECT_THAT(xml, HasSubstr("<formula2>40</formula2>"));
  EXPECT_THAT(Part(*bytes, "xl/styles.xml"), HasSubstr("<protection locked=\"0\"/>"));
}

TEST(WorkbookTest, NamesCellsAsSpreadsheetsDo) {
  EXPECT_EQ(CellName(0, 0), "A1");
  EXPECT_EQ(CellName(11, 5), "F12");
  EXPECT_EQ(CellName(9, 25), "Z10");
  EXPECT_EQ(CellName(9, 26), "AA10");
  EXPECT_EQ(CellName(9, 701), "ZZ10");
  EXPECT_EQ(CellName(9, 702), "AAA10");
}

TEST(WorkbookTest, RowsAreAsHighAsTheirWordsNeed) {
  const double one = HeightFor("民生", 10);
  const double line = HeightFor("民生\n实事", 10) - one;
  EXPECT_EQ(HeightFor("", 10), one);
  EXPECT_EQ(HeightFor("民生实事表", 10), one);
  EXPECT_EQ(HeightFor("民生实事表a", 10), one + line);
  EXPECT_EQ(HeightFor("0123456789", 10), one);
  EXPECT_LT(HeightFor(std::string(9999, 'x'), 1), 410);
}

TEST(WorkbookTest, CutsAtCharacters) {
  EXPECT_EQ(FirstCharacters("民生实事", 2), "民生");
  EXPECT_EQ(FirstCharacters("民生", 9), "民生");
  EXPECT_EQ(FirstCharacters("a民", 1), "a");
}

}  // namespace
}  // namespace minsheng::platform::xlsx
