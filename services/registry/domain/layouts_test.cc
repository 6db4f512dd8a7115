// Lists that are no table, all made up, and what is no list.
#include "services/registry/domain/layouts.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/domain/notice_testing.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr unsigned kSeed = 20250307;
constexpr absl::string_view kTitle = "某县2025年民生实事项目\n";

int Rounds() {
  const char* given = std::getenv("MINSHENG_FUZZ_ROUNDS");
  return given == nullptr ? 300 : std::atoi(given);
}

Grid GridOf(absl::string_view text) {
  auto grid = ReadGrid(text);
  EXPECT_TRUE(grid.ok()) << grid.status();
  return grid.ok() ? *std::move(grid) : Grid{};
}

// A web page or document: every line is prose.
Grid ProseGrid(const std::vector<std::string>& lines) {
  Grid grid{.form = GridForm::kPage, .rows = {}};
  for (const auto& line : lines) {
    grid.rows.push_back({static_cast<int>(grid.rows.size()) + 1, {line}, true});
  }
  return grid;
}

Notice ParseGrid(Grid grid) {
  auto notice = ParseNotice(Document{{std::move(grid)}, {}}, "test", {.year = 2025});
  EXPECT_TRUE(notice.ok()) << notice.status();
  return notice.ok() ? *std::move(notice) : Notice{};
}

// group-title|no|name|content|leads|assists, a line each.
std::vector<std::string> Told(const Notice& notice) {
  std::vector<std::string> told;
  for (const auto& project : notice.projects) {
    for (const auto& task : project.tasks) {
      told.push_back(std::to_string(project.no) + "/" + std::to_string(task.no) + "|" +
                     project.name + "|" + task.content + "|" + Words(task.leads));
    }
  }
  return told;
}

std::vector<std::string> TitlesOf(const Notice& notice) {
  std::vector<std::string> titles;
  for (const auto& group : notice.groups) titles.push_back(group.title);
  return titles;
}

Notice ParseList(const std::string& text) {
  Notice notice = Parse(std::string(kTitle) + text, {.year = 2025});
  EXPECT_THAT(Found(notice, "NOT_A_TABLE"), SizeIs(1));
  EXPECT_THAT(Found(notice, "UNREAD_ROW"), IsEmpty());
  ExpectAccounted(notice);
  return notice;
}

TEST(Prose, OfNumberedItemsHasNamesAndUnits) {
  const Notice notice = ParseList(
      "一、优化教育。新建幼儿园2所，9月投用。（牵头单位：县教育局；配合单位：县财政局）\n"
      "二、改善出行：打通断头路5条。（牵头单位：县住建局）\n"
      "三、新建公园2个，改造3个。责任单位：县城管局\n"
      "四、【关爱老人】新增床位300张。（牵头单位：县民政局）\n"
      "五、便民服务　新增自助机20台。（牵头单位：县政务办）\n");
  EXPECT_THAT(Told(notice), ElementsAre("1/1|优化教育|新建幼儿园2所，9月投用。|县教育局",
                                        "2/1|改善出行|打通断头路5条。|县住建局",
                                        "3/1|新建公园2个|新建公园2个，改造3个。|县城管局",
                                        "4/1|关爱老人|新增床位300张。|县民政局",
                                        "5/1|便民服务|新增自助机20台。|县政务办"));
  EXPECT_EQ(Words(TaskOf(notice, "district-01/1").assists), "县财政局");
}

