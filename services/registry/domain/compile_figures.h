// What a numeral is where it stands: a figure with its unit, a range, or part of a name.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_FIGURES_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_FIGURES_H_

#include <cstddef>

#include "absl/strings/string_view.h"

#include "services/registry/domain/compile_lexer.h"

namespace minsheng::registry::compiler {

// `length` 0: no numeral. Without `is_figure` the numeral belongs to a name or an idiom.
struct ReadFigure {
  std::size_t length = 0;
  bool is_figure = false;
  Figure figure;
};

ReadFigure ReadFigureAt(absl::string_view text, std::size_t at);

// 每学年, 每千人口, 每个村: its length, 0 when none.
std::size_t ReadEach(absl::string_view text, Each& each);

// The list number that opens a sentence: （1）, 2、, 3., 一是; `last` is the number before it and
// becomes this one. 1.4月底 is number 1 before 4月底, 2.10个 number 2 when 1 stood before.
std::size_t MarkerLength(absl::string_view text, int& last);

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_FIGURES_H_
