// The notice of Wulong 2024 itself: vectors V10.
#include "services/registry/domain/notice.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/domain/notice_testing.h"
#include "services/registry/domain/targets.h"

namespace minsheng::registry {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t kWanYuanFen = 1'000'000;

// Everything of a notice but its places.
std::string Describe(const Notice& notice) {
  std::ostringstream text;
  text << notice.title << '|' << notice.year << '|' << notice.district_name << '|'
       << static_cast<int>(notice.money_unit.value_or(MoneyUnit::kYuan)) << '|'
       << notice.declared_fen.value_or(-1) << '\n';
  for (const auto& group : notice.groups) {
    text << group.id << '|' << group.title << '|' << group.declared_count.value_or(-1) << '|'
         << group.declared_fen.value_or(-1) << '\n';
  }
  for (const auto& project : notice.projects) {
    for (const auto& task : project.tasks) {
      text << TaskId(project, task) << '|' << project.name << '|' << task.content << '|'
           << task.amount_fen.value_or(-1) << '|' << Words(task.leads) << '|' << Words(task.assists)
           << '|' << task.attributes.size() << '\n';
    }
  }
  for (const auto& diagnostic : notice.diagnostics) {
    text << diagnostic.code << '|' << diagnostic.place.words << '|' << diagnostic.message << '\n';
  }
  return text.str();
}

class WulongNotice : public testing::TestWithParam<const char*> {
 protected:
  Notice notice_ = Parse(Golden(GetParam()));
};

INSTANTIATE_TEST_SUITE_P(Forms, WulongNotice, testing::Values("wulong-2024.txt", "wulong-2024.csv"),
                         [](const auto& test) { return std::string(test.param).substr(12); });

TEST_P(WulongNotice, HasItsHead) {
  EXPECT_EQ(notice_.title, "武隆区2024年度民生实事目标任务清单");
  EXPECT_EQ(notice_.year, 2024);
  EXPECT_EQ(notice_.district_name, "武隆区");
  EXPECT_EQ(notice_.money_unit, MoneyUnit::kWanYuan);
  EXPECT_EQ(notice_.declared_fen, 141859 * kWanYuanFen);
}

TEST_P(WulongNotice, HasItsGroups) {
  ASSERT_THAT(notice_.groups, SizeIs(2));
  EXPECT_EQ(notice_.groups[0].id, "municipal");
  EXPECT_EQ(notice_.groups[0].title, "承接市级民生实事（13件）");
  EXPECT_EQ(notice_.groups[0].declared_count, 13);
  EXPECT_EQ(notice_.groups[0].declared_fen, 8820 * kWanYuanFen);
  EXPECT_EQ(notice_.groups[1].id, "district");
  EXPECT_EQ(notice_.groups[1].declared_count, 10);
  EXPECT_EQ(notice_.groups[1].declared_fen, 133039 * kWanYuanFen);
}

TEST_P(WulongNotice, HasItsAmounts) {
  std::vector<int64_t> amounts;
  for (const auto& project : notice_.projects) {
    for (const auto& task : project.tasks) {
      amounts.push_back(task.amount_fen ? *task.amount_fen / kWanYuanFen : -1);
    }
  }
  EXPECT_THAT(amounts, ElementsAre(4700, 500, 280, -1, 50, 2040, 500, 220, 140, -1, 10, 10, 270,
                                   100, 1500, 2000, 8000, 500, 118500, 300, 100, 100, 550, 180, 500,
                                   100, 184, 300, 225));
}

TEST_P(WulongNotice, HasItsTasks) {
  EXPECT_THAT(notice_.projects, SizeIs(23));
  EXPECT_THAT(Ids(notice_), SizeIs(29));
}

TEST_P(WulongNotice, GivesEachSubRowItsOwnUnits) {
  const NoticeTask& second = TaskOf(notice_, "municipal-11/2");
  EXPECT_EQ(Words(second.leads), "区民政局");
  EXPECT_EQ(Words(second.assists), "区财政局、团区委、区妇联、各乡镇（街道）");
  EXPECT_EQ(second.assists.back().kind, UnitRef::kGroupAll);
  EXPECT_EQ(second.content.rfind("实施“童心相伴”", 0), 0u) << second.content;
  EXPECT_EQ(Words(TaskOf(notice_, "district-01/1").leads),
            "区发展改革委、区财政局、区住房城乡建委");
  EXPECT_THAT(TaskOf(notice_, "district-06/4").assists, IsEmpty());
  EXPECT_EQ(TaskOf(notice_, "district-09/1").assists[4],
            (UnitRef{"区数建办", "区大数据局", UnitRef::kUnit}));
}

TEST_P(WulongNotice, HasNothingToDoubtInItsTableButTwoBlankAmounts) {
  EXPECT_EQ(CodesOf(notice_), "BLANK_AMOUNT BLANK_AMOUNT ");
  EXPECT_FALSE(HasErrors(notice_));
  ExpectAccounted(notice_);
  EXPECT_EQ(notice_.tally.rows, 32);
}

TEST(WulongForms, AreTheSameNotice) {
  EXPECT_EQ(Describe(Parse(Golden("wulong-2024.txt"))), Describe(Parse(Golden("wulong-2024.csv"))));
}

TEST(WulongForms, SayWhereTheyStand) {
  const Notice text = Parse(Golden("wulong-2024.txt"));
  const Notice csv = Parse(Golden("wulong-2024.csv"));
  EXPECT_EQ(Found(text, "BLANK_AMOUNT")[0].place.row, 58);
  EXPECT_EQ(Found(csv, "BLANK_AMOUNT")[0].place.row, 10);
  EXPECT_EQ(Found(csv, "BLANK_AMOUNT")[0].place.column, 4);
  EXPECT_EQ(csv.groups[0].place.row, 6);
}

TEST(Ids, AreShortAndOrdered) {
  EXPECT_EQ(ProjectId("municipal", 1), "municipal-01");
  EXPECT_EQ(ProjectId("district", 110), "district-110");
  EXPECT_EQ(TaskId("municipal", 11, 2), "municipal-11/2");
}

}  // namespace
}  // namespace minsheng::registry
