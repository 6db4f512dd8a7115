#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/reader/mail.h"
#include "services/registry/reader/reader_testing.h"

namespace minsheng::registry {
namespace {

Lines RowsOf(const std::string& page) { return Rows(Read(page)); }

TEST(Html, LinesAroundTablesAreProse) {
  EXPECT_EQ(RowsOf("<html><head><title>不显示</title><style>p{}</style></head><body><h1>标题</h1>"
                   "<div>单位：<span>万元</span></div><script>var x='<p>';</script>"
                   "<table><tr><td>a</table>说明<ul><li>一</li><li>二</li></ul></body></html>"),
            (Lines{"> 标题", "> 单位：万元", "a", "> 说明", "> 一", "> 二"}));
}

TEST(Html, NumberedListsShowTheirNumbers) {
  EXPECT_EQ(RowsOf("<html><ol start=3><li>a<li value=7>b<li>c</ol><ol style='list-style:none'>"
                   "<li>d</ol>"),
            (Lines{"> 3. a", "> 7. b", "> 8. c", "> d"}));
}

TEST(Html, HiddenElementsAreLeftOut) {
  const Document document = Read("<html><div style='display:none'>菜单</div><p>看得见</p>");
  EXPECT_EQ(Rows(document), (Lines{"> 看得见"}));
  EXPECT_EQ(NotesOf(document), "");
}

TEST(Html, PreformattedLinesStay) {
  EXPECT_EQ(RowsOf("<html><pre>a  b\nc</pre>"), (Lines{"> a  b", "> c"}));
}

// 序号 in GBK.
constexpr char kGbk[] = "<html><meta charset=gb2312><table><tr><td>\xD0\xF2\xBA\xC5</table>";

TEST(Html, Encodings) {
  const Document gbk = Read(kGbk);
  EXPECT_EQ(Rows(gbk), (Lines{"序号"}));
  EXPECT_EQ(NotesOf(gbk), "ENCODING_CONVERTED ");
  EXPECT_EQ(RowsOf("\xEF\xBB\xBF<html><table><tr><td>序号</table>"), (Lines{"序号"}));
  EXPECT_EQ(RowsOf("<html><meta charset='gbk'><table><tr><td>序号</table>"), (Lines{"序号"}));
  EXPECT_EQ(RefusalOf("<html><meta charset=big5><table><tr><td>\xA7\xC7\xB8\xB9</table>"),
            "BAD_ENCODING");
  std::string utf16 = "\xFF\xFE";
  for (const char c : std::string("<html><table><tr><td>7</table>")) utf16 += {c, '\0'};
  EXPECT_EQ(RowsOf(utf16), (Lines{"7"}));
}

TEST(Html, AsWordMakesIt) {
  EXPECT_EQ(
      RowsOf("<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><!--[if gte mso 9]>"
             "<xml><w:WordDocument><w:LsdException/></w:WordDocument></xml><![endif]--></head>"
             "<body lang=ZH-CN><div class=WordSection1><p class=MsoNormal><![if !supportLists]>"
             "<span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;</span></span><![endif]>民生\r\n"
             "实事<o:p></o:p></p><table class=MsoTableGrid><tr><td><p><b>序号</b><o:p></o:p></p>"
             "</td><td><p><span style='display:none;mso-hide:all'>藏</span>名称</p></td></tr>"
             "</table></div></body></html>"),
      (Lines{"> 1.\xC2\xA0\xC2\xA0民生实事", "序号|名称"}));
}

TEST(Html, AsExcelMakesIt) {
  EXPECT_EQ(RowsOf("<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><body><table "
                   "border=0><col width=64><tr height=19><td height=19 class=xl65 colspan=2 "
                   "style='mso-ignore:colspan'>标题</td></tr><tr><td align=right x:num=\"0.5\">50%"
                   "</td><td>b</td></tr><![if supportMisalignedColumns]><tr height=0 "
                   "style='display:none'><td width=64></td><td></td></tr><![endif]></table>"
                   "</body></html>"),
            (Lines{"标题|-", "50%|b"}));
}

TEST(Html, AMailWithPages) {
  const std::string page = "<html><table><tr><td style=3D'a'>=E5=BA=8F=\r\n=E5=8F=B7</table>";
  EXPECT_EQ(RowsOf("MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n "
                   "boundary=\"----=_Next\"\r\n\r\npreamble\r\n------=_Next\r\nContent-Type: "
                   "text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable"
                   "\r\n\r\n" +
                   page +
                   "\r\n------=_Next\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: "
                   "base64\r\n\r\nAAAA\r\n------=_Next\r\nContent-Type: text/html\r\n"
                   "Content-Transfer-Encoding: base64\r\n\r\nPHRhYmxlPjx0cj48dGQ+MjwvdGFibGU+\r\n"
                   "------=_Next--\r\n"),
            (Lines{"序号", "2"}));
  EXPECT_EQ(RefusalOf("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\nnone"),
            "BAD_DOCUMENT");
}

TEST(Html, QuotedPrintable) { EXPECT_EQ(DecodeQuotedPrintable("a=3D=\r\nb=\nc=zz="), "a=bc=zz="); }

TEST(Html, PagesThatCostTooMuchAreRefused) {
  std::string deep = "<html>";
  for (int i = 0; i < 2'000'000; ++i) deep += "<div>";
  EXPECT_EQ(RefusalOf(deep), "TOO_LARGE");
  std::string formats = "<html><p>";
  for (int i = 0; i < 900; ++i) formats += "<b x=" + std::to_string(i) + ">";
  for (int i = 0; i < 1'000'000; ++i) formats += "</p><p>x";
  EXPECT_EQ(RefusalOf(formats), "TOO_LARGE");
  std::string tables = "<html>";
  for (int i = 0; i < 20; ++i) tables += "<table><tr><td>";
  EXPECT_EQ(RefusalOf(tables), "TOO_LARGE");
  std::string sneaky = "<html><!-->";
  for (int i = 0; i < 2'000'000; ++i) sneaky += "<div>";
  EXPECT_EQ(RefusalOf(sneaky), "TOO_LARGE");
}

TEST(Html, PagesWithoutWordsHaveNoTable) { EXPECT_EQ(RefusalOf("<html><p> </p>"), "NO_TABLE"); }

}  // namespace
}  // namespace minsheng::registry
