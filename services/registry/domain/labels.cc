#include "services/registry/domain/labels.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/compile_script.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

struct Synonym {
  absl::string_view label;
  Role role;
  int rank;
};

constexpr std::array kSynonyms = std::to_array<Synonym>({
    {"序号", Role::kNo, 1},
    {"计量单位", Role::kMeasure, 1},
    {"指标名称", Role::kName, 2},
    {"实事内容", Role::kContent, 2},
    {"预算", Role::kAmount, 3},
    {"经费", Role::kAmount, 3},
    {"实施主体", Role::kLead, 3},
    {"责任主体", Role::kLead, 3},
    {"项目序号", Role::kNo, 1},
    {"任务序号", Role::kNo, 1},
    {"分解序号", Role::kNo, 2},
    {"编号", Role::kNo, 2},
    {"类别", Role::kGroup, 1},
    {"项目类别", Role::kGroup, 1},
    {"分类", Role::kGroup, 1},
    {"领域", Role::kGroup, 2},
    {"项目名称", Role::kName, 1},
    {"实事项目", Role::kName, 1},
    {"实事名称", Role::kName, 1},
    {"实事项目名称", Role::kName, 1},
    {"民生实事", Role::kName, 1},
    {"民生项目", Role::kName, 1},
    {"民生实事项目", Role::kName, 1},
    {"民生实事名称", Role::kName, 1},
    {"民生实事项目名称", Role::kName, 1},
    {"任务名称", Role::kName, 2},
    {"事项名称", Role::kName, 2},
    {"项目", Role::kName, 2},
    {"事项", Role::kName, 2},
    {"工作任务", Role::kName, 3},
    {"重点任务", Role::kName, 3},
    {"项目内容", Role::kName, 4},
    {"子项目", Role::kName, 5},
    {"内容和目标", Role::kContent, 1},
    {"目标任务", Role::kContent, 1},
    {"工作目标任务", Role::kContent, 1},
    {"年度目标任务", Role::kContent, 1},
    {"工作目标", Role::kContent, 1},
    {"年度目标", Role::kContent, 1},
    {"年度工作目标", Role::kContent, 1},
    {"形象进度", Role::kContent, 2},
    {"指标要求", Role::kContent, 2},
    {"建设规模及内容", Role::kContent, 3},
    {"建设内容及规模", Role::kContent, 3},
    {"建设内容", Role::kContent, 3},
    {"主要建设内容", Role::kContent, 3},
    {"主要内容", Role::kContent, 3},
    {"工作内容", Role::kContent, 3},
    {"实施内容", Role::kContent, 3},
    {"具体内容", Role::kContent, 3},
    {"投资计划", Role::kAmount, 1},
    {"年度投资", Role::kAmount, 1},
    {"年度投资计划", Role::kAmount, 1},
    {"计划投资", Role::kAmount, 1},
    {"年度计划投资", Role::kAmount, 1},
    {"总投资", Role::kAmount, 2},
    {"计划总投资", Role::kAmount, 2},
    {"投资额", Role::kAmount, 2},
    {"投资", Role::kAmount, 2},
    {"投资金额", Role::kAmount, 2},
    {"投资估算", Role::kAmount, 2},
    {"计划筹措资金", Role::kAmount, 3},
    {"资金筹措", Role::kAmount, 3},
    {"资金计划", Role::kAmount, 3},
    {"计划资金", Role::kAmount, 3},
    {"资金安排", Role::kAmount, 3},
    {"资金", Role::kAmount, 3},
    {"金额", Role::kAmount, 3},
    {"预算金额", Role::kAmount, 3},
    {"牵头单位", Role::kLead, 1},
    {"牵头部门", Role::kLead, 1},
    {"牵头责任单位", Role::kLead, 1},
    {"牵头", Role::kLead, 1},
    {"主办", Role::kLead, 1},
    {"主办单位", Role::kLead, 1},
    {"责任单位", Role::kLead, 2},
    {"责任部门", Role::kLead, 2},
    {"承办单位", Role::kLead, 2},
    {"实施单位", Role::kLead, 3},
    {"单位", Role::kLead, 4},
    {"配合单位", Role::kAssist, 1},
    {"配合部门", Role::kAssist, 1},
    {"配合责任单位", Role::kAssist, 1},
    {"配合", Role::kAssist, 1},
    {"协作单位", Role::kAssist, 1},
    {"协作部门", Role::kAssist, 1},
    {"协办单位", Role::kAssist, 1},
    {"协办", Role::kAssist, 1},
    {"协助单位", Role::kAssist, 1},
    {"参与单位", Role::kAssist, 2},
    {"完成投资", Role::kKept, 0},
    {"完成额度", Role::kKept, 0},
    {"占比", Role::kKept, 0},
    {"完成时限", Role::kTime, 0},
    {"目标进度", Role::kTime, 0},
    {"工作进度安排", Role::kTime, 0},
    {"工作举措及实施计划", Role::kTime, 0},
    {"建设起止年限", Role::kTime, 0},
    {"进度安排", Role::kTime, 0},
    {"一季度目标", Role::kTime, 0},
    {"二季度目标", Role::kTime, 0},
    {"三季度目标", Role::kTime, 0},
    {"四季度目标", Role::kTime, 0},
    {"完成时间", Role::kTime, 0},
    {"完成期限", Role::kTime, 0},
    {"时限", Role::kTime, 0},
    {"时间节点", Role::kTime, 0},
    {"时间安排", Role::kTime, 0},
    {"工期", Role::kTime, 0},
    {"建设工期", Role::kTime, 0},
    {"建设年限", Role::kTime, 0},
    {"起止年限", Role::kTime, 0},
    {"实施时间", Role::kTime, 0},
    {"计划完成时间", Role::kTime, 0},
    {"计划完成时限", Role::kTime, 0},
    {"计划开工时间", Role::kTime, 0},
    {"开工时间", Role::kTime, 0},
    {"竣工时间", Role::kTime, 0},
    {"工作进度", Role::kTime, 0},
    {"进度计划", Role::kTime, 0},
    {"实施计划", Role::kTime, 0},
    {"实施进度", Role::kTime, 0},
    {"推进计划", Role::kTime, 0},
    {"节点目标", Role::kTime, 0},
    {"进展情况", Role::kKept, 0},
    {"目前实施情况", Role::kKept, 0},
    {"当前进度", Role::kKept, 0},
    {"实际完成情况", Role::kKept, 0},
    {"月度进展情况", Role::kKept, 0},
    {"最新进展", Role::kKept, 0},
    {"累计完成", Role::kKept, 0},
    {"目标完成情况", Role::kKept, 0},
    {"进展情况、存在问题及下一步打算", Role::kKept, 0},
    {"下一步计划", Role::kKept, 0},
    {"备注", Role::kKept, 0},
});

