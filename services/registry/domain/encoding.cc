#include "services/registry/domain/encoding.h"

#include <iconv.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/notice.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr char kUtf8Bom[] = "\xEF\xBB\xBF";
constexpr char kWhatToDo[] =
    "请另存为CSV（UTF-8），或把表格复制为纯文本后再导入；直接读取docx、xlsx将在以后的版本提供";
// A file is damaged UTF-8, and not GB18030, when at least this share of its non-ASCII bytes is
// valid UTF-8.
constexpr std::size_t kUtf8SharePercent = 80;

struct Magic {
  absl::string_view bytes;
  absl::string_view what;
};

constexpr std::array<Magic, 5> kMagics = {{{"%PDF", "PDF文件"},
                                           {"PK\x03\x04", "压缩包（docx、xlsx、wps或zip）"},
                                           {"\xD0\xCF\x11\xE0", "旧版Office文件（doc、xls）"},
                                           {"{\\rtf", "RTF文件"},
                                           {"\x1F\x8B", "gzip压缩文件"}}};

absl::Status NotText(absl::string_view what) {
  return Refuse("NOT_TEXT", absl::StrCat("这不是文本，而是", what, "。", kWhatToDo));
}

absl::Status CutCharacter() {
  return Refuse("TRUNCATED", "文件在最后一个字的中间断开，内容不完整。请重新取得完整的文件");
}

absl::Status BadEncoding(absl::string_view text, std::size_t offset) {
  const auto line = 1 + std::count(text.begin(), text.begin() + offset, '\n');
  return Refuse("BAD_ENCODING",
                absl::StrCat("第", line, "行（第", offset + 1,
                             "字节）不是有效的UTF-8，也不能按GB18030读取，文件可能已损坏。",
                             "请另存为UTF-8编码后再导入"));
}

absl::Status CheckMagic(absl::string_view bytes) {
  for (const auto& magic : kMagics) {
    if (absl::StartsWith(bytes, magic.bytes)) return NotText(magic.what);
  }
  return absl::OkStatus();
}

bool HasNul(absl::string_view bytes) {
  return absl::StrContains(bytes, absl::string_view("\0", 1));
}

bool IsUtf16(absl::string_view bytes) {
  return absl::StartsWith(bytes, "\xFF\xFE") || absl::StartsWith(bytes, "\xFE\xFF");
}

// The outcome of one conversion: the text, or whether the input ends within a character.
struct Conversion {
  std::optional<std::string> text;
  bool cut = false;
  bool available = true;
};

Conversion RunIconv(iconv_t converter, absl::string_view bytes) {
  std::string out(bytes.size() * 2 + 16, '\0');
  char* in = const_cast<char*>(bytes.data());
  std::size_t in_left = bytes.size();
  char* to = out.data();
  std::size_t out_left = out.size();
  if (iconv(converter, &in, &in_left, &to, &out_left) == static_cast<std::size_t>(-1)) {
    return {.text = std::nullopt, .cut = errno == EINVAL};
  }
  out.resize(out.size() - out_left);
  return {.text = std::move(out)};
}

Conversion Convert(absl::string_view bytes, const char* encoding) {
  iconv_t converter = iconv_open("UTF-8", encoding);
  if (converter == reinterpret_cast<iconv_t>(-1)) return {.text = std::nullopt, .available = false};
  Conversion conversion = RunIconv(converter, bytes);
  iconv_close(converter);
  return conversion;
}

bool IsCutAtEnd(absl::string_view text, std::size_t offset) {
  const absl::string_view rest = text.substr(offset);
  if (rest.size() > 3 || static_cast<unsigned char>(rest[0]) < 0xC2) return false;
  return std::all_of(rest.begin() + 1, rest.end(),
                     [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; });
}

bool IsMostlyUtf8(absl::string_view text) {
  std::size_t valid = 0;
  std::size_t invalid = 0;
  while (!text.empty()) {
    const std::size_t length = FirstCharLength(text);
    const bool ascii = static_cast<unsigned char>(text[0]) < 0x80;
    if (length > 1) valid += length;
    if (length == 1 && !ascii) ++invalid;
    text.remove_prefix(length);
  }
  return valid * 100 >= (valid + invalid) * kUtf8SharePercent;
}

absl::StatusOr<DecodedText> DecodeUtf16(absl::string_view bytes) {
  Conversion conversion = Convert(bytes, "UTF-16");
  if (conversion.cut || bytes.size() % 2 != 0) return CutCharacter();
  if (!conversion.text)
    return Refuse("BAD_ENCODING", "文件按UTF-16读取失败。请另存为UTF-8编码后再导入");
  if (HasNul(*conversion.text)) return NotText("含有空字节的二进制文件");
  return DecodedText{std::move(*conversion.text), "UTF-16"};
}

absl::StatusOr<DecodedText> DecodeGb18030(absl::string_view bytes, std::size_t invalid_at) {
  Conversion conversion = Convert(bytes, "GB18030");
  if (conversion.cut) return CutCharacter();
  if (!conversion.text) return BadEncoding(bytes, invalid_at);
  return DecodedText{std::move(*conversion.text), "GB18030"};
}

absl::StatusOr<DecodedText> DecodeEightBit(absl::string_view bytes) {
  const std::size_t invalid_at = FirstInvalidUtf8(bytes);
  if (invalid_at == absl::string_view::npos) return DecodedText{std::string(bytes), ""};
  if (!IsMostlyUtf8(bytes)) return DecodeGb18030(bytes, invalid_at);
  return IsCutAtEnd(bytes, invalid_at) ? CutCharacter() : BadEncoding(bytes, invalid_at);
}

}  // namespace

absl::StatusOr<DecodedText> DecodeText(absl::string_view bytes) {
  if (bytes.size() > kMaxNoticeBytes)
    return Refuse("TOO_LARGE", "文件超过32 MiB，请只保留清单本身");
  if (IsBlank(bytes)) return Refuse("EMPTY_FILE", "文件是空的，请选择含有清单表格的文件");
  if (absl::Status magic = CheckMagic(bytes); !magic.ok()) return magic;
  if (IsUtf16(bytes)) return DecodeUtf16(bytes);
  if (HasNul(bytes)) return NotText("含有空字节的二进制文件（或没有标记的UTF-16）");
  return DecodeEightBit(absl::StripPrefix(bytes, kUtf8Bom));
}

}  // namespace minsheng::registry
