// Text as Chinese office documents write it: full-width signs, ideographic spaces, Chinese
// numerals. All input is UTF-8; functions that say so want it valid. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_TEXT_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace minsheng::registry {

// The offset of the first byte that is not part of a valid UTF-8 sequence; npos when all is valid.
std::size_t FirstInvalidUtf8(absl::string_view text);
bool IsValidUtf8(absl::string_view text);

// The bytes of the first character (1 to 4; 1 for an invalid lead); 0 when empty.
std::size_t FirstCharLength(absl::string_view text);
std::vector<absl::string_view> Chars(absl::string_view text);
std::size_t CharCount(absl::string_view text);

// Without blanks at both ends: ASCII white space, U+00A0, U+3000, U+FEFF, U+200B.
absl::string_view Trim(absl::string_view text);
bool IsBlank(absl::string_view text);
bool HasBlank(absl::string_view text);

// Without any blank anywhere: 任 务 名 称 → 任务名称.
std::string RemoveSpaces(absl::string_view text);

// Full-width signs, letters and digits as their half-width ones, for matching only: （１） → (1).
std::string Fold(absl::string_view text);

// Fold and RemoveSpaces: what two spellings of one label have in common.
std::string MatchKey(absl::string_view text);

// Two spellings of one label: their MatchKeys are equal.
bool SameKey(absl::string_view one, absl::string_view other);

// The first `count` characters, with … when there were more.
std::string Abbreviate(absl::string_view text, std::size_t count);

bool ContainsAny(absl::string_view text, absl::Span<const absl::string_view> words);
bool IsDigits(absl::string_view text);
// Nothing but digits, half or full width, and blanks between them.
bool IsNumeric(absl::string_view text);

// 十三, 二十, 一百零五, 两千, 二〇二四 → 13, 20, 105, 2000, 2024. From 0 to 9999, else nullopt.
std::optional<int> ParseChineseNumber(absl::string_view text);

// ASCII or full-width digits, or a Chinese number, from 0 to 9999.
std::optional<int> ParseSmallNumber(absl::string_view text);

// The count that stands before a counter (件, 项, 个, 类): 十件, 十三件, 13件, （13件） → 13.
std::optional<int> FindCount(absl::string_view text);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_TEXT_H_
