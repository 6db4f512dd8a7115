#include "services/registry/reader/rich_text.h"

#include "gtest/gtest.h"

namespace minsheng::registry {
namespace {

using Ranges = std::vector<ByteRange>;

TEST(RichText, LinesAreTrimmedAndBlankOnesDropped) {
  RichText text;
  text.Append(" \n　甲 ", false);
  text.BreakLine();
  text.Append(" ", false);
  text.BreakLine();
  text.Append(" 乙\n\n丙 ", false);
  EXPECT_EQ(text.text(), "甲\n乙\n丙");
}

TEST(RichText, BoldEndsWhereItsLineIsTrimmed) {
  RichText text;
  text.Append("a\xC2\xA0", true);
  text.BreakLine();
  text.Append("b", true);
  EXPECT_EQ(text.text(), "a\nb");
  EXPECT_EQ(text.bold(), (Ranges{{0, 1}, {2, 3}}));
}

TEST(RichText, BoldBlanksAreNone) {
  RichText text;
  text.Append("a", false);
  text.Append("  ", true);
  text.BreakLine();
  text.Append("b", true);
  text.Append(" ", true);
  EXPECT_EQ(text.bold(), (Ranges{{2, 3}}));
}

TEST(RichText, WordsOfOthersComeAfterASpace) {
  RichText other;
  other.Append("b", true);
  RichText text;
  text.Append("a", false);
  text.AppendWords(other);
  EXPECT_EQ(text.text(), "a b");
  EXPECT_EQ(text.bold(), (Ranges{{2, 3}}));
}

TEST(ShortWords, AreCutAndValid) {
  EXPECT_EQ(ShortWords(" a\xFFz"), "a");
  EXPECT_EQ(ShortWords(std::string(100, 'x')), std::string(30, 'x') + "…");
}

}  // namespace
}  // namespace minsheng::registry
