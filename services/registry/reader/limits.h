// What a file may cost, each bound with its name. The file itself is bounded by kMaxNoticeBytes,
// its rows by kMaxNoticeRows, a cell by kMaxCellBytes. All are measured, never read from the file.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_LIMITS_H_
#define MINSHENG_SERVICES_REGISTRY_READER_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace minsheng::registry {

// A package: its entries, one part unpacked, all parts that are read, and how many times its packed
// size a part above kRatioFreeBytes may become.
inline constexpr int kMaxPackageEntries = 10'000;
inline constexpr std::size_t kMaxPartBytes = 128U << 20U;
inline constexpr std::size_t kMaxUnpackedBytes = 256U << 20U;
inline constexpr std::size_t kMaxUnpackRatio = 120;
inline constexpr std::size_t kRatioFreeBytes = 8U << 20U;

// An XML part: '<' and '=' bound the nodes and attributes that parsing may make.
inline constexpr std::ptrdiff_t kMaxXmlTags = 8'000'000;
inline constexpr std::ptrdiff_t kMaxXmlEquals = 8'000'000;
inline constexpr int kMaxXmlDepth = 256;

// A page: memory and processor time of parsing; elements open at once, by a count of the tags and
// in the tree.
inline constexpr std::size_t kMaxPageMemoryBytes = 768U << 20U;
inline constexpr int kMaxPageSeconds = 5;
inline constexpr std::int64_t kMaxOpenTags = 1'000;
inline constexpr int kMaxPageDepth = 2'000;
inline constexpr int kMaxMailParts = 256;

// Tables. A span is what a cell claims; a table's width is what its cells really part.
inline constexpr int kMaxTableColumns = 512;
inline constexpr std::size_t kMaxTableCells = 4'000'000;
// All cells of a workbook together: one string may stand in many.
inline constexpr std::size_t kMaxTextBytes = 256U << 20U;
inline constexpr std::int64_t kMaxSpan = 65'536;
inline constexpr int kMaxTableNesting = 16;
inline constexpr int kMaxSheets = 256;
inline constexpr std::size_t kMaxSheetNameBytes = 256;
inline constexpr std::size_t kMaxMergedRanges = 200'000;

// Notes of one code that are told one by one; what is more is told as a number.
inline constexpr int kMaxNotesPerCode = 50;

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_LIMITS_H_
