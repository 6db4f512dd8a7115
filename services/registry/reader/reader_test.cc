#include "services/registry/reader/reader.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/domain/notice.h"
#include "services/registry/reader/docx_testing.h"
#include "services/registry/reader/reader_testing.h"

namespace minsheng::registry {
namespace {

// The words of a row's cells without the empty ones: what all forms have alike.
std::string FilledCells(const GridRow& row) {
  std::string words;
  for (const auto& cell : row.cells) {
    if (!cell.empty()) words += cell + "|";
  }
  return words;
}

// From the table's title on.
Lines TableOf(const std::string& file) {
  const Document document = Read(Sample(file));
  Lines rows;
  for (const auto& row : document.grids.at(0).rows) {
    const std::string words = FilledCells(row);
    if (words.find("民生实事目标任务清单") != std::string::npos) rows.clear();
    rows.push_back(words);
  }
  return rows;
}

TEST(Reader, TheFourFormsOfTheSampleHaveTheSameCells) {
  const Lines csv = TableOf("list.csv");
  EXPECT_GE(csv.size(), 36U);
  EXPECT_EQ(TableOf("list.docx"), csv);
  EXPECT_EQ(TableOf("list.xlsx"), csv);
  EXPECT_EQ(TableOf("list.txt"), csv);
}

TEST(Reader, TextAndCsvAreReadAsBefore) {
  const Document csv = Read("序号,名称\n1,a\n");
  EXPECT_EQ(csv.grids[0].form, GridForm::kCsv);
  EXPECT_EQ(Rows(csv), (Lines{"序号|名称", "1|a"}));
  const Document gbk = Read("\xD0\xF2\xBA\xC5,\xC3\xFB\xB3\xC6\n1,a\n");
  EXPECT_EQ(Rows(gbk), (Lines{"序号|名称", "1|a"}));
  EXPECT_EQ(NotesOf(gbk), "ENCODING_CONVERTED ");
  EXPECT_EQ(gbk.notes[0].severity, ReadingNote::kInfo);
}

TEST(Reader, ACommaListMayHoldSigns) {
  EXPECT_EQ(Read("a,<table>\n").grids[0].form, GridForm::kCsv);
  EXPECT_EQ(Read("<5,b\n").grids[0].form, GridForm::kCsv);
}

TEST(Reader, TheMainPartIsWhereThePackageSays) {
  const auto package = [](const std::string& target, const std::string& xml) {
    return Zip({{"_rels/.rels",
                 "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" "
                 "Target=\"/" +
                     target + "\"/></Relationships>"},
                {target, xml}});
  };
  const std::string document = "<document><body><p><r><t>a</t></r></p></body></document>";
  EXPECT_EQ(Rows(Read(package("word/document2.xml", document))), (Lines{"> a"}));
  EXPECT_EQ(Rows(Read(package("doc/document.xml", document))), (Lines{"> a"}));
  EXPECT_EQ(RefusalOf(package("ppt/presentation.xml", "<a/>")), "NOT_TEXT");
}

std::string Ole2(const std::string& stream) {
  std::string bytes = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(504, '\0');
  for (const char c : stream) bytes += {c, '\0'};
  return bytes;
}

std::string MessageOf(const std::string& bytes) {
  return std::string(ReadDocument(bytes).status().message());
}

TEST(Reader, OldFilesAreRefusedWithAdvice) {
  using testing::HasSubstr;
  EXPECT_EQ(RefusalOf(Ole2("WordDocument")), "OLD_FORMAT");
  EXPECT_THAT(MessageOf(Ole2("WordDocument")), HasSubstr("Word"));
  EXPECT_THAT(MessageOf(Ole2("Workbook")), HasSubstr("Excel"));
  EXPECT_THAT(MessageOf(Ole2("Workbook")), HasSubstr("另存为.docx或.xlsx"));
  EXPECT_EQ(RefusalOf(Ole2("EncryptedPackage")), "BAD_ARCHIVE");
  EXPECT_THAT(MessageOf(Ole2("EncryptedPackage")), HasSubstr("密码"));
  EXPECT_EQ(RefusalOf("{\\rtf1 a}"), "OLD_FORMAT");
  EXPECT_EQ(RefusalOf("<?xml version=\"1.0\"?><Workbook "
                      "xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>"),
            "OLD_FORMAT");
  EXPECT_EQ(RefusalOf(Zip({{"mimetype", "application/vnd.oasis.opendocument.text"},
                           {"content.xml", "<a/>"}})),
            "OLD_FORMAT");
}

TEST(Reader, ForeignFilesAreRefusedWithAdvice) {
  EXPECT_EQ(RefusalOf("%PDF-1.7"), "NOT_TEXT");
  EXPECT_THAT(MessageOf("%PDF-1.7"), testing::HasSubstr("PDF"));
  EXPECT_EQ(RefusalOf("\x89PNG\r\n"), "NOT_TEXT");
  EXPECT_EQ(RefusalOf("\xFF\xD8\xFF\xE0"), "NOT_TEXT");
  EXPECT_EQ(RefusalOf(Zip({{"a.txt", "a"}})), "NOT_TEXT");
}

TEST(Reader, EmptyAndOversizedFilesAreRefused) {
  EXPECT_EQ(RefusalOf(""), "EMPTY_FILE");
  EXPECT_EQ(RefusalOf(" \r\n"), "EMPTY_FILE");
  EXPECT_EQ(RefusalOf("PK\x03\x04" + std::string(kMaxNoticeBytes, 'x')), "TOO_LARGE");
  EXPECT_EQ(ReasonOf(ReadDocx("PK\x03\x04" + std::string(200U << 20U, 'x')).status()), "TOO_LARGE");
}

TEST(Reader, CellsBeyondReasonAreRefused) {
  const std::string cell(kMaxCellBytes + 1, 'x');
  EXPECT_EQ(RefusalOf(Docx(Table(Row(Cell(cell))))), "TOO_LARGE");
  EXPECT_EQ(RefusalOf("<html><table><tr><td>" + cell), "TOO_LARGE");
  EXPECT_EQ(RefusalOf(Xlsx("<sheetData><row><c t=\"inlineStr\"><is><t>" + cell +
                           "</t></is></c></row></sheetData>")),
            "TOO_LARGE");
}

}  // namespace
}  // namespace minsheng::registry
