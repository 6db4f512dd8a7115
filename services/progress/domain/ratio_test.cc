#include "services/progress/domain/ratio.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/progress/domain/test_tasks.h"

namespace minsheng::progress {
namespace {

using test::Q;
using test::Random;
using test::Seed;
using Int = Ratio::Int;

std::string ReasonOf(const absl::Status& status) {
  return std::string(status.GetPayload("minsheng/reason").value_or(absl::Cord()));
}

TEST(QuantityTest, ReadsDecimalsExactly) {
  const std::vector<std::pair<const char*, int64_t>> rows = {
      {"120", 120'000'000},
      {"3.70", 3'700'000},
      {"-0.5", -500'000},
      {"0.000001", 1},
      {"1.2300000000", 1'230'000},
      {"007", 7'000'000},
      {"-0", 0},
      {"1000000000000", Quantity::kMaxUnits * Quantity::kScale},
      {"-1000000000000.000", -Quantity::kMaxUnits * Quantity::kScale},
  };
  for (const auto& [text, micros] : rows) {
    ASSERT_TRUE(Quantity::Parse(text).ok()) << text;
    EXPECT_EQ(Quantity::Parse(text)->micros(), micros) << text;
  }
}

TEST(QuantityTest, RefusesWhatIsNoPlainDecimal) {
  for (const char* text : {"", "-", ".", "5.", ".5", "+5", "--5", "1e3", "1,000", " 1", "1 ",
                           "12公里", "1.2.3", "0x1F", "五", "NaN"}) {
    EXPECT_EQ(Quantity::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(ReasonOf(Quantity::Parse(text).status()), "NOT_A_NUMBER") << text;
  }
}

TEST(QuantityTest, RefusesWhatDoesNotFit) {
  EXPECT_EQ(ReasonOf(Quantity::Parse("0.0000001").status()), "TOO_MANY_DECIMALS");
  for (const char* text : {"1000000000000.000001", "-1000000000001", "99999999999999999999999"}) {
    EXPECT_EQ(ReasonOf(Quantity::Parse(text).status()), "TOO_LARGE") << text;
  }
  EXPECT_EQ(Quantity::Parse("1x").status().message(),
            "数值“1x”不是十进制数，请填写如 120 或 3.70 的数字，不带千分号、空格和单位。");
}

TEST(QuantityTest, WritesTheShortestDecimalThatReadsBack) {
  for (const char* text : {"0", "120", "3.7", "-0.5", "0.000001", "-1000000000000", "10.01"}) {
    EXPECT_EQ(Q(text).ToString(), text);
  }
  EXPECT_EQ(Q("3.70").ToString(), "3.7");
}

TEST(RatioTest, ComparesByCrossMultiplication) {
  EXPECT_EQ(Ratio(1, 3), Ratio(2, 6));
  EXPECT_LT(Ratio(-1, 2), Ratio(1, -3));
  EXPECT_GT(Ratio(-3, -4), Ratio(2, 3));
  EXPECT_EQ(Ratio::Percent(Q("12.5")), Ratio(1, 8));
  EXPECT_EQ(Ratio::Of(Q("19"), Q("120")), Ratio(19, 120));
}

TEST(RatioTest, CalculatesExactly) {
  EXPECT_EQ(Ratio(19, 120) - Ratio(1, 5), Ratio(-1, 24));
  EXPECT_EQ(Ratio(2, 3) * Ratio(-3, 4), Ratio(-1, 2));
  EXPECT_EQ(Ratio(1, 5) / Ratio(1, 2), Ratio(2, 5));
}

TEST(RatioTest, ReducesWhenAProductWouldNotFit) {
  const Int huge = Int{1} << 100;
  EXPECT_EQ(Ratio(huge, huge * 2) - Ratio(huge, huge * 4), Ratio(1, 4));
  EXPECT_EQ(Ratio(huge, huge * 3) * Ratio(huge * 3, huge), Ratio(1, 1));
}

TEST(RatioDeathTest, CrashesOnOurOwnMistakes) {
  EXPECT_DEATH(Ratio(1, 0), "denominator is zero");
  EXPECT_DEATH(Ratio(1, 2) / Ratio(0, 5), "denominator is zero");
  const Int huge = (Int{1} << 100) + 1;
  EXPECT_DEATH(Ratio(1, huge) * Ratio(1, huge - 2), "does not fit");
}

TEST(RatioTest, ShowsPercentRoundedHalfAwayFromZero) {
  EXPECT_EQ(Ratio(1, 6).ToPercent(), "16.7");
  EXPECT_EQ(Ratio(20, 41).ToPercent(), "48.8");
  EXPECT_EQ(Ratio(1, 2000).ToPercent(), "0.1");
  EXPECT_EQ(Ratio(-1, 2000).ToPercent(), "-0.1");
  EXPECT_EQ(Ratio(-1, 2001).ToPercent(), "0.0");
  EXPECT_EQ(Ratio(5, 4).ToPercent(0), "125");
  EXPECT_EQ(Ratio(1, 3).ToPercent(6), "33.333333");
  EXPECT_EQ(Ratio(0, 7).ToPercent(2), "0.00");
}

TEST(RatioTest, ShowsBasisPoints) {
  EXPECT_EQ(Ratio(1, 6).ToBasisPoints(), 1667);
  EXPECT_EQ(Ratio(-1, 24).ToBasisPoints(), -417);
  EXPECT_EQ(Ratio(Int{1} << 80, 1).ToBasisPoints(), std::numeric_limits<int64_t>::max());
}

// 256-bit magnitudes in 32-bit digits, least first: the school's way.
using Wide = std::array<uint64_t, 8>;

Wide Digits(Int value) {
  Wide digits{};
  for (size_t i = 0; i < 4; ++i) digits[i] = static_cast<uint32_t>(value >> (32 * i));
  return digits;
}

Wide SlowProduct(Int a, Int b) {
  const Wide left = Digits(a), right = Digits(b);
  Wide product{};
  for (size_t i = 0; i < 4; ++i) {
    uint64_t carry = 0;
    for (size_t j = 0; i + j < product.size(); ++j) {
      const uint64_t sum = product[i + j] + left[i] * right[j] + carry;
      product[i + j] = static_cast<uint32_t>(sum);
      carry = sum >> 32;
    }
  }
  return product;
}

int SlowCompare(const Ratio& a, const Ratio& b) {
  const bool a_negative = a.numerator() < 0, b_negative = b.numerator() < 0;
  if (a_negative != b_negative) return a_negative ? -1 : 1;
  const Int left = a_negative ? -a.numerator() : a.numerator();
  const Int right = b_negative ? -b.numerator() : b.numerator();
  const Wide x = SlowProduct(left, b.denominator()), y = SlowProduct(right, a.denominator());
  const int order = std::lexicographical_compare(x.rbegin(), x.rend(), y.rbegin(), y.rend()) ? -1
                    : x == y                                                                 ? 0
                                                                                             : 1;
  return a_negative ? -order : order;
}

Int RandomInt(Random& random) {
  const auto high = static_cast<Int>(random.Bits() >> 1);
  return ((high << 64) | static_cast<Int>(random.Bits())) >> random.Between(0, 126);
}

Ratio RandomRatio(Random& random) {
  const Int numerator = RandomInt(random);
  return {random.OneIn(2) ? numerator : -numerator, RandomInt(random) / 2 + 1};
}

// Near `ratio`, or equal and written otherwise.
Ratio Neighbour(Random& random, const Ratio& ratio) {
  const Int shift = random.Between(-1, 1);
  const Int factor = random.Between(1, 5);
  constexpr Int kSmall = Int{1} << 120;
  const Int size = ratio.numerator() < 0 ? -ratio.numerator() : ratio.numerator();
  if (size > kSmall || ratio.denominator() > kSmall) return ratio;
  return {ratio.numerator() * factor + shift, ratio.denominator() * factor};
}

TEST(RatioPropertyTest, ComparesAsLongMultiplicationDoes) {
  SCOPED_TRACE(::testing::Message() << "MINSHENG_TEST_SEED=" << Seed());
  Random random(Seed());
  for (int i = 0; i < 200'000; ++i) {
    const Ratio a = RandomRatio(random);
    const Ratio b = random.OneIn(2) ? RandomRatio(random) : Neighbour(random, a);
    const int expected = SlowCompare(a, b);
    ASSERT_EQ(a < b, expected < 0) << "case " << i;
    ASSERT_EQ(a == b, expected == 0) << "case " << i;
    ASSERT_EQ(a > b, expected > 0) << "case " << i;
  }
}

TEST(RatioPropertyTest, DifferenceHasTheSignOfTheComparison) {
  SCOPED_TRACE(::testing::Message() << "MINSHENG_TEST_SEED=" << Seed());
  Random random(Seed());
  for (int i = 0; i < 50'000; ++i) {
    constexpr int64_t kMost = Quantity::kMaxUnits * Quantity::kScale;
    const auto part = [&] { return Quantity::FromMicros(random.Between(-kMost, kMost)); };
    const auto whole = [&] { return Quantity::FromMicros(random.Between(1, kMost)); };
    const Ratio a = Ratio::Of(part(), whole()), b = Ratio::Of(part(), whole());
    ASSERT_EQ((a - b) <=> Ratio(), a <=> b) << "case " << i;
  }
}

}  // namespace
}  // namespace minsheng::progress
