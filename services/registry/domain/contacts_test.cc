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
    testing::Values(ContactCase{"联系人：某某", ""},
                    ContactCase{"区教委（联系人：某某 13800000000）", "区教委"},
                    ContactCase{"建设公厕2个。联系电话：023-77700000", "建设公厕2个。"},
                    ContactCase{"区民政局 １３８００００００００", "区民政局"},
                    ContactCase{"区民政局023-77700000", "区民政局"},
                    ContactCase{"责任人：某某；建设公厕2个", "；建设公厕2个"},
                    ContactCase{"按期完成\n电话：77700000\n下一行", "按期完成\n\n下一行"}));

TEST(DropContacts, LeavesOtherWordsAlone) {
  for (const char* text :
       {"建立党员联系人制度", "开通12345政务服务热线电话", "治理50%以上（约5万名）",
        "13800000000000", "2023-2025年", "落实责任人制度", "（1）持续开展"}) {
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
