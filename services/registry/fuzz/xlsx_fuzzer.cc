// 0: a whole package; 1: its sheet; 2: its shared strings; 3: its styles; 4: its workbook.
#include "services/registry/fuzz/fuzzer.h"

namespace minsheng::registry {
namespace {

constexpr char kSheet[] =
    "<cols><col min=\"2\" max=\"3\" hidden=\"1\"/></cols><sheetData><row r=\"1\"><c r=\"A1\" "
    "t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\" s=\"1\"><v>1</v></c></row><row r=\"2\" "
    "hidden=\"1\"><c "
    "r=\"A2\" s=\"2\"><v>45838.5</v></c></row><row r=\"3\"><c r=\"B3\" s=\"1\"><v>0.285</v></c><c "
    "r=\"C3\"><f>A1</f></c></row></sheetData><mergeCells><mergeCell ref=\"A1:A3\"/></mergeCells>";
constexpr char kStrings[] =
    "<si><t>a</t></si><si><r><t>b</t></r><r><rPr><b/></rPr><t>c_x000D_</t></r></si>";
constexpr char kStyles[] =
    "<numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;年&quot;m\"/></numFmts><fonts><font/>"
    "<font><b/></font></fonts><cellXfs><xf/><xf numFmtId=\"10\" fontId=\"1\"/><xf "
    "numFmtId=\"170\"/>"
    "</cellXfs>";

}  // namespace
}  // namespace minsheng::registry

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace minsheng::registry;
  constexpr const char* kNames[] = {"", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
                                    "xl/styles.xml", "xl/workbook.xml"};
  static const Parts parts = XlsxParts({{"name=\"a\"", kSheet}}, kStrings, kStyles);
  const FuzzInput input = TakeMode(data, size, 5);
  Expect(ReadXlsx(input.mode == 0 ? input.rest : With(parts, kNames[input.mode], input.rest)));
  return 0;
}
