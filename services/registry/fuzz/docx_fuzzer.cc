// 0: a whole package; 1: its document.xml; 2: its styles.xml; 3: its numbering.xml.
#include "services/registry/fuzz/fuzzer.h"

namespace minsheng::registry {
namespace {

constexpr char kBody[] =
    "<w:tbl><w:tr><w:tc><w:p><w:pPr><w:pStyle w:val=\"L\"/><w:numPr><w:ilvl w:val=\"0\"/><w:numId "
    "w:val=\"1\"/></w:numPr></w:pPr></w:p></w:tc><w:tc><w:p><w:r><w:rPr><w:rStyle w:val=\"S\"/>"
    "</w:rPr><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:pPr><w:numPr><w:ilvl "
    "w:val=\"1\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>b</w:t></w:r></w:p>";
constexpr char kStyles[] =
    "<w:style w:type=\"paragraph\" w:styleId=\"L\"><w:basedOn w:val=\"S\"/><w:rPr><w:b/></w:rPr>"
    "</w:style><w:style w:type=\"character\" w:styleId=\"S\"><w:rPr><w:vanish w:val=\"0\"/></w:rPr>"
    "</w:style>";
constexpr char kNumbering[] =
    "<w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt "
    "w:val=\"chineseCounting\"/><w:lvlText w:val=\"%1、\"/></w:lvl><w:lvl w:ilvl=\"1\"><w:lvlText "
    "w:val=\"%1.%2\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/>"
    "</w:num>";

}  // namespace
}  // namespace minsheng::registry

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace minsheng::registry;
  constexpr const char* kNames[] = {"", "word/document.xml", "word/styles.xml",
                                    "word/numbering.xml"};
  static const Parts parts = DocxParts(kBody, kStyles, kNumbering);
  const FuzzInput input = TakeMode(data, size, 4);
  Expect(ReadDocx(input.mode == 0 ? input.rest : With(parts, kNames[input.mode], input.rest)));
  return 0;
}
