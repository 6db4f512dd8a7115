#include "services/registry/reader/number_format.h"

#include "gtest/gtest.h"

#include "services/registry/reader/decimal.h"

namespace minsheng::registry {
namespace {

struct Shown {
  const char* stored;
  const char* shown;
};

TEST(NumberText, StaysAsStoredButForBinaryNoise) {
  const Shown kNumbers[] = {{"141859", "141859"},
                            {"4700.50", "4700.50"},
                            {"0.28999999999999998", "0.29"},
                            {"1.1000000000000001E2", "110"},
                            {"-1.5E-3", "-0.0015"},
                            {"99.999999999999997", "100"},
                            {"9.9999999999999989E-1", "1"},
                            {"123456789012345.67", "123456789012346"},
                            {"500232199001011234", "500232199001011234"},
                            {"1E+300", "1E+300"},
                            {"1.5E-30", "1.5E-30"},
                            {"0", "0"},
                            {"0E0", "0"},
                            {"1e5x", "1e5x"},
                            {"12-3", "12-3"},
                            {"1E999999999999", "1E999999999999"}};
  for (const auto& [stored, shown] : kNumbers) EXPECT_EQ(NumberText(stored), shown) << stored;
}

// Every value of two decimals, as a double's 17 digits, comes back.
TEST(NumberText, EveryFenComesBack) {
  for (int fen = 0; fen < 100'000; fen += 7) {
    char stored[40];
    std::snprintf(stored, sizeof stored, "%.16E", fen / 100.0);
    Decimal exact{.negative = false, .digits = std::to_string(fen), .point = 0};
    exact.point = static_cast<int>(exact.digits.size()) - 2;
    const auto parsed = ParseDecimal(NumberText(stored));
    const auto wanted = ParseDecimal(PlainText(exact));
    ASSERT_TRUE(parsed && wanted);
    EXPECT_EQ(parsed->digits, wanted->digits) << stored;
    EXPECT_EQ(parsed->point, wanted->point) << stored;
  }
}

struct Formatted {
  const char* stored;
  const char* code;
  const char* shown;
};

TEST(NumberFormat, AsExcelShows) {
  const Formatted kFormatted[] = {{"0.5", "0%", "50%"},
                                  {"0.5", "0.00%", "50.00%"},
                                  {"0.28999999999999998", "0%", "29%"},
                                  {"0.985", "0%", "98.5%"},
                                  {"1", "0%;[Red]-0%", "100%"},
                                  {"-0.05", "0%", "-5%"},
                                  {"0", "0.0%", "0.0%"},
                                  {"45838", "yyyy-mm-dd", "2025-06-30"},
                                  {"45838", "yyyy\"年\"m\"月\"d\"日\";@", "2025-06-30"},
                                  {"45838", "[$-804]yyyy/m/d", "2025-06-30"},
                                  {"45838.604166666664", "yyyy/m/d h:mm", "2025-06-30 14:30"},
                                  {"45838", "yyyy\"年\"m\"月\"", "2025年6月"},
                                  {"45838", "m\"月\"d\"日\"", "2025-06-30"},
                                  {"0.60416666666666663", "h:mm", "14:30"},
                                  {"60", "yyyy-mm-dd", "1900-02-29"},
                                  {"61", "yyyy-mm-dd", "1900-03-01"},
                                  {"59", "yyyy-mm-dd", "1900-02-28"},
                                  {"-3", "yyyy-mm-dd", "-3"},
                                  {"99999999", "yyyy-mm-dd", "99999999"},
                                  {"12.345", "0.00", "12.345"},
                                  {"1234567.8", "#,##0.00", "1234567.8"},
                                  {"5", "0\"个\"", "5个"},
                                  {"3", "\"第\"0\"项\"", "第3项"},
                                  {"5", "\"￥\"#,##0", "5"},
                                  {"5", "General", "5"},
                                  {"5", "G/通用格式\"万元\"", "5"},
                                  {"1.5E3", "0.00E+00", "1500"},
                                  {"5", "@", "5"},
                                  {"5", "[>=10]0\"多\";0", "5"}};
  for (const auto& [stored, code, shown] : kFormatted) {
    EXPECT_EQ(FormatNumber(stored, ParseNumberFormat(code), false), shown) << stored << " " << code;
  }
}

TEST(NumberFormat, TheOtherCalendar) {
  const NumberFormat date = ParseNumberFormat("yyyy-mm-dd");
  EXPECT_EQ(FormatNumber("44376", date, true), "2025-06-30");
}

TEST(NumberFormat, FormatsThatScale) {
  EXPECT_TRUE(ParseNumberFormat("0.0,\"万\"").scaled);
  EXPECT_TRUE(ParseNumberFormat("0\\.0,").scaled);
  EXPECT_FALSE(ParseNumberFormat("#,##0.00").scaled);
  EXPECT_EQ(FormatNumber("12345", ParseNumberFormat("0\\.0,\"万\""), false), "12345");
}

TEST(NumberFormat, BuiltinOnes) {
  EXPECT_EQ(FormatNumber("0.5", BuiltinNumberFormat(9), false), "50%");
  EXPECT_EQ(FormatNumber("0.5", BuiltinNumberFormat(10), false), "50.00%");
  EXPECT_EQ(FormatNumber("45838", BuiltinNumberFormat(14), false), "2025-06-30");
  EXPECT_EQ(FormatNumber("45838", BuiltinNumberFormat(57), false), "2025年6月");
  EXPECT_EQ(FormatNumber("45838", BuiltinNumberFormat(31), false), "2025-06-30");
  EXPECT_EQ(FormatNumber("45838", BuiltinNumberFormat(0), false), "45838");
  EXPECT_EQ(FormatNumber("45838", BuiltinNumberFormat(4), false), "45838");
}

}  // namespace
}  // namespace minsheng::registry
