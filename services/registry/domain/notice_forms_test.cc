// Tables as other districts write them, all made up.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/domain/captions.h"
#include "services/registry/domain/notice_testing.h"

namespace minsheng::registry {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST(Columns, ComeInAnyOrderWithUnitsInTheHeader) {
  const Notice notice = Parse(
      "某县2025年十件民生实事\n"
      "配合单位,牵头部门,总投资(万元),主要内容,任 务 名 称,序号\n"
      "县财政局,县教育局,55219.1,新建小学2所,扩充学位,1.\n");
  EXPECT_EQ(notice.year, 2025);
  EXPECT_EQ(notice.district_name, "某县");
  EXPECT_EQ(notice.money_unit, MoneyUnit::kWanYuan);
  ASSERT_THAT(notice.projects, SizeIs(1));
  EXPECT_EQ(notice.projects[0].name, "扩充学位");
  const NoticeTask& task = TaskOf(notice, "district-01/1");
  EXPECT_EQ(task.content, "新建小学2所");
  EXPECT_EQ(task.amount_fen, 55'219'100'000);
  EXPECT_EQ(Words(task.leads), "县教育局");
  EXPECT_EQ(Words(task.assists), "县财政局");
  EXPECT_THAT(Found(notice, "COUNT_MISMATCH"), SizeIs(1)) << "十件 and one row";
}

TEST(Columns, AreReadWithAnyDelimiter) {
  for (const char delimiter : {',', ';', '\t'}) {
    std::string table = "序号,项目名称,工作内容,总投资,责任单位\n1,公厕,新建2个,10,区城管局\n";
    for (char& c : table) c = c == ',' ? delimiter : c;
    EXPECT_EQ(TaskOf(ParseTitled(table), "district-01/1").amount_fen, 10'000'000) << delimiter;
  }
}

TEST(Columns, ThatAreUnknownAreKept) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,总投资,牵头单位,完成时限,目标类型\n"
      "1,公厕,新建2个,10,区城管局,6月底前,约束性\n");
  EXPECT_THAT(TaskOf(notice, "district-01/1").attributes,
              UnorderedElementsAre(Pair("完成时限", "6月底前"), Pair("目标类型", "约束性")));
  EXPECT_THAT(Found(notice, "COLUMN_KEPT"), SizeIs(1)) << "完成时限 is known";
}

TEST(Columns, OfPeopleAreDropped) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,牵头单位,区政府分管领导,联系人,监督电话\n"
      "1,公厕,新建2个,区城管局,甲某某,乙某某,13800000000\n");
  const NoticeTask& task = TaskOf(notice, "district-01/1");
  EXPECT_THAT(task.attributes, IsEmpty());
  EXPECT_THAT(Found(notice, "PEOPLE_COLUMN_DROPPED"), SizeIs(3));
  for (const auto& diagnostic : notice.diagnostics) {
    EXPECT_EQ(diagnostic.message.find("某某"), std::string::npos);
    EXPECT_EQ(diagnostic.place.words.find("某某"), std::string::npos);
  }
}

TEST(Columns, OfOneMeaningAreChosenAloud) {
  const Notice notice = ParseTitled(
      "序号,项目名称,建设内容,总投资(万元),2024年投资计划(万元),牵头单位\n1,公厕,新建2个,100,10,"
      "区城管局\n");
  EXPECT_EQ(TaskOf(notice, "district-01/1").amount_fen, 10'000'000);
  EXPECT_THAT(TaskOf(notice, "district-01/1").attributes, ElementsAre(Pair("总投资(万元)", "100")));
  EXPECT_THAT(Found(notice, "SEVERAL_COLUMNS"), SizeIs(1));
}

TEST(Columns, OfNamesGiveTheContentWhenNothingElseDoes) {
  const Notice notice = ParseTitled("序号,民生实事,工作任务,责任单位\n1,公厕,新建2个,区城管局\n");
  EXPECT_EQ(notice.projects[0].name, "公厕");
  EXPECT_EQ(TaskOf(notice, "district-01/1").content, "新建2个");
}

