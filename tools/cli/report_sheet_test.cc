#include "tools/cli/report_sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"

namespace minsheng::cli {
namespace {

using progress::ReportKey;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kProgram[] = "districts/500156/programs/2024";

std::string Key(const std::string& task, int target, ReportKey::Entry entry, bool needed = false,
                const std::string& last = "", const std::string& period = "2024-05") {
  const size_t slash = task.find('/');
  return progress::KeyWords({.program = kProgram,
                             .period = period,
                             .task = absl::StrCat(kProgram, "/projects/", task.substr(0, slash),
                                                  "/tasks/", task.substr(slash + 1)),
                             .target = target,
                             .entry = entry,
                             .needed = needed,
                             .may_fall = false,
                             .last = last,
                             .unit = "区交通局"});
}

// The columns in an order of their own.
const std::vector<std::string> kHead = {
    "识别码", "项目名称", "累计完成", "形象进度", "完成投资\n（万元）",
    "状态",   "开工日期", "存在问题", "下一步",   "更正原因"};

registry::Document Sheet(std::vector<std::vector<std::string>> rows) {
  registry::Grid grid{.form = registry::GridForm::kSheet, .rows = {}, .name = "月报"};
  grid.rows.push_back({.row = 1, .cells = {"2024年5月民生实事进展情况报送表"}});
  grid.rows.push_back({.row = 4, .cells = kHead});
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].resize(kHead.size());
    grid.rows.push_back({.row = static_cast<int>(i) + 5, .cells = rows[i]});
  }
  return {.grids = {grid}, .notes = {}};
}

struct Read {
  ReportSheet sheet;
  std::string wrong;  // the message, empty when nothing is
};

Read ReadSheet(const registry::Document& document) {
  CellErrors errors;
  auto sheet = ReadReportSheet(document, "月报.xlsx", errors);
  EXPECT_TRUE(sheet.ok()) << sheet.status();
  const absl::Status status = errors.ToStatus("月报.xlsx");
  return {sheet.ok() ? *std::move(sheet) : ReportSheet(), std::string(status.message())};
}

TEST(ReportSheetTest, RowsOfATaskBecomeOneReport) {
  const Read read = ReadSheet(Sheet({
      {Key("district-04/2", 1, ReportKey::kStage, true), "征收", "开工", "已进场", "", "正常",
       "2024年5月8日"},
      {Key("municipal-06/1", 2, ReportKey::kNumber), "公路", "15"},
      {Key("municipal-06/1", 1, ReportKey::kNumber, true, "12"), "公路", "１９", "铺设19公里",
       "120.5", "有困难", "", "雨天", "抢工"},
      {Key("municipal-03/1", 1, ReportKey::kNumber, true), "公园"},
      {Key("municipal-03/1", 2, ReportKey::kNone), "公园"},
  }));
  EXPECT_EQ(read.wrong, "");
  EXPECT_EQ(read.sheet.blank_rows, 2);
  ASSERT_EQ(read.sheet.rows.size(), 2U);
  const CsvRow& site = read.sheet.rows[0];
  EXPECT_EQ(site["task"], absl::StrCat(kProgram, "/projects/district-04/tasks/2"));
  EXPECT_EQ(site["period"], "2024-05");
  EXPECT_EQ(site["unit"], "区交通局");
  EXPECT_EQ(site["measures"], "1=开工");
  EXPECT_EQ(site["started_on"], "2024-05-08");
  EXPECT_EQ(site["self_rating"], "正常");
  const CsvRow& road = read.sheet.rows[1];
  EXPECT_EQ(road.row, 6);
  EXPECT_EQ(road["measures"], "1=19; 2=15");
  EXPECT_EQ(road["completed_investment"], "120.5");
  EXPECT_EQ(road["problems"], "雨天");
  EXPECT_EQ(road["next_step"], "抢工");
}

TEST(ReportSheetTest, NothingToReportIsAnAnswer) {
  const Read read = ReadSheet(
      Sheet({{Key("municipal-03/1", 1, ReportKey::kNumber, true), "公园", "", "", "", "无进展"}}));
  EXPECT_EQ(read.wrong, "");
  ASSERT_EQ(read.sheet.rows.size(), 1U);
  EXPECT_EQ(read.sheet.rows[0]["nothing_to_report"], "是");
  EXPECT_EQ(read.sheet.rows[0]["self_rating"], "");
}

