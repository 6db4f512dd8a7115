#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/reader/docx_testing.h"
#include "services/registry/reader/reader_testing.h"

namespace minsheng::registry {
namespace {

Lines RowsOf(const std::string& body) { return Rows(Read(Docx(body))); }

TEST(DocxTable, MergedCellsCoverOthers) {
  const std::string head = Row(Cell("序号", MergeDown(true)) + Cell("计划", Span(2)));
  const std::string sub = Row(Cell("", MergeDown(false)) + Cell("进度") + Cell("投资"));
  const Document document = Read(Docx(Table(head + sub)));
  EXPECT_EQ(Rows(document), (Lines{"序号|计划|-", "-|进度|投资"}));
  const GridRow& first = document.grids[0].rows[0];
  EXPECT_EQ(first.formats[0].rows, 2);
  EXPECT_EQ(first.formats[1].columns, 2);
  EXPECT_EQ(first.formats[1].rows, 1);
}

TEST(DocxTable, AMergeDownStopsAtTheNextRestart) {
  EXPECT_EQ(RowsOf(Table(Row(Cell("甲", MergeDown(true)) + Cell("1")) +
                         Row(Cell("", MergeDown(false)) + Cell("2")) +
                         Row(Cell("乙", MergeDown(true)) + Cell("3")) +
                         Row(Cell("", MergeDown(false)) + Cell("4")))),
            (Lines{"甲|1", "-|2", "乙|3", "-|4"}));
}

TEST(DocxTable, ABlockOfRowsAndColumnsIsOneCell) {
  EXPECT_EQ(RowsOf(Table(Row(Cell("大", Span(2) + MergeDown(true)) + Cell("1")) +
                         Row(Cell("", Span(2) + MergeDown(false)) + Cell("2")) +
                         Row(Cell("a") + Cell("b") + Cell("3")))),
            (Lines{"大|-|1", "-|-|2", "a|b|3"}));
}

TEST(DocxTable, AContinuationWithoutBeginningIsACell) {
  EXPECT_EQ(RowsOf(Table(Row(Cell("甲", MergeDown(false)) + Cell("1")))), (Lines{"甲|1"}));
}

TEST(DocxTable, TextUnderAMergeIsTold) {
  const Document document = Read(Docx(Table(Row(Cell("甲", MergeDown(true)) + Cell("1")) +
                                            Row(Cell("盖住", MergeDown(false)) + Cell("2")))));
  EXPECT_EQ(Rows(document), (Lines{"甲|1", "-|2"}));
  EXPECT_EQ(NotesOf(document), "COVERED_TEXT(盖住) ");
  EXPECT_EQ(document.notes[0].row, 2);
}

TEST(DocxTable, ColumnsInWhichNoCellBeginsAreNone) {
  EXPECT_EQ(RowsOf(Table(Row(Cell("甲", Span(3)) + Cell("乙", Span(9))) +
                         Row(Cell("1", Span(3)) + Cell("2", Span(9))))),
            (Lines{"甲|乙", "1|2"}));
}

TEST(DocxTable, RowsMayBeginAndEndLater) {
  EXPECT_EQ(RowsOf(Table(Row(Cell("a") + Cell("b") + Cell("c")) +
                         Row(Cell("x"), "<w:gridBefore w:val=\"1\"/><w:gridAfter w:val=\"1\"/>"))),
            (Lines{"a|b|c", "|x|"}));
}

TEST(DocxTable, SeveralTablesWithProseBetween) {
  const Document document = Read(Docx(Line("标题") + Table(Row(Cell("a") + Cell("b"))) +
                                      Line("之间") + Table(Row(Cell("c")) + Row(Cell("d")))));
  EXPECT_EQ(Rows(document), (Lines{"> 标题", "a|b", "> 之间", "c", "d"}));
  const auto& rows = document.grids[0].rows;
  EXPECT_EQ(rows[0].table, 0);
  EXPECT_EQ(rows[1].table, 1);
  EXPECT_EQ(rows[4].table, 2);
  EXPECT_EQ(rows[4].row, 5);
}

TEST(DocxTable, RepeatedHeadersStay) {
  const std::string head = Row(Cell("序号") + Cell("名称"), "<w:tblHeader/>");
  const std::string page = Table(head + Row(Cell("1") + Cell("a")));
  EXPECT_EQ(RowsOf(page + page), (Lines{"序号|名称", "1|a", "序号|名称", "1|a"}));
}

TEST(DocxTable, ANestedTableIsTextOfItsCell) {
  const std::string inner = Table(Row(Cell("类") + Cell("数")) + Row(Cell("甲") + Cell("3")));
  EXPECT_EQ(RowsOf(Table(Row(Cell("1") + Box(Line("分项：") + inner + Line("完")) + Cell("x")) +
                         Row(Cell("2") + Cell("b") + Cell("y")) +
                         Row(Cell("3") + Cell("c") + Cell("z")))),
            (Lines{"1|分项：/类 数/甲 3/完|x", "2|b|y", "3|c|z"}));
}

TEST(DocxTable, AFrameAroundOneTableIsNone) {
  const std::string inner = Table(Row(Cell("序号") + Cell("名称")) + Row(Cell("1") + Cell("a")));
  EXPECT_EQ(RowsOf(Table(Row(Box(Line("清单") + inner + Line("注"))))),
            (Lines{"> 清单", "序号|名称", "1|a", "> 注"}));
  EXPECT_EQ(RowsOf(Table(Row(Cell("") + Box(inner)))), (Lines{"序号|名称", "1|a"}));
  EXPECT_EQ(RowsOf(Table(Row(Cell("清单")) + Row(Cell("单位：万元")) + Row(Box(inner)) +
                         Row(Cell("注1")) + Row(Cell("注2")))),
            (Lines{"> 清单", "> 单位：万元", "序号|名称", "1|a", "> 注1", "> 注2"}));
}

TEST(DocxTable, AFrameAroundAFrame) {
  const std::string inner = Table(Row(Cell("序号") + Cell("名称")) + Row(Cell("1") + Cell("a")));
  EXPECT_EQ(RowsOf(Table(Row(Box(Table(Row(Box(inner))))))), (Lines{"序号|名称", "1|a"}));
}

TEST(DocxTable, DeletedRowsAreLeftOutWithANote) {
  const Document document = Read(Docx(Table(
      Row(Cell("a")) +
      Row(Box(Par("<w:del><w:r><w:delText>b</w:delText></w:r></w:del>")), "<w:del w:id=\"1\"/>") +
      Row(Cell("c"), "<w:ins w:id=\"2\"/>"))));
  EXPECT_EQ(Rows(document), (Lines{"a", "c"}));
  EXPECT_EQ(NotesOf(document), "DELETED_TEXT(b) ");
}

TEST(DocxTable, HiddenRowsAreLeftOutWithANote) {
  const Document document =
      Read(Docx(Table(Row(Cell("a")) + Row(Cell("藏"), "<w:hidden/>") + Row(Cell("c")))));
  EXPECT_EQ(Rows(document), (Lines{"a", "c"}));
  EXPECT_EQ(NotesOf(document), "HIDDEN_ROWS(藏) ");
}

TEST(DocxTable, RowsAndCellsInContentControls) {
  const auto sdt = [](const std::string& content) {
    return "<w:sdt><w:sdtPr/><w:sdtContent>" + content + "</w:sdtContent></w:sdt>";
  };
  EXPECT_EQ(RowsOf(sdt(Table(sdt(Row(Cell("a") + sdt(Cell("b")) + Box(sdt(Line("c")))))))),
            (Lines{"a|b|c"}));
}

TEST(DocxTable, ClaimsBeyondReasonAreRefused) {
  const auto spanned = [](const std::string& span) {
    return RefusalOf(Docx(Table(Row(Cell("a", "<w:gridSpan w:val=\"" + span + "\"/>")))));
  };
  EXPECT_EQ(spanned("2147483648"), "TOO_LARGE");
  EXPECT_EQ(spanned("65537"), "TOO_LARGE");
  EXPECT_EQ(spanned("65536"), "");
  EXPECT_EQ(spanned("-5"), "");
  std::string deep = Line("x");
  for (int i = 0; i < 20; ++i) deep = Table(Row(Cell("a") + Box(deep)));
  EXPECT_EQ(RefusalOf(Docx(deep)), "TOO_LARGE");
  std::string wide;
  for (int i = 0; i < 513; ++i) wide += Cell("");
  EXPECT_EQ(RefusalOf(Docx(Table(Row(wide)))), "TOO_LARGE");
}

TEST(DocxTable, RowsAreCounted) {
  std::string rows;
  for (int i = 0; i <= 200'000; ++i) rows += "<w:tr><w:tc/></w:tr>";
  EXPECT_EQ(RefusalOf(Docx(Table(rows))), "TOO_MANY_ROWS");
}

}  // namespace
}  // namespace minsheng::registry