TEST(Prose, IsReadWithAnyMarks) {
  for (const auto& marks : std::vector<std::vector<std::string>>{{"一、", "二、", "三、"},
                                                                 {"（一）", "（二）", "（三）"},
                                                                 {"1.", "2.", "3."},
                                                                 {"1、", "2、", "3、"},
                                                                 {"１．", "２．", "３．"},
                                                                 {"（1）", "（2）", "（3）"},
                                                                 {"①", "②", "③"},
                                                                 {"第一，", "第二，", "第三，"},
                                                                 {"第1件：", "第2件：", "第3件："},
                                                                 {"⒈", "⒉", "⒊"},
                                                                 {"1 ", "2 ", "3 "},
                                                                 {"★1.", "2.", "★3."},
                                                                 {"● ", "● ", "● "},
                                                                 {"一是", "二是", "三是"},
                                                                 {"1)", "2)", "3)"}}) {
    const Notice notice = ParseList(marks[0] + "新建公厕4座\n" + marks[1] + "改造农房20户\n" +
                                    marks[2] + "安装路灯300盏\n");
    EXPECT_THAT(Told(notice),
                ElementsAre("1/1|新建公厕4座|新建公厕4座|", "2/1|改造农房20户|改造农房20户|",
                            "3/1|安装路灯300盏|安装路灯300盏|"))
        << marks[0];
  }
}

TEST(Prose, OfThreeLevelsHasGroupsProjectsAndSubRows) {
  const Notice notice = ParseList(
      "一、教育惠民\n（一）学校建设\n1.新建小学2所。责任单位：县教育局\n2."
      "改造食堂6个。责任单位：县教育局\n"
      "（二）校园安全\n1.安装护栏30处\n二、健康惠民\n（一）体检\n1.免费体检3000人\n");
  EXPECT_THAT(TitlesOf(notice), ElementsAre("一、教育惠民", "二、健康惠民"));
  EXPECT_THAT(Told(notice), ElementsAre("1/1|学校建设|新建小学2所。|县教育局",
                                        "1/2|学校建设|改造食堂6个。|县教育局",
                                        "2/1|校园安全|安装护栏30处|", "1/1|体检|免费体检3000人|"));
}

TEST(Prose, OfTwoLevelsHasGroupsUnlessTheTitleCountsTheUpperOnes) {
  const std::string items =
      "一、教育\n1.新建小学2所\n2.改造食堂6个\n二、健康\n1.体检3000人\n2.救治200人\n"
      "三、出行\n1.修路8公里\n2.新增公交5条\n";
  EXPECT_THAT(TitlesOf(ParseList(items)), SizeIs(3));
  const Notice counted = Parse("某县2025年三件民生实事\n" + items);
  EXPECT_THAT(Told(counted),
              ElementsAre("1/1|教育|新建小学2所|", "1/2|教育|改造食堂6个|", "2/1|健康|体检3000人|",
                          "2/2|健康|救治200人|", "3/1|出行|修路8公里|", "3/2|出行|新增公交5条|"));
}

TEST(Prose, PartsHaveTheirCounts) {
  const Notice notice = ParseList(
      "第一部分 省级民生实事（2件）\n1. 建成养老中心4个。责任单位：县民政局\n2. "
      "新增就业2.6万人。责任单位：县人社局\n"
      "第二部分 县级民生实事（1件）\n1. 新建公厕30座。责任单位：县城管局\n备注：省县合计共3件。\n");
  EXPECT_THAT(TitlesOf(notice), ElementsAre("一、省级民生实事（2件）", "二、县级民生实事（1件）"));
  EXPECT_THAT(Ids(notice), ElementsAre("municipal-01/1", "municipal-02/1", "district-01/1"));
  EXPECT_THAT(Found(notice, "COUNT_MISMATCH"), IsEmpty());
  EXPECT_THAT(Found(notice, "NOTE_ROW"), SizeIs(1));
}

TEST(Prose, PartedBySemicolonsIsNumberedHere) {
  const Notice lines = ParseList(
      "县政府将办好以下实事：\n新建护栏50公里；\n改造小区12个，惠及2300户；\n建成污水管网。\n");
  EXPECT_THAT(Told(lines), ElementsAre("1/1|新建护栏50公里|新建护栏50公里|",
                                       "2/1|改造小区12个|改造小区12个，惠及2300户|",
                                       "3/1|建成污水管网|建成污水管网。|"));
  const Notice sentence =
      ParseList("县政府将办好以下实事：新建护栏50公里；改造小区12个；建成管网3公里。\n");
  EXPECT_THAT(sentence.projects, SizeIs(3));
}

