#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/encoding.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"
#include "services/registry/reader/check.h"
#include "services/registry/reader/html_body.h"
#include "services/registry/reader/html_tree.h"
#include "services/registry/reader/mail.h"
#include "services/registry/reader/reader.h"
#include "services/registry/reader/sniff.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kHeadBytes = 4096;

// What the page says of itself in a meta element, lower case; "" when nothing.
std::string DeclaredCharset(absl::string_view bytes) {
  const std::string head = absl::AsciiStrToLower(bytes.substr(0, kHeadBytes));
  const std::size_t at = head.find("charset=");
  if (at == std::string::npos) return "";
  absl::string_view value = absl::string_view(head).substr(at + 8);
  while (!value.empty() && (value[0] == '"' || value[0] == '\'')) value.remove_prefix(1);
  return std::string(value.substr(0, value.find_first_of("\"'; />\r\n")));
}

// What is said does not hinder what the bytes are; but bytes of an encoding that cannot be told
// from GB18030 must not be read as it.
absl::Status CheckCharset(absl::string_view bytes) {
  constexpr std::array<absl::string_view, 7> kForeign = {
      "big5", "big5-hkscs", "shift_jis", "euc-jp", "euc-kr", "iso-2022-jp", "windows-1251"};
  const std::string charset = DeclaredCharset(bytes);
  const bool foreign = std::find(kForeign.begin(), kForeign.end(), charset) != kForeign.end();
  if (!foreign || IsValidUtf8(bytes)) return absl::OkStatus();
  return Refuse("BAD_ENCODING",
                absl::StrCat("网页的编码是", charset, "，不能读取。请在浏览器中把表格复制到Excel，",
                             "保存为.xlsx后再导入"));
}

absl::Status ReadPage(absl::string_view bytes, HtmlBody& body, std::string& converted_from) {
  if (IsBlank(bytes)) return absl::OkStatus();
  if (absl::Status status = CheckCharset(bytes); !status.ok()) return status;
  absl::StatusOr<DecodedText> decoded = DecodeText(bytes);
  if (!decoded.ok()) return decoded.status();
  if (!decoded->converted_from.empty()) converted_from = decoded->converted_from;
  absl::StatusOr<HtmlTree> tree = HtmlTree::Parse(std::move(decoded->text));
  return tree.ok() ? body.Read(tree->root()) : tree.status();
}

}  // namespace

absl::StatusOr<Document> ReadHtml(absl::string_view bytes) {
  std::vector<std::string> pages;
  if (IsMail(bytes)) {
    absl::StatusOr<std::vector<std::string>> parts = PagesOfMail(bytes);
    if (!parts.ok()) return parts.status();
    pages = std::move(*parts);
  } else {
    pages.emplace_back(bytes);
  }
  Notes notes;
  HtmlBody body(notes);
  std::string converted_from;
  for (const auto& page : pages) {
    if (absl::Status status = ReadPage(page, body, converted_from); !status.ok()) return status;
  }
  NoteEncoding(converted_from, notes);
  Document document;
  document.grids.push_back(body.Take());
  document.notes = notes.Take();
  return CheckDocument(std::move(document));
}

}  // namespace minsheng::registry