TEST(Header, MayHaveTwoLevelsUnderMergedHeads) {
  const Notice notice = ParseTitled(
      "序号,项目名称,目标任务,资金筹措(万元),,,责任单位,\n"
      ",,,合计,中央补助,本级财政,牵头,配合\n"
      "1,公厕,新建2个,10,4,6,区城管局,区财政局\n");
  const NoticeTask& task = TaskOf(notice, "district-01/1");
  EXPECT_EQ(task.amount_fen, 10'000'000);
  EXPECT_THAT(task.attributes, ElementsAre(Pair("中央补助", "4"), Pair("本级财政", "6")));
  EXPECT_EQ(Words(task.leads), "区城管局");
  EXPECT_EQ(Words(task.assists), "区财政局");
}

TEST(Header, OfATextMayLackTheCellsThatTallHeadsCover) {
  const Notice notice = ParseTitled(
      "\t序号\n\t项目名称\n\t2024年工作内容及资金计划\n\t牵头单位\n\n"
      "\t形象进度\n\t总投资\n\n"
      "\t1\n\t健身\n\t（1）设施10套\n\t100\n\t区文旅委\n\n"
      "\t（2）公厕2个\n\t50\n\t区城管局\n\n");
  EXPECT_THAT(Ids(notice), ElementsAre("district-01/1", "district-01/2"));
  EXPECT_EQ(TaskOf(notice, "district-01/2").content, "公厕2个");
  EXPECT_EQ(TaskOf(notice, "district-01/2").amount_fen, 50'000'000);
  ExpectAccounted(notice);
}

TEST(Header, PrintedAgainIsSkipped) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,牵头单位\n1,公厕,新建2个,区城管局\n"
      "序号,项目名称,工作内容,牵头单位\n2,公园,新建1个,区城管局\n");
  EXPECT_THAT(Ids(notice), ElementsAre("district-01/1", "district-02/1"));
  EXPECT_THAT(Found(notice, "HEADER_REPEATED"), SizeIs(1));
  ExpectAccounted(notice);
}

TEST(Header, OfASecondTableIsFollowed) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,牵头单位\n一、市级民生实事,,,\n1,公厕,新建2个,区城管局\n"
      "二、区级民生实事,,,\n牵头单位,序号,项目名称,工作内容\n区教委,1,学校,新建1所\n");
  EXPECT_EQ(Words(TaskOf(notice, "district-01/1").leads), "区教委");
  EXPECT_THAT(Found(notice, "HEADER_CHANGED"), SizeIs(1));
  ExpectAccounted(notice);
}

TEST(Groups, AreTakenFromHeadings) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,总投资,牵头单位\n"
      "一、市级重点民生实事,,,16842,\n1,公厕,新建2个,16842,区城管局\n"
      "二,区级民生实事（1件）,,20,\n1,公园,新建1个,20,区城管局\n"
      "三、镇村办实事,,,5,\n1,路灯,10盏,5,各乡镇\n");
  EXPECT_THAT(Ids(notice), ElementsAre("municipal-01/1", "district-01/1", "group-3-01/1"));
  EXPECT_EQ(notice.groups[1].title, "二、区级民生实事（1件）");
  EXPECT_EQ(notice.groups[1].declared_count, 1);
  EXPECT_EQ(CodesOf(notice), "");
}

TEST(Groups, AreTakenFromAColumn) {
  const Notice notice = ParseTitled(
      "类别,序号,项目名称,工作内容,牵头单位\n"
      "教育,1,学校,新建1所,区教委\n,2,食堂,新建1个,区教委\n交通,3,道路,3公里,区交通局\n");
  ASSERT_THAT(notice.groups, SizeIs(2));
  EXPECT_EQ(notice.groups[1].title, "交通");
  EXPECT_THAT(Ids(notice), ElementsAre("group-1-01/1", "group-1-02/1", "group-2-03/1"));
  EXPECT_EQ(CodesOf(notice), "NO_AMOUNT_COLUMN ") << "numbers may run on through the groups";
}

