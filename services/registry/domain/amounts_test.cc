#include "services/registry/domain/amounts.h"

#include <string>

#include "gtest/gtest.h"

namespace minsheng::registry {
namespace {

constexpr int64_t kWan = 1'000'000;

struct Case {
  const char* words;
  int64_t wan;  // -1: none
  const char* doubt;
};

class AmountInWords : public testing::TestWithParam<Case> {};

TEST_P(AmountInWords, IsTheItemsOwn) {
  const WordedAmount read = FindAmount(GetParam().words, MoneyUnit::kWanYuan);
  EXPECT_EQ(read.fen.value_or(-kWan), GetParam().wan * kWan);
  EXPECT_EQ(read.doubt, GetParam().doubt);
}

INSTANTIATE_TEST_SUITE_P(
    Words, AmountInWords,
    testing::Values(Case{"约200", 200, "AMOUNT_ABOUT"}, Case{"200左右", 200, "AMOUNT_ABOUT"},
                    Case{"2000万左右", 2000, "AMOUNT_ABOUT"}, Case{"总投资1.2亿元", 12000, ""},
                    Case{"300万", 300, "AMOUNT_ABOUT"},
                    Case{"总投资1000万元，其中市级补助300万元", 1000, "AMOUNT_IN_WORDS"},
                    Case{"中央100万元、自筹50万元", -1, "AMOUNT_UNCLEAR"},
                    Case{"每公里10万元", -1, "AMOUNT_UNCLEAR"},
                    Case{"按平均每人每年2000元", -1, "AMOUNT_UNCLEAR"},
                    Case{"50元—336元", -1, "AMOUNT_UNCLEAR"},
                    Case{"10万元/公里", -1, "AMOUNT_UNCLEAR"},
                    Case{"均为其他资金", -1, "AMOUNT_WORDS"},
                    Case{"为3万人服务", -1, "AMOUNT_UNCLEAR"}));

TEST(StatedAmount, IsTakenOnlyWhereTheWordsSaySo) {
  EXPECT_EQ(FindStatedAmount("新建食堂6个，总投资约200万。").fen, 200 * kWan);
  EXPECT_EQ(FindStatedAmount("新建食堂6个，总投资200万元。").doubt, "");
  EXPECT_FALSE(FindStatedAmount("每人每年补助800元。").fen);
  EXPECT_FALSE(FindStatedAmount("发放贷款1.5亿元。").fen);
}

TEST(AmountWords, AreTellingFromSpoiltFigures) {
  EXPECT_TRUE(HasAmountWords("均为其他资金"));
  EXPECT_TRUE(HasAmountWords("约200"));
  EXPECT_FALSE(HasAmountWords("二百八"));
  EXPECT_FALSE(HasAmountWords("12O0"));
  EXPECT_FALSE(HasAmountWords("1200"));
}

}  // namespace
}  // namespace minsheng::registry
