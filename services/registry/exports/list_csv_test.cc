#include "services/registry/exports/list_csv.h"

#include <gmock/gmock.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/registry/domain/notice_testing.h"
#include "services/registry/exports/list_testing.h"

namespace minsheng::registry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void ExpectSameList(const std::string& file) {
  const auto first = Imported(file);
  ASSERT_GT(first.tasks_size(), 0) << file;
  const std::string csv = ListCsv(Stored(first));
  const auto again = Imported(csv, 0);
  EXPECT_EQ(Same(first), Same(again)) << csv;
  EXPECT_EQ(ListCsv(Stored(again)), csv);
  ExpectSheetReadsAsCsv(Stored(first));
}

TEST(ListCsvTest, TheNoticeReadsBackAsItself) {
  ExpectSameList(Golden("wulong-2024.csv"));
  ExpectSameList(Golden("wulong-2024.txt"));
}

TEST(ListCsvTest, TheNoticeIsPrintedAsItWasPublished) {
  const std::string csv = ListCsv(Stored(Imported(Golden("wulong-2024.csv"))));
  EXPECT_THAT(csv, HasSubstr("\xEF\xBB\xBF文号：武隆府办发〔2024〕1号　成文日期：2024年3月15日\n"
                             "武隆区2024年度民生实事目标任务清单\n单位：万元\n"
                             "序号,项目名称,2024年工作内容及资金计划,,牵头单位,协作单位\n"
                             ",,形象进度,总投资,,\n"
                             "合  计,,,141859,,\n"
                             "承接市级民生实事（13件）,,,8820,,\n1,"));
  EXPECT_THAT(csv, HasSubstr("区城市发展（集团）公司，有关乡镇（街道）\n"));
  EXPECT_THAT(csv, HasSubstr("4,推进错时共享停车位建设,推进错时共享停车位1000个。,,区城市管理局"));
  EXPECT_THAT(csv, HasSubstr("\n,,（2）实施“童心相伴”"));
  EXPECT_THAT(csv, HasSubstr("实施区级民生实事（10件）,,,133039,,\n1,乡镇（街道）竞争性"));
  EXPECT_THAT(csv, HasSubstr("区数建办（区大数据局）、"));
}

TEST(ListCsvTest, FormsThatTheUsualOneWouldNotSayGiveWay) {
  const std::string titled = "某区2024年民生实事清单\n";
  for (const std::string table : {
           // groups that do not read as headings, with subtotals
           "单位：万元\n序号,类别,项目名称,工作内容,总投资,牵头单位\n"
           "1,教育,学校,建学校2所,10.5,区教委\n2,教育,食堂,建食堂1个,,区教委\n"
           "3,安 居,旧改,改41个,3,区住建委\n",
           // no names, numbers within the words
           "单位：亿元\n序号,工作内容,总投资,牵头单位\n1,（1）建学校；（2）建食堂,0.00000001,"
           "区教委\n"
           "2,改造 小区,2,区住建委\n",
           // a blank name, for which its words with blanks stand
           "单位：元\n序号,项目名称,工作内容,总投资,牵头单位\n1,,改造 小区,3,区教委\n"
           "2,食堂,建食堂,4,区教委\n",
           // subtotals below groups of a column, and below a list without groups
           "单位：万元\n序号,类别,项目名称,工作内容,总投资,牵头单位\n1,教育,学校,建学校2所,10.5,"
           "区教委\n"
           "小计,,,,10.5,\n2,医疗,医院,建医院1所,2,区卫生健康委\n小计,,,,2,\n",
           "单位：万元\n序号,项目名称,工作内容,总投资,牵头单位\n1,学校,建学校2所,10.5,区教委\n"
           "小计,,,10.5,\n",
           // names alone
           "序号,项目名称,牵头单位\n1,建学校,区教委\n2,改小区,区住建委\n",
           // an amount with its own unit, no declared one
           "序号,项目名称,工作内容,总投资,牵头单位\n1,学校,建学校,200万元,区教委\n",
           // columns that would be taken for the list's own
           "单位：万元\n序号,项目名称,工作目标,形象进度,年度投资,总投资,牵头单位,责任单位,备注\n"
           "1,学校,建学校2所,开工,10,55,区教委,区财政局,\"急,\n要\"\n2,食堂,建食堂1个,,,,区教委,,"
           "\n",
           // other columns that would be taken for the list's own sooner than the usual ones
           "单位：万元\n序号,项目名称,工作目标,目标任务,年度投资,投资计划,牵头单位\n"
           "1,学校,建学校2所,开工,10,55,区教委\n",
           // a count in words, a heading without subtotal, a number that does not begin at 1
           "单位：万元\n序号,项目名称,工作内容,总投资,牵头单位\n一、市级实事二件,,,,\n"
           "1,学校,（2）建学校2所,10,区教委\n2,食堂,建食堂1个,5,区民政局等有关部门\n"
           "二、教育类,,,,\n1,门,（1）修门,1,区教委\n,,（2）修窗,,\n",
       }) {
    ExpectSameList(titled + table);
  }
}

