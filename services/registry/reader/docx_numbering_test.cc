#include "gtest/gtest.h"

#include "services/registry/reader/docx_testing.h"
#include "services/registry/reader/number_words.h"
#include "services/registry/reader/reader_testing.h"

namespace minsheng::registry {
namespace {

std::string Level(int level, const std::string& format, const std::string& text,
                  const std::string& more = "") {
  return "<w:lvl w:ilvl=\"" + std::to_string(level) +
         "\"><w:start w:val=\"1\"/><w:numFmt w:val=\"" + format + "\"/><w:lvlText w:val=\"" + text +
         "\"/>" + more + "</w:lvl>";
}

std::string Abstract(int id, const std::string& levels) {
  return "<w:abstractNum w:abstractNumId=\"" + std::to_string(id) + "\">" + levels +
         "</w:abstractNum>";
}

std::string Num(int id, int abstract, const std::string& overrides = "") {
  return "<w:num w:numId=\"" + std::to_string(id) + "\"><w:abstractNumId w:val=\"" +
         std::to_string(abstract) + "\"/>" + overrides + "</w:num>";
}

std::string Item(const std::string& words, int list, int level = 0) {
  return Par(words.empty() ? "" : Words(words),
             "<w:numPr><w:ilvl w:val=\"" + std::to_string(level) + "\"/><w:numId w:val=\"" +
                 std::to_string(list) + "\"/></w:numPr>");
}

const char kNothing[] = "<w:suff w:val=\"nothing\"/>";

Lines RowsOf(const std::string& body, const std::string& numbering,
             const std::string& styles = "") {
  return Rows(Read(Docx(body, styles, numbering)));
}

TEST(DocxNumbering, AnEmptyCellShowsItsNumber) {
  const std::string numbering = Abstract(0, Level(0, "decimal", "%1")) + Num(1, 0);
  const auto row = [](const std::string& words) { return Row(Box(Item("", 1)) + Cell(words)); };
  EXPECT_EQ(RowsOf(Table(row("甲") + row("乙") + row("丙")), numbering),
            (Lines{"1|甲", "2|乙", "3|丙"}));
}

TEST(DocxNumbering, LevelsCountAndBeginAnew) {
  const std::string numbering = Abstract(0, Level(0, "chineseCounting", "%1、", kNothing) +
                                                Level(1, "chineseCounting", "（%2）", kNothing) +
                                                Level(2, "decimal", "%1.%2.%3", "<w:isLgl/>")) +
                                Num(1, 0);
  EXPECT_EQ(RowsOf(Item("a", 1) + Item("b", 1, 1) + Item("c", 1, 1) + Item("d", 1) +
                       Item("e", 1, 1) + Item("f", 1, 2),
                   numbering),
            (Lines{"> 一、a", "> （一）b", "> （二）c", "> 二、d", "> （一）e", "> 2.1.1 f"}));
}

TEST(DocxNumbering, ListsOfOneKindGoOnUnlessTheyBeginAnew) {
  const std::string numbering =
      Abstract(0, Level(0, "decimal", "（%1）", kNothing)) + Num(1, 0) + Num(2, 0) +
      Num(3, 0, "<w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"1\"/></w:lvlOverride>");
  EXPECT_EQ(RowsOf(Item("a", 1) + Item("b", 2) + Item("c", 3) + Item("d", 3), numbering),
            (Lines{"> （1）a", "> （2）b", "> （1）c", "> （2）d"}));
}

TEST(DocxNumbering, BulletsAndNone) {
  const std::string numbering = Abstract(0, Level(0, "bullet", "\xEF\x82\xB7")) +
                                Abstract(1, Level(0, "none", "")) + Num(1, 0) + Num(2, 1);
  EXPECT_EQ(RowsOf(Item("a", 1) + Item("b", 2) + Item("c", 0) + Item("d", 77), numbering),
            (Lines{"> ● a", "> b", "> c", "> d"}));
}

TEST(DocxNumbering, StylesNumberToo) {
  const std::string styles =
      "<w:style w:type=\"paragraph\" w:styleId=\"L\"><w:pPr><w:numPr><w:numId w:val=\"1\"/>"
      "</w:numPr></w:pPr></w:style>";
  const std::string numbering = Abstract(0, Level(0, "decimal", "%1.", kNothing)) + Num(1, 0);
  const std::string none = "<w:pStyle w:val=\"L\"/><w:numPr><w:numId w:val=\"0\"/></w:numPr>";
  EXPECT_EQ(
      RowsOf(Par(Words("a"), "<w:pStyle w:val=\"L\"/>") + Par(Words("b"), none), numbering, styles),
      (Lines{"> 1.a", "> b"}));
}

TEST(DocxNumbering, AListMayBelongToANumberingStyle) {
  const std::string styles =
      "<w:style w:type=\"numbering\" w:styleId=\"N\"><w:pPr><w:numPr><w:numId w:val=\"2\"/>"
      "</w:numPr></w:pPr></w:style>";
  const std::string numbering = Abstract(0, "<w:numStyleLink w:val=\"N\"/>") +
                                Abstract(1, Level(0, "decimal", "%1)", kNothing)) + Num(1, 0) +
                                Num(2, 1);
  EXPECT_EQ(RowsOf(Item("a", 1), numbering, styles), (Lines{"> 1)a"}));
}

struct Written {
  int number;
  const char* format;
  const char* words;
};

TEST(NumberWords, AsWordWritesThem) {
  const Written kWritten[] = {{7, "decimal", "7"},
                              {7, "decimalZero", "07"},
                              {14, "upperRoman", "XIV"},
                              {9, "lowerRoman", "ix"},
                              {3, "upperLetter", "C"},
                              {28, "lowerLetter", "bb"},
                              {10, "chineseCounting", "十"},
                              {11, "chineseCountingThousand", "十一"},
                              {20, "japaneseCounting", "二十"},
                              {105, "chineseCounting", "一百零五"},
                              {110, "chineseCounting", "一百一十"},
                              {1001, "chineseCounting", "一千零一"},
                              {10010, "chineseCounting", "一万零一十"},
                              {3, "chineseLegalSimplified", "叁"},
                              {12, "ideographDigital", "一二"},
                              {2, "ideographTraditional", "乙"},
                              {11, "ideographTraditional", "11"},
                              {12, "ideographZodiac", "亥"},
                              {1, "decimalEnclosedCircle", "①"},
                              {20, "decimalEnclosedCircleChinese", "⑳"},
                              {21, "decimalEnclosedCircle", "㉑"},
                              {36, "decimalEnclosedCircle", "㊱"},
                              {51, "decimalEnclosedCircle", "16"},
                              {12, "decimalFullWidth", "１２"},
                              {3, "decimalEnclosedParen", "⑶"},
                              {2, "decimalEnclosedFullstop", "⒉"},
                              {0, "chineseCounting", "0"},
                              {5, "unheardOf", "5"}};
  for (const auto& [number, format, words] : kWritten) {
    EXPECT_EQ(NumberWords(number, format), words) << number << " " << format;
  }
}

}  // namespace
}  // namespace minsheng::registry
