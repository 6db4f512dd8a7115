#include "services/registry/domain/compile_kinds.h"

#include <array>

#include "absl/strings/match.h"

#include "services/registry/domain/compile_uses.h"

namespace minsheng::registry::compiler {
namespace {

constexpr absl::string_view kLevelWords[] = {
    "知晓",     "满意",   "占比",   "比重",     "比例",   "合格",   "优良",       "失业",
    "入园",     "巩固率", "增长",   "增速",     "增幅",   "下降",   "死亡",       "发病",
    "就业率",   "升学率", "利用率", "绿地率",   "城镇化", "达标率", "投诉",       "好评",
    "上升",     "患病",   "空置",   "漏损",     "参与率", "浓度",   "人均",       "平均",
    "准确率",   "及时率", "有效率", "优秀率",   "水质",   "入学率", "及格",       "森林覆盖",
    "绿化覆盖", "优质",   "绿化率", "林草覆盖", "出生",   "认可",   "支持率",     "机械化",
    "通过率",   "毛入",   "控制率", "涨幅",     "治愈率", "自给率", "供水保证率", "占"};
constexpr absl::string_view kCoverageWords[] = {
    "覆盖", "治理", "关爱",   "普及", "完成",   "整改", "办结",  "改造", "接通",   "通达", "通车",
    "建档", "签约", "接种",   "筛查", "安装",   "配备", "入户",  "发放", "落实",   "处置", "收集",
    "处理", "参保", "体检",   "随访", "管理率", "救助", "帮扶",  "接入", "普查",   "检测", "兑现",
    "保障", "整治", "安置",   "化解", "规范化", "创建", "入网",  "参训", "开展率", "配置", "建成",
    "资助", "受理", "修复",   "清零", "拆除",   "搬迁", "通水",  "通电", "供水率", "到位", "登记",
    "更新", "适配", "培训率", "抽检", "检查",   "监测", "服务率"};
constexpr absl::string_view kSurveyWords[] = {"知晓", "满意", "好评", "认可"};
constexpr absl::string_view kMeanWords[] = {"人均", "平均", "户均", "浓度",
                                            "指数", "密度", "每千", "每万"};
constexpr absl::string_view kChangeWords[] = {"提高", "增加", "提升", "增长", "上升",
                                              "下降", "降低", "减少", "缩小"};
constexpr absl::string_view kOnlySizes[] = {"建筑面积", "占地面积", "用地面积", "总用地",
                                            "建筑规模"};
constexpr absl::string_view kSizes[] = {"面积", "全长", "总长",   "长度",
                                        "里程", "长",   "总规模", "规模"};
constexpr absl::string_view kPlaces[] = {
    "乡镇", "街道", "镇", "乡",   "区县", "县区",     "县",         "部门",   "区",    "单位",
    "市县", "村庄", "村", "社区", "镇街", "镇(街道)", "乡镇(街道)", "镇(乡)", "乡(镇)"};
constexpr absl::string_view kWorks[] = {
    "建设", "改造", "整治", "工程", "拆除", "修缮", "征收", "修复", "治理", "扩建", "新建", "改建",
    "维修", "加固", "项目", "提升", "更新", "整改", "安装", "搬迁", "绿化", "疏浚", "清淤", "升级",
    "接入", "竣工", "完工", "主体", "征迁", "验收", "装修", "布展", "投用", "使用", "通车"};
constexpr absl::string_view kEachDeeds[] = {"体检", "检查", "筛查", "接种", "资助", "补助",
                                            "救助", "补贴", "发放", "慰问", "培训", "改造",
                                            "评估", "建档", "赠送", "签约", "参保", "投保"};

template <std::size_t N>
bool HasAny(absl::string_view text, const absl::string_view (&words)[N]) {
  return ContainsAnyOf(text, words, N);
}

template <std::size_t N>
bool EndsWithAny(absl::string_view text, const absl::string_view (&words)[N]) {
  for (const auto word : words) {
    if (absl::EndsWith(text, word)) return true;
  }
  return false;
}

}  // namespace

KindGuess KindOfPercent(absl::string_view indicator, bool behind) {
  if (EndsWithAny(indicator, kChangeWords)) return {TargetKind::kLevel, true};
  if (HasAny(indicator, kLevelWords)) return {TargetKind::kLevel, true};
  if (HasAny(indicator, kCoverageWords)) return {TargetKind::kCoverage, true};
  return {behind ? TargetKind::kCoverage : TargetKind::kLevel, false};
}

KindGuess KindOfFigure(absl::string_view indicator, UnitClass unit_class) {
  switch (unit_class) {
    case UnitClass::kPercent:
      return KindOfPercent(indicator, false);
    case UnitClass::kMoney:
    case UnitClass::kTime:
    case UnitClass::kAge:
    case UnitClass::kScore:
      return {TargetKind::kLevel, true};
    case UnitClass::kMissing:
    case UnitClass::kUnknown:
      return {HasAny(indicator, kMeanWords) ? TargetKind::kLevel : TargetKind::kCount, true};
    default:
      return {HasAny(indicator, kMeanWords) ? TargetKind::kLevel : TargetKind::kCount, true};
  }
}

bool IsSurveyed(absl::string_view indicator) { return HasAny(indicator, kSurveyWords); }

bool EndsWithSize(absl::string_view noun, bool& only_size) {
  only_size = EndsWithAny(noun, kOnlySizes);
  return only_size || EndsWithAny(noun, kSizes);
}

bool IsPlaceWord(absl::string_view noun) {
  for (const auto place : kPlaces) {
    if (noun == place) return true;
  }
  return false;
}

bool EndsWithWork(absl::string_view noun) { return EndsWithAny(noun, kWorks); }

bool IsDeedForEach(absl::string_view words) { return HasAny(words, kEachDeeds); }

}  // namespace minsheng::registry::compiler
