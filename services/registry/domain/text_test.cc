#include "services/registry/domain/text.h"

#include "gtest/gtest.h"

#include "services/registry/domain/numbering.h"

namespace minsheng::registry {
namespace {

TEST(Trim, TakesIdeographicAndHardSpaces) {
  EXPECT_EQ(Trim(" \t　\u00A0合  计\u00A0　\r\n"), "合  计");
  EXPECT_EQ(Trim("　　"), "");
  EXPECT_TRUE(IsBlank("\uFEFF \u200B"));
}

TEST(MatchKey, FoldsFullWidthAndDropsSpaces) {
  EXPECT_EQ(MatchKey("任 务　名 称"), "任务名称");
  EXPECT_EQ(MatchKey("总投资（万元）"), "总投资(万元)");
  EXPECT_EQ(MatchKey("１２，３４５．６％"), "12,345.6%");
}

TEST(Utf8, FindsTheFirstBadByte) {
  EXPECT_TRUE(IsValidUtf8("武隆区𠀀"));
  EXPECT_EQ(FirstInvalidUtf8("a\x80"), 1u);
  EXPECT_EQ(FirstInvalidUtf8("武\xE6\xAD"), 3u);
  EXPECT_EQ(FirstInvalidUtf8("\xC0\xAF"), 0u);          // overlong
  EXPECT_EQ(FirstInvalidUtf8("\xED\xA0\x80"), 0u);      // surrogate
  EXPECT_EQ(FirstInvalidUtf8("\xF4\x90\x80\x80"), 0u);  // above U+10FFFF
}

TEST(Abbreviate, CountsCharacters) {
  EXPECT_EQ(Abbreviate("民生实事", 4), "民生实事");
  EXPECT_EQ(Abbreviate("民生实事", 2), "民生…");
}

struct NumberCase {
  const char* text;
  int value;
};

class ChineseNumber : public testing::TestWithParam<NumberCase> {};

TEST_P(ChineseNumber, Parses) {
  EXPECT_EQ(ParseChineseNumber(GetParam().text), GetParam().value) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Table, ChineseNumber,
                         testing::Values(NumberCase{"零", 0}, NumberCase{"一", 1},
                                         NumberCase{"十", 10}, NumberCase{"十三", 13},
                                         NumberCase{"二十", 20}, NumberCase{"两百", 200},
                                         NumberCase{"一百零五", 105}, NumberCase{"一百一十", 110},
                                         NumberCase{"三千零二十", 3020},
                                         NumberCase{"九千九百九十九", 9999},
                                         NumberCase{"二〇二四", 2024}));

TEST(ChineseNumber, RefusesWhatIsNone) {
  for (const char* text :
       {"", "万", "十十", "一二三四五", "百", "二十百", "件", "零十", "一百零"}) {
    EXPECT_EQ(ParseChineseNumber(text), std::nullopt) << text;
  }
}

TEST(FindCount, ReadsTheThreeWritings) {
  EXPECT_EQ(FindCount("承接市级民生实事（13件）"), 13);
  EXPECT_EQ(FindCount("十件民生实事"), 10);
  EXPECT_EQ(FindCount("十三件"), 13);
  EXPECT_EQ(FindCount("１３件"), 13);
  EXPECT_EQ(FindCount("武隆区2024年度民生实事目标任务清单"), std::nullopt);
  EXPECT_EQ(FindCount("一、市级重点民生实事"), std::nullopt);
}

TEST(ItemNo, KnowsTheWritings) {
  EXPECT_EQ(ParseItemNo("1"), 1);
  EXPECT_EQ(ParseItemNo("１２."), 12);
  EXPECT_EQ(ParseItemNo("3、"), 3);
  EXPECT_EQ(ParseItemNo("（一）"), 1);
  EXPECT_EQ(ParseItemNo("(10)"), 10);
  EXPECT_EQ(ParseItemNo("十三"), 13);
  EXPECT_EQ(ParseItemNo("⑪"), 11);
  EXPECT_EQ(ParseItemNo("★4"), 4);
  EXPECT_EQ(ParseItemNo("7.0"), 7);
  for (const char* text : {"", "0", "1-1", "合计", "12345", "-1"}) {
    EXPECT_EQ(ParseItemNo(text), std::nullopt) << text;
  }
}

TEST(SubItem, TakesTheNumberOff) {
  const auto item = TakeSubItem("（12）城区新建公厕2个。");
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(item->no, 12);
  EXPECT_EQ(item->marker, "（12）");
  EXPECT_EQ(item->rest, "城区新建公厕2个。");
  EXPECT_EQ(TakeSubItem("(二)建成")->no, 2);
  EXPECT_EQ(TakeSubItem("③建成")->no, 3);
  EXPECT_EQ(TakeSubItem("4、建成")->no, 4);
}

TEST(SubItem, LeavesOtherNumbersAlone) {
  for (const char* words :
       {"1.4月底前开工", "120公里", "（其中80公里）", "2024年重点解决", "建设3家"}) {
    EXPECT_FALSE(TakeSubItem(words).has_value()) << words;
  }
}

TEST(SubItem, SeesAListWithinTheCell) {
  EXPECT_TRUE(HoldsNext(*TakeSubItem("（1）新建公厕；（2）修路")));
  EXPECT_TRUE(HoldsNext(*TakeSubItem("①新建公厕；②修路")));
  EXPECT_TRUE(HoldsNext(*TakeSubItem("(一)新建公厕;(二)修路")));
  EXPECT_FALSE(HoldsNext(*TakeSubItem("（1）新建公厕2个")));
}

}  // namespace
}  // namespace minsheng::registry