TEST(Groups, AreTakenFromProseBetweenTables) {
  const Notice notice = Parse(
      "某区2024年民生实事清单\n一、市级民生实事（1件）\n\t序号\n\t项目名称\n\t工作内容\n\t牵头单位"
      "\n\n"
      "\t1\n\t公厕\n\t新建2个\n\t区城管局\n\n"
      "二、区级民生实事（1件）\n\t序号\n\t项目名称\n\t工作内容\n\t牵头单位\n\n"
      "\t1\n\t学校\n\t新建1所\n\t区教委\n\n抄送：区委办公室\n");
  EXPECT_THAT(Ids(notice), ElementsAre("district-01/1", "group-2-01/1"))
      << "a heading above the first table is a caption";
  EXPECT_THAT(Found(notice, "TEXT_OUTSIDE_TABLE"), SizeIs(1));
  ExpectAccounted(notice);
}

TEST(Numbers, AreWrittenInManyWays) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,牵头单位\n（一）,甲,a,区教委\n2.,乙,b,区教委\n③,丙,c,区教委\n★4,丁,d,"
      "区教委\n");
  EXPECT_THAT(Ids(notice),
              ElementsAre("district-01/1", "district-02/1", "district-03/1", "district-04/1"));
}

TEST(Numbers, AreAssignedWhereThereIsNoColumn) {
  const Notice notice =
      ParseTitled("项目名称,工作内容,牵头单位\n公厕,新建2个,区城管局\n学校,1所,区教委\n");
  EXPECT_THAT(Ids(notice), ElementsAre("district-01/1", "district-02/1"));
}

TEST(SubRows, CountOnFromBlankNumbers) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,总投资,牵头单位\n"
      "1,健身,设施10套,100,区文旅委\n,,公厕2个,50,区城管局\n");
  EXPECT_THAT(Ids(notice), ElementsAre("district-01/1", "district-01/2"));
  ExpectAccounted(notice);
}

TEST(SubRows, MayRepeatNumberAndName) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,总投资,牵头单位\n"
      "1,健身,（1）设施10套,100,区文旅委\n1,健身,（2）公厕2个,50,区城管局\n2,路灯,15盏,5,"
      "区城管局\n");
  EXPECT_THAT(Ids(notice), ElementsAre("district-01/1", "district-01/2", "district-02/1"));
}

TEST(SubRows, MayStandBelowTheirProjectsOwnRow) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,总投资,牵头单位\n"
      "1,健身,,160,区文旅委\n,,（1）设施10套,100,\n,,（2）公厕2个,50,区城管局\n");
  EXPECT_THAT(Ids(notice), ElementsAre("district-01/1", "district-01/2"));
  EXPECT_EQ(Words(TaskOf(notice, "district-01/1").leads), "区文旅委");
  EXPECT_THAT(Found(notice, "TOTAL_MISMATCH"), SizeIs(1)) << "160 and 150";
  ExpectAccounted(notice);
}

TEST(SubRows, WithinOneCellStayWhole) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,牵头单位\n1,健身,（1）设施10套；（2）公厕2个,区文旅委\n2,路灯,"
      "（1）15盏,区城管局\n");
  EXPECT_EQ(TaskOf(notice, "district-01/1").content, "（1）设施10套；（2）公厕2个");
  EXPECT_EQ(TaskOf(notice, "district-02/1").content, "15盏");
}

TEST(Rows, TornByAPageBreakAreJoined) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,总投资,牵头单位,协作单位\n"
      "1,健身,完善城区健身,100,区文旅委,区财政局\n,,设施10套。,,,区教委\n");
  EXPECT_EQ(TaskOf(notice, "district-01/1").content, "完善城区健身设施10套。");
  EXPECT_EQ(Words(TaskOf(notice, "district-01/1").assists), "区财政局、区教委");
  EXPECT_THAT(Found(notice, "ROW_CONTINUED"), SizeIs(1));
  ExpectAccounted(notice);
}