TEST(Prose, OfOneSentenceIsPartedAtItsMarks) {
  const Notice notice = Parse(
      "今年将办好三件民生实事：一是新建公路100公里，二是新增就业0.94万人，三是改造危房320户。\n",
      {.year = 2025});
  EXPECT_THAT(Told(notice), ElementsAre("1/1|新建公路100公里|新建公路100公里|",
                                        "2/1|新增就业0.94万人|新增就业0.94万人|",
                                        "3/1|改造危房320户|改造危房320户。|"));
  EXPECT_THAT(Found(notice, "COUNT_MISMATCH"), IsEmpty());
}

TEST(Prose, OfAWebPageLeavesMenusAside) {
  const Notice notice =
      ParseGrid(ProseGrid({"当前位置：首页 > 政务公开 > 民生实事", "某县2025年民生实事清单",
                           "【字体：大 中 小】 打印 分享", "1. 新建公厕4座。责任单位：县城管局",
                           "2. 修路8公里。责任单位：县交通局", "扫一扫在手机打开当前页",
                           "版权所有：某县人民政府", "某县人民政府办公室", "2025年3月7日"}));
  EXPECT_EQ(notice.title, "某县2025年民生实事清单");
  EXPECT_THAT(notice.projects, SizeIs(2));
  EXPECT_EQ(TaskOf(notice, "district-02/1").content, "修路8公里。");
}

TEST(Prose, OfAPlanKeepsOnlyTheSectionOfProjects) {
  const Notice notice = ParseList(
      "一、总体要求\n坚持以人民为中心。\n二、重点任务\n1.新建公厕4座。责任单位：县城管局\n2."
      "修路8公里。责任单位：县交通局\n"
      "三、保障措施\n（一）加强领导。各单位要高度重视。\n（二）强化督查。\n");
  EXPECT_THAT(Told(notice), ElementsAre("1/1|新建公厕4座|新建公厕4座。|县城管局",
                                        "2/1|修路8公里|修路8公里。|县交通局"));
}

TEST(Prose, HeadingsMayLackMarks) {
  const Notice notice =
      ParseList("教育类\n1.新建小学2所\n2.改造食堂6个\n出行类\n1.修路8公里\n2.新增公交5条\n");
  EXPECT_THAT(TitlesOf(notice), ElementsAre("一、教育类", "二、出行类"));
  EXPECT_THAT(notice.projects, SizeIs(4));
}

TEST(Prose, TornLinesAndParagraphsGoOnWithTheItem) {
  const Notice notice = ParseList(
      "1.教育提升\n新建小学2所，改造\n食堂6个。\n（责任单位：县教育局）\n2.出行\n修路8公里。\n");
  EXPECT_THAT(Told(notice), ElementsAre("1/1|教育提升|新建小学2所，改造食堂6个。|县教育局",
                                        "2/1|出行|修路8公里。|"));
}

