#include "services/registry/domain/contacts.h"

#include "gtest/gtest.h"

namespace minsheng::registry {
namespace {

struct ContactCase {
  const char* text;
  const char* kept;
};

class Contact : public testing::TestWithParam<ContactCase> {};

TEST_P(Contact, IsDropped) {
  const Redacted redacted = DropContacts(GetParam().text);
  EXPECT_TRUE(redacted.dropped);
  EXPECT_EQ(redacted.text, GetParam().kept);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Contact,
    testing::Values(
        ContactCase{"联系人：某某", ""},
        ContactCase{"区教委（联系人：某某 13800000000）", "区教委"},
        ContactCase{"建设公厕2个。联系电话：023-77700000", "建设公厕2个。"},
        ContactCase{"区民政局 １３８００００００００", "区民政局"},
        ContactCase{"区民政局023-77700000", "区民政局"},
        ContactCase{"区民政局 138 0000 0000", "区民政局"},
        ContactCase{"热线138-0000-0000。", "热线。"}, ContactCase{"热线138.0000.0000。", "热线。"},
        ContactCase{"热线1380000 0000。", "热线。"}, ContactCase{"热线+86 13800000000。", "热线。"},
        ContactCase{"热线+86-138-0000-0000。", "热线。"},
        ContactCase{"热线86138 00000000。", "热线。"},
        ContactCase{"热线（023）77700000。", "热线。"},
        ContactCase{"热线(0755) 7770 0000。", "热线。"},
        ContactCase{"热线023 77700000。", "热线。"}, ContactCase{"热线02377700000。", "热线。"},
        ContactCase{"热线023—77700000。", "热线。"},
        ContactCase{"热线０２３－７７７０００００。", "热线。"},
        ContactCase{"2024-13800000000", "2024-"},
        ContactCase{"13800000000、13900000000 13700000000", "、"},
        ContactCase{"请发some.body@example.org。", "请发。"},
        ContactCase{"责任人：某某；建设公厕2个", "；建设公厕2个"},
        ContactCase{"按期完成\n电话：77700000\n下一行", "按期完成\n\n下一行"}));

TEST(DropContacts, LeavesOtherWordsAlone) {
  for (const char* text :
       {"建立党员联系人制度", "开通12345政务服务热线电话", "治理50%以上（约5万名）",
        "13800000000000", "2023-2025年", "2024-03-15 2024-12-31", "1000 2000 3000", "150.5 2000.25",
        "1380.5万元至2000.75万元", "2024 0315 0001", "（1）2024.03.15—2024.12.31",
        "500156 2024 0001", "编号86-2024-000123", "@所有人", "A@", "落实责任人制度",
        "（1）持续开展"}) {
    EXPECT_FALSE(DropContacts(text).dropped) << text;
    EXPECT_EQ(DropContacts(text).text, text);
  }
}

TEST(IsContactLabel, SeesLabelsAloneAndWithWords) {
  EXPECT_TRUE(IsContactLabel("联系人"));
  EXPECT_TRUE(IsContactLabel(" 填表人：某某"));
  EXPECT_FALSE(IsContactLabel("联系人制度建设"));
}

}  // namespace
}  // namespace minsheng::registry
