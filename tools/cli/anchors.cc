#include "tools/cli/anchors.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"

namespace minsheng::cli {
namespace {

constexpr size_t kHashHexDigits = 64;
constexpr char kEmpty[] = "-";

struct Head {
  int64_t position = 0;
  std::string hash;
};

bool ReadHead(absl::string_view position, absl::string_view hash, Head& head) {
  if (!absl::SimpleAtoi(position, &head.position) || head.position < 0) return false;
  if (head.position == 0) return hash == kEmpty;
  head.hash = absl::HexStringToBytes(hash);
  return hash.size() == kHashHexDigits &&
         hash.find_first_not_of("0123456789abcdefABCDEF") == absl::string_view::npos;
}

std::string HashText(absl::string_view hash) {
  return hash.empty() ? kEmpty : absl::BytesToHexString(hash);
}

}  // namespace

absl::StatusOr<Anchor> ParseAnchor(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  Head events, refusals;
  bool valid = parts.size() == 2 || parts.size() == 5;
  const size_t first = parts.size() == 5 ? 1 : 0;
  valid = valid && ReadHead(parts[first], parts[first + 1], events);
  if (valid && first == 1) valid = ReadHead(parts[3], parts[4], refusals);
  if (!valid || (first == 0 && events.position == 0)) {
    return UsageError(absl::StrCat(
        "“", text,
        "”不是锚点；请写成 服务:位置:十六进制哈希:位置:十六进制哈希（或 位置:十六进制哈希），"
        "即以前核验时打印的那一行"));
  }
  Anchor anchor;
  if (first == 1) anchor.service = std::string(parts[0]);
  anchor.request.set_anchor_position(events.position);
  anchor.request.set_anchor_hash(events.hash);
  anchor.request.set_refusals_anchor_position(refusals.position);
  anchor.request.set_refusals_anchor_hash(refusals.hash);
  return anchor;
}

absl::StatusOr<std::vector<Anchor>> ReadAnchors(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  std::vector<Anchor> anchors;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') continue;
    ASSIGN_OR_RETURN(Anchor anchor, ParseAnchor(line));
    if (anchor.service.empty()) {
      return UsageError(absl::StrCat(path, "：“", line, "”没有写明服务"));
    }
    anchors.push_back(std::move(anchor));
  }
  return anchors;
}

std::string AnchorText(const std::string& service, const common::v1::VerifyLogResponse& response) {
  return absl::StrCat(service, ":", response.head_position(), ":", HashText(response.head_hash()),
                      ":", response.refusals(), ":", HashText(response.refusals_head_hash()));
}

}  // namespace minsheng::cli
