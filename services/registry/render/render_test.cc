#include "services/registry/render/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/registry/domain/corrections.h"
#include "services/registry/reader/reader.h"

namespace minsheng::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kList[] =
    "武隆区2024年度民生实事目标任务清单\n"
    "单位：万元\n"
    "序号,项目名称,工作内容,总投资,牵头单位,协作单位\n"
    "承接市级民生实事（2件）,,,553.5,,\n"
    "1,建设城市公园,建设完成2个口袋公园。,553.5,区数建办（区大数据局）,有关乡镇（街道）\n"
    "2,开展心理健康教育,（1）开展测评。,,区教委,\n"
    ",,（2）实施关爱服务。,,区教委、区民政局,区数建办\n";

v1::ImportProgramResponse Rendered(const char* corrections) {
  const auto document = ReadDocument(kList);
  EXPECT_TRUE(document.ok()) << document.status();
  const auto rows = ParseCorrections(corrections, "c.tsv");
  EXPECT_TRUE(rows.ok()) << rows.status();
  ParseOptions options;
  options.corrections = *rows;
  const auto notice = ParseNotice(*document, "list.csv", options);
  EXPECT_TRUE(notice.ok()) << notice.status();
  v1::ImportProgramRequest request;
  request.set_parent("districts/500156");
  request.set_document_number("武隆府办发〔2024〕1号");
  return RenderNotice(*notice, request);
}

constexpr char kDue[] = "task\tno\tdue_on\nmunicipal-01/1\t1\t2024-09-30\n";

TEST(RenderTest, NamesProjectsAndTasksInTheListsOrder) {
  const auto response = Rendered(kDue);
  EXPECT_EQ(response.program().name(), "districts/500156/programs/2024");
  EXPECT_EQ(response.program().document_number(), "武隆府办发〔2024〕1号");
  EXPECT_EQ(response.program().money_unit(), "万元");
  EXPECT_EQ(response.program().groups(0).title(), "承接市级民生实事");
  EXPECT_EQ(response.program().groups(0).declared_count(), 2);
  EXPECT_EQ(response.program().task_count(), 3);
  ASSERT_EQ(response.tasks_size(), 3);
  const v1::Task& last = response.tasks(2);
  EXPECT_EQ(last.name(), "districts/500156/programs/2024/projects/municipal-02/tasks/2");
  EXPECT_EQ(last.project_title(), "开展心理健康教育");
  EXPECT_EQ(last.content(), "实施关爱服务。");
  EXPECT_EQ(last.ordinal(), 3);
  EXPECT_EQ(last.source_row(), 7);
  EXPECT_FALSE(last.has_planned_investment());
  EXPECT_THAT(last.lead_units(), ElementsAre("区教委", "区民政局"));
  EXPECT_THAT(response.projects(1).tasks(), ElementsAre(response.tasks(1).name(), last.name()));
  EXPECT_EQ(response.tasks(0).planned_investment().fen(), 553'500'000);
}

TEST(RenderTest, KeepsTargetsAsTheyAreWritten) {
  const v1::Target target = Rendered(kDue).tasks(0).targets(0);
  EXPECT_EQ(target.number(), 1);
  EXPECT_EQ(target.kind(), v1::TARGET_KIND_COUNT);
  EXPECT_EQ(target.comparator(), v1::COMPARATOR_AT_LEAST);
  EXPECT_EQ(target.value(), "2");
  EXPECT_EQ(target.stage(), v1::TARGET_STAGE_FINISH);
  EXPECT_EQ(target.due_on(), "2024-09-30");
  TargetRow words;
  words.kind = TargetKind::kQualitative;
  EXPECT_EQ(RenderTarget(words).stage(), v1::TARGET_STAGE_UNSPECIFIED);
}

TEST(RenderTest, NamesEachUnitOnceWithItsKindAndAliases) {
  const auto response = Rendered(kDue);
  std::vector<std::string> titles;
  for (const auto& unit : response.units()) titles.push_back(unit.title());
  EXPECT_THAT(titles, ElementsAre("区数建办", "有关乡镇（街道）", "区教委", "区民政局"));
  EXPECT_EQ(response.units(0).name(), "districts/500156/units/区数建办");
  EXPECT_THAT(response.units(0).aliases(), ElementsAre("区大数据局"));
  EXPECT_EQ(response.units(1).kind(), v1::UNIT_KIND_GROUP_UNRESOLVED);
  EXPECT_EQ(UnitName("districts/1", "甲/乙"), "districts/1/units/甲%2F乙");
}

TEST(RenderTest, ShowsWhatTargetsWereReadFromAndWhatPeoplePutRight) {
  const v1::Task task = Rendered(kDue).tasks(0);
  const v1::Target& target = task.targets(0);
  EXPECT_THAT(task.content(), HasSubstr(target.source()));
  EXPECT_THAT(target.source(), HasSubstr("2个"));
  ASSERT_EQ(task.corrections_size(), 1);
  EXPECT_EQ(task.corrections(0).cells().at("due_on"), "2024-09-30");
  EXPECT_EQ(task.corrections(0).content(), task.content());
  const Correction back = CorrectionOf("municipal-01/1", task.corrections(0));
  EXPECT_EQ(RenderCorrection(back).SerializeAsString(), task.corrections(0).SerializeAsString());
}

TEST(RenderTest, TargetsComeBackAsTheyWere) {
  const auto response = Rendered(kDue);
  for (const auto& task : response.tasks()) {
    for (v1::Target target : task.targets()) {
      target.clear_source();
      target.clear_source_offset();
      target.clear_confidence();
      EXPECT_EQ(RenderTarget(TargetRowOf(target)).ShortDebugString(), target.ShortDebugString());
    }
  }
  EXPECT_EQ(TaskIdOf("districts/1/programs/2024/projects/municipal-11/tasks/2"), "municipal-11/2");
}

}  // namespace
}  // namespace minsheng::registry
