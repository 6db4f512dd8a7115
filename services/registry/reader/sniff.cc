#include "services/registry/reader/sniff.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/refusal.h"

namespace minsheng::registry {
namespace {

using Bytes = absl::string_view;

constexpr std::size_t kHeadBytes = 4096;
constexpr char kConvert[] =
    "请用WPS或Office打开，另存为.docx或.xlsx后再导入；"
    "命令行工具在装有LibreOffice的机器上会自动转换";
constexpr char kNoPicture[] = "请取得清单的Word、Excel文件或网页，或者把表格录入Excel后再导入";

struct Magic {
  Bytes bytes;
  const char* what;
};

constexpr Bytes kOle2("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);

constexpr std::array<Magic, 8> kForeign = {{{"%PDF", "PDF文件"},
                                            {"\x89PNG", "图片"},
                                            {"\xFF\xD8\xFF", "图片"},
                                            {"GIF8", "图片"},
                                            {Bytes("II*\0", 4), "图片"},
                                            {Bytes("MM\0*", 4), "图片"},
                                            {"Rar!", "RAR压缩包"},
                                            {"7z\xBC\xAF", "7z压缩包"}}};

const Magic* FindForeign(Bytes bytes) {
  const auto found = std::find_if(kForeign.begin(), kForeign.end(), [bytes](const Magic& magic) {
    return absl::StartsWith(bytes, magic.bytes);
  });
  return found == kForeign.end() ? nullptr : found;
}

// Lower case, without BOM and leading blanks.
std::string Head(Bytes bytes) {
  if (absl::StartsWith(bytes, "\xEF\xBB\xBF")) bytes.remove_prefix(3);
  bytes = absl::StripLeadingAsciiWhitespace(bytes.substr(0, kHeadBytes));
  return absl::AsciiStrToLower(bytes);
}

bool IsBitmap(Bytes bytes) {
  return bytes.size() > 14 && absl::StartsWith(bytes, "BM") &&
         bytes.substr(6, 4) == Bytes("\0\0\0\0", 4);
}

// XML that Office 2003 saved.
bool IsOldXml(absl::string_view head) {
  return absl::StartsWith(head, "<?xml") &&
         (absl::StrContains(head, "schemas-microsoft-com:office:spreadsheet") ||
          absl::StrContains(head, "schemas.microsoft.com/office/word/2003") ||
          absl::StrContains(head, "schemas.microsoft.com/office/2006/xmlpackage"));
}

bool IsOld(Bytes bytes) {
  return absl::StartsWith(bytes, kOle2) || absl::StartsWith(bytes, "{\\rtf") ||
         IsOldXml(Head(bytes));
}

// Names in an OLE2 directory are UTF-16.
bool HasStream(Bytes bytes, absl::string_view name) {
  std::string wide;
  for (const char c : name) wide += {c, '\0'};
  return absl::StrContains(bytes, wide);
}

absl::Status RefuseOle2(Bytes bytes) {
  if (HasStream(bytes, "EncryptedPackage")) {
    return Refuse("BAD_ARCHIVE",
                  "文件设有打开密码，无法读取。请在Word、Excel或WPS中取消密码并另存后再导入");
  }
  const char* what = "旧版Office文件（.doc、.xls、.wps或.et）";
  if (HasStream(bytes, "WordDocument")) what = "旧版Word文件（.doc或.wps）";
  if (HasStream(bytes, "Workbook")) what = "旧版Excel文件（.xls或.et）";
  return Refuse("OLD_FORMAT", absl::StrCat("这是", what, "，不能直接读取。", kConvert));
}

}  // namespace

bool IsMail(absl::string_view text) {
  const std::string head = Head(text);
  const bool begins = absl::StartsWith(head, "mime-version:") || absl::StartsWith(head, "from:") ||
                      absl::StartsWith(head, "content-type:") ||
                      absl::StartsWith(head, "subject:") || absl::StartsWith(head, "date:") ||
                      absl::StartsWith(head, "x-");
  return begins && absl::StrContains(head, "content-type:") &&
         (absl::StrContains(head, "multipart/related") || absl::StrContains(head, "text/html"));
}

bool IsPage(absl::string_view text) {
  const std::string head = Head(text);
  if (!absl::StartsWith(head, "<")) return IsMail(text);
  constexpr std::array<absl::string_view, 8> kMarks = {
      "<html", "<!doctype html", "<table", "<head", "<body", "<meta", "<div", "<style"};
  return std::any_of(kMarks.begin(), kMarks.end(),
                     [&head](absl::string_view mark) { return absl::StrContains(head, mark); });
}

FileKind KindOf(absl::string_view bytes) {
  if (absl::StartsWith(bytes, "PK\x03\x04") || absl::StartsWith(bytes, "PK\x05\x06")) {
    return FileKind::kPackage;
  }
  if (IsOld(bytes)) return FileKind::kOld;
  if (FindForeign(bytes) != nullptr || IsBitmap(bytes)) return FileKind::kForeign;
  return IsPage(bytes) ? FileKind::kPage : FileKind::kText;
}

absl::Status RefuseKind(absl::string_view bytes) {
  if (absl::StartsWith(bytes, kOle2)) return RefuseOle2(bytes);
  if (IsOld(bytes)) {
    const char* what = absl::StartsWith(bytes, "{\\rtf") ? "RTF文件" : "Office 2003的XML文件";
    return Refuse("OLD_FORMAT", absl::StrCat("这是", what, "，不能直接读取。", kConvert));
  }
  const Magic* foreign = FindForeign(bytes);
  return Refuse("NOT_TEXT", absl::StrCat("这是", foreign == nullptr ? "图片" : foreign->what,
                                         "，其中的表格不能可靠地读取。", kNoPicture));
}

}  // namespace minsheng::registry
