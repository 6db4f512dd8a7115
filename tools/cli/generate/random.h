// Chance that is the same on every machine: SplitMix64 (Steele, Lea, Flood 2014), whole numbers
// only. Pure; a value type.
#ifndef MINSHENG_TOOLS_CLI_GENERATE_RANDOM_H_
#define MINSHENG_TOOLS_CLI_GENERATE_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace minsheng::generate {

class Random {
 public:
  explicit constexpr Random(uint64_t state) : state_(state) {}

  // The stream that belongs to one thing, named by its numbers: what it gives depends on nothing
  // else.
  static constexpr Random Of(uint64_t seed, std::initializer_list<int64_t> path) {
    Random random(seed);
    for (const int64_t step : path) random = Random(random.Next() ^ static_cast<uint64_t>(step));
    return random;
  }

  constexpr uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  // 0..count-1; `count` is positive and below 2^32.
  constexpr int64_t Below(int64_t count) {
    return static_cast<int64_t>(((Next() >> 32U) * static_cast<uint64_t>(count)) >> 32U);
  }
  constexpr int64_t Between(int64_t least, int64_t most) { return least + Below(most - least + 1); }
  constexpr bool PerMille(int chance) { return Below(1000) < chance; }
  template <typename List>
  constexpr const auto& Pick(const List& list) {
    return list[static_cast<size_t>(Below(static_cast<int64_t>(list.size())))];
  }

 private:
  uint64_t state_;
};

}  // namespace minsheng::generate

#endif  // MINSHENG_TOOLS_CLI_GENERATE_RANDOM_H_
