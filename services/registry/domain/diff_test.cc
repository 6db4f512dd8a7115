#include "services/registry/domain/diff.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/domain/notice_testing.h"

namespace minsheng::registry {
namespace {

using testing::ElementsAre;

TaskFacts Facts(const std::string& id) {
  return {
      id, "公厕", "新建2个", 100'000'000, {"区城管局"}, {"区财政局"}, {{"targets/1", "1|新建|2"}}};
}

TEST(DiffNotices, FindsNothingBetweenEquals) {
  EXPECT_TRUE(DiffNotices({Facts("district-01/1")}, {Facts("district-01/1")})->empty());
}

TEST(DiffNotices, NamesAddedAndRemovedInOrder) {
  const auto diff =
      DiffNotices({Facts("district-02/1"), Facts("district-01/1")},
                  {Facts("district-01/1"), Facts("district-10/10"), Facts("district-10/9")});
  ASSERT_TRUE(diff.ok());
  EXPECT_THAT(diff->added, ElementsAre("district-10/9", "district-10/10"));
  EXPECT_THAT(diff->removed, ElementsAre("district-02/1"));
  EXPECT_TRUE(diff->changed.empty());
}

TEST(DiffNotices, NamesEachChangedField) {
  TaskFacts after = Facts("district-01/1");
  after.name = "公共厕所";
  after.content = "新建3个";
  after.amount_fen = std::nullopt;
  after.leads = {"区城管局", "区教委"};
  after.assists = {};
  after.others["targets/1"] = "1|新建|3";
  const auto diff = DiffNotices({Facts("district-01/1")}, {after});
  ASSERT_TRUE(diff.ok());
  ASSERT_EQ(diff->changed.size(), 1u);
  EXPECT_EQ(diff->changed[0].id, "district-01/1");
  EXPECT_THAT(diff->changed[0].fields,
              ElementsAre(FieldChange{"name", "公厕", "公共厕所"},
                          FieldChange{"content", "新建2个", "新建3个"},
                          FieldChange{"amount", "1000000", ""},
                          FieldChange{"leads", "区城管局", "区城管局、区教委"},
                          FieldChange{"assists", "区财政局", ""},
                          FieldChange{"targets/1", "1|新建|2", "1|新建|3"}));
}

TEST(DiffNotices, TellsNoneFromZeroAndMindsTheOrderOfLeads) {
  TaskFacts zero = Facts("district-01/1");
  TaskFacts none = zero;
  zero.amount_fen = 0;
  none.amount_fen = std::nullopt;
  zero.leads = {"甲", "乙"};
  none.leads = {"乙", "甲"};
  EXPECT_THAT(
      DiffNotices({zero}, {none})->changed[0].fields,
      ElementsAre(FieldChange{"amount", "0", ""}, FieldChange{"leads", "甲、乙", "乙、甲"}));
}

TEST(DiffNotices, RefusesAnIdTwice) {
  EXPECT_EQ(ReasonOf(DiffNotices({Facts("a-01/1"), Facts("a-01/1")}, {}).status()),
            "DUPLICATE_TASK");
}

TEST(DiffNotices, FindsTheTwoFormsOfTheNoticeEqual) {
  const auto diff = DiffNotices(FactsOf(Parse(Golden("wulong-2024.txt"))),
                                FactsOf(Parse(Golden("wulong-2024.csv"))));
  ASSERT_TRUE(diff.ok());
  EXPECT_TRUE(diff->empty());
}

}  // namespace
}  // namespace minsheng::registry
