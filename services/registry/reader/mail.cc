#include "services/registry/reader/mail.h"

#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/refusal.h"
#include "services/registry/reader/limits.h"

namespace minsheng::registry {
namespace {

constexpr int kMaxMailDepth = 4;

// Names in lower case, values unfolded.
struct Part {
  std::map<std::string, std::string> headers;
  absl::string_view body;
};

absl::string_view TakeLine(absl::string_view& text) {
  const std::size_t end = text.find('\n');
  const absl::string_view line = text.substr(0, end);
  text.remove_prefix(end == absl::string_view::npos ? text.size() : end + 1);
  return absl::StripSuffix(line, "\r");
}

Part Split(absl::string_view text) {
  Part part;
  std::string name;
  while (!text.empty()) {
    const absl::string_view line = TakeLine(text);
    if (line.empty()) break;
    if (absl::ascii_isspace(line[0])) {
      if (!name.empty()) absl::StrAppend(&part.headers[name], " ", line);
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == absl::string_view::npos) continue;
    name = absl::AsciiStrToLower(line.substr(0, colon));
    part.headers[name] = std::string(absl::StripAsciiWhitespace(line.substr(colon + 1)));
  }
  part.body = text;
  return part;
}

std::string Boundary(const std::string& type) {
  const std::size_t at = absl::AsciiStrToLower(type).find("boundary=");
  if (at == std::string::npos) return "";
  absl::string_view value = absl::string_view(type).substr(at + 9);
  if (absl::ConsumePrefix(&value, "\"")) return std::string(value.substr(0, value.find('"')));
  return std::string(absl::StripAsciiWhitespace(value.substr(0, value.find_first_of("; \t"))));
}

absl::StatusOr<std::string> Decode(const Part& part) {
  const auto header = part.headers.find("content-transfer-encoding");
  const std::string encoding =
      header == part.headers.end() ? "" : absl::AsciiStrToLower(header->second);
  if (encoding == "quoted-printable") return DecodeQuotedPrintable(part.body);
  if (encoding != "base64") return std::string(part.body);
  std::string decoded;
  if (absl::Base64Unescape(absl::StripAsciiWhitespace(part.body), &decoded)) return decoded;
  return Refuse("BAD_DOCUMENT", "网页文件中的编码（base64）已损坏。请重新保存网页后再导入");
}

class MailReader {
 public:
  absl::Status Read(absl::string_view text, int depth) {
    if (++parts_ > kMaxMailParts || depth > kMaxMailDepth)
      return Refuse("TOO_LARGE", absl::StrCat("网页文件有", kMaxMailParts,
                                              "个以上的部分。请把清单表格复制到Excel后再导入"));
    const Part part = Split(text);
    const auto type = part.headers.find("content-type");
    if (type == part.headers.end()) return absl::OkStatus();
    if (absl::StartsWithIgnoreCase(type->second, "multipart/")) {
      return ReadParts(part.body, Boundary(type->second), depth);
    }
    if (!absl::StartsWithIgnoreCase(type->second, "text/html")) return absl::OkStatus();
    absl::StatusOr<std::string> page = Decode(part);
    if (page.ok()) pages_.push_back(std::move(*page));
    return page.status();
  }

  std::vector<std::string> Take() { return std::move(pages_); }

 private:
  absl::Status ReadParts(absl::string_view body, const std::string& boundary, int depth) {
    if (boundary.empty()) return absl::OkStatus();
    const std::string mark = absl::StrCat("--", boundary);
    std::size_t at = body.find(mark);
    while (at != absl::string_view::npos) {
      const absl::string_view rest = body.substr(at + mark.size());
      if (absl::StartsWith(rest, "--")) break;
      const std::size_t end = rest.find(absl::StrCat("\n", mark));
      absl::string_view part = rest.substr(0, end);
      TakeLine(part);
      if (absl::Status status = Read(part, depth + 1); !status.ok()) return status;
      at = end == absl::string_view::npos ? end : at + mark.size() + end + 1;
    }
    return absl::OkStatus();
  }

  std::vector<std::string> pages_;
  int parts_ = 0;
};

}  // namespace

std::string DecodeQuotedPrintable(absl::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  while (!text.empty()) {
    const std::string byte = text.size() >= 3 && text[0] == '=' && absl::ascii_isxdigit(text[1]) &&
                                     absl::ascii_isxdigit(text[2])
                                 ? absl::HexStringToBytes(text.substr(1, 2))
                                 : "";
    if (!byte.empty()) {
      decoded += byte;
      text.remove_prefix(3);
    } else if (!absl::ConsumePrefix(&text, "=\r\n") && !absl::ConsumePrefix(&text, "=\n")) {
      decoded.push_back(text[0]);
      text.remove_prefix(1);
    }
  }
  return decoded;
}

absl::StatusOr<std::vector<std::string>> PagesOfMail(absl::string_view mail) {
  MailReader reader;
  if (absl::Status status = reader.Read(mail, 0); !status.ok()) return status;
  std::vector<std::string> pages = reader.Take();
  if (!pages.empty()) return pages;
  return Refuse("BAD_DOCUMENT",
                "网页文件（.mht）中没有网页。请用浏览器或Office打开并重新保存后再导入");
}

}  // namespace minsheng::registry