TEST(Prose, AmountsAndTimesUnderLabelsAreTakenOut) {
  const Notice notice = ParseList(
      "1.新建小学2所。总投资：3000万元。完成时限：11月底。责任单位：县教育局\n"
      "2.修路8公里。总投资（万元）：500。责任单位：县交通局\n");
  EXPECT_EQ(TaskOf(notice, "district-01/1").amount_fen, 3'000'000'000);
  EXPECT_EQ(TaskOf(notice, "district-02/1").amount_fen, 500'000'000);
  EXPECT_EQ(TaskOf(notice, "district-01/1").schedule, "11月底");
}

TEST(Prose, OfALetterWithAnAnnexIsTheAnnex) {
  const Notice notice = ParseList(
      "各镇人民政府：\n现将清单印发给你们，请认真组织实施。\n附件1\n某县2025年民生实事清单\n"
      "1.新建公厕4座。责任单位：县城管局\n2.修路8公里。责任单位：县交通局\n");
  EXPECT_EQ(notice.title, "某县2025年民生实事清单");
  EXPECT_THAT(notice.projects, SizeIs(2));
}

TEST(Blocks, GiveColumnsWhateverTheirLabels) {
  const Notice notice = ParseList(
      "一、城市更新类\n1．小区改造\n目标任务：改造小区22个。\n完成时限：2025年11月底。\n投资估算：6"
      "600万元。\n"
      "牵头单位：县住建局\n配合单位：县发改局、县财政局，各街道\n\n2．内涝整治\n主要内容：整治内涝"
      "点9处。\n"
      "责任单位：县水务局\n资金来源：县财政\n\n二、服务类\n1．托育提升\n目标任务：新增托位420个。\n"
      "总投资：380万元\n"
      "牵头单位：县卫健局\n");
  EXPECT_THAT(Told(notice), ElementsAre("1/1|小区改造|改造小区22个。|县住建局",
                                        "2/1|内涝整治|整治内涝点9处。|县水务局",
                                        "1/1|托育提升|新增托位420个。|县卫健局"));
  const NoticeTask& first = notice.projects[0].tasks[0];
  EXPECT_EQ(first.amount_fen, 6'600'000'000);
  EXPECT_EQ(Words(first.assists), "县发改局、县财政局、各街道");
  EXPECT_EQ(first.schedule, "2025年11月底");
  EXPECT_EQ(notice.projects[1].tasks[0].attributes.at("资金来源"), "县财政");
}

TEST(Blocks, MayBeginWithTheNamesLabelAndStandInOneLine) {
  const Notice notice = ParseList(
      "项目名称：小区改造\n建设内容：改造小区22个；完成时限：11月底；责任单位：县住建局\n"
      "项目名称：内涝整治\n建设内容：整治内涝点9处\n责任单位：县水务局\n");
  EXPECT_THAT(Told(notice), ElementsAre("1/1|小区改造|改造小区22个；|县住建局",
                                        "2/1|内涝整治|整治内涝点9处|县水务局"));
}

TEST(Blocks, DropPeople) {
  const Notice notice = ParseList(
      "1．小区改造\n目标任务：改造小区22个\n牵头单位：县住建局\n包抓领导：甲某某\n"
      "2．内涝整治\n目标任务：整治9处\n牵头单位：县水务局\n责任人：乙某某\n联系电话：13800000000"
      "\n");
  for (const auto& project : notice.projects) EXPECT_THAT(project.tasks[0].attributes, IsEmpty());
  for (const auto& diagnostic : notice.diagnostics) {
    EXPECT_EQ(diagnostic.message.find("某某"), std::string::npos) << diagnostic.message;
    EXPECT_EQ(diagnostic.place.words.find("某某"), std::string::npos) << diagnostic.place.words;
  }
}

constexpr absl::string_view kDense =
    "序号\n项目名称\n目标任务\n总投资（万元）\n责任单位\n1\n饮水\n新建工程6处\n720\n县水利局\n"
    "2\n厕所\n改造1500户\n300\n县农业局\n";

TEST(Dense, LinesAreCutAtTheNumbers) {
  const Notice notice = ParseList(std::string(kDense) + "注：数据为初步\n");
  EXPECT_THAT(Told(notice),
              ElementsAre("1/1|饮水|新建工程6处|县水利局", "2/1|厕所|改造1500户|县农业局"));
  EXPECT_EQ(TaskOf(notice, "district-01/1").amount_fen, 720'000'000);
}

TEST(Dense, BlankLinesAreBlankCellsWhereRowsNeedThem) {
  const Notice notice = ParseList(
      "序号\n项目名称\n目标任务\n总投资（万元）\n责任单位\n1\n饮水\n新建工程6处\n\n县水利局\n2\n厕"
      "所\n改造1500户\n300\n县农业局\n");
  EXPECT_EQ(TaskOf(notice, "district-01/1").amount_fen, std::nullopt);
  EXPECT_EQ(Words(TaskOf(notice, "district-01/1").leads), "县水利局");
}

TEST(Dense, GroupsAndTotalsStandBetweenRows) {
  const Notice notice = ParseList(
      "序号\n项目名称\n目标任务\n总投资（万元）\n责任单位\n合计\n1020\n一、水利类\n1\n饮水\n新建工"
      "程6处\n720\n县水利局\n"
      "二、农业类\n1\n厕所\n改造1500户\n300\n县农业局\n");
  EXPECT_THAT(TitlesOf(notice), ElementsAre("一、水利类", "二、农业类"));
  EXPECT_EQ(notice.declared_fen, 1'020'000'000);
  EXPECT_THAT(Found(notice, "TOTAL_MISMATCH"), IsEmpty());
}

TEST(Dense, IsNotCutWhenARowDoesNotFit) {
  std::string torn(kDense);
  torn.erase(torn.find("300\n"), 4);
  EXPECT_FALSE(Tabulate(GridOf(std::string(kTitle) + torn)));
  std::string shifted(kDense);
  shifted.replace(shifted.find("720\n县水利局\n"), std::string("720\n县水利局\n").size(),
                  "县水利局\n720\n");
  EXPECT_FALSE(Tabulate(GridOf(std::string(kTitle) + shifted)));
}

TEST(Matrix, OfAreasMakesEachAreaALead) {
  const Notice notice = ParseList(
      "镇（街道）,新建公厕（座）,改造小区（个）,健身步道（公里）\n合计,9,20,8.5\n城关街道,4,12,"
      "3\n红旗镇,3,8,5.5\n云顶乡,2,,-\n");
  EXPECT_THAT(Told(notice),
              ElementsAre("1/1|城关街道|新建公厕4座，改造小区12个，健身步道3公里|城关街道",
                          "2/1|红旗镇|新建公厕3座，改造小区8个，健身步道5.5公里|红旗镇",
                          "3/1|云顶乡|新建公厕2座|云顶乡"));
  EXPECT_THAT(Found(notice, "NOT_A_TABLE")[0].message, testing::Not(HasSubstr("不符")));
}

TEST(Matrix, ChecksTotalsAgainstTheAreas) {
  const Notice areas =
      ParseList("乡镇,新建公厕（座）,改造小区（个）\n合计,9,21\n红旗镇,3,8\n云顶乡,6,12\n");
  EXPECT_THAT(Found(areas, "NOT_A_TABLE")[0].message,
              HasSubstr("“改造小区（个）”合计21而各地之和为20"));
  const Notice indicators =
      ParseList("指标,全县,红旗镇,云顶乡\n新增就业（万人）,3.6,1.5,2\n新建公厕（座）,9,3,6\n");
  EXPECT_THAT(Found(indicators, "NOT_A_TABLE")[0].message,
              HasSubstr("“新增就业”合计3.6而各地之和为3.5"));
}

TEST(Matrix, OfIndicatorsTakesTheTotalAsTarget) {
  for (const char delimiter : {',', ';', '\t'}) {
    std::string text = "指标,合计,甲县,乙县\n新增就业（万人）,3.6,1.5,2.1\n新建公厕（座）,9,3,6\n";
    std::replace(text.begin(), text.end(), ',', delimiter);
    const Notice notice = ParseList(text);
    EXPECT_THAT(Told(notice), ElementsAre("1/1|新增就业（万人）|新增就业3.6万人|",
                                          "2/1|新建公厕（座）|新建公厕9座|"));
    EXPECT_EQ(notice.projects[0].tasks[0].attributes.at("甲县"), "1.5");
  }
}

TEST(Bare, ColumnsAreToldByTheirCells) {
  const Notice notice = ParseList(
      "1,文化广场,新建广场9个,270,县文旅局\n2,塘坝整修,整修塘坝60口,480.5,县水利局\n3,植树,"
      "栽植20万株,160,县林业局\n");
  EXPECT_THAT(Told(notice),
              ElementsAre("1/1|文化广场|新建广场9个|县文旅局", "2/1|塘坝整修|整修塘坝60口|县水利局",
                          "3/1|植树|栽植20万株|县林业局"));
  EXPECT_THAT(Found(notice, "MONEY_UNIT_UNKNOWN"), SizeIs(1));
  EXPECT_THAT(Found(notice, "NOT_A_TABLE")[0].message, HasSubstr("第4列为总投资"));
}

TEST(Bare, GroupsAndTotalsMayStandAmongTheRows) {
  const Notice notice = ParseList(
      "单位：万元\n合计,,,750.5,\n一、文旅类,,,,\n1,文化广场,新建广场9个,270,县文旅局\n2,塘坝整修,"
      "整修塘坝60口,480.5,县水利局\n");
  EXPECT_EQ(notice.declared_fen, 750'500'000);
  EXPECT_THAT(TitlesOf(notice), ElementsAre("一、文旅类"));
}

TEST(Bare, IsLeftAloneUnlessEveryColumnIsClear) {
  for (const std::string table :
       {"1,文化广场,新建广场9个,270,300,县文旅局\n2,塘坝,整修60口,480.5,20,县水利局\n",  // two of
                                                                                         // decimals
        "1,县文旅局,甲某某,13800000000\n2,县水利局,乙某某,13900000000\n",                // contacts
        "编码,事由,说明\n1,文化广场,新建广场9个\n2,塘坝,整修60口\n",  // unknown header
        "1,文化广场,270,县文旅局\n2,塘坝,480.5,县水利局\n",           // no contents
        "1,苹果,12,一级\n2,梨,30,二级\n"}) {
    EXPECT_FALSE(Tabulate(GridOf(std::string(kTitle) + table))) << table;
  }
}

TEST(NoList, IsTakenFromLettersNewsAndNotices) {
  for (const std::string text :
       {"尊敬的居民朋友：\n感谢您长期以来的支持。\n一、请您配合做好登记。\n二、请您保持通道畅通。\n"
        "某街道办事处\n2025年3月7日\n",
        "本报讯 "
        "昨日，县政府召开民生实事推进会议。会议指出，一是要加强领导，二是要压实责任，三是要严格考核"
        "。\n",
        "关于报送民生实事项目的通知\n各镇人民政府：\n一、报送时间：请于3月10日前报送。\n二、报送要"
        "求：请各单位认真填写。\n三、联系人：甲某某\n",
        "关于公开征求意见的公告\n现将有关事项公告如下，欢迎提出意见。\n",
        "县教育局,甲某某,13800000000\n县水利局,乙某某,13900000000\n",
        "三月份天气\n1.今天晴，最高气温25度\n2.明天有雨\n", "民生实事\n", "1.\n2.\n3.\n", "\n\n\n",
        ""}) {
    EXPECT_FALSE(Tabulate(GridOf(text))) << text;
  }
}

TEST(NoList, IsTakenFromProseAroundATable) {
  Grid grid = ProseGrid({"某县2025年民生实事清单", "一、教育类", "二、健康类"});
  for (const std::string cell : {"新建小学2所", "新建医院1所"}) {
    grid.rows.insert(grid.rows.begin() + 2, GridRow{.row = 9, .cells = {"甲", cell, "丙"}});
  }
  EXPECT_FALSE(Tabulate(grid));
}

// No words of the input are lost: all its characters but marks and signs are in the made table.
std::string Substance(absl::string_view words) {
  std::string kept;
  for (const absl::string_view c : Chars(words)) {
    const bool letter = c.size() == 3 && c >= "一" && c <= "龥";
    if (letter || IsDigits(c)) kept.append(c.data(), c.size());
  }
  return kept;
}

std::multiset<std::string> CharsOf(const Grid& grid) {
  std::multiset<std::string> all;
  for (const auto& row : grid.rows) {
    for (const auto& cell : row.cells) {
      const std::string substance = Substance(cell);
      for (const auto c : Chars(substance)) all.emplace(c);
    }
  }
  return all;
}

struct Truth {
  std::string name;
  std::string content;
  int amount = 0;
  std::string lead;
};

std::vector<Truth> MakeTruth(std::mt19937& random) {
  const std::vector<std::string> names = {"道路畅通", "饮水提质", "厕所革命", "助学工程",
                                          "老旧小区改造"};
  const std::vector<std::string> deeds = {"新建道路", "安装水表", "改造户厕", "资助学生",
                                          "改造小区"};
  const std::vector<std::string> units = {"公里", "只", "户", "人", "个"};
  const std::vector<std::string> leads = {"县交通局", "县水利局", "县农业农村局", "县教育局",
                                          "县住建局"};
  std::vector<Truth> truth(3 + random() % 8);
  for (auto& item : truth) {
    const std::size_t kind = random() % names.size();
    item = {names[kind], deeds[kind] + std::to_string(2 + random() % 900) + units[kind],
            static_cast<int>(1 + random() % 9000), leads[random() % leads.size()]};
  }
  return truth;
}

using Layout = std::string (*)(const std::vector<Truth>&);

std::string AsProse(const std::vector<Truth>& truth) {
  std::string text;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    text += std::to_string(i + 1) + ". " + truth[i].name + "。" + truth[i].content + "。总投资：" +
            std::to_string(truth[i].amount) + "万元。（牵头单位：" + truth[i].lead + "）\n";
  }
  return text;
}

std::string AsBlocks(const std::vector<Truth>& truth) {
  std::string text;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    text += std::to_string(i + 1) + "．" + truth[i].name + "\n目标任务：" + truth[i].content +
            "。\n总投资：" + std::to_string(truth[i].amount) + "万元\n责任单位：" + truth[i].lead +
            "\n\n";
  }
  return text;
}

std::string AsLines(const std::vector<Truth>& truth) {
  std::string text = "序号\n项目名称\n工作内容\n总投资\n牵头单位\n";
  for (std::size_t i = 0; i < truth.size(); ++i) {
    text += std::to_string(i + 1) + "\n" + truth[i].name + "\n" + truth[i].content + "。\n" +
            std::to_string(truth[i].amount) + "\n" + truth[i].lead + "\n";
  }
  return text;
}

std::string AsBareRows(const std::vector<Truth>& truth) {
  std::string text;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    text += std::to_string(i + 1) + "," + truth[i].name + "," + truth[i].content + "。," +
            std::to_string(truth[i].amount) + "," + truth[i].lead + "\n";
  }
  return text;
}

