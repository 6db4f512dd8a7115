#include "services/registry/reader/package.h"

#include <zip.h>

#include <algorithm>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/registry/domain/notice.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"
#include "services/registry/reader/limits.h"
#include "services/registry/reader/rich_text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kFirstChunkBytes = 16U << 10U;
constexpr char kSaveAgain[] = "。请在Word、Excel或WPS中打开并重新保存，再导入新文件";

absl::Status BadArchive(absl::string_view what) {
  return Refuse("BAD_ARCHIVE", absl::StrCat(what, kSaveAgain));
}

absl::Status CannotOpen(int code) {
  if (code == ZIP_ER_NOZIP) {
    return Refuse("TRUNCATED", "文件不完整：压缩包末尾的目录缺失。请重新取得完整的文件");
  }
  return BadArchive("文件的压缩包结构已损坏");
}

bool IsPlainName(absl::string_view name) {
  if (name.empty() || absl::StartsWith(name, "/") || !IsValidUtf8(name)) return false;
  if (std::any_of(name.begin(), name.end(),
                  [](char c) { return c == '\\' || absl::ascii_iscntrl(c); })) {
    return false;
  }
  const std::vector<absl::string_view> steps = absl::StrSplit(name, '/');
  return std::none_of(steps.begin(), steps.end(),
                      [](absl::string_view step) { return step == ".." || step == "."; });
}

absl::Status CheckEntry(const zip_stat_t& entry) {
  constexpr zip_uint64_t kNeeded =
      ZIP_STAT_NAME | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if ((entry.valid & kNeeded) != kNeeded) return BadArchive("文件的压缩包目录已损坏");
  if (!IsPlainName(entry.name)) {
    return BadArchive(absl::StrCat("压缩包里有不正常的文件名“", ShortWords(entry.name),
                                   "”，不是Office软件保存的文件"));
  }
  if (entry.encryption_method != ZIP_EM_NONE) return BadArchive("压缩包是加密的，无法读取");
  if (entry.comp_method != ZIP_CM_STORE && entry.comp_method != ZIP_CM_DEFLATE) {
    return BadArchive("压缩包用了Office软件不用的压缩方法");
  }
  return absl::OkStatus();
}

absl::Status TooLarge(absl::string_view name, absl::string_view what) {
  return Refuse("TOO_LARGE", absl::StrCat("文件中的“", name, "”解压后", what,
                                          "，不像一份清单。请只保留清单本身后重新保存"));
}

absl::Status CheckUnpacked(absl::string_view name, std::size_t bytes, std::size_t packed,
                           std::size_t before) {
  if (bytes > kMaxPartBytes)
    return TooLarge(name, absl::StrCat("超过", kMaxPartBytes >> 20U, " MiB"));
  if (before + bytes > kMaxUnpackedBytes)
    return TooLarge(name, absl::StrCat("使全文超过", kMaxUnpackedBytes >> 20U, " MiB"));
  if (bytes > kRatioFreeBytes && bytes / kMaxUnpackRatio > packed)
    return TooLarge(name, absl::StrCat("是压缩时的", kMaxUnpackRatio, "倍以上"));
  return absl::OkStatus();
}

}  // namespace

void Package::Discard::operator()(zip* archive) const { zip_discard(archive); }

absl::StatusOr<Package> Package::Open(absl::string_view bytes) {
  if (bytes.size() > kMaxNoticeBytes)
    return Refuse("TOO_LARGE", "文件超过32 MiB，请去掉图片等附件，只保留清单本身");
  zip_error_t error;
  zip_error_init(&error);
  const auto clear = absl::MakeCleanup([&error] { zip_error_fini(&error); });
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source == nullptr) return CannotOpen(zip_error_code_zip(&error));
  zip_t* archive = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive == nullptr) {
    zip_source_free(source);
    return CannotOpen(zip_error_code_zip(&error));
  }
  Package package(archive);
  if (absl::Status status = package.Index(bytes.size()); !status.ok()) return status;
  return package;
}

absl::Status Package::Index(std::size_t package_bytes) {
  const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
  if (count > kMaxPackageEntries) return BadArchive("压缩包里的文件过多");
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t stat;
    if (zip_stat_index(archive_.get(), i, 0, &stat) != 0)
      return BadArchive("文件的压缩包目录已损坏");
    if (absl::Status status = CheckEntry(stat); !status.ok()) return status;
    const Entry entry{stat.index, std::min<std::uint64_t>(stat.comp_size, package_bytes)};
    if (!entries_.emplace(absl::AsciiStrToLower(stat.name), entry).second) {
      return BadArchive(absl::StrCat("压缩包里有两个“", ShortWords(stat.name), "”"));
    }
  }
  return absl::OkStatus();
}

bool Package::Has(absl::string_view name) const {
  return entries_.count(absl::AsciiStrToLower(name)) > 0;
}

absl::StatusOr<std::string> Package::Read(absl::string_view name) {
  const auto entry = entries_.find(absl::AsciiStrToLower(name));
  if (entry == entries_.end()) {
    return BadArchive(absl::StrCat("文件缺少“", ShortWords(name), "”这一部分"));
  }
  return Unpack(entry->second, entry->first);
}

absl::StatusOr<std::string> Package::Unpack(const Entry& entry, absl::string_view name) {
  const absl::Status damaged = BadArchive(absl::StrCat("文件中的“", name, "”已损坏，不能解压"));
  zip_file_t* file = zip_fopen_index(archive_.get(), entry.index, 0);
  if (file == nullptr) return damaged;
  const auto close = absl::MakeCleanup([file] { zip_fclose(file); });
  std::string part(kFirstChunkBytes, '\0');
  std::size_t size = 0;
  while (true) {
    if (size == part.size()) part.resize(size * 2);
    const zip_int64_t count = zip_fread(file, part.data() + size, part.size() - size);
    if (count < 0) return damaged;
    if (count == 0) break;
    size += count;
    absl::Status status = CheckUnpacked(name, size, entry.packed_bytes, unpacked_bytes_);
    if (!status.ok()) return status;
  }
  part.resize(size);
  unpacked_bytes_ += size;
  return part;
}

}  // namespace minsheng::registry
