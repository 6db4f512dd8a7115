// Codes and names of made-up districts. Pure.
//
// A code is formed as GB/T 2260 forms them: a province in force, prefecture 71 to 89, county 01 to
// 99. The standard gives no prefecture a number from 71 to 89, so that no code is a real
// district's.
#ifndef MINSHENG_TOOLS_CLI_GENERATE_DISTRICTS_H_
#define MINSHENG_TOOLS_CLI_GENERATE_DISTRICTS_H_

#include <cstdint>
#include <string>

namespace minsheng::generate {

inline constexpr int64_t kDistrictsMax = int64_t{31} * 19 * 99;  // 58,311

struct District {
  std::string code;        // "507103"
  std::string short_name;  // "云溪畔"
  std::string level;       // 区 or 县

  std::string title() const { return short_name + level; }
};

// `index` counts from 0 and is below kDistrictsMax; codes and names are all different.
District DistrictNumbered(int64_t index);

}  // namespace minsheng::generate

#endif  // MINSHENG_TOOLS_CLI_GENERATE_DISTRICTS_H_
