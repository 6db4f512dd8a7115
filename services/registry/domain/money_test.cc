#include "services/registry/domain/money.h"

#include <random>

#include "gtest/gtest.h"

#include "services/registry/domain/refusal.h"

namespace minsheng::registry {
namespace {

struct AmountCase {
  const char* text;
  MoneyUnit unit;
  int64_t fen;
};

class Amount : public testing::TestWithParam<AmountCase> {};

TEST_P(Amount, IsExact) {
  const auto fen = ParseAmount(GetParam().text, GetParam().unit);
  ASSERT_TRUE(fen.ok()) << fen.status();
  EXPECT_EQ(*fen, GetParam().fen);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Amount,
    testing::Values(AmountCase{"4700", MoneyUnit::kWanYuan, 4'700'000'000},
                    AmountCase{"55219.1", MoneyUnit::kWanYuan, 55'219'100'000},
                    AmountCase{"23209.56", MoneyUnit::kWanYuan, 23'209'560'000},
                    AmountCase{"0", MoneyUnit::kWanYuan, 0},
                    AmountCase{"0.000001", MoneyUnit::kWanYuan, 1},
                    AmountCase{"2.5", MoneyUnit::kYiYuan, 25'000'000'000},
                    AmountCase{"１２，３４５．６", MoneyUnit::kYuan, 1'234'560},
                    AmountCase{" 1,234,567.89　", MoneyUnit::kYuan, 123'456'789},
                    AmountCase{"0.10", MoneyUnit::kYuan, 10},
                    AmountCase{"1.0000", MoneyUnit::kYuan, 100},
                    AmountCase{"3.5", MoneyUnit::kThousandYuan, 350'000},
                    AmountCase{"100000", MoneyUnit::kYiYuan, kMaxAmountFen}));

TEST(ParseAmount, BlankIsNonePlannedAndNotZero) {
  for (const char* text : {"", "  ", "　", "-", "—", "——", "－", "/", "无"}) {
    const auto fen = ParseAmount(text, MoneyUnit::kWanYuan);
    ASSERT_TRUE(fen.ok()) << text;
    EXPECT_FALSE(fen->has_value()) << text;
  }
}

TEST(ParseAmount, RefusesNegatives) {
  for (const char* text : {"-5", "－5", "−5", "(5)", "（5）"}) {
    EXPECT_EQ(ReasonOf(ParseAmount(text, MoneyUnit::kYuan).status()), "NEGATIVE_AMOUNT") << text;
  }
}

TEST(ParseAmount, RefusesWhatIsNoExactAmount) {
  for (const char* text :
       {"约200", "1e3", "1.2.3", "12,34", ",345", "1234,567", ".5", "5.", "0.001", "10000000000001",
        "99999999999999999999999", "50元—336元", "+5", "１２ａ"}) {
    EXPECT_EQ(ReasonOf(ParseAmount(text, MoneyUnit::kYuan).status()), "BAD_AMOUNT") << text;
  }
  EXPECT_EQ(ReasonOf(ParseAmount("0.0000001", MoneyUnit::kWanYuan).status()), "BAD_AMOUNT");
}

TEST(ParseMoneyUnit, KnowsTheFour) {
  EXPECT_EQ(*ParseMoneyUnit("万元"), MoneyUnit::kWanYuan);
  EXPECT_EQ(*ParseMoneyUnit(" 千 元 "), MoneyUnit::kThousandYuan);
  EXPECT_EQ(*ParseMoneyUnit("人民币元"), MoneyUnit::kYuan);
  EXPECT_EQ(*ParseMoneyUnit("亿元"), MoneyUnit::kYiYuan);
  EXPECT_EQ(ReasonOf(ParseMoneyUnit("美元").status()), "BAD_MONEY_UNIT");
}

TEST(TakeMoneyUnit, TakesTheLongestWord) {
  std::string text = "2.5亿元";
  EXPECT_EQ(TakeMoneyUnit(text), MoneyUnit::kYiYuan);
  EXPECT_EQ(text, "2.5");
  text = "200万";
  EXPECT_EQ(TakeMoneyUnit(text), MoneyUnit::kWanYuan);
  EXPECT_EQ(text, "200");
  text = "4700";
  EXPECT_EQ(TakeMoneyUnit(text), std::nullopt);
}

TEST(FormatAmount, DropsTrailingZeros) {
  EXPECT_EQ(FormatAmount(141'859'000'000, MoneyUnit::kWanYuan), "141859");
  EXPECT_EQ(FormatAmount(55'219'100'000, MoneyUnit::kWanYuan), "55219.1");
  EXPECT_EQ(FormatAmount(1, MoneyUnit::kYiYuan), "0.0000000001");
  EXPECT_EQ(FormatAmount(-50, MoneyUnit::kYuan), "-0.5");
}

TEST(FormatAmount, IsReadBackAsTheSame) {
  std::mt19937_64 random(20240301);
  std::uniform_int_distribution<int64_t> any(0, kMaxAmountFen);
  for (int i = 0; i < 20'000; ++i) {
    const int64_t fen = any(random) >> (i % 50);
    const auto unit = static_cast<MoneyUnit>(i % 4);
    EXPECT_EQ(*ParseAmount(FormatAmount(fen, unit), unit), fen) << "seed 20240301, round " << i;
  }
}

}  // namespace
}  // namespace minsheng::registry
