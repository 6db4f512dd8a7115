// Rules of the target compiler, each with sentences of its kind.
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"

#include "services/registry/domain/compile.h"
#include "services/registry/domain/compile_testing.h"

namespace minsheng::registry {
namespace {

// `doubt` is one of the codes that must be there; empty when only the usual ones may be.
struct RuleRow {
  absl::string_view content;
  absl::string_view targets;
  absl::string_view doubt = "";
  absl::string_view schedule = "";
  absl::string_view steps = "";
  absl::string_view name = "";
};

bool IsUsual(absl::string_view code) {
  return code == "BASE_NEEDED" || code == "BASELINE_NEEDED" || code == "INDICATOR_ASSUMED";
}

void ExpectRead(absl::Span<const RuleRow> rows) {
  for (const RuleRow& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.content, " | ", row.schedule));
    const Compiled compiled =
        CompileTargets(row.content, {std::string(row.name), 2025, std::string(row.schedule)});
    EXPECT_EQ(TargetWords(compiled), row.targets);
    EXPECT_EQ(StepWords(compiled), row.steps);
    if (!row.doubt.empty()) {
      EXPECT_TRUE(HasDoubt(compiled, row.doubt)) << DoubtWords(compiled);
    } else {
      for (const Doubt& doubt : compiled.doubts) EXPECT_TRUE(IsUsual(doubt.code)) << doubt.code;
    }
    ExpectSound(row.content, compiled);
  }
}

TEST(Rules, AColumnsLabelDatesItsLine) {
  ExpectRead({
      {"改造农村户厕1200户", "count at_least 1200 户", "",
       "一季度：完成摸底\n二季度：完成500户\n四季度：全面完成1200户",
       "2025-03-31 finish; 2025-06-30 finish 500 户 #1; 2025-12-31 finish 1200 户 #1"},
      {"新建绿道40公里", "count at_least 40 公里", "", "上半年：15\n下半年：40",
       "2025-06-30 finish 15 公里 #1; 2025-12-31 finish 40 公里 #1"},
      {"建设充电桩300个", "count at_least 300 个", "", "第一季度：30%\n第二季度：开工率100%",
       "2025-03-31 finish 30 %; 2025-06-30 start 100 %"},
      {"建成体育馆", "event done", "", "开工：2025年5月\n竣工：2025年11月",
       "2025-05-31 start; 2025-11-30 finish"},
      {"建成体育馆", "event done", "", "一季度：招标\n二季度：开工\n四季度：主体封顶",
       "2025-03-31 finish; 2025-06-30 start; 2025-12-31 finish"},
      {"加固堤防6公里", "count at_least 6 公里", "", "一季度：3月15日前开工\n全年：完成6公里",
       "2025-03-15 start"},
      {"新建公园6个，绿道12公里", "count at_least 6 个; count at_least 12 公里",
       "STEP_UNIT_MISSING", "一季度：2", "2025-03-31 finish"},
  });
}

TEST(Rules, TheSameFigureAgainIsNoOtherTarget) {
  ExpectRead({
      {"免费筛查1.5万人，全年完成1.5万人", "count at_least 15000 人"},
      {"改造公路70公里\n完成70公里", "count at_least 70 公里"},
      {"修复古桥3座", "count at_least 3 座", "", "6月底：完成1座，完成3座",
       "2025-06-30 finish 1 座 #1"},
      {"新建公厕10座、改造公厕20座，合计30座", "count at_least 10 座; count at_least 20 座"},
      {"新建公厕5座，改造5座", "count at_least 5 座; count at_least 5 座"},
  });
}

TEST(Rules, TwoDaysForOneGoalAreAskedAbout) {
  ExpectRead({
      {"新建公厕8座，9月底前完成", "count at_least 8 座", "DATE_CONFLICT", "12月底",
       "2025-09-30 finish #1; 2025-12-31 finish"},
      {"3月底前开工建设幼儿园1所", "count at_least 1 所 start", "DATE_CONFLICT", "上半年",
       "2025-03-31 start #1; 2025-06-30 finish"},
      {"新建公厕8座，9月底前完成；改造公厕5座", "count at_least 8 座; count at_least 5 座", "",
       "12月底", "2025-09-30 finish #1; 2025-12-31 finish"},
      {"新建公厕8座，5月底前动工", "count at_least 8 座", "", "12月底",
       "2025-05-31 start #1; 2025-12-31 finish"},
  });
}

