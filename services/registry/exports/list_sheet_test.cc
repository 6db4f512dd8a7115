#include "services/registry/exports/list_sheet.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "services/platform/xlsx/workbook_testing.h"
#include "services/registry/domain/notice_testing.h"
#include "services/registry/exports/list_testing.h"

namespace minsheng::registry {
namespace {

using platform::xlsx::CellsOf;
using platform::xlsx::Part;
using platform::xlsx::SheetXml;
using ::testing::HasSubstr;

std::string SheetOf(const StoredList& list) {
  const auto bytes = ListSheet(list);
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return bytes.ok() ? *bytes : "";
}

std::string Wulong() { return SheetOf(Stored(Imported(Golden("wulong-2024.csv")))); }

TEST(ListSheetTest, HasTheNoticesCells) {
  const auto cells = CellsOf(Wulong());
  EXPECT_EQ(cells.at("A1"), "文号：武隆府办发〔2024〕1号　成文日期：2024年3月15日");
  EXPECT_EQ(cells.at("A2"), "武隆区2024年度民生实事目标任务清单");
  EXPECT_EQ(cells.at("A3"), "单位：万元");
  EXPECT_EQ(cells.at("C4"), "2024年工作内容及资金计划");
  EXPECT_EQ(cells.at("C5"), "形象进度");
  EXPECT_EQ(cells.at("D5"), "总投资");
  EXPECT_EQ(cells.at("A6"), "合  计");
  EXPECT_EQ(cells.at("D6"), "141859");
  EXPECT_EQ(cells.at("A7"), "承接市级民生实事（13件）");
  EXPECT_EQ(cells.at("A8"), "1");
  EXPECT_EQ(cells.at("D8"), "4700");
  EXPECT_EQ(cells.at("F8"), "区发展改革委、区财政局、区城市发展（集团）公司，有关乡镇（街道）");
  EXPECT_EQ(cells.count("D11"), 0U);  // none planned
}

TEST(ListSheetTest, MergesHeadsTotalsAndWhatSubRowsShare) {
  const std::string xml = SheetXml(Wulong());
  for (const char* area :
       {"A2:F2", "A4:A5", "B4:B5", "C4:D4", "E4:E5", "A6:C6", "A7:C7", "A18:A19", "B18:B19"}) {
    EXPECT_THAT(xml, HasSubstr(absl::StrCat("<mergeCell ref=\"", area, "\"/>")));
  }
}

TEST(ListSheetTest, PrintsOnA4AcrossWithItsHeaderOnEveryPage) {
  const std::string bytes = Wulong();
  EXPECT_THAT(SheetXml(bytes), HasSubstr("paperSize=\"9\""));
  EXPECT_THAT(SheetXml(bytes), HasSubstr("orientation=\"landscape\""));
  EXPECT_THAT(SheetXml(bytes), HasSubstr("fitToHeight=\"0\""));
  EXPECT_THAT(SheetXml(bytes), HasSubstr("ySplit=\"5\""));
  EXPECT_THAT(Part(bytes, "xl/workbook.xml"), HasSubstr("'清单'!$4:$5"));
  EXPECT_THAT(Part(bytes, "xl/workbook.xml"), HasSubstr("'清单'!$A$1:$F$37"));
}

TEST(ListSheetTest, ReadsAsItsCsvDoes) {
  StoredList list = Stored(Imported(Golden("wulong-2024.csv")));
  int64_t fen = 1;
  for (v1::Task& task : list.tasks) {
    fen = fen * 7 % 9'999'999'937;
    if (task.has_planned_investment()) task.mutable_planned_investment()->set_fen(fen);
    task.set_content(absl::StrCat(task.content(), "\n<a> & \"b\" _x0041_ 2024"));
  }
  ExpectSheetReadsAsCsv(list);
}

TEST(ListSheetTest, TheSameListGivesTheSameBytes) { EXPECT_EQ(Wulong(), Wulong()); }

TEST(ListSheetTest, AmountsBeyondADoubleAreText) {
  StoredList list = Stored(Imported(Golden("wulong-2024.csv")));
  list.tasks[0].mutable_planned_investment()->set_fen(9'999'999'999'999'999);
  list.tasks[1].mutable_planned_investment()->set_fen(55'219'100'001);
  list.tasks[2].mutable_planned_investment()->set_fen(87'000);
  list.program.set_money_unit("元");
  const std::string bytes = SheetOf(list);
  EXPECT_EQ(CellsOf(bytes).at("D8"), "99999999999999.99");
  EXPECT_EQ(std::stod(CellsOf(bytes).at("D9")), 552191000.01);
  EXPECT_EQ(std::stod(CellsOf(bytes).at("D10")), 870);
}

TEST(ListSheetTest, ExtraColumnsStandAtTheEnd) {
  StoredList list = Stored(Imported(Golden("wulong-2024.csv")));
  (*list.tasks[1].mutable_attributes())["完成时限"] = "11月底前";
  const auto cells = CellsOf(SheetOf(list));
  EXPECT_EQ(cells.at("G4"), "完成时限");
  EXPECT_EQ(cells.at("G9"), "11月底前");
}

}  // namespace
}  // namespace minsheng::registry