constexpr std::array<absl::string_view, 15> kPeople = {
    "领导",     "责任人",   "负责人",   "联系人", "联络员", "电话", "手机", "联系方式",
    "责任科室", "监督科室", "具体负责", "经办人", "姓名",   "邮箱", "包抓"};
constexpr std::array<absl::string_view, 2> kUnits = {"单位", "部门"};
constexpr std::array<absl::string_view, 6> kSums = {"合计", "小计", "总计",
                                                    "总额", "金额", "总投资"};
constexpr std::size_t kMaxLabelBytes = 120;
constexpr std::size_t kMaxPeopleLabelChars = 16;

// "2025年投资计划" → "投资计划", "2024年度目标任务" → "目标任务".
absl::string_view SkipYear(absl::string_view key) {
  if (key.size() < 4 || !IsDigits(key.substr(0, 4))) return key;
  absl::string_view rest = key.substr(4);
  if (!absl::ConsumePrefix(&rest, "年")) return key;
  absl::ConsumePrefix(&rest, "度");
  return rest;
}

// The label before its bracket, which may have lost its end: "占比(%" → "占比".
absl::string_view BeforeBracket(absl::string_view key) { return key.substr(0, key.find('(')); }

std::optional<MoneyUnit> UnitInBracket(absl::string_view key) {
  const std::size_t open = key.find('(');
  if (open == absl::string_view::npos) return std::nullopt;
  absl::string_view inside = key.substr(open + 1);
  inside = inside.substr(0, inside.find(')'));
  absl::ConsumePrefix(&inside, "单位:");
  const auto unit = ParseMoneyUnit(inside);
  return unit.ok() ? std::optional<MoneyUnit>(*unit) : std::nullopt;
}

const Synonym* FindSynonym(absl::string_view word) {
  const auto found = std::find_if(kSynonyms.begin(), kSynonyms.end(),
                                  [&](const Synonym& synonym) { return synonym.label == word; });
  return found == kSynonyms.end() ? nullptr : &*found;
}

struct Hint {
  absl::string_view word;
  Role role;
};

