#include "services/registry/domain/compile_judge.h"

#include <array>

#include "absl/strings/match.h"

#include "services/registry/domain/compile_kinds.h"
#include "services/registry/domain/compile_uses.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::array<absl::string_view, 9> kStrongQualities = {
    "鼓励", "支持", "引导", "倡导", "动态清零", "显著", "明显", "零增长", "零发生"};
constexpr std::array<absl::string_view, 8> kChanges = {"改造为", "改为",   "改建为", "接入",
                                                       "纳入",   "升级为", "打造成", "建成"};
constexpr std::array<absl::string_view, 13> kServices = {"服务", "照护", "活动", "培训", "宣传",
                                                         "巡查", "义诊", "讲座", "演出", "走访",
                                                         "指导", "关爱", "课程"};
constexpr std::array<absl::string_view, 8> kNeeds = {"需求",   "意愿", "愿意", "有需要",
                                                     "困难的", "自愿", "申请", "确有"};
constexpr std::array<absl::string_view, 10> kWholeScopes = {
    "全区", "全县", "全市", "全镇", "全乡", "全州", "所有", "全体", "符合条件", "岁"};

template <std::size_t N>
bool Has(absl::string_view words, const std::array<absl::string_view, N>& list) {
  return ContainsAnyOf(words, list.data(), list.size());
}

class DeedJudge {
 public:
  DeedJudge(const Work& work, const Clause& clause, const Phrase& phrase)
      : work_(work),
        clause_(clause),
        phrase_(phrase),
        words_(work.Words(work.SpanOf(clause.first, clause.last))) {}

  DeedGuess Judge() const {
    if (HasToken(work_, clause_, WordClass::kQuality) && Has(words_, kStrongQualities)) {
      return {TargetKind::kQualitative, false};
    }
    if (IsAll()) return {TargetKind::kCoverage, false};
    if (HasToken(work_, clause_, WordClass::kService)) return Lasting();
    if (phrase_.topic >= 0 && Has(words_, kChanges)) return {TargetKind::kEvent, false};
    if (phrase_.topic >= 0 && (Serves() || IsDeedForEach(words_))) return ForWhom();
    return ByVerb();
  }

 private:
  bool Serves() const { return (phrase_.traits & kServeVerb) != 0; }
  bool IsAll() const {
    const bool all = phrase_.all || HasToken(work_, clause_, WordClass::kAll);
    return all && !(Has(words_, kNeeds) && Serves());
  }

  // 持续开展…: a service; 持续改善…: a wish.
  DeedGuess Lasting() const {
    const bool serves = Serves() || Has(words_, kServices) || (phrase_.traits & kVagueVerb) != 0;
    return {serves ? TargetKind::kService : TargetKind::kQualitative, !serves};
  }

  // 对全区老年人开展体检 reaches each of them; with a need to be found out it is a service.
  DeedGuess ForWhom() const {
    const bool each = IsDeedForEach(words_) && Has(words_, kWholeScopes) && !Has(words_, kNeeds);
    return {each ? TargetKind::kCoverage : TargetKind::kService, false};
  }

  DeedGuess ByVerb() const {
    const absl::string_view noun = work_.Words(work_.SpanOf(phrase_.noun_first, phrase_.noun_last));
    const bool work = EndsWithWork(WithoutTail(noun));
    if (IsPlanNoun(noun)) return {TargetKind::kEvent, true};
    if ((phrase_.traits & kStrongVerb) != 0) return {TargetKind::kEvent, false};
    if (Serves() && !work) {
      return {TargetKind::kService, !absl::StrContains(words_, "提供")};
    }
    const bool finished = HasFinish();
    if (finished) return {TargetKind::kEvent, false};
    if ((phrase_.traits & (kWorkVerb | kStartVerb)) != 0) return {TargetKind::kEvent, true};
    if (work) return {TargetKind::kEvent, true};
    return {TargetKind::kQualitative, true};
  }

  // 主体工程竣工, 道路通车
  bool HasFinish() const {
    const int last = phrase_.last - 1;
    return last >= phrase_.first && work_.Is(last, WordClass::kVerb) &&
           (work_.At(last).arg & kFinishVerb) != 0;
  }

  static absl::string_view WithoutTail(absl::string_view noun) {
    constexpr std::array<absl::string_view, 3> kTails = {"工作", "任务", "行动"};
    for (const auto tail : kTails) {
      if (absl::EndsWith(noun, tail)) noun.remove_suffix(tail.size());
    }
    return noun;
  }

  const Work& work_;
  const Clause& clause_;
  const Phrase& phrase_;
  absl::string_view words_;
};

}  // namespace

bool HasToken(const Work& work, const Clause& clause, WordClass word) {
  for (int i = clause.first; i < clause.last; ++i) {
    if (work.Is(i, word)) return true;
  }
  return false;
}

DeedGuess JudgeDeed(const Work& work, const Clause& clause, const Phrase& phrase) {
  return DeedJudge(work, clause, phrase).Judge();
}

}  // namespace minsheng::registry::compiler
