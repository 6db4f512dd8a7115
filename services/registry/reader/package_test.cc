#include "services/registry/reader/package.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/registry/reader/docx_testing.h"
#include "services/registry/reader/limits.h"
#include "services/registry/reader/reader_testing.h"
#include "services/registry/reader/xml.h"

namespace minsheng::registry {
namespace {

// Two names of one length exchanged in the bytes, where an archive holds them.
std::string Renamed(std::string bytes, const std::string& from, const std::string& to) {
  for (std::size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at)) {
    bytes.replace(at, from.size(), to);
  }
  return bytes;
}

std::string WithPart(const std::string& name) { return Docx(Line("a"), "", "", {{name, "x"}}); }

TEST(Package, NamesAreComparedWithoutCase) {
  const std::string bytes = Zip({{"Word/Document.XML", "abc"}});
  auto package = Package::Open(bytes);
  ASSERT_TRUE(package.ok());
  EXPECT_TRUE(package->Has("word/document.xml"));
  EXPECT_EQ(package->Read("word/document.xml").value(), "abc");
  EXPECT_EQ(ReasonOf(package->Read("other").status()), "BAD_ARCHIVE");
}

TEST(Package, TwoPartsOfOneNameAreRefused) {
  EXPECT_EQ(RefusalOf(WithPart("word/more.xml")), "");
  EXPECT_EQ(RefusalOf(Renamed(WithPart("word/docUMent.xmL"), "docUMent.xmL", "document.xml")),
            "BAD_ARCHIVE");
  EXPECT_EQ(RefusalOf(WithPart("WORD/document.xml")), "BAD_ARCHIVE");
}

TEST(Package, NamesThatLeadElsewhereAreRefused) {
  for (const char* name : {"../evil.txt", "/etc/passwd", "word/../x", "word\\x", "word/./x"}) {
    EXPECT_EQ(RefusalOf(WithPart(name)), "BAD_ARCHIVE") << name;
  }
}

TEST(Package, CutAndDamagedArchivesAreRefused) {
  const std::string whole = Docx(Line("a"));
  EXPECT_EQ(RefusalOf(whole.substr(0, whole.size() / 2)), "TRUNCATED");
  const std::string stored = Zip(DocxParts(Line("abcdef"), "", ""), false);
  EXPECT_EQ(RefusalOf(Renamed(stored, "abcdef", "abcdeg")), "BAD_ARCHIVE");
}

TEST(Package, BombsAreRefused) {
  EXPECT_EQ(RefusalOf(Docx(Line("a") + std::string(40U << 20U, ' '))), "TOO_LARGE");
}

TEST(Package, PartsBeyondReasonAreRefused) {
  std::mt19937 random(1);
  std::string part(128U << 20U, ' ');
  for (int i = 0; i < 2'000'000; ++i) part.push_back(static_cast<char>('0' + random() % 64));
  const std::string bytes = Docx(Line(part));
  ASSERT_LT(bytes.size(), 32U << 20U);
  ASSERT_GT(bytes.size() * kMaxUnpackRatio, part.size());
  EXPECT_EQ(RefusalOf(bytes), "TOO_LARGE");
}

TEST(Package, ALieAboutTheUnpackedSizeChangesNothing) {
  const std::string part(1000, 'x');
  std::string bytes = Zip({{"a", part}}, false);
  const std::string size = {static_cast<char>(0xE8), 3, 0, 0};
  ASSERT_NE(bytes.rfind(size), std::string::npos);
  bytes.replace(bytes.rfind(size), 4, std::string("\xFF\xFF\xFF\x7F", 4));
  auto package = Package::Open(bytes);
  if (!package.ok()) return;
  EXPECT_FALSE(package->Read("a").ok());
}

TEST(Package, TooManyPartsAreRefused) {
  Parts parts = DocxParts(Line("a"), "", "");
  for (int i = 0; i < 10'000; ++i) parts.emplace_back("x" + std::to_string(i), "");
  EXPECT_EQ(RefusalOf(Zip(parts)), "BAD_ARCHIVE");
}

TEST(Xml, EntitiesAndDepthAreRefused) {
  const auto with_part = [](const std::string& xml) {
    return RefusalOf(Zip({{"word/document.xml", xml}}));
  };
  EXPECT_EQ(with_part("<!DOCTYPE d [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;\">]><d><body/></d>"),
            "BAD_DOCUMENT");
  EXPECT_EQ(with_part("<d><body>"), "BAD_DOCUMENT");
  EXPECT_EQ(with_part(""), "BAD_DOCUMENT");
  std::string deep;
  for (int i = 0; i < 300; ++i) deep += "<a>";
  for (int i = 0; i < 300; ++i) deep += "</a>";
  EXPECT_EQ(with_part("<d><body>" + deep + "</body></d>"), "BAD_DOCUMENT");
  std::string tags;
  for (int i = 0; i < 8'000'001; ++i) tags += "<a/>";
  EXPECT_EQ(ReasonOf(ParseXml("<d>" + tags + "</d>", "d").status()), "TOO_LARGE");
}

TEST(Xml, Utf16IsRead) {
  const std::string text =
      "<w:document xmlns:w=\"w\"><w:body>" + Line("7") + "</w:body></w:document>";
  std::string wide = "\xFF\xFE";
  for (const char c : text) wide += {c, '\0'};
  EXPECT_EQ(Rows(Read(Zip({{"word/document.xml", wide}}))), (Lines{"> 7"}));
}

}  // namespace
}  // namespace minsheng::registry
