#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/reader/docx_testing.h"
#include "services/registry/reader/reader_testing.h"

namespace minsheng::registry {
namespace {

Document OfBody(const std::string& body, const std::string& styles = "") {
  return Read(Docx(body, styles));
}

Lines RowsOf(const std::string& body) { return Rows(OfBody(body)); }

std::string TextRun(const std::string& parts) { return "<w:r>" + parts + "</w:r>"; }

std::string Deleted(const std::string& words) {
  return "<w:del w:id=\"1\"><w:r><w:delText>" + words + "</w:delText></w:r></w:del>";
}

TEST(Docx, TheSampleIsRead) {
  const Document document = Read(Sample("list.docx"));
  ASSERT_EQ(document.grids.size(), 1U);
  EXPECT_EQ(document.grids[0].form, GridForm::kDocument);
  EXPECT_EQ(document.notes.size(), 0U);
  const Lines rows = Rows(document);
  EXPECT_THAT(rows, testing::Contains("> 武隆区2024年度民生实事目标任务清单"));
  EXPECT_THAT(rows,
              testing::Contains("序号|项目名称|2024年工作内容及资金计划|-|牵头单位|协作单位"));
  EXPECT_THAT(rows, testing::Contains("-|-|形象进度|总投资|-|-"));
}

TEST(Docx, ParagraphsAreProse) {
  EXPECT_EQ(RowsOf(Line("第一段") + Line("") + Line("　第二段 ")), (Lines{"> 第一段", "> 第二段"}));
}

TEST(Docx, BreaksTabsAndHyphens) {
  EXPECT_EQ(RowsOf(Table(Row(Box(Par(TextRun("<w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t>"
                                             "<w:cr/><w:t>1</w:t><w:noBreakHyphen/><w:t>2</w:t>"
                                             "<w:softHyphen/><w:t>3</w:t>")) +
                                 Line("") + Line("d"))))),
            (Lines{"a/b c/1-23/d"}));
}

TEST(Docx, TrackedChanges) {
  const Document document =
      OfBody(Par(Words("投资") + Deleted("100") + "<w:ins w:id=\"2\">" + Words("120") + "</w:ins>" +
                 Words("万元") + "<w:moveFrom>" + Words("旧处") + "</w:moveFrom>" + "<w:moveTo>" +
                 Words("新处") + "</w:moveTo>"));
  EXPECT_EQ(Rows(document), (Lines{"> 投资120万元新处"}));
  EXPECT_EQ(NotesOf(document), "DELETED_TEXT(100) DELETED_TEXT(旧处) ");
  EXPECT_EQ(document.notes[0].row, 1);
  EXPECT_EQ(document.notes[0].severity, ReadingNote::kWarning);
}

TEST(Docx, ADeletedParagraphMarkJoinsParagraphs) {
  EXPECT_EQ(RowsOf(Par(Words("前"), "<w:rPr><w:del w:id=\"1\"/></w:rPr>") + Line("后")),
            (Lines{"> 前后"}));
}

TEST(Docx, TextBoxesAreProseAndReadOnce) {
  const std::string box =
      "<wps:txbx xmlns:wps=\"w\"><w:txbxContent>" + Line("框中") + "</w:txbxContent></wps:txbx>";
  const std::string both =
      "<mc:AlternateContent xmlns:mc=\"m\"><mc:Choice Requires=\"wps\"><w:drawing>" + box +
      "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox xmlns:v=\"v\"><w:txbxContent>" +
      Line("框中") + "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent>";
  EXPECT_EQ(RowsOf(Par(Words("段落") + TextRun(both))), (Lines{"> 段落", "> 框中"}));
  EXPECT_EQ(RowsOf(Table(Row(Box(Par(Words("格") + TextRun(both))) + Cell("b")))),
            (Lines{"格|b", "> 框中"}));
}

TEST(Docx, ABoxInABoxIsReadOnce) {
  const auto box = [](const std::string& content) {
    return TextRun("<w:pict><v:textbox xmlns:v=\"v\"><w:txbxContent>" + content +
                   "</w:txbxContent></v:textbox></w:pict>");
  };
  EXPECT_EQ(RowsOf(Par(box(Par(Words("外") + box(Line("内")))))), (Lines{"> 外", "> 内"}));
}

TEST(Docx, LinksFieldsAndContentControls) {
  const auto mark = [](const std::string& type) {
    return TextRun("<w:fldChar w:fldCharType=\"" + type + "\"/>");
  };
  EXPECT_EQ(RowsOf(Par("<w:hyperlink>" + Words("链接") + "</w:hyperlink>" + mark("begin") +
                       TextRun("<w:instrText> PAGE </w:instrText>") + Words("不是结果") +
                       mark("separate") + Words("3") + mark("end") + "<w:fldSimple>" + Words("4") +
                       "</w:fldSimple><w:sdt><w:sdtContent>" + Words("控件") +
                       "</w:sdtContent></w:sdt>")),
            (Lines{"> 链接34控件"}));
}

TEST(Docx, AFieldWithoutEndSwallowsNothingElse) {
  EXPECT_EQ(RowsOf(Par(TextRun("<w:fldChar w:fldCharType=\"begin\"/>")) + Line("后面")),
            (Lines{"> 后面"}));
}

TEST(Docx, SymbolsAndNoteMarks) {
  const Document document = OfBody(
      Par(TextRun("<w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/><w:t>是</w:t>") +
          TextRun("<w:footnoteReference w:id=\"2\"/><w:sym w:font=\"X\" w:char=\"F041\"/>")));
  EXPECT_EQ(Rows(document), (Lines{"> ☑是"}));
  EXPECT_EQ(NotesOf(document), "SYMBOL_LEFT_OUT([F041]) ");
}

TEST(Docx, HiddenTextIsLeftOutWithANote) {
  const Document document = OfBody(Par(Words("看得见") + Words("看不见", "<w:vanish/>") +
                                       Words("又见", "<w:vanish w:val=\"0\"/>")));
  EXPECT_EQ(Rows(document), (Lines{"> 看得见又见"}));
  EXPECT_EQ(NotesOf(document), "HIDDEN_TEXT(看不见) ");
}

TEST(Docx, BoldOfRunsAndStyles) {
  const std::string styles =
      "<w:style w:type=\"paragraph\" w:styleId=\"H\"><w:rPr><w:b/></w:rPr></w:style>"
      "<w:style w:type=\"paragraph\" w:styleId=\"H2\"><w:basedOn w:val=\"H\"/></w:style>"
      "<w:style w:type=\"character\" w:styleId=\"S\"><w:rPr><w:b/></w:rPr></w:style>";
  const std::string own = Box(Par(Words("甲", "<w:b/>") + Words("乙") + Words("丙", "<w:b/>") +
                                  Words("丁", "<w:b w:val=\"true\"/>")));
  const std::string styled =
      Box(Par(Words("全") + Words("不", "<w:b w:val=\"0\"/>"), "<w:pStyle w:val=\"H2\"/>"));
  const std::string by_run = Box(Par(Words("普") + Words("粗", "<w:rStyle w:val=\"S\"/>")));
  const Document document = OfBody(Table(Row(own + styled + by_run)), styles);
  EXPECT_EQ(BoldOf(document, 0, 0), "甲|丙丁");
  EXPECT_EQ(BoldOf(document, 0, 1), "全");
  EXPECT_EQ(BoldOf(document, 0, 2), "粗");
}

TEST(Docx, EmbeddedFilesAreTold) {
  const Document document =
      OfBody(Par(Words("a") + TextRun("<w:object><o:OLEObject xmlns:o=\"o\" "
                                      "ProgID=\"Excel.Sheet.12\"/></w:object>")) +
             "<w:altChunk/>");
  EXPECT_EQ(NotesOf(document), "EMBEDDED_DOCUMENT(Excel.Sheet.12) EMBEDDED_DOCUMENT(altChunk) ");
}

TEST(Docx, EntitiesAndEscapes) {
  EXPECT_EQ(RowsOf(Line("a&amp;b&lt;c&#x4E2D;") + Par(TextRun("<w:t>x<![CDATA[<y>]]>z</w:t>"))),
            (Lines{"> a&b<c中", "> x<y>z"}));
}

TEST(Docx, EmptyDocumentsHaveNoTable) {
  EXPECT_EQ(RefusalOf(Docx("")), "NO_TABLE");
  EXPECT_EQ(RefusalOf(Docx(Line("　"))), "NO_TABLE");
}

TEST(Docx, ACharacterThatIsNoneIsRefused) {
  EXPECT_EQ(RefusalOf(Docx(Line("a\xFF"))), "BAD_DOCUMENT");
  EXPECT_EQ(RefusalOf(Docx(Line("&#xD800;"))), "BAD_DOCUMENT");
}

TEST(Docx, NotesOfOneKindAreBounded) {
  std::string body;
  for (int i = 0; i < 60; ++i) body += Par(Words("a") + Deleted("b"));
  const Document document = OfBody(body);
  ASSERT_EQ(document.notes.size(), 50U);
  EXPECT_THAT(document.notes.back().message, testing::HasSubstr("另有10处"));
}

}  // namespace
}  // namespace minsheng::registry
