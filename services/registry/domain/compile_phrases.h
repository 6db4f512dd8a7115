// Fourth stage of the target compiler: what stands before a figure, around it and behind it.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_PHRASES_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_PHRASES_H_

#include <cstdint>
#include <vector>

#include "services/registry/domain/compile_work.h"

namespace minsheng::registry::compiler {

// Tokens [first, last) without the words that open and close them. The noun is [noun_first,
// noun_last); it begins with a verb that belongs to it (新增). `traits` are all the verbs'.
struct Phrase {
  int first = 0;
  int last = 0;
  int noun_first = 0;
  int noun_last = 0;
  int bare_first = 0;  // without 新增
  uint8_t traits = 0;
  int kept_verb = -1;  // 新增 without a noun behind it
  int each = -1;       // tokens of 每…, of a date, of 对…
  int base_each = -1;
  int date = -1;
  int topic = -1;
  int how = -1;
  bool has_verb = false;
  bool stretch = false;
  bool part = false;
  bool service = false;
  bool quality = false;
  bool all = false;
  bool etc = false;  // 等 closes it
  bool of = false;   // 的 closes it

  bool has_noun() const { return noun_first < noun_last; }
};

// Words that open a clause come off at the front; with `before_figure` those that lead to a figure
// come off at the end.
Phrase ReadPhrase(const Work& work, int first, int last, bool before_figure);

// A figure with what bounds it: tokens [first, last), the figure at `token`.
struct Measure {
  int token = 0;
  int first = 0;
  int last = 0;
  int each = -1;
  Bound bound = kUnbound;
  bool raises = false;
  bool strict = false;
  bool about = false;
  bool each_of = false;
  bool conflict = false;
};

// Within tokens [low, high).
Measure ReadMeasure(const Work& work, int token, int low, int high);

// Those of a clause, from left to right.
std::vector<Measure> ReadMeasures(const Work& work, const Clause& clause);

// The parts of an enumeration between 、 和 及, as spans without blanks at their ends.
std::vector<Span> ReadItems(const Work& work, int first, int last);

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_PHRASES_H_
