#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/reader/reader_testing.h"

namespace minsheng::registry {
namespace {

std::string Data(const std::string& rows, const std::string& after = "",
                 const std::string& before = "") {
  return before + "<sheetData>" + rows + "</sheetData>" + after;
}

std::string At(int row, const std::string& cells, const std::string& attributes = "") {
  return "<row r=\"" + std::to_string(row) + "\" " + attributes + ">" + cells + "</row>";
}

std::string Str(const std::string& ref, const std::string& words, const std::string& style = "") {
  return "<c r=\"" + ref + "\" t=\"inlineStr\" " + style + "><is><t>" + words + "</t></is></c>";
}

std::string Num(const std::string& ref, const std::string& value, const std::string& more = "") {
  return "<c r=\"" + ref + "\" " + more + "><v>" + value + "</v></c>";
}

Lines RowsOf(const std::string& rows, const std::string& after = "") {
  return Rows(Read(Xlsx(Data(rows, after))));
}

std::string Merged(const std::string& refs) {
  return "<mergeCells><mergeCell ref=\"" + refs + "\"/></mergeCells>";
}

TEST(Xlsx, TheSampleIsRead) {
  const Document document = Read(Sample("list.xlsx"));
  ASSERT_EQ(document.grids.size(), 1U);
  EXPECT_EQ(document.grids[0].form, GridForm::kSheet);
  EXPECT_EQ(document.grids[0].name, "清单");
  EXPECT_EQ(document.notes.size(), 0U);
  const Lines rows = Rows(document);
  EXPECT_EQ(rows[0].substr(0, rows[0].find('|')), "武隆区2024年度民生实事目标任务清单");
  EXPECT_THAT(rows, testing::Contains(testing::StartsWith("1|城镇老旧小区改造和社区服务提升|")));
}

TEST(Xlsx, SharedStringsWithRichText) {
  const std::string strings =
      "<si><t>甲</t></si><si><r><t>乙</t></r><r><rPr><b/></rPr><t>粗</t></r><rPh sb=\"0\" "
      "eb=\"1\"><t>读音</t></rPh></si>";
  const Document document =
      Read(Xlsx(Data(At(1, Num("A1", "0", "t=\"s\"") + Num("B1", "1", "t=\"s\""))), strings));
  EXPECT_EQ(Rows(document), (Lines{"甲|乙粗"}));
  EXPECT_EQ(BoldOf(document, 0, 0), "");
  EXPECT_EQ(BoldOf(document, 0, 1), "粗");
  EXPECT_EQ(RefusalOf(Xlsx(Data(At(1, Num("A1", "2", "t=\"s\""))), strings)), "BAD_DOCUMENT");
}

TEST(Xlsx, BoldOfTheCell) {
  const std::string styles =
      "<fonts><font/><font><b/></font></fonts><cellXfs><xf fontId=\"0\"/><xf fontId=\"1\"/>"
      "</cellXfs>";
  const std::string strings =
      "<si><r><t>随格</t></r><r><rPr><b val=\"0\"/></rPr><t>自己</t></r></si>";
  const Document document =
      Read(Xlsx(Data(At(1, Str("A1", "整格", "s=\"1\"") + Num("B1", "0", "t=\"s\" s=\"1\"") +
                               Num("C1", "5", "s=\"1\"") + Num("D1", "0", "t=\"s\""))),
                strings, styles));
  EXPECT_EQ(BoldOf(document, 0, 0), "整格");
  EXPECT_EQ(BoldOf(document, 0, 1), "随格");
  EXPECT_EQ(BoldOf(document, 0, 2), "5");
  EXPECT_EQ(BoldOf(document, 0, 3), "");
}

TEST(Xlsx, NumbersAsStoredAndAsFormatted) {
  const std::string styles =
      "<numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy/m/d\"/><numFmt numFmtId=\"171\" "
      "formatCode=\"0.0,&quot;万&quot;\"/></numFmts><cellXfs><xf/><xf numFmtId=\"9\"/>"
      "<xf numFmtId=\"170\"/><xf numFmtId=\"171\"/></cellXfs>";
  const Document document =
      Read(Xlsx(Data(At(1, Num("A1", "0.28999999999999998") + Num("B1", "0.5", "s=\"1\"") +
                               Num("C1", "45838", "s=\"2\"") + Num("D1", "12345", "s=\"3\""))),
                "", styles));
  EXPECT_EQ(Rows(document), (Lines{"0.29|50%|2025-06-30|12345"}));
  EXPECT_EQ(NotesOf(document), "SCALED_NUMBER_FORMAT(12345) ");
  EXPECT_EQ(document.notes[0].column, 4);
}

TEST(Xlsx, TheWorkbookMayCountFrom1904) {
  const Parts sheets = {{"name=\"a\"", Data(At(1, Num("A1", "44376", "s=\"0\"")))}};
  EXPECT_EQ(Rows(Read(Zip(XlsxParts(sheets, "", "<cellXfs><xf numFmtId=\"14\"/></cellXfs>",
                                    "<workbookPr date1904=\"1\"/>")))),
            (Lines{"2025-06-30"}));
}

TEST(Xlsx, BooleansErrorsAndFormulas) {
  const Document document = Read(
      Xlsx(Data(At(1, Num("A1", "1", "t=\"b\"") + Num("B1", "#REF!", "t=\"e\"") +
                          "<c r=\"C1\"><f>SUM(A1:A9)</f><v>45</v></c><c r=\"D1\"><f>A1+1</f></c>"
                          "<c r=\"E1\" t=\"str\"><f>A1&amp;B1</f><v>甲乙</v></c>"
                          "<c r=\"F1\" t=\"str\"><f>\"\"</f><v></v></c>" +
                          Num("G1", "2025-06-30T00:00:00", "t=\"d\"")))));
  EXPECT_EQ(Rows(document), (Lines{"TRUE||45||甲乙||2025-06-30"}));
  EXPECT_EQ(NotesOf(document), "CELL_ERROR(#REF!) FORMULA_WITHOUT_VALUE(A1+1) ");
  EXPECT_EQ(document.notes[1].row, 1);
  EXPECT_EQ(document.notes[1].column, 4);
  EXPECT_EQ(document.notes[1].grid, "");
}

TEST(Xlsx, MergedRangesCoverOthers) {
  const Document document =
      Read(Xlsx(Data(At(1, Str("A1", "序号") + Str("B1", "计划")) +
                         At(2, Str("B2", "进度") + Str("C2", "投资")) + At(3, Num("A3", "1")),
                     "<mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:C1\"/>"
                     "<mergeCell ref=\"B3:XFD1048576\"/></mergeCells>")));
  EXPECT_EQ(Rows(document), (Lines{"序号|计划|-", "-|进度|投资", "1||-"}));
  EXPECT_EQ(document.grids[0].rows[0].formats[0].rows, 2);
  EXPECT_EQ(document.grids[0].rows[0].formats[1].columns, 2);
}

TEST(Xlsx, TextUnderAMergeIsTold) {
  const Document document =
      Read(Xlsx(Data(At(1, Str("A1", "甲") + Str("B1", "盖住")), Merged("A1:B1"))));
  EXPECT_EQ(Rows(document), (Lines{"甲|-"}));
  EXPECT_EQ(NotesOf(document), "COVERED_TEXT(盖住) ");
}

TEST(Xlsx, OverlappingRangesTheFirstCounts) {
  EXPECT_EQ(RowsOf(At(1, Str("A1", "a") + Str("B1", "")) + At(2, Str("B2", "b")),
                   "<mergeCells><mergeCell ref=\"A1:B1\"/><mergeCell ref=\"B1:B2\"/></mergeCells>"),
            (Lines{"a|-", "|b"}));
}

TEST(Xlsx, SkippedRowsAndCells) {
  const Document document =
      Read(Xlsx(Data(At(3, Str("B3", "a") + Str("D3", "b")) + At(4, "") + At(7, Str("C7", "c")))));
  EXPECT_EQ(Rows(document), (Lines{"|a||b", "||c|"}));
  EXPECT_EQ(document.grids[0].rows[0].row, 3);
  EXPECT_EQ(document.grids[0].rows[1].row, 7);
  EXPECT_EQ(RowsOf("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"),
            (Lines{"1|2", "3|"}));
}

TEST(Xlsx, SeveralSheetsWithoutTheHidden) {
  const auto sheet = [](const std::string& words) { return Data(At(1, Str("A1", words))); };
  const Document document = Read(XlsxOfSheets({{"name=\"一\"", sheet("a")},
                                               {"name=\"二\" state=\"hidden\"", sheet("b")},
                                               {"name=\"三\" state=\"veryHidden\"", sheet("c")},
                                               {"name=\"四\"", sheet("d")}}));
  ASSERT_EQ(document.grids.size(), 2U);
  EXPECT_EQ(document.grids[1].name, "四");
  EXPECT_EQ(Rows(document.grids[1]), (Lines{"d"}));
  EXPECT_EQ(NotesOf(document), "HIDDEN_SHEET(二) HIDDEN_SHEET(三) ");
}

TEST(Xlsx, NotesNameTheirSheetWhenThereAreSeveral) {
  const std::string sheet = Data(At(1, Num("A1", "1") + Num("B1", "#N/A", "t=\"e\"")));
  const Document document = Read(XlsxOfSheets({{"name=\"一\"", sheet}, {"name=\"二\"", sheet}}));
  ASSERT_EQ(document.notes.size(), 2U);
  EXPECT_EQ(document.notes[1].grid, "二");
}

TEST(Xlsx, HiddenRowsAreLeftOutWithANote) {
  const Document document =
      Read(Xlsx(Data(At(1, Num("A1", "1")) + At(2, Num("A2", "2"), "hidden=\"1\"") +
                     At(3, Num("A3", "3"), "hidden=\"1\"") + At(4, Num("A4", "4")) +
                     At(5, Num("A5", "5"), "ht=\"0\"") + At(6, "", "hidden=\"1\""))));
  EXPECT_EQ(Rows(document), (Lines{"1", "4"}));
  EXPECT_EQ(NotesOf(document), "HIDDEN_ROWS(2—3、5) ");
  EXPECT_EQ(document.notes[0].severity, ReadingNote::kWarning);
}

TEST(Xlsx, AMergedCellKeepsItsWordsWhenItsFirstRowIsHidden) {
  EXPECT_EQ(RowsOf(At(1, Str("A1", "组") + Num("B1", "1"), "hidden=\"1\"") + At(2, Num("B2", "2")) +
                       At(3, Num("B3", "3")),
                   Merged("A1:A3")),
            (Lines{"组|2", "-|3"}));
}

TEST(Xlsx, HiddenColumnsAreKeptWithANote) {
  const Document document =
      Read(Xlsx(Data(At(1, Num("A1", "1") + Num("B1", "2") + Num("D1", "4")), "",
                     "<cols><col min=\"2\" max=\"16384\" hidden=\"1\"/></cols>")));
  EXPECT_EQ(Rows(document), (Lines{"1|2||4"}));
  EXPECT_EQ(NotesOf(document), "HIDDEN_COLUMNS(B、D) ");
}

TEST(Xlsx, LineBreaksAndEscapes) {
  EXPECT_EQ(RowsOf(At(1, Str("A1", " 上&#10;下_x000D_ ") + Str("B1", "a_x005F_b_x12"))),
            (Lines{"上/下|a_b_x12"}));
}

TEST(Xlsx, DamagedPlacesAreRefused) {
  const auto refusal = [](const std::string& rows) { return RefusalOf(Xlsx(Data(rows))); };
  EXPECT_EQ(refusal(At(2, Num("A2", "1")) + At(1, Num("A1", "1"))), "BAD_DOCUMENT");
  EXPECT_EQ(refusal(At(2, Num("A3", "1"))), "BAD_DOCUMENT");
  EXPECT_EQ(refusal(At(1, Num("A1", "1") + Num("A1", "2"))), "BAD_DOCUMENT");
  EXPECT_EQ(refusal(At(1, Num("XFE1", "1"))), "BAD_DOCUMENT");
  EXPECT_EQ(refusal(At(1, Num("XFD1", "1"))), "TOO_LARGE");
  EXPECT_EQ(refusal(At(1, "")), "NO_TABLE");
}

TEST(Xlsx, OneStringInEveryCellIsBounded) {
  const std::string strings = "<si><t>" + std::string(60'000, 'x') + "</t></si>";
  std::string rows;
  for (int i = 1; i < 10'000; ++i) {
    rows += At(i, Num("A" + std::to_string(i), "0", "t=\"s\""));
  }
  EXPECT_EQ(RefusalOf(Xlsx(Data(rows), strings)), "TOO_LARGE");
}

TEST(Xlsx, RowsAreCountedAndEmptyOnesAreNone) {
  std::string full;
  std::string empty;
  for (int i = 2; i <= 200'002; ++i) {
    const std::string name = std::to_string(i);
    full += At(i, Num("A" + name, name));
    empty += At(i, "<c r=\"A" + name + "\" s=\"1\"/>");
  }
  EXPECT_EQ(RefusalOf(Xlsx(Data(full))), "TOO_MANY_ROWS");
  EXPECT_EQ(RowsOf(At(1, Num("A1", "1")) + empty), (Lines{"1"}));
}

}  // namespace
}  // namespace minsheng::registry