TEST(AnyLayout, GivesTheSameTasks) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 60; ++round) {
    const std::vector<Truth> truth = MakeTruth(random);
    for (const Layout layout : {AsProse, AsBlocks, AsLines, AsBareRows}) {
      const std::string text = "某县2025年民生实事清单\n单位：万元\n" + layout(truth);
      SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round << "\n" << text);
      const Notice notice = Parse(text);
      ASSERT_THAT(notice.projects, SizeIs(truth.size()));
      for (std::size_t i = 0; i < truth.size(); ++i) {
        const NoticeTask& task = notice.projects[i].tasks[0];
        EXPECT_EQ(notice.projects[i].name, truth[i].name);
        EXPECT_EQ(task.content, truth[i].content + "。");
        EXPECT_EQ(task.amount_fen, std::int64_t{truth[i].amount} * 1'000'000);
        EXPECT_EQ(Words(task.leads), truth[i].lead);
      }
      ExpectAccounted(notice);
    }
  }
}

std::vector<std::string> Samples() {
  std::mt19937 random(kSeed + 1);
  const std::vector<Truth> truth = MakeTruth(random);
  return {
      "某县2025年民生实事清单\n" + AsProse(truth) + "附件：表\n2025年3月7日\n",
      "某县2025年民生实事清单\n一、教育类\n" + AsBlocks(truth) + "备注：以上\n",
      "某县2025年民生实事清单\n" + AsLines(truth),
      "某县2025年民生实事清单\n" + AsBareRows(truth),
      "乡镇,新建公厕（座）,改造小区（个）\n合计,9,20\n红旗镇,3,8\n云顶乡,6,12\n",
      "指标,合计,甲县,乙县\n新增就业（万人）,3.6,1.5,2.1\n新建公厕（座）,9,3,6\n",
      "今年将办好三件民生实事：一是新建公路100公里，二是新增就业0.94万人，三是改造危房320户。\n",
      "某县2025年民生实事清单\n一、教育\n（一）学校。共办3所：\n1.新建2所\n①甲校\n②乙校\n2."
      "改造1所\n"};
}

