#include "services/registry/reader/package_testing.h"

#include <zip.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace minsheng::registry {
namespace {

constexpr char kHead[] = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
constexpr char kMainNamespace[] = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

std::string Relation(int id, const std::string& type, const std::string& target) {
  return absl::StrCat("<Relationship Id=\"r", id,
                      "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
                      "relationships/",
                      type, "\" Target=\"", target, "\"/>");
}

std::string Relations(const std::string& content) {
  return absl::StrCat(
      kHead,
      "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
      content, "</Relationships>");
}

std::string WordPart(const std::string& element, const std::string& content) {
  return absl::StrCat(kHead, "<w:", element,
                      " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">",
                      content, "</w:", element, ">");
}

std::string SheetPart(const std::string& element, const std::string& content) {
  return absl::StrCat(kHead, "<", element, " xmlns=\"", kMainNamespace, "\">", content, "</",
                      element, ">");
}

// The archive's bytes are lent from the source that it was written to.
std::string BytesOf(zip_source_t* source) {
  zip_source_open(source);
  std::string bytes;
  std::string chunk(1U << 16U, '\0');
  zip_int64_t count = 0;
  while ((count = zip_source_read(source, chunk.data(), chunk.size())) > 0) {
    bytes.append(chunk, 0, count);
  }
  zip_source_close(source);
  zip_source_free(source);
  return bytes;
}

}  // namespace

std::string Zip(const Parts& parts, bool deflated) {
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, nullptr);
  if (archive == nullptr) std::abort();
  for (const auto& [name, content] : parts) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const auto index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    zip_set_file_compression(archive, index, deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 1);
  }
  if (zip_close(archive) != 0) std::abort();
  return BytesOf(target);
}

Parts DocxParts(const std::string& body, const std::string& styles, const std::string& numbering) {
  Parts parts = {{"_rels/.rels", Relations(Relation(1, "officeDocument", "word/document.xml"))},
                 {"word/document.xml", WordPart("document", "<w:body>" + body + "</w:body>")}};
  std::string relations;
  if (!styles.empty()) {
    relations += Relation(1, "styles", "styles.xml");
    parts.emplace_back("word/styles.xml", WordPart("styles", styles));
  }
  if (!numbering.empty()) {
    relations += Relation(2, "numbering", "/word/numbering.xml");
    parts.emplace_back("word/numbering.xml", WordPart("numbering", numbering));
  }
  if (!relations.empty()) parts.emplace_back("word/_rels/document.xml.rels", Relations(relations));
  return parts;
}

std::string Docx(const std::string& body, const std::string& styles, const std::string& numbering,
                 const Parts& more) {
  Parts parts = DocxParts(body, styles, numbering);
  parts.insert(parts.end(), more.begin(), more.end());
  return Zip(parts);
}

Parts XlsxParts(const Parts& sheets, const std::string& strings, const std::string& styles,
                const std::string& workbook) {
  std::string relations = Relation(900, "sharedStrings", "sharedStrings.xml") +
                          Relation(901, "styles", "/xl/styles.xml");
  std::string list;
  Parts parts = {{"_rels/.rels", Relations(Relation(1, "officeDocument", "xl/workbook.xml"))}};
  int id = 0;
  for (const auto& [attributes, content] : sheets) {
    const std::string name = absl::StrCat("worksheets/sheet", ++id, ".xml");
    relations += Relation(id, "worksheet", name);
    absl::StrAppend(&list, "<sheet sheetId=\"", id, "\" r:id=\"r", id, "\" ", attributes, "/>");
    parts.emplace_back("xl/" + name, SheetPart("worksheet", content));
  }
  parts.emplace_back("xl/workbook.xml",
                     SheetPart("workbook", workbook + "<sheets>" + list + "</sheets>"));
  parts.emplace_back("xl/_rels/workbook.xml.rels", Relations(relations));
  if (!strings.empty()) parts.emplace_back("xl/sharedStrings.xml", SheetPart("sst", strings));
  if (!styles.empty()) parts.emplace_back("xl/styles.xml", SheetPart("styleSheet", styles));
  return parts;
}

std::string XlsxOfSheets(const Parts& sheets, const std::string& strings,
                         const std::string& styles) {
  return Zip(XlsxParts(sheets, strings, styles));
}

std::string Xlsx(const std::string& sheet, const std::string& strings, const std::string& styles) {
  return XlsxOfSheets({{"name=\"清单\"", sheet}}, strings, styles);
}

}  // namespace minsheng::registry