TEST(Cells, MayHoldLineBreaksQuotesAndDelimiters) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,\"总投资\n(万元)\",牵头单位\r\n"
      "1,\"健身, 公厕\",\"新建\"\"星级\"\"公厕\",\"1,234.5\",\"区教委\n区财政局\"\r\n");
  EXPECT_EQ(notice.projects[0].name, "健身,公厕");
  const NoticeTask& task = TaskOf(notice, "district-01/1");
  EXPECT_EQ(task.content, "新建\"星级\"公厕");
  EXPECT_EQ(task.amount_fen, 1'234'500'000);
  EXPECT_EQ(Words(task.leads), "区教委、区财政局");
}

TEST(Amounts, MayCarryTheirUnit) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,总投资,牵头单位\n1,甲,a,2.5亿元,区教委\n2,乙,b,200万,区教委\n3,丙,c,"
      "—,区教委\n");
  EXPECT_EQ(TaskOf(notice, "district-01/1").amount_fen, 25'000'000'000);
  EXPECT_EQ(TaskOf(notice, "district-02/1").amount_fen, 200'000'000);
  EXPECT_EQ(TaskOf(notice, "district-03/1").amount_fen, std::nullopt);
  EXPECT_THAT(Found(notice, "AMOUNT_UNIT_IN_CELL"), SizeIs(2));
}

TEST(Contacts, InATableAreDroppedAndNotRepeated) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,牵头单位\n1,公厕,新建2个（联系人：丙某某）,区城管局\n"
      "联系人：丁某某,电话：13800000000,,\n填表人,戊某某,,\n");
  EXPECT_EQ(TaskOf(notice, "district-01/1").content, "新建2个");
  EXPECT_THAT(Found(notice, "CONTACT_DROPPED"), SizeIs(3));
  EXPECT_EQ(notice.tally.contacts, 2);
  ExpectAccounted(notice);
  for (const auto& diagnostic : notice.diagnostics) {
    const std::string all = diagnostic.message + diagnostic.place.words;
    EXPECT_EQ(all.find("某某"), std::string::npos) << all;
    EXPECT_EQ(all.find("138"), std::string::npos) << all;
  }
}

TEST(Contacts, InAHeadOrAFileNameAreNotRepeated) {
  const auto notice = ParseNotice(
      "2024年清单\n序号,项目名称,工作内容,牵头单位,经办（联系人：丁某某 "
      "13800000000）,经费13900000000\n"
      "1,公厕,新建2个,区城管局,甲,5\n",
      "清单（联系人：己某某）.csv", {});
  ASSERT_TRUE(notice.ok()) << notice.status();
  std::string all;
  for (const auto& diagnostic : notice->diagnostics) {
    absl::StrAppend(&all, diagnostic.message, diagnostic.place.words, diagnostic.place.table);
  }
  for (const auto& [label, value] : TaskOf(*notice, "district-01/1").attributes) {
    absl::StrAppend(&all, label, value);
  }
  EXPECT_NE(all.find("经办"), std::string::npos) << all;
  for (const char* contact : {"某某", "138", "139"}) {
    EXPECT_EQ(all.find(contact), std::string::npos) << all;
  }
}

TEST(Notes, AreToldApart) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容,牵头单位\n1,公厕,新建2个,区城管局\n注：A类为续建项目,,,\n");
  EXPECT_THAT(Found(notice, "NOTE_ROW"), SizeIs(1));
  ExpectAccounted(notice);
}

Grid Sheet(const std::string& name, const std::string& csv) {
  auto grid = ReadCsvGrid(csv, ',');
  EXPECT_TRUE(grid.ok()) << grid.status();
  grid->name = name;
  return *std::move(grid);
}

