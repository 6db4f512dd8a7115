// Figures as Chinese lists write them, exact: 1.5万, 3万5千, １，２００, 一百零五, 两千, 百余.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_NUMBERS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_NUMBERS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::registry::compiler {

// A figure in millionths, so that what targets.h allows fits exactly.
inline constexpr int64_t kMillionths = 1'000'000;

// `length` 0: no figure stands here. `scale` is the power of ten of its 万, 亿, 千, 百. A figure
// that targets.h cannot hold is `too_long`; one whose words contradict themselves is `odd`.
struct Number {
  std::size_t length = 0;
  int64_t micros = 0;
  int scale = 0;
  bool chinese = false;
  bool approximate = false;  // 余, 多, 来
  bool too_long = false;
  bool odd = false;
};

// The figure at the start of folded text.
Number ReadNumber(absl::string_view text);

// The digits of ASCII at the start of text.
std::size_t DigitsLength(absl::string_view text);

// The value of one Chinese digit (一 … 九, 零, 〇, 两), -1 for any other character.
int ChineseDigitOf(absl::string_view c);

// "3.7", without trailing zeros.
std::string FigureText(int64_t micros);

// Times a power of ten; false when it does not fit.
bool ScaleBy(int64_t& micros, int power);

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_NUMBERS_H_
