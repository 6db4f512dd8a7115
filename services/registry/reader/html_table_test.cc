#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/reader/reader_testing.h"

namespace minsheng::registry {
namespace {

Document OfTable(const std::string& content) {
  return Read("<!DOCTYPE html><html><body><table>" + content + "</table></body></html>");
}

Lines RowsOf(const std::string& content) { return Rows(OfTable(content)); }

TEST(HtmlTable, SpansCoverOthers) {
  const Document document = OfTable(
      "<thead><tr><th rowspan=2>序号<th colspan=2>计划</tr><tr><th>进度<th>投资</tr>"
      "</thead><tbody><tr><td>1<td>a<td>2</tbody>");
  EXPECT_EQ(Rows(document), (Lines{"序号|计划|-", "-|进度|投资", "1|a|2"}));
  EXPECT_EQ(document.grids[0].rows[0].formats[0].rows, 2);
  EXPECT_EQ(document.grids[0].rows[0].formats[1].columns, 2);
  EXPECT_EQ(document.grids[0].rows[2].table, 1);
}

TEST(HtmlTable, CellsFillWhatIsFree) {
  EXPECT_EQ(RowsOf("<tr><td>a<td rowspan=3>b<td>c</tr><tr><td>d<td>e</tr><tr><td>f</tr>"),
            (Lines{"a|b|c", "d|-|e", "f|-|"}));
  EXPECT_EQ(RowsOf("<tr><td rowspan=2>a<td>b</tr><tr><td rowspan=2>c</tr><tr><td>d</tr>"),
            (Lines{"a|b", "-|c", "d|-"}));
}

TEST(HtmlTable, SpansEndWithTheirGroup) {
  EXPECT_EQ(RowsOf("<thead><tr><td rowspan=9>a<td>b</tr></thead><tbody><tr><td rowspan=0>c<td>d"
                   "</tr><tr><td>e</tr></tbody>"),
            (Lines{"a|b", "c|d", "-|e"}));
}

TEST(HtmlTable, ASpanThatMeetsAnotherIsCut) {
  EXPECT_EQ(RowsOf("<tr><td>a<td rowspan=2>b<td>c</tr><tr><td colspan=3>d</tr>"),
            (Lines{"a|b|c", "d|-|"}));
}

TEST(HtmlTable, TextInCells) {
  EXPECT_EQ(
      RowsOf("<tr><td>一<br>二<p>三</p> 四\n 五 &amp; x  y<td>&nbsp;7&nbsp;<td>投\r\n资<td>a\nb"),
      (Lines{"一/二/三/四五 & x y|7|投资|a b"}));
}

TEST(HtmlTable, BoldOfTagsAndStyles) {
  const Document document = OfTable(
      "<tr><th>头<td>甲<b>乙</b><strong>丙</strong>丁<td style='font-weight:700'>全<span "
      "style='font-weight: normal'>不</span><td>无</tr>");
  EXPECT_EQ(BoldOf(document, 0, 0), "头");
  EXPECT_EQ(BoldOf(document, 0, 1), "乙丙");
  EXPECT_EQ(BoldOf(document, 0, 2), "全");
  EXPECT_EQ(BoldOf(document, 0, 3), "");
}

TEST(HtmlTable, ANestedTableIsTextOfItsCell) {
  EXPECT_EQ(
      RowsOf("<tr><td>1<td>分项<table><tr><td>类<td>数</tr><tr><td>甲<td>3</tr></table>完<td>x"
             "<tr><td>2<td>b<td>y<tr><td>3<td>c<td>z"),
      (Lines{"1|分项/类 数/甲 3/完|x", "2|b|y", "3|c|z"}));
}

TEST(HtmlTable, AFrameAroundOneTableIsNone) {
  const std::string inner = "<table><tr><td>序号<td>名称<tr><td>1<td>a<tr><td>2<td>b</table>";
  EXPECT_EQ(RowsOf("<tr><td>清单" + inner + "注"),
            (Lines{"> 清单", "序号|名称", "1|a", "2|b", "> 注"}));
  EXPECT_EQ(RowsOf("<tr><td>菜单<td>" + inner), (Lines{"> 菜单", "序号|名称", "1|a", "2|b"}));
}

TEST(HtmlTable, HiddenRowsCellsAndText) {
  const Document document = OfTable(
      "<tr><td>a<td style='DISPLAY : None'>b<td>c<span hidden>d</span><tr "
      "style='display:none'><td>x"
      "<td>y<tr style='display:none' height=0><td><td><tr><td>e<td>f");
  EXPECT_EQ(Rows(document), (Lines{"a|c", "e|f"}));
  EXPECT_EQ(NotesOf(document), "HIDDEN_ROWS(xy) HIDDEN_TEXT(d) ");
}

TEST(HtmlTable, DeletedTextIsTold) {
  const Document document = OfTable("<tr><td>投资<del>100</del><ins>120</ins>万元");
  EXPECT_EQ(Rows(document), (Lines{"投资120万元"}));
  EXPECT_EQ(NotesOf(document), "DELETED_TEXT(100) ");
}

TEST(HtmlTable, CaptionsAndRowsWithoutCells) {
  EXPECT_EQ(RowsOf("<caption>标题</caption><tr></tr><tr><td>a</tr><tr></tr>"),
            (Lines{"> 标题", "a"}));
}

TEST(HtmlTable, ClaimsBeyondReasonAreRefused) {
  const auto refusal = [](const std::string& content) {
    return RefusalOf("<html><table>" + content + "</table>");
  };
  EXPECT_EQ(refusal("<tr><td colspan=1000000000>a"), "TOO_LARGE");
  EXPECT_EQ(refusal("<tr><td rowspan=99999999999999999999999>a"), "TOO_LARGE");
  EXPECT_EQ(RowsOf("<tr><td colspan=1000>a<tr><td>b<td>c"), (Lines{"a|-", "b|c"}));
  std::string wide;
  for (int i = 0; i < 513; ++i) wide += "<td>a";
  EXPECT_EQ(refusal("<tr>" + wide), "TOO_LARGE");
  std::string rows;
  for (int i = 0; i < 1'000'000; ++i) rows += "<tr><td>";
  EXPECT_EQ(refusal(rows), "TOO_MANY_ROWS");
  std::string steps;
  for (int i = 0; i < 2000; ++i) steps += "<tr>" + wide.substr(0, 50 * 5);
  EXPECT_EQ(refusal("<tr><td rowspan=3000>" + steps), "");
}

}  // namespace
}  // namespace minsheng::registry