TEST(Rules, DigitsThatLostTheirMarksAreAskedAbout) {
  ExpectRead({
      {"建设公园5个", "count at_least 5 个", "DIGITS_LOST", "36月"},
      {"建设公园5个", "count at_least 5 个", "DIGITS_LOST", "1012月"},
      {"举办送戏下乡4 0场", "count at_least 40 场", "DIGITS_LOST"},
      {"建设公园5个", "count at_least 5 个", "", "3—6月", "2025-06-30 finish"},
      {"建设公园5个", "count at_least 5 个", "", "2025.3-2025.10", "2025-10-31 finish"},
      {"新建公园3 个", "count at_least 3 个"},
  });
}

TEST(Rules, RatesAreLevelsOfTheirBase) {
  ExpectRead({
      {"药品抽检达到1.2批次/千人", "level at_least 1.2 批次/千人"},
      {"食品检验量不低于4.5批次/千人口", "level at_least 4.5 批次/千人"},
      {"人均体育场地面积达到2.8平方米以上", "level at_least 2.8 平方米/人"},
      {"户均供电容量达到3.5千伏安", "level at_least 3.5 千伏安/户"},
      {"十万车死亡率不超过3.2", "level at_most 3.2 人/十万车", "UNIT_MISSING"},
      {"按每人500元标准慰问困难党员300名", "count at_least 300 名"},
  });
}

TEST(Rules, WhatFallsKeepsWhereItCameFrom) {
  ExpectRead({
      {"一般事项办理时限由20个工作日压减至10个工作日", "level at_most 10 个工作日 baseline=20"},
      {"将公交发车间隔从15分钟缩短至10分钟以内", "level at_most 10 分钟 baseline=15"},
      {"审批时限压缩至3个工作日以内", "level at_most 3 个工作日"},
  });
}

TEST(Rules, AShareOfAPlanIsCoverageWithThePlanAsItsBase) {
  const Compiled compiled = CompileTargets("完成1200户改造计划的60%", {"", 2025, ""});
  EXPECT_EQ(TargetWords(compiled), "coverage at_least 60 %");
  ASSERT_EQ(compiled.targets.size(), 1U);
  EXPECT_EQ(compiled.targets[0].row.base, "1200");
  ExpectRead({{"完成120个村总数的50%以上", "coverage at_least 50 %"},
              {"治理村庄9个污水治理率达到45%", "count at_least 9 个; coverage at_least 45 %"},
              {"为符合条件的家庭实施适老化改造，不少于200户", "count at_least 200 户"},
              {"为老年人免费体检，体检率不低于72%", "coverage at_least 72 %"}});
}

TEST(Rules, PartsBelongToTheirWhole) {
  ExpectRead({
      {"新增就业5000人，其中：毕业生1000人；困难人员300人；新建公园5个",
       "count at_least 5000 人; count at_least 1000 人 part_of=1; count at_least 300 人 part_of=1; "
       "count at_least 5 个"},
      {"新建农田3万亩，其中平原2万亩，山区1万亩，同步建设节水灌溉0.5万亩",
       "count at_least 30000 亩; count at_least 20000 亩 part_of=1; count at_least 10000 亩 "
       "part_of=1; count at_least 5000 亩"},
      {"改造管网60公里、2.3万户（其中老城区40公里），力争完成70公里",
       "count at_least 60 公里 stretch=70; count at_least 23000 户; count at_least 40 公里 "
       "part_of=1"},
      {"更新管道50公里，其中庭院不少于30公里，力争更新60公里",
       "count at_least 50 公里 stretch=60; count at_least 30 公里 part_of=1"},
      {"更新管道50公里，其中庭院不少于30公里，力争40公里",
       "count at_least 50 公里; count at_least 30 公里 stretch=40 part_of=1"},
      {"培训2000人次，其中女性500人次，培训合格率95%以上",
       "count at_least 2000 人次; count at_least 500 人次 part_of=1; level at_least 95 %"},
      {"建成公园3个，其中东园6月底前建成，西园年底前开工",
       "count at_least 3 个; event done part_of=1; event done start part_of=1", "STAGE_UNCLEAR", "",
       "2025-06-30 finish #2; 2025-12-31 start #3"},
      {"新建道路3条（其中滨河路年内开工）", "count at_least 3 条; event done start part_of=1",
       "STAGE_UNCLEAR"},
  });
}