TEST(ListCsvTest, AListWithoutNamesHasNoColumnOfNames) {
  const std::string csv = ListCsv(Stored(Imported(
      "某区2024年民生实事清单\n单位：万元\n序号,工作内容,总投资\n1,建学校,2\n2,修路,3\n")));
  EXPECT_THAT(csv, Not(HasSubstr("项目名称")));
  EXPECT_THAT(csv, HasSubstr("\n1,建学校,2,,\n"));
}

// Lists at random: groups in rows, in a column or none, sub-rows, blanks, extra columns.
class RandomList {
 public:
  explicit RandomList(unsigned seed) : random_(seed) {}

  std::string Make() {
    form_ = Below(3);
    std::string csv = absl::StrCat(
        "某区", 2020 + Below(9), "年民生实事清单\n单位：", Pick({"万元", "元", "亿元", "千元"}),
        "\n序号,", form_ == 1 ? "类别," : "", "项目名称,工作内容,总投资,牵头单位,协作单位,备注\n");
    if (Below(2) == 1) absl::StrAppend(&csv, "合计,,", form_ == 1 ? "," : "", ",99.5,,,\n");
    const int groups = form_ == 2 ? 1 : 1 + Below(3);
    for (int i = 0; i < groups; ++i) Group(i, csv);
    return csv;
  }

 private:
  int Below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }
  std::string Pick(const std::vector<std::string>& from) {
    return from[static_cast<size_t>(Below(static_cast<int>(from.size())))];
  }

  void Group(int i, std::string& csv) {
    const int projects = 1 + Below(4);
    const std::string column = absl::StrCat(Pick({"教育", "医疗", "安 居"}), i);
    if (form_ == 0) {
      const std::vector<std::string> titles = {"一、市级实事", "二、区级实事", "三、安居工程"};
      absl::StrAppend(&csv, titles[static_cast<size_t>(i)],
                      Below(2) == 1 ? absl::StrCat("（", projects, "件）") : "", ",,,",
                      Pick({"", "7", "0.5"}), ",,,\n");
    }
    for (int no = 1; no <= projects; ++no) Project(form_ == 1 ? ++no_ : no, column, csv);
  }

  void Project(int no, const std::string& group, std::string& csv) {
    const int tasks = Below(3) == 0 ? 2 + Below(3) : 1;
    const std::string name = Pick({"老旧小区改造", "建学校", "修“四好”路"});
    for (int task = 1; task <= tasks; ++task) {
      absl::StrAppend(&csv, task == 1 ? absl::StrCat(no) : "", ",");
      if (form_ == 1) absl::StrAppend(&csv, task == 1 ? group : "", ",");
      absl::StrAppend(&csv, task == 1 ? absl::StrCat(name, no) : "", ",");
      absl::StrAppend(&csv, "\"", tasks > 1 ? absl::StrCat("（", task, "）") : "",
                      Pick({"改造41个。", "建成2所,\n其中1所", "新增10 %以上"}), "\",",
                      Pick({"", "12", "55219.1", "0.01"}), ",", Units(1 + Below(2)), ",",
                      Units(Below(4)), ",", Pick({"", "重点", "\"a\"\"b\"", "\"\"\"x\"\"\""}),
                      "\n");
    }
  }

  std::string Units(int count) {
    std::vector<std::string> units;
    for (int i = 0; i < count; ++i) {
      units.push_back(Pick({"区教委", "区数建办（区大数据局）", "区城市发展（集团）公司",
                            "凤山街道", "有关乡镇（街道）", "区财政局", "火炉镇"}));
    }
    return absl::StrJoin(units, "、");
  }

  std::mt19937 random_;
  int form_ = 0;
  int no_ = 0;
};

TEST(ListCsvTest, AnyListReadsBackAsItself) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    ExpectSameList(RandomList(seed).Make());
    if (HasFailure()) return;
  }
}

TEST(ListCsvTest, RemovedTasksAreLeftOut) {
  StoredList list = Stored(Imported(Golden("wulong-2024.csv")));
  list.tasks[0].set_removed(true);
  const auto again = Imported(ListCsv(list));
  EXPECT_EQ(again.tasks_size(), 28);
  EXPECT_EQ(again.tasks(0).name(), list.tasks[1].name());
}

TEST(JoinUnitsTest, TownshipsThatEndTheCellStandAfterAComma) {
  EXPECT_EQ(JoinUnits({}), "");
  EXPECT_EQ(JoinUnits({"区教委"}), "区教委");
  EXPECT_EQ(JoinUnits({"各乡镇（街道）"}), "各乡镇（街道）");
  EXPECT_EQ(JoinUnits({"区教委", "区财政局", "凤山街道", "芙蓉街道"}),
            "区教委、区财政局，凤山街道、芙蓉街道");
  EXPECT_EQ(JoinUnits({"凤山街道", "区教委", "有关乡镇（街道）"}),
            "凤山街道、区教委，有关乡镇（街道）");
  EXPECT_EQ(JoinUnits({"区民政局", "等有关部门"}), "区民政局等有关部门");
}

}  // namespace
}  // namespace minsheng::registry