TEST(ReportSheetTest, EveryWrongCellIsToldByItsName) {
  const Read read = ReadSheet(Sheet({
      {Key("municipal-01/1", 1, ReportKey::kNumber, true), "", "十九", "", "", "还行"},
      {Key("municipal-02/1", 1, ReportKey::kStage, true), "", "55"},
      {Key("municipal-03/1", 1, ReportKey::kNumber, true, "20"), "", "19"},
      {Key("municipal-04/1", 1, ReportKey::kNumber, true, "20"), "", "20", "", "", "无进展"},
      {Key("municipal-05/1", 1, ReportKey::kNumber, true), "", "", "只有文字"},
      {Key("municipal-07/1", 1, ReportKey::kNone), "", "3"},
      {Key("municipal-08/1", 1, ReportKey::kNumber, true, "7"), "", "", "只有文字"},
      {Key("municipal-09/1", 1, ReportKey::kNumber), "", "-2"},
      {"", "", "5"},
      {"MS1|改动", "", "5"},
      {Key("municipal-10/1", 1, ReportKey::kNumber, false, "", "2024-04"), "", "5"},
  }));
  EXPECT_THAT(read.wrong,
              AllOf(HasSubstr("C5（累计完成）：“十九”不是数字"), HasSubstr("F5（状态）：“还行”"),
                    HasSubstr("C6（累计完成）：“55”不是形象进度"),
                    HasSubstr("C7（累计完成）：“19”低于上次所报的20"),
                    HasSubstr("C8（累计完成）：状态选了“无进展”"),
                    HasSubstr("C9（累计完成）：没有填累计完成；首次报送"),
                    HasSubstr("C10（累计完成）：这个目标不按数值填报"),
                    HasSubstr("C11（累计完成）：没有填累计完成；请填累计数"),
                    HasSubstr("C12（累计完成）：“-2”是负数"),
                    HasSubstr("A13（识别码）：此行填了内容而没有识别码")));
  EXPECT_THAT(read.wrong,
              AllOf(HasSubstr("A14（识别码）：识别码被改动"), HasSubstr("A15（识别码）："),
                    HasSubstr("的2024-04，与本表的"), HasSubstr("有12处错误")));
}

TEST(ReportSheetTest, ACorrectionSaysWhy) {
  std::vector<std::string> row = {Key("municipal-03/1", 1, ReportKey::kNumber, true, "20"), "",
                                  "19"};
  row.resize(kHead.size());
  row.back() = "上次多报1个";
  const Read read = ReadSheet(Sheet({row}));
  EXPECT_EQ(read.wrong, "");
  EXPECT_EQ(read.sheet.rows[0]["correction_reason"], "上次多报1个");
}

TEST(ReportSheetTest, ATaskSaysAThingOnce) {
  const std::string first = Key("municipal-06/1", 1, ReportKey::kNumber, true);
  const std::string second = Key("municipal-06/1", 2, ReportKey::kNumber);
  const Read same = ReadSheet(Sheet({{first, "", "19", "铺路"}, {second, "", "15", "铺路"}}));
  EXPECT_EQ(same.wrong, "");
  const Read other = ReadSheet(Sheet({{first, "", "19", "铺路"}, {second, "", "15", "修桥"}}));
  EXPECT_THAT(other.wrong, HasSubstr("D6（形象进度）：“修桥”与D5（形象进度）的“铺路”不同"));
  const Read twice = ReadSheet(Sheet({{first, "", "19"}, {first, "", "20"}}));
  EXPECT_THAT(twice.wrong, HasSubstr("C6（累计完成）：这个目标在C5（累计完成）已经填过"));
  const Read copied = ReadSheet(Sheet({{first, "", "19"}, {first}}));
  EXPECT_EQ(copied.wrong, "");
}

TEST(ReportSheetTest, SheetsPutTogetherAreToldApart) {
  registry::Document both = Sheet({{Key("municipal-01/1", 1, ReportKey::kNumber, true), "", "甲"}});
  registry::Document other =
      Sheet({{Key("municipal-02/1", 1, ReportKey::kNumber, true), "", "乙"}});
  other.grids[0].name = "另一单位";
  both.grids.push_back(other.grids[0]);
  EXPECT_THAT(ReadSheet(both).wrong,
              AllOf(HasSubstr("月报!C5（累计完成）"), HasSubstr("另一单位!C5（累计完成）")));
}

TEST(ReportSheetTest, DaysAsPeopleAndSpreadsheetsWriteThem) {
  for (const char* day : {"2024-05-08", "2024/5/8", "2024.5.8", "2024年5月8日", "45420"}) {
    std::vector<std::string> row = {
        Key("district-04/2", 1, ReportKey::kStage, true), "", "开工", "", "", "", day};
    const Read read = ReadSheet(Sheet({row}));
    EXPECT_EQ(read.sheet.rows.at(0)["started_on"], "2024-05-08") << day;
  }
}

TEST(ReportSheetTest, WhatTheReaderLeftOutIsNotTakenForBlank) {
  registry::Document sheet =
      Sheet({{Key("municipal-01/1", 1, ReportKey::kNumber, true), "", "41", "完成"}});
  registry::ReadingNote formula{.severity = registry::ReadingNote::kWarning,
                                .code = "FORMULA_WITHOUT_VALUE",
                                .grid = "月报",
                                .row = 5,
                                .column = 5,
                                .words = "=A1",
                                .message = "公式没有保存计算结果"};
  sheet.notes = {formula, formula, formula};
  sheet.notes[1].grid = "";  // there is one sheet
  sheet.notes[1].column = 0;
  sheet.notes[1].row = 7;
  sheet.notes[1].message = "隐藏的行";
  sheet.notes[2].severity = registry::ReadingNote::kInfo;
  EXPECT_THAT(ReadSheet(sheet).wrong,
              AllOf(HasSubstr("有2处错误"), HasSubstr("E5：公式没有保存计算结果"),
                    HasSubstr("第7行：隐藏的行")));
}

TEST(ReportSheetTest, AnyOtherWorkbookIsRefused) {
  registry::Document other{.grids = {{.rows = {{.row = 1, .cells = {"序号", "累计完成"}}}}},
                           .notes = {}};
  CellErrors errors;
  const auto sheet = ReadReportSheet(other, "别的.xlsx", errors);
  EXPECT_EQ(platform::ReasonOf(sheet.status()), "NOT_A_REPORT_WORKBOOK");
}

}  // namespace
}  // namespace minsheng::cli
