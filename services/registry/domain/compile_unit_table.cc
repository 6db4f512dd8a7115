#include "services/registry/domain/compile_words.h"

#include <vector>

#include "absl/strings/str_split.h"

namespace minsheng::registry::compiler {
namespace {

using U = UnitClass;

// Spellings of one class, divided by blanks; `unit` is what targets call them, "" for themselves.
struct UnitGroup {
  UnitClass unit_class;
  absl::string_view unit;
  absl::string_view words;
};

constexpr UnitGroup kGroups[] = {
    {U::kCounted, "",
     "个 家 套 处 座 栋 幢 台 盏 条 部 所 张 件 项 支 间 场所 辆 艘 "
     "架 颗 道 孔 口 根 棵 株 只 头 尾 羽 眼 块 面 幅 段 组 节 门 "
     "班 队 团 片 批 份 宗 起 例 单 只次 床 床位 单元 小区 社区 对 双 "
     "把 枚 册 本 篇 首 枪 桩 杆 井 站 点 园 校 村 镇 店 箱 柜 瓶 "
     "袋 盒 包 筒 种 类 款 系列 方面 扇 梯 艘次 泊位 车位 户房 岗 线 "
     "路段 顶 卷 颗粒 席 窟 尊 樘 挂 匹 峰 窝 箱次 垛 畦 丛 排 列 宿 "
     "笼 标台 台套 台(套) 辆(台) 处(个) 个(处) 座(处) 处(座) 所(个) 家(个) "},
    {U::kSize, "", "平方米 "},
    {U::kSize, "平方米", "㎡ m2 m² M2 M² 平米 平方 "},
    {U::kSize, "", "平方公里 "},
    {U::kSize, "平方公里", "km2 km² k㎡ "},
    {U::kSize, "", "公里 "},
    {U::kSize, "公里", "km KM Km 千米 "},
    {U::kSize, "", "米 "},
    {U::kSize, "米", "m "},
    {U::kSize, "",
     "延米 延长米 厘米 毫米 亩 公顷 吨 公斤 千克 斤 克 里 海里 车公里 "
     "皮长公里 芯公里 管公里 株公里 双公里 立方米 "},
    {U::kSize, "立方米", "m3 m³ M3 M³ 立方 方 "},
    {U::kSize, "吨", "t "},
    {U::kSize, "公斤", "kg "},
    {U::kSize, "厘米", "cm "},
    {U::kSize, "毫米", "mm "},
    {U::kSize, "公顷", "ha "},
    {U::kPeople, "", "人 名 户 位 人口 人员 员 家庭 家次 老人 "},
    {U::kVisits, "",
     "人次 人天 人日 户次 车次 台次 件次 架次 例次 班次 批次 人份 场次 "
     "剂次 人剂次 针次 剂 课时 学时 人月 头次 羽次 篇次 家户次 "},
    {U::kTimes, "", "次 场 轮 遍 回 期 趟 届次 "},
    {U::kPercent, "", "/10万 /十万 /万 % %% 个百分点 百分点 ‰ 成 "},
    {U::kMoney, "",
     "元 万元 亿元 千元 百元 美元 角 分钱 块钱 元钱 千万元 百万元 万亿元 "
     "元/人 "},
    {U::kAge, "", "岁 周岁 岁龄 月龄 周龄 "},
    {U::kTime, "",
     "年 个月 天 小时 分钟 周 工作日 日 学年 学期 个季度 季度 个小时 "
     "个工作日 个学期 个学年 个周 秒 年度 个自然日 日历天 年期 世纪 时 "
     "个半月 星期 个星期 月 点钟 h min 个年度 个自然月 个寒暑假 "},
    {U::kFloor, "", "层 楼 楼层 层楼 "},
    {U::kOrdinal, "",
     "号 级 路 届 版 号楼 号线 号院 号文 号文件 型 代 校区 年级 等 档 "
     "标段 片区 号店 分队 "},
    {U::kScore, "", "分 "},
    {U::kPhysical, "",
     "千瓦 千瓦时 兆瓦 兆瓦时 kW KW kw MW 万千瓦 伏 千伏 kV KV "
     "kv 千伏安 kVA KVA 瓦 W 安 度电 摄氏度 ℃ °C 分贝 dB 兆 "
     "Mbps 微克/立方米 μg/m3 μg/m³ 毫克/升 mg/L 吉瓦 GW "
     "MWh kWh 兆帕 MPa 标准煤 焦耳 "},
};

std::vector<UnitEntry> SplitGroups() {
  std::vector<UnitEntry> entries;
  for (const UnitGroup& group : kGroups) {
    for (const absl::string_view word : absl::StrSplit(group.words, ' ', absl::SkipEmpty())) {
      entries.push_back({word, group.unit.empty() ? word : group.unit, group.unit_class});
    }
  }
  return entries;
}

}  // namespace

absl::Span<const UnitEntry> AllUnits() {
  static const auto& units = *new std::vector<UnitEntry>(SplitGroups());
  return units;
}

}  // namespace minsheng::registry::compiler
