// Who leads and who assists, said otherwise than by a column: in words, by bold type, by a note, by
// a merged cell; and names that may be one body's.
#include "services/registry/domain/conventions.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/domain/inline_units.h"
#include "services/registry/domain/merged.h"
#include "services/registry/domain/unit_names.h"
#include "services/registry/domain/units.h"

namespace minsheng::registry {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(InlineUnits, AreTakenOffTheWords) {
  struct Case {
    const char* text;
    const char* rest;
    const char* leads;
    const char* assists;
  };
  for (const Case& c : {Case{"新建公园2个。（牵头单位：区城管局；配合单位：区财政局、各街道）",
                             "新建公园2个。", "区城管局", "区财政局、各街道"},
                        Case{"新建公园2个。责任单位：区城管局", "新建公园2个。", "区城管局", ""},
                        Case{"新建公园2个（区教委牵头，区财政局、区民政局配合）。", "新建公园2个",
                             "区教委", "区财政局、区民政局"},
                        Case{"一、教育服务（牵头单位：区教育局）", "一、教育服务", "区教育局", ""},
                        Case{"建设标准：一类；新建2个。", "建设标准：一类；新建2个。", "", ""},
                        Case{"新建公园（含步道）2个", "新建公园（含步道）2个", "", ""}}) {
    const InlineUnits units = TakeInlineUnits(c.text);
    EXPECT_EQ(units.rest, c.rest);
    EXPECT_EQ(units.leads, c.leads) << c.text;
    EXPECT_EQ(units.assists, c.assists) << c.text;
  }
}

Grid Said(const std::string& words) {
  Grid grid;
  grid.rows.push_back({1, {words}, true});
  return grid;
}

TEST(FindConventions, ReadsNotes) {
  EXPECT_TRUE(FindConventions(Said("列第一位者为牵头单位")).first_leads);
  EXPECT_FALSE(FindConventions(Said("牵头单位应认真负责")).first_leads);
  EXPECT_TRUE(FindConventions(Said("加粗的为牵头单位")).bold_leads);
  const auto assists = FindConventions(Said("除特别注明的外，各街道为各项目协办单位。")).assists;
  ASSERT_THAT(assists, SizeIs(1));
  EXPECT_EQ(assists[0].name, "各街道");
}

TEST(SplitByBold, TakesBoldUnitsAsLeads) {
  const std::string cell = "区城管局、区体育局、有关街道";
  const std::size_t begin = cell.find("区体育局");
  const ByteRange bold{begin, begin + std::string("区体育局").size()};
  const BoldUnits split = SplitByBold(cell, {&bold, 1});
  EXPECT_EQ(split.leads, "区体育局");
  EXPECT_EQ(split.assists, "区城管局、有关街道");
  const ByteRange all{0, cell.size()};
  EXPECT_EQ(SplitByBold(cell, {&all, 1}).leads, "") << "all bold tells nothing";
  EXPECT_EQ(SplitByBold(cell, {}).leads, "");
}

GridRow Row(std::vector<std::string> cells, std::vector<CellFormat> formats) {
  GridRow row;
  row.cells = std::move(cells);
  row.formats = std::move(formats);
  return row;
}

TEST(MergedColumns, SayWhatCoversARow) {
  MergedColumns merged;
  merged.Next(Row({"甲", "区教委"}, {{}, {.columns = 1, .rows = 2, .covered = false, .bold = {}}}));
  EXPECT_THAT(merged.Covering(), IsEmpty());
  merged.Next(Row({"乙", ""}, {{}, {.columns = 1, .rows = 1, .covered = true, .bold = {}}}));
  EXPECT_THAT(merged.Covering(), ElementsAre("", "区教委"));
  merged.Next(Row({"丙", ""}, {}));
  EXPECT_THAT(merged.Covering(), IsEmpty());
}

std::vector<std::string> Alike(const std::vector<std::string>& names) {
  UnitNames units;
  for (const std::string& name : names) units.Add(MakeUnit(name), {});
  std::vector<std::string> pairs;
  for (const auto& pair : units.Alike()) pairs.push_back(pair.one + "=" + pair.other);
  return pairs;
}

TEST(UnitNames, FindsOneBodyUnderTwoNames) {
  EXPECT_THAT(Alike({"区发展改革委", "区发改局"}), ElementsAre("区发展改革委=区发改局"));
  EXPECT_THAT(Alike({"区教育局", "教育局"}), ElementsAre("区教育局=教育局"));
  EXPECT_THAT(Alike({"区农业农村委（区乡村振兴局）", "区乡村振兴局"}), SizeIs(1));
  EXPECT_THAT(Alike({"区民政局", "区教育局", "市教育局", "有关街道", "区城管局"}), IsEmpty());
}

TEST(UnitNames, MissesALevelOnlyWhereOthersHaveIt) {
  UnitNames units;
  for (const char* name : {"区教委", "区民政局", "区水利局", "区城管局", "交通局"}) {
    units.Add(MakeUnit(name), {});
  }
  ASSERT_THAT(units.WithoutLevel(), SizeIs(1));
  EXPECT_EQ(units.WithoutLevel()[0].first, "交通局");
  UnitNames bare;
  for (const char* name : {"教委", "民政局"}) bare.Add(MakeUnit(name), {});
  EXPECT_THAT(bare.WithoutLevel(), IsEmpty());
}

}  // namespace
}  // namespace minsheng::registry