// Every character of the input that carries meaning is in the made table as often as in the input,
// but for those of labels and numbers that columns took over.
void ExpectNothingLost(const Grid& grid, const Grid& made) {
  constexpr absl::string_view kLabels =
      "目标任务总投资责任单位项目名称工作内容牵头序号第合计万元是部分附件年";
  const auto before = CharsOf(grid);
  const auto after = CharsOf(made);
  for (const auto& c : std::set<std::string>(before.begin(), before.end())) {
    if (IsDigits(c) || ParseSmallNumber(c) || kLabels.find(c) != kLabels.npos) continue;
    EXPECT_GE(after.count(c), before.count(c)) << c;
  }
}

TEST(Damaged, DocumentsAreReadWholeOrRefused) {
  constexpr absl::string_view kSigns[] = {"\n",   "一、",   "1.", "；", "：",
                                          "（",   "）",     "，", "。", "\n\n",
                                          "合计", "附件\n", "\t", ",",  "责任单位："};
  std::mt19937 random(kSeed);
  const auto samples = Samples();
  for (int round = 0; round < Rounds(); ++round) {
    std::string text = samples[static_cast<std::size_t>(round) % samples.size()];
    for (auto hits = 1 + random() % 5; hits > 0; --hits) {
      const auto chars = Chars(text);
      const std::size_t at =
          static_cast<std::size_t>(chars[random() % chars.size()].data() - text.data());
      if (random() % 2 == 0) {
        text.insert(at, std::string(kSigns[random() % std::size(kSigns)]));
      } else {
        text.erase(at, FirstCharLength(absl::string_view(text).substr(at)));
      }
    }
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round << "\n" << text);
    const auto grid = ReadGrid(text);
    if (!grid.ok()) continue;
    if (const auto made = Tabulate(*grid)) {
      EXPECT_FALSE(made->message.empty());
      ExpectNothingLost(*grid, made->grid);
    }
    const auto notice = ParseNotice(text, "test", {.year = 2025});
    if (notice.ok()) ExpectAccounted(*notice);
    EXPECT_TRUE(notice.ok() || !ReasonOf(notice.status()).empty());
  }
}