TEST(Rules, WhatIsThereAlreadyIsNoTarget) {
  ExpectRead({
      {"2024年建成养老站20个，今年再建15个", "count at_least 15 个", "PAST_FIGURE"},
      {"在现有800盏路灯基础上，新增路灯300盏", "count at_least 300 盏", "PAST_FIGURE"},
      {"截至2024年底已建成充电桩300个，2025年新建100个", "count at_least 100 个", "PAST_FIGURE"},
      {"改造现有公厕30座", "count at_least 30 座"},
      {"对已建成的20个小区加装电梯50部", "count at_least 20 个; count at_least 50 部"},
      {"完成2024年续建项目5个", "count at_least 5 个"},
  });
}

TEST(Rules, WhoGainsIsCountedAndAskedAbout) {
  ExpectRead({
      {"新增学位3000个，近2万名学生受益", "count at_least 3000 个; count at_least 20000 名 about",
       "BENEFIT_FIGURE"},
      {"涉及居民1200户、惠及群众4000人", "count at_least 4000 人", "BENEFIT_FIGURE"},
      {"开工改造小区9个，惠及居民2000户", "count at_least 9 个 start; count at_least 2000 户",
       "BENEFIT_FIGURE"},
  });
}

TEST(Rules, MoneyThatIsItselfPromisedIsATarget) {
  ExpectRead({
      {"投放小额贷款3亿元", "count at_least 300000000 元", "MONEY_FIGURE"},
      {"减免小微企业税费1.2亿元", "count at_least 120000000 元", "MONEY_FIGURE"},
      {"总投资1.2亿元，新建泵站2座", "count at_least 2 座"},
  });
}

TEST(Rules, ANameAloneIsAskedAbout) {
  ExpectRead({
      {"县人民医院迁建", "event done", "NAME_ONLY", "", "", "县人民医院迁建"},
      {"智慧社区", "qualitative", "NAME_ONLY", "", "", "智慧社区"},
      {"新建幼儿园5所", "count at_least 5 所", "", "", "", "新建幼儿园5所"},
      {"打通北环断头路", "event done", "", "", "", "打通北环断头路"},
  });
}

TEST(Rules, WorksAndTheirSizes) {
  ExpectRead({
      {"完成甲路口至乙桥段道路整治约8000平方米", "event done", "SIZE_INDICATIVE"},
      {"完成甲路口至乙桥段道路改造3公里", "count at_least 3 公里"},
      {"主体结构封顶", "event done"},
      {"完成三年行动计划，新建公厕20座", "count at_least 20 座"},
      {"完成普查任务", "event done"},
  });
}

TEST(Rules, MeasureWordsAndLetters) {
  ExpectRead({
      {"购买居家养老服务10万小时", "count at_least 100000 小时"},
      {"免费接种疫苗6000剂次", "count at_least 6000 剂次"},
      {"购置设备120台（套）", "count at_least 120 台(套)"},
      {"重点场所布设AED80台", "count at_least 80 台"},
      {"更换LED灯500盏、改造DN300供水管8公里", "count at_least 500 盏; count at_least 8 公里"},
      {"改造老舊小區12個、3.2萬戶", "count at_least 12 個; count at_least 32000 戶"},
      {"開工建設幼兒園2所", "count at_least 2 所 start"},
  });
}

}  // namespace
}  // namespace minsheng::registry