// Words within labels, those that decide before others first.
constexpr std::array kHints = std::to_array<Hint>({
    {"项目数", Role::kKept},   {"数量", Role::kKept},        {"完成情况", Role::kKept},
    {"进展", Role::kKept},     {"已完成", Role::kKept},      {"完成投资", Role::kKept},
    {"到位", Role::kKept},     {"支付", Role::kKept},        {"问题", Role::kKept},
    {"下一步", Role::kKept},   {"备注", Role::kKept},        {"类型", Role::kKept},
    {"性质", Role::kKept},     {"依据", Role::kKept},        {"来源", Role::kKept},
    {"其中", Role::kKept},     {"财政", Role::kKept},        {"补助", Role::kKept},
    {"配套", Role::kKept},     {"自筹", Role::kKept},        {"地点", Role::kKept},
    {"地址", Role::kKept},     {"季度", Role::kTime},        {"上半年", Role::kTime},
    {"下半年", Role::kTime},   {"目标任务", Role::kContent}, {"内容", Role::kContent},
    {"时限", Role::kTime},     {"时间", Role::kTime},        {"期限", Role::kTime},
    {"年限", Role::kTime},     {"工期", Role::kTime},        {"节点", Role::kTime},
    {"进度安排", Role::kTime}, {"进度计划", Role::kTime},    {"计量单位", Role::kMeasure},
    {"配合", Role::kAssist},   {"协作", Role::kAssist},      {"协办", Role::kAssist},
    {"协同", Role::kAssist},   {"政策处理", Role::kAssist},  {"协助", Role::kAssist},
    {"参与", Role::kAssist},   {"牵头", Role::kLead},        {"主办", Role::kLead},
    {"承办", Role::kLead},     {"责任单位", Role::kLead},    {"责任部门", Role::kLead},
    {"主管部门", Role::kLead}, {"主管单位", Role::kLead},    {"实施单位", Role::kLead},
    {"投资", Role::kAmount},   {"资金", Role::kAmount},      {"经费", Role::kAmount},
    {"预算", Role::kAmount},   {"概算", Role::kAmount},      {"金额", Role::kAmount},
    {"类别", Role::kGroup},    {"领域", Role::kGroup},       {"名称", Role::kName},
    {"目标", Role::kContent},  {"指标", Role::kContent},     {"规模", Role::kContent},
    {"任务", Role::kContent},  {"举措", Role::kContent},     {"实事", Role::kName},
    {"项目", Role::kName},     {"事项", Role::kName},
});
constexpr int kGuessedRank = 9;
constexpr std::size_t kMaxGuessedChars = 16;

LabelMeaning GuessMeaning(absl::string_view word, std::optional<MoneyUnit> unit) {
  if (CharCount(word) > kMaxGuessedChars) return {};
  for (const Hint& hint : kHints) {
    if (absl::StrContains(word, hint.word)) return {hint.role, kGuessedRank, unit, true};
  }
  return {};
}

// "总投资万元" has its unit without a bracket.
LabelMeaning MeaningWithUnit(std::string word) {
  const auto unit = TakeMoneyUnit(word);
  const Synonym* synonym = unit ? FindSynonym(word) : nullptr;
  if (synonym == nullptr || synonym->role != Role::kAmount) return {};
  return {synonym->role, synonym->rank, unit};
}

}  // namespace

LabelMeaning MeaningOf(absl::string_view label) {
  if (label.empty() || label.size() > kMaxLabelBytes) return {};
  const std::string key = compiler::Simplified(MatchKey(label));
  if (ContainsAny(key, kPeople) && CharCount(key) <= kMaxPeopleLabelChars) {
    return {Role::kPeople, 0, std::nullopt};
  }
  const absl::string_view word = SkipYear(BeforeBracket(key));
  const Synonym* synonym = FindSynonym(absl::StripSuffix(word, ":"));
  if (synonym != nullptr) return {synonym->role, synonym->rank, UnitInBracket(key)};
  const LabelMeaning with_unit = MeaningWithUnit(std::string(word));
  return with_unit.role == Role::kUnknown ? GuessMeaning(word, UnitInBracket(key)) : with_unit;
}

LabelMeaning KnownMeaningOf(absl::string_view label) {
  const LabelMeaning meaning = MeaningOf(label);
  return meaning.guessed ? LabelMeaning() : meaning;
}

bool IsKnownLabel(absl::string_view label) { return KnownMeaningOf(label).role != Role::kUnknown; }

bool IsSumLabel(absl::string_view label) {
  const std::string key = MatchKey(label);
  return std::find(kSums.begin(), kSums.end(), BeforeBracket(key)) != kSums.end();
}

bool NamesUnits(absl::string_view label) { return ContainsAny(label, kUnits); }

}  // namespace minsheng::registry
