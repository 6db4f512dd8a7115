#include "services/registry/domain/encoding.h"

#include <string>

#include "gtest/gtest.h"

#include "services/registry/domain/notice.h"
#include "services/registry/domain/refusal.h"

namespace minsheng::registry {
namespace {

// 序号,项目 in GB18030 and in UTF-16.
constexpr char kGb[] = "\xD0\xF2\xBA\xC5,\xCF\xEE\xC4\xBF";
const std::string kUtf16Le("\xFF\xFE\x8F\x5E\xF7\x53,\x00\x79\x98\xEE\x76", 12);
const std::string kUtf16Be("\xFE\xFF\x5E\x8F\x53\xF7\x00,\x98\x79\x76\xEE", 12);

std::string Reason(const std::string& bytes) { return ReasonOf(DecodeText(bytes).status()); }

TEST(DecodeText, ReadsUtf8WithAndWithoutBom) {
  EXPECT_EQ(DecodeText("序号")->text, "序号");
  EXPECT_EQ(DecodeText("\xEF\xBB\xBF序号")->text, "序号");
  EXPECT_EQ(DecodeText("序号")->converted_from, "");
}

TEST(DecodeText, ConvertsGb18030) {
  const auto decoded = DecodeText(kGb);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->text, "序号,项目");
  EXPECT_EQ(decoded->converted_from, "GB18030");
}

TEST(DecodeText, ConvertsUtf16OfBothOrders) {
  for (const auto& bytes : {kUtf16Le, kUtf16Be}) {
    const auto decoded = DecodeText(bytes);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(decoded->text, "序号,项目");
    EXPECT_EQ(decoded->converted_from, "UTF-16");
  }
}

TEST(DecodeText, SaysWhatIsNoText) {
  EXPECT_EQ(Reason("%PDF-1.7 …"), "NOT_TEXT");
  EXPECT_EQ(Reason("PK\x03\x04 rest"), "NOT_TEXT");
  EXPECT_EQ(Reason("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "NOT_TEXT");
  EXPECT_EQ(Reason(std::string("a\0b", 3)), "NOT_TEXT");
  EXPECT_NE(DecodeText("%PDF-1.7").status().message().find("另存为CSV"), std::string::npos);
}

TEST(DecodeText, RefusesWhatIsBroken) {
  EXPECT_EQ(Reason(""), "EMPTY_FILE");
  EXPECT_EQ(Reason(" \r\n\t"), "EMPTY_FILE");
  EXPECT_EQ(Reason("武隆区民生实事\xFF目标任务清单"), "BAD_ENCODING");
  EXPECT_EQ(Reason("武隆区民生实\xE4\xBA"), "TRUNCATED");
  EXPECT_EQ(Reason(std::string(kGb) + "\xC4"), "TRUNCATED");
  EXPECT_EQ(Reason(std::string(kMaxNoticeBytes + 1, 'a')), "TOO_LARGE");
}

}  // namespace
}  // namespace minsheng::registry
