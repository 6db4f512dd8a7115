// Whole files that are refused, and what the refusal says.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/domain/notice_testing.h"

namespace minsheng::registry {
namespace {

using testing::HasSubstr;

constexpr char kHeader[] = "序号,项目名称,工作内容,总投资,牵头单位\n";

std::string MessageOf(const std::string& bytes) {
  return std::string(ParseNotice(bytes, "test", {}).status().message());
}

TEST(Refusals, OfWhatIsNoTable) {
  EXPECT_EQ(RefusalOf(""), "EMPTY_FILE");
  EXPECT_EQ(RefusalOf("%PDF-1.4"), "NOT_TEXT");
  EXPECT_EQ(RefusalOf("关于做好2024年全区民生实事工作的通知\n各乡镇："), "NO_TABLE_HEADER");
  EXPECT_EQ(RefusalOf("甲,乙,丙\n1,2,3\n"), "NO_TABLE_HEADER");
  EXPECT_THAT(MessageOf("甲,乙,丙\n1,2,3\n"), HasSubstr("另存为CSV"));
}

TEST(Refusals, OfATextThatEndsWithinARow) {
  const std::string text = Golden("wulong-2024.txt");
  const std::string cut = text.substr(0, text.find("区消防救援支队"));
  EXPECT_EQ(RefusalOf(cut), "TRUNCATED");
  EXPECT_THAT(MessageOf(cut), HasSubstr("第231行"));
}

TEST(Refusals, OfATextThatEndsAfterAGroup) {
  const std::string text = Golden("wulong-2024.txt");
  EXPECT_EQ(RefusalOf(text.substr(0, text.find("133039") + 12)), "TRUNCATED");
}

TEST(Refusals, OfACsvThatEndsWithinARow) {
  EXPECT_EQ(RefusalOf(Titled(kHeader) + "1,甲,a,1,区教委\n2,乙,b"), "TRUNCATED");
  const std::string open = Titled(kHeader) + "1,甲,\"a,1,区教委\n2,乙,b,1,区教委\n";
  EXPECT_EQ(RefusalOf(open), "TRUNCATED");
  EXPECT_THAT(MessageOf(open), HasSubstr("第4行"));
}

TEST(Refusals, OfAmountsNameTheCell) {
  const std::string negative = Titled(kHeader) + "1,甲,a,-5,区教委\n";
  EXPECT_EQ(RefusalOf(negative), "NEGATIVE_AMOUNT");
  EXPECT_THAT(MessageOf(negative), HasSubstr("第4行第4列"));
  const std::string vague = Titled(kHeader) + "1,甲,a,二百八,区教委\n";
  EXPECT_EQ(RefusalOf(vague), "BAD_AMOUNT");
  EXPECT_THAT(MessageOf(vague), HasSubstr("二百八"));
}

TEST(Refusals, OfSumsBeyondReach) {
  std::string table = Titled(kHeader);
  for (int i = 1; i <= 9999; ++i) table += std::to_string(i) + ",甲,a,100000亿元,区教委\n";
  EXPECT_EQ(RefusalOf(table), "BAD_AMOUNT");
}

TEST(Refusals, OfSizes) {
  std::string rows = Titled(kHeader);
  rows.reserve(3'000'000);
  for (int i = 0; i <= kMaxNoticeRows; ++i) rows += ",,a,,\n";
  EXPECT_EQ(RefusalOf(rows), "TOO_MANY_ROWS");
  EXPECT_EQ(RefusalOf(std::string(kMaxNoticeBytes + 1, 'x')), "TOO_LARGE");
  EXPECT_EQ(RefusalOf(Titled(kHeader) + "1,甲," + std::string(70'000, 'a') + ",1,区教委\n"),
            "TOO_LARGE");
}

}  // namespace
}  // namespace minsheng::registry
