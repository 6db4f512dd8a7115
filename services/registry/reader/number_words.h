// Numbers as Word's automatic lists write them. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_NUMBER_WORDS_H_
#define MINSHENG_SERVICES_REGISTRY_READER_NUMBER_WORDS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::registry {

// `format` is a w:numFmt (ECMA-376 part 1, 17.18.59). Formats that Chinese offices do not use, and
// numbers that a format cannot write, come as decimal digits.
std::string NumberWords(std::int64_t number, absl::string_view format);

// 一, 十, 十一, 二十, 一百零五; for 1 to 99,999,999.
std::string ChineseNumber(std::int64_t number);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_NUMBER_WORDS_H_
