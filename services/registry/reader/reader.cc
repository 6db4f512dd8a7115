#include "services/registry/reader/reader.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/encoding.h"
#include "services/registry/domain/notice.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"
#include "services/registry/reader/notes.h"
#include "services/registry/reader/package.h"
#include "services/registry/reader/relationships.h"
#include "services/registry/reader/sniff.h"

namespace minsheng::registry {
namespace {

bool IsUtf16(absl::string_view bytes) {
  return absl::StartsWith(bytes, "\xFF\xFE") || absl::StartsWith(bytes, "\xFE\xFF");
}

absl::Status RefusePackage(Package& package) {
  if (package.Has("content.xml") || package.Has("xl/workbook.bin")) {
    return Refuse("OLD_FORMAT",
                  "这是OpenDocument或二进制工作簿文件，不能直接读取。"
                  "请用WPS或Office打开，另存为.docx或.xlsx后再导入");
  }
  return Refuse("NOT_TEXT",
                "这个压缩包不是Word或Excel文件。如果清单在压缩包里，请先解压，再导入其中的文件");
}

absl::StatusOr<Document> ReadPackage(absl::string_view bytes) {
  absl::StatusOr<Package> package = Package::Open(bytes);
  if (!package.ok()) return package.status();
  absl::StatusOr<std::string> main = MainPart(*package, "");
  if (!main.ok()) return main.status();
  const std::string& part =
      main->empty() && package->Has("word/document.xml") ? "word/document.xml" : *main;
  if (absl::StartsWith(part, "word/") || absl::EndsWith(part, "document.xml")) {
    return ReadDocx(bytes);
  }
  if (absl::EndsWith(part, "workbook.xml") || package->Has("xl/workbook.xml")) {
    return ReadXlsx(bytes);
  }
  return RefusePackage(*package);
}

absl::StatusOr<Document> ReadPlain(absl::string_view bytes) {
  absl::StatusOr<DecodedText> decoded = DecodeText(bytes);
  if (!decoded.ok()) return decoded.status();
  if (IsUtf16(bytes) && IsPage(decoded->text)) return ReadHtml(bytes);
  absl::StatusOr<Grid> grid = ReadGrid(decoded->text);
  if (!grid.ok()) return grid.status();
  Document document;
  document.grids.push_back(std::move(*grid));
  Notes notes;
  NoteEncoding(decoded->converted_from, notes);
  document.notes = notes.Take();
  return document;
}

}  // namespace

absl::StatusOr<Document> ReadDocument(absl::string_view bytes) {
  if (bytes.size() > kMaxNoticeBytes)
    return Refuse("TOO_LARGE", "文件超过32 MiB，请去掉图片等附件，只保留清单本身");
  if (IsBlank(bytes)) return Refuse("EMPTY_FILE", "文件是空的，请选择含有清单表格的文件");
  switch (KindOf(bytes)) {
    case FileKind::kPackage:
      return ReadPackage(bytes);
    case FileKind::kPage:
      return ReadHtml(bytes);
    case FileKind::kOld:
    case FileKind::kForeign:
      return RefuseKind(bytes);
    case FileKind::kText:
      break;
  }
  return ReadPlain(bytes);
}

}  // namespace minsheng::registry
