#include "services/progress/exports/report_workbook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/platform/xlsx/workbook_testing.h"
#include "services/progress/exports/report_rules.h"

namespace minsheng::progress {
namespace {

using platform::xlsx::Between;
using platform::xlsx::CellsOf;
using platform::xlsx::Part;
using platform::xlsx::SheetXml;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kProgram[] = "districts/500156/programs/2024";

registry::v1::Target* AddTarget(registry::v1::Task& task, registry::v1::TargetKind kind,
                                const std::string& indicator) {
  registry::v1::Target* target = task.add_targets();
  target->set_number(task.targets_size());
  target->set_kind(kind);
  target->set_indicator(indicator);
  return target;
}

// A road with a part, a building site, and words.
ReportingUnit Roads() {
  ReportingUnit unit{.unit = "区交通局", .period = "2024-05"};
  unit.program.set_name(kProgram);
  unit.program.set_report_recipient("区发展改革委");
  registry::v1::Task road;
  road.set_name(absl::StrCat(kProgram, "/projects/municipal-06/tasks/1"));
  road.set_project_title("农村公路");
  road.set_content("实施120公里（其中市级80公里）。");
  auto* length = AddTarget(road, registry::v1::TARGET_KIND_COUNT, "农村公路");
  length->set_comparator(registry::v1::COMPARATOR_AT_LEAST);
  length->set_value("120");
  length->set_unit("公里");
  AddTarget(road, registry::v1::TARGET_KIND_COUNT, "市级")->set_part_of(1);
  unit.tasks.push_back(road);
  registry::v1::Task site;
  site.set_name(absl::StrCat(kProgram, "/projects/district-04/tasks/2"));
  site.set_project_title("征收拆除");
  site.set_content("完成拆除。");
  AddTarget(site, registry::v1::TARGET_KIND_EVENT, "拆除")
      ->set_comparator(registry::v1::COMPARATOR_DONE);
  AddTarget(site, registry::v1::TARGET_KIND_QUALITATIVE, "群众满意");
  unit.tasks.push_back(site);
  return unit;
}

v1::Report Stated(const std::string& task, const std::string& period, const std::string& value) {
  v1::Report report;
  report.set_name(absl::StrCat(kProgram, "/projects/", task, "/reports/", period));
  v1::Measure* measure = report.add_measures();
  measure->set_target(1);
  measure->set_value(value);
  return report;
}

std::string Written(const ReportingUnit& unit) {
  const auto bytes = ReportWorkbook(unit);
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return bytes.ok() ? *bytes : "";
}

TEST(ReportWorkbookTest, HasARowForEachTargetWithItsKey) {
  const auto cells = CellsOf(Written(Roads()));
  EXPECT_EQ(cells.at("A1"), "2024年5月民生实事进展情况报送表");
  EXPECT_EQ(cells.at("A2"), "报送单位：区交通局　　报送期：2024年5月　　报送至：区发展改革委");
  EXPECT_EQ(cells.at("H4"), "累计完成");
  EXPECT_EQ(cells.at("B5"), "农村公路");
  EXPECT_EQ(cells.at("E5"), "≥120公里");
  EXPECT_EQ(cells.at("D6"), "其中：市级");
  EXPECT_EQ(cells.at("A7"), "2");
  EXPECT_EQ(cells.at("C7"), "（2）完成拆除。");
  EXPECT_EQ(cells.at("E7"), "完成");
  EXPECT_EQ(cells.at("P5"), "MS1|500156/2024|2024-05|municipal-06/1|1|n!||区交通局");
  EXPECT_EQ(cells.at("P6"), "MS1|500156/2024|2024-05|municipal-06/1|2|n||区交通局");
  EXPECT_EQ(cells.at("P7"), "MS1|500156/2024|2024-05|district-04/2|1|s!||区交通局");
  EXPECT_EQ(cells.at("P8"), "MS1|500156/2024|2024-05|district-04/2|2|-||区交通局");
}

TEST(ReportWorkbookTest, ShowsTheNewestFigureThatCounts) {
  ReportingUnit unit = Roads();
  unit.reports = {Stated("municipal-06/tasks/1", "2024-04", "19"),
                  Stated("municipal-06/tasks/1", "2024-03", "7"),
                  Stated("municipal-06/tasks/1", "2024-06", "99"),
                  Stated("municipal-06/tasks/1", "2024-05", "55")};
  unit.reports.back().mutable_return_time()->set_seconds(1);
  unit.reports.front().mutable_completed_investment()->set_fen(120'500'000);
  v1::Report stage = Stated("district-04/tasks/2", "2024-05@2", "");
  stage.mutable_measures(0)->set_work_stage(v1::WORK_STAGE_STARTED);
  unit.reports.push_back(stage);
  const std::string bytes = Written(unit);
  const auto cells = CellsOf(bytes);
  EXPECT_EQ(cells.at("F5"), "19");
  EXPECT_EQ(cells.at("G5"), "2024年4月");
  EXPECT_EQ(cells.at("F7"), "开工");
  EXPECT_EQ(cells.at("G7"), "2024年5月");
  EXPECT_TRUE(absl::EndsWith(cells.at("P5"), "|n!|19|区交通局"));
  EXPECT_THAT(SheetXml(bytes), HasSubstr("上次所报（2024年4月）：120.5\""));
}

TEST(ReportWorkbookTest, OnlyWhatIsToBeFilledInIsOpen) {
  const std::string xml = SheetXml(Written(Roads()));
  const std::string styles = Part(Written(Roads()), "xl/styles.xml");
  EXPECT_THAT(xml, HasSubstr("<sheetProtection sheet=\"1\""));
  std::set<std::string> ruled;
  for (const std::string& cell : Between(xml, "sqref=\"", "\"")) ruled.insert(cell);
  // Two measures and a stage; seven cells for each task, in its first row alone.
  for (const char* cell : {"H5", "H6", "H7", "I5", "J5", "K5", "O5", "I7", "O7"}) {
    EXPECT_EQ(ruled.count(cell), 1U) << cell;
  }
  for (const char* cell : {"H8", "I6", "K6", "K8", "B5", "F5", "P5"}) {
    EXPECT_EQ(ruled.count(cell), 0U) << cell;
  }
  EXPECT_THAT(xml, HasSubstr("前期,开工,过半,完工,验收"));
  EXPECT_THAT(xml, HasSubstr("正常,有困难,无进展"));
  EXPECT_THAT(styles, HasSubstr("locked=\"0\""));
}

TEST(ReportWorkbookTest, PrintsWithoutItsKeys) {
  const std::string book = Part(Written(Roads()), "xl/workbook.xml");
  EXPECT_THAT(book, HasSubstr("'月报'!$A$1:$O$8"));
  EXPECT_THAT(book, HasSubstr("'月报'!$4:$4"));
}

TEST(ReportWorkbookTest, ATaskWithoutTargetsHasARowOfItsOwn) {
  ReportingUnit unit = Roads();
  unit.tasks.resize(1);
  unit.tasks[0].clear_targets();
  const auto cells = CellsOf(Written(unit));
  EXPECT_EQ(cells.at("P5"), "MS1|500156/2024|2024-05|municipal-06/1|0|-||区交通局");
}

TEST(ReportWorkbookTest, TheSameUnitGivesTheSameBytes) {
  EXPECT_EQ(Written(Roads()), Written(Roads()));
  EXPECT_FALSE(ReportWorkbook({.period = "五月"}).ok());
}

TEST(GoalOfTest, ReadsAsOfficialsWriteIt) {
  registry::v1::Target target;
  target.set_comparator(registry::v1::COMPARATOR_AT_LEAST);
  target.set_value("50");
  target.set_unit("%");
  target.set_stretch("100");
  target.set_base("40");
  EXPECT_EQ(GoalOf(target), "≥50%，力争100%（基数40）");
  target.Clear();
  target.set_comparator(registry::v1::COMPARATOR_ALL);
  target.set_due_on("2024-06-30");
  EXPECT_EQ(GoalOf(target), "全覆盖（6月30日前）");
}

}  // namespace
}  // namespace minsheng::progress
