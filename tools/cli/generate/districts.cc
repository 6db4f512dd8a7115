#include "tools/cli/generate/districts.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace minsheng::generate {
namespace {

constexpr std::array<int, 31> kProvinces = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33,
                                            34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50,
                                            51, 52, 53, 54, 61, 62, 63, 64, 65};
constexpr int kPrefectures = 19;
constexpr int kFirstPrefecture = 71;

using Syllables = std::array<const char*, 40>;
constexpr Syllables kFirst = {"云", "青", "松", "柏", "兰", "桂", "枫", "竹", "梅", "荷",
                              "苍", "碧", "翠", "丹", "紫", "锦", "银", "玉", "明", "晴",
                              "晓", "霁", "岚", "霞", "虹", "雪", "霜", "清", "澄", "静",
                              "宁", "和", "安", "泰", "丰", "盈", "嘉", "瑞", "祥", "禾"};
constexpr Syllables kSecond = {"溪", "泉", "湖", "塘", "潭", "渡", "桥", "陵", "岭", "岗",
                               "坡", "垭", "坪", "坝", "湾", "滩", "洲", "峡", "谷", "原",
                               "林", "源", "峰", "岩", "石", "屏", "台", "阁", "亭", "楼",
                               "井", "门", "关", "寨", "堡", "田", "圃", "园", "川", "浦"};
constexpr Syllables kThird = {"头", "边", "畔", "里", "屯", "庄", "铺", "营", "集", "场",
                              "口", "洼", "沟", "坎", "垄", "埠", "荡", "圩", "甸", "堰",
                              "闸", "汀", "渚", "浒", "崖", "岬", "岸", "洞", "坞", "垟",
                              "垣", "墩", "塬", "峪", "峒", "嶂", "嶝", "隘", "阡", "陌"};
constexpr int64_t kNames = int64_t{40} * 40 * 40;
// Coprime with kNames: neighbours get unlike names, and none comes twice.
constexpr int64_t kStride = 26'417;

std::string NameNumbered(int64_t index) {
  const auto at = static_cast<size_t>(index * kStride % kNames);
  return absl::StrCat(kFirst[at % 40], kSecond[at / 40 % 40], kThird[at / 1600]);
}

}  // namespace

District DistrictNumbered(int64_t index) {
  const auto provinces = static_cast<int64_t>(kProvinces.size());
  const int province = kProvinces[static_cast<size_t>(index % provinces)];
  const int64_t prefecture = kFirstPrefecture + index / provinces % kPrefectures;
  const int64_t county = 1 + index / (provinces * kPrefectures);
  District district;
  district.code = absl::StrFormat("%02d%02d%02d", province, prefecture, county);
  district.short_name = NameNumbered(index);
  district.level = index % 3 == 1 ? "县" : "区";
  return district;
}

}  // namespace minsheng::generate
