#include "services/registry/domain/continuity.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace minsheng::registry {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

TargetRow Goal(int no, const std::string& indicator, const std::string& unit) {
  TargetRow row;
  row.no = no;
  row.indicator = indicator;
  row.unit = unit;
  row.comparator = Comparator::kAtLeast;
  return row;
}

ListedTask Task(const std::string& title, const std::string& content,
                std::vector<TargetRow> targets = {}) {
  return {title, content, std::move(targets)};
}

TEST(FindContinued, LinksTheSameProjectOfAnotherYear) {
  const std::vector<ListedTask> before = {
      Task("口袋公园建设", "建成3个。", {Goal(1, "口袋公园", "个")}),
      Task("2023年老旧小区改造", "改造30个小区。", {Goal(1, "改造老旧小区", "个")})};
  const std::vector<ListedTask> now = {
      Task("2024年老旧小区改造", "改造41个小区，加装电梯5部。",
           {Goal(1, "加装电梯", "部"), Goal(2, "改造老旧小区", "个")}),
      Task("老年食堂", "建2家。", {Goal(1, "老年食堂", "家")})};
  const auto links = FindContinued(before, now);
  ASSERT_THAT(links, SizeIs(1));
  EXPECT_EQ(links[0].task, 0u);
  EXPECT_EQ(links[0].before, 1u);
  EXPECT_THAT(links[0].targets, ElementsAre(Pair(2, 1)));
}

TEST(FindContinued, LinksATitleThatIsNearlyTheSame) {
  const std::vector<ListedTask> before = {
      Task("推进农村黑臭水体治理", "治理50%。", {Goal(1, "农村黑臭水体治理率", "%")})};
  const std::vector<ListedTask> now = {
      Task("推进农村黑臭水体治理攻坚", "治理100%。", {Goal(1, "农村黑臭水体治理", "%")})};
  EXPECT_THAT(FindContinued(before, now), SizeIs(1));
}

TEST(FindContinued, LeavesOtherWorkUnderTheSameTitle) {
  const std::vector<ListedTask> before = {
      Task("公共服务补短板", "新建公厕2个。", {Goal(1, "新建公厕", "个")})};
  EXPECT_THAT(FindContinued(
                  before, {Task("公共服务补短板", "开通客运线路。", {Goal(1, "客运线路", "条")})}),
              IsEmpty());
}

TEST(FindContinued, ContinuesEachTaskOnce) {
  const std::vector<ListedTask> before = {Task("公厕", "新建公厕2个。", {Goal(1, "公厕", "个")})};
  const auto links = FindContinued(before, {before[0], before[0]});
  ASSERT_THAT(links, SizeIs(1));
  EXPECT_EQ(links[0].task, 0u);
}

TEST(FindContinued, LinksAListToItself) {
  std::vector<ListedTask> list;
  for (int i = 0; i < 40; ++i) {
    const std::string name(1 + static_cast<std::size_t>(i), static_cast<char>('a' + i % 26));
    list.push_back(Task(name + "工程", name + "建成。", {Goal(1, name, "个")}));
  }
  const auto links = FindContinued(list, list);
  ASSERT_EQ(links.size(), list.size());
  for (const Continued& link : links) EXPECT_EQ(link.task, link.before);
}

TEST(SaysItContinues, ByItsWords) {
  EXPECT_TRUE(SaysItContinues("续建学校2所"));
  EXPECT_FALSE(SaysItContinues("新建学校2所"));
}

}  // namespace
}  // namespace minsheng::registry