TEST(Sheets, AreGroupsOfOneListEachWithItsOwnTotalAndNotes) {
  Document document;
  document.grids.push_back(
      Sheet("市级",
            "某区2024年承接市级清单\n序号,项目名称,工作内容,总投资(万元),责任单位\n"
            "合计,,,30,\n1,公园,建设公园2个,30,区城管局、区教委\n"));
  document.grids.push_back(Sheet("区级",
                                 "某区2024年区级清单（列第一位者为牵头单位）\n"
                                 "序号,责任单位,项目名称,工作内容,总投资(万元)\n"
                                 "1,区水利局、区交通局,公厕,新建公厕3个,50\n合计,,,,51\n"));
  document.grids.push_back(Sheet("说明", "无关的话\n"));
  const auto notice = ParseNotice(document, "list.xlsx", {});
  ASSERT_TRUE(notice.ok()) << notice.status();
  EXPECT_THAT(Ids(*notice), ElementsAre("municipal-01/1", "district-01/1"));
  EXPECT_EQ(Words(TaskOf(*notice, "municipal-01/1").leads), "区城管局、区教委") << "no note here";
  EXPECT_EQ(Words(TaskOf(*notice, "district-01/1").leads), "区水利局");
  EXPECT_EQ(Words(TaskOf(*notice, "district-01/1").assists), "区交通局");
  ASSERT_THAT(Found(*notice, "TOTAL_MISMATCH"), SizeIs(1));
  EXPECT_THAT(Found(*notice, "TOTAL_MISMATCH")[0].message, testing::HasSubstr("51"));
  EXPECT_THAT(Found(*notice, "SHEET_LEFT_OUT"), SizeIs(1));
}

TEST(UnitsInWords, KeepWhoAssistsAndLosePersons) {
  const Notice notice = ParseTitled(
      "序号,项目名称,工作内容\n"
      "1,公园,建设公园2个。（责任单位：区城管局、区财政局（配合））\n"
      "2,公厕,新建公厕3个。（责任单位：区水利局 王某某）\n");
  EXPECT_EQ(Words(TaskOf(notice, "district-01/1").leads), "区城管局");
  EXPECT_EQ(Words(TaskOf(notice, "district-01/1").assists), "区财政局");
  EXPECT_EQ(Words(TaskOf(notice, "district-02/1").leads), "区水利局");
  EXPECT_THAT(Found(notice, "PERSON_DROPPED"), SizeIs(1));
}

TEST(Encodings, Gb18030IsConverted) {
  const Notice notice = Parse(
      "2024\xC4\xEA\n\xD0\xF2\xBA\xC5,\xCF\xEE\xC4\xBF\xC3\xFB\xB3\xC6,"
      "\xC7\xA3\xCD\xB7\xB5\xA5\xCE\xBB\n"
      "1,\xB9\xAB\xB2\xDE,\xC7\xF8\xBD\xCC\xCE\xAF\n");
  EXPECT_EQ(notice.projects[0].name, "公厕");
}

TEST(Years, AreFoundInTheirWritings) {
  EXPECT_EQ(FindYear("武隆区2024年度民生实事"), 2024);
  EXPECT_EQ(FindYear("２０２４年民生实事"), 2024);
  EXPECT_EQ(FindYear("二〇二四年民生实事"), 2024);
  EXPECT_EQ(FindYear("2023—2025年规划"), 0);
  EXPECT_EQ(FindYear("民生实事"), 0);
}

TEST(DistrictNames, AreTheDistrictsOwn) {
  EXPECT_EQ(FindDistrictName("武隆区2024年度民生实事目标任务清单"), "武隆区");
  EXPECT_EQ(FindDistrictName("重庆市武隆区2024年民生实事"), "武隆区");
  EXPECT_EQ(FindDistrictName("2024年武隆区民生实事"), "武隆区");
  EXPECT_EQ(FindDistrictName("济南市市中区2024年民生实事"), "市中区");
  EXPECT_EQ(FindDistrictName("杭州市2024年民生实事"), "杭州市");
  EXPECT_EQ(FindDistrictName("石柱土家族自治县2024年民生实事"), "石柱土家族自治县");
  EXPECT_EQ(FindDistrictName("关于印发《武隆区2024年民生实事》"), "武隆区");
  EXPECT_EQ(FindDistrictName("关于做好2024年全区民生实事工作的通知"), "");
  EXPECT_EQ(FindDistrictName("2024年重点民生实事清单（县级）"), "");
}

}  // namespace
}  // namespace minsheng::registry
