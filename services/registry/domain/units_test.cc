#include "services/registry/domain/units.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace minsheng::registry {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

UnitRef Unit(const char* name, const char* alias = "") { return {name, alias, UnitRef::kUnit}; }
UnitRef Some(const char* name) { return {name, "", UnitRef::kGroupUnresolved}; }
UnitRef All(const char* name) { return {name, "", UnitRef::kGroupAll}; }

TEST(ParseUnits, SplitsAtEverySeparator) {
  EXPECT_THAT(ParseUnits("区发展改革委、区财政局，凤山街道,芙蓉街道；区教委;区妇联\n团区委").units,
              ElementsAre(Unit("区发展改革委"), Unit("区财政局"), Unit("凤山街道"),
                          Unit("芙蓉街道"), Unit("区教委"), Unit("区妇联"), Unit("团区委")));
}

TEST(ParseUnits, NeverSplitsInsideBrackets) {
  EXPECT_THAT(ParseUnits("高新园（邹区镇、新桥镇）、区财政局").units,
              ElementsAre(Unit("高新园", "邹区镇、新桥镇"), Unit("区财政局")));
}

TEST(ParseUnits, TellsAliasFromNameByTheBracketsPlace) {
  EXPECT_THAT(ParseUnits("区数建办（区大数据局）、区城市发展（集团）公司").units,
              ElementsAre(Unit("区数建办", "区大数据局"), Unit("区城市发展（集团）公司")));
}

TEST(ParseUnits, KeepsPlaceholders) {
  EXPECT_THAT(ParseUnits("区财政局，有关乡镇（街道）").units,
              ElementsAre(Unit("区财政局"), Some("有关乡镇（街道）")));
  EXPECT_THAT(ParseUnits("各乡镇（街道）、区级各部门").units,
              ElementsAre(All("各乡镇（街道）"), All("区级各部门")));
  EXPECT_THAT(ParseUnits("区民政局等有关部门").units,
              ElementsAre(Unit("区民政局"), Some("有关部门")));
  EXPECT_THAT(ParseUnits("中等专业学校").units, ElementsAre(Unit("中等专业学校")));
}

TEST(ParseUnits, TellsBlanksInNamesFromBlanksBetweenThem) {
  EXPECT_THAT(ParseUnits("区 教 委").units, ElementsAre(Unit("区教委")));
  EXPECT_THAT(ParseUnits("区教委　区财政局 区民政局").units,
              ElementsAre(Unit("区教委"), Unit("区财政局"), Unit("区民政局")));
}

TEST(ParseUnits, ReadsMarksOfLeadAndSupport) {
  const UnitList list = ParseUnits("区教委（牵头）、区财政局（配合）");
  EXPECT_THAT(list.units, ElementsAre(Unit("区教委")));
  EXPECT_THAT(list.supporting, ElementsAre(Unit("区财政局")));
}

TEST(ParseUnits, GoesOnWithoutBracketsWhenOneIsNotClosed) {
  const UnitList list = ParseUnits("区数建办（区大数据局、区财政局");
  EXPECT_TRUE(list.bracket_unclosed);
  EXPECT_THAT(list.units, ElementsAre(Unit("区数建办（区大数据局"), Unit("区财政局")));
}

TEST(ParseUnits, FindsNobodyInBlanks) {
  for (const char* cell : {"", " 　", "-", "—", "/", "无"}) {
    EXPECT_THAT(ParseUnits(cell).units, IsEmpty()) << cell;
  }
}

}  // namespace
}  // namespace minsheng::registry
