#include "services/registry/domain/compile_kinds.h"

#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_numbers.h"
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
constexpr absl::string_view kOnlySizes[] = {"建筑面积", "占地面积", "占地",
                                            "用地面积", "总用地",   "建筑规模"};
constexpr absl::string_view kSizes[] = {"面积", "全长", "总长",   "长度",
                                        "里程", "长",   "总规模", "规模"};
constexpr absl::string_view kPlaces[] = {
    "乡镇", "街道", "镇", "乡",   "区县", "县区",     "县",         "部门",   "区",    "单位",
    "市县", "村庄", "村", "社区", "镇街", "镇(街道)", "乡镇(街道)", "镇(乡)", "乡(镇)"};
constexpr absl::string_view kWorks[] = {
    "建设", "改造", "整治", "工程", "拆除", "修缮", "征收", "修复", "治理", "扩建", "新建", "改建",
    "维修", "加固", "项目", "提升", "更新", "整改", "安装", "搬迁", "绿化", "疏浚", "清淤", "升级",
    "接入", "竣工", "完工", "主体", "征迁", "验收", "装修", "布展", "投用", "使用", "通车"};
// A name that says by itself what is built.
constexpr absl::string_view kNamedWorks[] = {"建设", "改造", "工程", "迁建", "扩建", "改扩建",
                                             "新建", "改建", "重建", "修建", "修缮", "整治",
                                             "加固", "安装", "楼",   "馆",   "主体"};
constexpr absl::string_view kPlanNouns[] = {"计划", "任务", "行动方案", "总量", "总数", "目标"};
// Money that is itself the service, beside money that pays for one.
constexpr absl::string_view kPromisedMoney[] = {"贷款", "信贷", "授信", "融资",
                                                "税费", "租金", "税款"};
constexpr absl::string_view kRatioEnds[] = {"率", "比", "指数", "系数", "密度"};
constexpr absl::string_view kRateScales[] = {"百万", "十万", "千",   "万",
                                             "百",   "亿",   "10万", "1000"};
constexpr absl::string_view kUnitlessRates[] = {"死亡率", "伤亡率", "发案率", "发病率"};
constexpr std::size_t kMaxRateBaseBytes = 12;
struct Mean {
  absl::string_view word;
  absl::string_view base;
};
constexpr Mean kMeans[] = {{"人均", "人"}, {"户均", "户"}, {"亩均", "亩"}, {"校均", "校"}};
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
      return {IsPromisedMoney(indicator) ? TargetKind::kCount : TargetKind::kLevel, true};
    case UnitClass::kTime:
    case UnitClass::kAge:
    case UnitClass::kScore:
      return {TargetKind::kLevel, true};
    case UnitClass::kMissing:
      if (EndsWithAny(indicator, kRatioEnds)) return {TargetKind::kLevel, true};
      break;
    default:
      break;
  }
  return {HasAny(indicator, kMeanWords) ? TargetKind::kLevel : TargetKind::kCount, true};
}

bool IsPromisedMoney(absl::string_view noun) { return EndsWithAny(noun, kPromisedMoney); }

std::string BaseOfMean(absl::string_view indicator) {
  for (const auto& [word, base] : kMeans) {
    if (absl::StrContains(indicator, word)) return std::string(base);
  }
  return "";
}

bool IsRateUnit(absl::string_view unit) {
  const std::size_t slash = unit.rfind('/');
  if (slash == absl::string_view::npos) return false;
  const absl::string_view base = unit.substr(slash + 1);
  for (const auto scale : kRateScales) {
    if (absl::StartsWith(base, scale)) return true;
  }
  return base == "人" || base == "户" || base == "床";
}

std::string UnitOfRate(absl::string_view indicator) {
  for (const auto rate : kUnitlessRates) {
    if (!absl::EndsWith(indicator, rate)) continue;
    const absl::string_view base = indicator.substr(0, indicator.size() - rate.size());
    for (const auto scale : kRateScales) {
      const std::size_t at = base.rfind(scale);
      if (at == absl::string_view::npos) continue;
      const absl::string_view whole = base.substr(at);
      if (whole.size() > scale.size() && whole.size() <= kMaxRateBaseBytes) {
        return absl::StrCat("人/", whole);
      }
    }
  }
  return "";
}

bool IsHoursOfWork(absl::string_view unit, int64_t micros) {
  return (unit == "小时" || unit == "个小时") && micros >= 1000 * kMillionths;
}

bool IsPlanNoun(absl::string_view noun) { return EndsWithAny(noun, kPlanNouns); }

bool IsNamedWork(absl::string_view noun) { return EndsWithAny(noun, kNamedWorks); }

bool IsStretchOfWork(absl::string_view noun) {
  const std::size_t from = noun.find("至");
  const std::size_t to = noun.rfind("段");
  const bool named = from != absl::string_view::npos && from > 0 && to != absl::string_view::npos;
  return named && from < to && EndsWithWork(noun);
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