TEST(Anything, OfAMebibyteIsReadInLinearTime) {
  constexpr std::size_t kBytes = 1U << 20U;
  for (const std::string piece : {"1.新建公厕4座。责任单位：县城管局\n",
                                  "一是新建，",
                                  "：",
                                  "；",
                                  "1.",
                                  "（",
                                  "①",
                                  "序号\n1\n",
                                  "1\n",
                                  "\n",
                                  "一、\n",
                                  "项目名称：甲\n",
                                  "目标任务：新建4座；",
                                  "甲",
                                  "附件\n",
                                  "1,甲,新建4座,3,县局\n",
                                  "镇,公厕（座）\n",
                                  "a b ",
                                  "教育类\n1.甲4个\n",
                                  "（一）甲\n1.乙\n（1）丙\n①丁\n",
                                  "责任单位：",
                                  "责任单位：甲局\n",
                                  "牵头：甲局；配合："}) {
    std::string text(kTitle);
    while (text.size() < kBytes) text += piece;
    const Grid grid = ProseGrid({});
    const auto read = ReadTextGrid(text);
    const auto csv = ReadCsvGrid(text, ',');
    const auto begin = std::chrono::steady_clock::now();
    if (read.ok()) (void)Tabulate(*read);
    if (csv.ok()) (void)Tabulate(*csv);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    EXPECT_LT(took.count(), 60.0) << piece << ": a fraction of a second where it is linear";
  }
}

}  // namespace
}  // namespace minsheng::registry
