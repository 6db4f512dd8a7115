// Damaged copies of documents: refused or read, and what is read holds together. Deterministic.
#include <random>

#include "gtest/gtest.h"

#include "services/registry/reader/docx_testing.h"
#include "services/registry/reader/reader_testing.h"

namespace minsheng::registry {
namespace {

constexpr unsigned kSeed = 20240301;

std::string Flipped(std::string bytes, std::mt19937& random) {
  for (unsigned flips = 1 + random() % 4; flips > 0 && !bytes.empty(); --flips) {
    bytes[random() % bytes.size()] = static_cast<char>(random());
  }
  return bytes;
}

// A piece taken out, doubled, or put elsewhere.
std::string Shuffled(std::string bytes, std::mt19937& random) {
  if (bytes.empty()) return bytes;
  const std::size_t from = random() % bytes.size();
  const std::string piece = bytes.substr(from, 1 + random() % 80);
  if (random() % 2 == 0) bytes.erase(from, piece.size());
  if (random() % 2 == 0) bytes.insert(random() % (bytes.size() + 1), piece);
  return bytes;
}

template <typename Damage>
void Survive(int rounds, Damage damage) {
  std::mt19937 random(kSeed);
  const int all = DamageRounds(rounds);
  for (int round = 0; round < all; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    const std::string bytes = round % 2 == 0 ? damage(Flipped, random) : damage(Shuffled, random);
    EXPECT_EQ(Complaint(ReadDocument(bytes)), "");
  }
}

// One part of a package after the other.
void SurviveInParts(const Parts& parts) {
  Survive(400, [&](auto change, std::mt19937& random) {
    Parts damaged = parts;
    std::string& part = damaged[random() % damaged.size()].second;
    part = change(part, random);
    return Zip(damaged, false);
  });
}

void SurviveInBytes(const std::string& whole) {
  Survive(400, [&](auto change, std::mt19937& random) { return change(whole, random); });
}

Parts RichDocx() {
  const std::string list =
      "<w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"decimal\"/>"
      "<w:lvlText w:val=\"%1.\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId "
      "w:val=\"0\"/></w:num>";
  const std::string item = "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr>";
  const std::string inner = Table(Row(Cell("甲") + Cell("乙")) + Row(Cell("1") + Cell("2")));
  const std::string rows =
      Row(Cell("序号", MergeDown(true)) + Cell("计划", Span(2))) +
      Row(Cell("", MergeDown(false)) + Box(Par(Words("粗", "<w:b/>"), item)) + Box(inner));
  return DocxParts(Line("标题") + Table(rows + rows), "<w:style w:styleId=\"a\"/>", list);
}

Parts RichXlsx() {
  const std::string sheet =
      "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" s=\"1\"><v>0.5</v></c>"
      "</row><row r=\"2\" hidden=\"1\"><c r=\"A2\"><f>A1</f></c><c r=\"B2\"><v>12</v></c></row>"
      "<row r=\"4\"><c r=\"A4\" s=\"2\"><v>45838.25</v></c></row></sheetData><mergeCells>"
      "<mergeCell ref=\"A1:B4\"/></mergeCells>";
  return XlsxParts({{"name=\"一\"", sheet}, {"name=\"二\" state=\"hidden\"", sheet}},
                   "<si><r><rPr><b/></rPr><t>甲</t></r></si>",
                   "<cellXfs><xf/><xf numFmtId=\"9\"/><xf numFmtId=\"14\"/></cellXfs>");
}

TEST(Damage, DocxBytes) { SurviveInBytes(Sample("list.docx")); }
TEST(Damage, DocxParts) { SurviveInParts(RichDocx()); }
TEST(Damage, XlsxBytes) { SurviveInBytes(Sample("list.xlsx")); }
TEST(Damage, XlsxParts) { SurviveInParts(RichXlsx()); }

TEST(Damage, Html) {
  SurviveInBytes(
      "<html><head><meta charset=utf-8></head><body><h1>标题</h1><table><caption>表"
      "</caption><tr><th rowspan=2>序号<th colspan=2>计划<tr><td><b>甲</b><td><ol><li>"
      "一<li>二</ol></tr><tr style='display:none'><td>x</table><p>完</body></html>");
}

TEST(Damage, Mail) {
  SurviveInBytes(
      "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"x\"\r\n\r\n--x"
      "\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n"
      "\r\n<table><tr><td>=E5=BA=8F</table>\r\n--x--\r\n");
}

TEST(Damage, Text) {
  SurviveInBytes(Sample("list.csv"));
  SurviveInBytes(Sample("list.txt"));
}

TEST(Damage, DocxCutAnywhereIsRefused) {
  const std::string whole = Sample("list.docx");
  for (std::size_t size = 4; size < whole.size(); size += 37) {
    const auto read = ReadDocument(whole.substr(0, size));
    EXPECT_EQ(Complaint(read), "");
    EXPECT_FALSE(read.ok()) << size;
  }
}

}  // namespace
}  // namespace minsheng::registry
