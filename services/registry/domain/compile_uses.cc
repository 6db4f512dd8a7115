#include "services/registry/domain/compile_uses.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_kinds.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::size_t kWindow = 150;
constexpr int kMaxLookBack = 40;

constexpr std::array<absl::string_view, 21> kMoneyNouns = {
    "投资", "资金", "投入", "预算", "造价", "经费", "概算", "费用", "补助", "补贴", "奖补",
    "奖励", "标准", "贷款", "产值", "营收", "每人", "每户", "每年", "每月", "价"};
constexpr std::array<absl::string_view, 5> kMoneyWork = {"完成", "发放贷款", "减免", "完成产值",
                                                         "发放资金"};
constexpr std::array<absl::string_view, 7> kStandards = {"标准", "低保", "养老金", "保障金",
                                                         "工资", "收入", "补贴"};
constexpr std::array<absl::string_view, 9> kTimeNouns = {"天数", "时限", "时间", "时长",  "周期",
                                                         "期限", "寿命", "学时", "有效率"};
constexpr std::array<absl::string_view, 17> kDimensions = {
    "高度", "高",   "宽",   "宽度", "直径", "厚",   "厚度", "深",  "深度",
    "半径", "间距", "距离", "管径", "净高", "净宽", "海拔", "口径"};
constexpr std::array<absl::string_view, 10> kNumberNames = {
    "热线", "平台", "电话", "急救", "报警", "服务热线", "政务", "公共服务热线", "举报", "医疗热线"};
constexpr std::array<absl::string_view, 3> kListNames = {"实事", "民生实事", "民生项目实事"};

class UseResolver {
 public:
  explicit UseResolver(Work& work) : work_(work) {}

  void Resolve() {
    const int count = static_cast<int>(work_.lexed.tokens.size());
    for (int i = 0; i < count; ++i) {
      const Token& token = work_.At(i);
      const bool comma = token.type == TokenType::kStop || token.type == TokenType::kComma;
      if (comma || token.type == TokenType::kMarker) Open(i + 1);
      if (token.type == TokenType::kFigure) ResolveFigure(i);
    }
  }

 private:
  // Looks once over the clause that begins here.
  void Open(int first) { first_ = first; }

  absl::string_view Left(int i) const {
    const Span span = work_.SpanOf(first_, i);
    const absl::string_view left = work_.Words(span);
    return left.size() > kWindow ? left.substr(left.size() - kWindow) : left;
  }

  absl::string_view Right(int i) const {
    return work_.text.text().substr(work_.At(i).span.end, kWindow);
  }

  // The last token before the figure that is not about its size.
  int Before(int i) const {
    int at = i - 1;
    while (at >= first_ && (work_.Is(at, WordClass::kBound) || work_.Is(at, WordClass::kAbout) ||
                            work_.Is(at, WordClass::kJoin))) {
      --at;
    }
    return at;
  }

  // The token before the figure, over 约 and 每人每月.
  int Lead(int i) const {
    int at = i - 1;
    while (at >= first_ &&
           (work_.Is(at, WordClass::kAbout) || work_.At(at).type == TokenType::kEach)) {
      --at;
    }
    return at;
  }

  bool HasBound(int i) const {
    const int lead = Lead(i);
    return lead >= first_ && work_.Is(lead, WordClass::kBound);
  }

  void ResolveFigure(int i) {
    Figure& figure = work_.FigureOf(i);
    if (figure.use == FigureUse::kUnclear) return Unclear(i);
    const bool life = figure.unit_class == UnitClass::kAge && absl::StrContains(Left(i), "寿命");
    if (life) figure.use = FigureUse::kMeasure;
    if (figure.use != FigureUse::kMeasure) return;
    if (figure.unit_class != UnitClass::kPercent && IsPastFigure(work_, first_, i)) {
      return Past(i, figure);
    };
    if (figure.unit_class == UnitClass::kMoney) return ResolveMoney(i, figure);
    if (figure.unit_class == UnitClass::kTime) return ResolveTime(i, figure);
    if (figure.unit_class == UnitClass::kMissing) return ResolveMissing(i, figure);
    if (IsListName(i) || IsDimension(i, figure) || IsRating(i, figure))
      figure.use = FigureUse::kNeutral;
    if (IsBenefit(i)) Benefit(i, figure);
  }

  bool IsListName(int i) const {
    return std::any_of(kListNames.begin(), kListNames.end(),
                       [&](absl::string_view name) { return absl::StartsWith(Right(i), name); });
  }

  bool IsDimension(int i, const Figure& figure) const {
    if (figure.unit_class != UnitClass::kSize) return false;
    const int before = Before(i);
    if (before < first_) return false;
    const absl::string_view left = Left(before + 1);
    return std::any_of(kDimensions.begin(), kDimensions.end(),
                       [&](absl::string_view word) { return absl::EndsWith(left, word); });
  }

  // 110千伏变电站: what sort of thing it is.
  bool IsRating(int i, const Figure& figure) const {
    return figure.unit_class == UnitClass::kPhysical && !HasBound(i) && i < Last() &&
           work_.At(i + 1).type == TokenType::kText;
  }

  bool IsBenefit(int i) const {
    const int last = std::min(Last(), i + 5);
    for (int at = i + 1; at <= last; ++at) {
      const TokenType type = work_.At(at).type;
      if (type == TokenType::kComma || type == TokenType::kStop || type == TokenType::kFigure)
        break;
      if (work_.Is(at, WordClass::kBenefit) && IsGain(at)) return true;
    }
    for (int at = i - 1; at >= first_ && at > i - 8; --at) {
      if (work_.Is(at, WordClass::kBenefit)) return true;
      if (work_.Is(at, WordClass::kVerb) || work_.At(at).type == TokenType::kFigure) return false;
    }
    return false;
  }

  void Past(int i, Figure& figure) {
    figure.use = FigureUse::kPast;
    work_.Doubt("PAST_FIGURE", kWholeTask, work_.At(i).span,
                absl::StrCat("“", Shown(i), "”是以往年度或现有的数，未作为目标"), 0);
  }

  // 受益, 受惠 stand behind those who gain.
  bool IsGain(int at) const { return absl::StartsWith(work_.Words(work_.At(at).span), "受"); }

  // People who gain are counted; 涉及, 辐射 and places say only how far a work reaches.
  void Benefit(int i, Figure& figure) {
    const bool people =
        figure.unit_class == UnitClass::kPeople || figure.unit_class == UnitClass::kVisits;
    const bool counted = people && IsGainOf(i);
    if (!counted) figure.use = FigureUse::kContext;
    work_.Doubt("BENEFIT_FIGURE", kWholeTask, work_.At(i).span,
                absl::StrCat("“", Shown(i), "”说的是受益或涉及的范围，",
                             counted ? "按目标处理，请核实" : "未作为目标"),
                0);
  }

  bool IsGainOf(int i) const {
    for (int at = i - 1; at >= first_ && at > i - 8; --at) {
      if (work_.Is(at, WordClass::kBenefit)) return Gains(at);
    }
    for (int at = i + 1; at <= std::min(Last(), i + 5); ++at) {
      if (work_.Is(at, WordClass::kBenefit)) return Gains(at);
    }
    return false;
  }

  bool Gains(int token) const {
    const absl::string_view words = work_.Words(work_.At(token).span);
    return absl::StrContains(words, "益") || absl::StrContains(words, "惠");
  }

  bool IsMoved(int i) const {
    bool from = false;
    for (int at = std::max(first_, i - kMaxLookBack); at < i; ++at) {
      from = from || work_.Is(at, WordClass::kFrom);
    }
    const int count = static_cast<int>(work_.lexed.tokens.size());
    bool raised = false;
    for (int at = std::max(first_, i - 8); at < count && at < i + 12 && !raised; ++at) {
      const TokenType type = work_.At(at).type;
      if (type == TokenType::kComma || type == TokenType::kStop) break;
      raised = work_.Is(at, WordClass::kBound) && (work_.At(at).arg & kRaises) != 0;
    }
    return from && raised;
  }

  void ResolveMoney(int i, Figure& figure) {
    const absl::string_view left = Left(i);
    const bool bound = HasBound(i);
    const bool raised = bound && Raises(i);
    const bool standard = bound && ContainsAnyOf(left, kStandards.data(), kStandards.size());
    if (raised || standard || IsMoved(i)) return;
    if (IsPromised(i)) {
      return work_.Doubt("MONEY_FIGURE", kWholeTask, work_.At(i).span,
                         absl::StrCat("“", Shown(i), "”是金额，按目标处理，请核实"), 0);
    }
    figure.use = FigureUse::kNeutral;
    const bool explained = ContainsAnyOf(left, kMoneyNouns.data(), kMoneyNouns.size()) ||
                           absl::StrContains(figure.unit, "/");
    const bool rises = absl::EndsWith(left, "提高") || absl::EndsWith(left, "增加");
    if (explained && !rises && !ContainsAnyOf(left, kMoneyWork.data(), kMoneyWork.size())) return;
    work_.Doubt("MONEY_FIGURE", kWholeTask, work_.At(i).span,
                absl::StrCat("“", Shown(i), "”是金额，未作为目标，请核实"), 0);
  }

  bool HasVerb(int first, int last) const {
    for (int at = first; at < last; ++at) {
      if (work_.Is(at, WordClass::kVerb)) return true;
    }
    return false;
  }

  // 发放贷款2亿元: the money itself is what is promised.
  bool IsPromised(int i) const {
    const int before = Before(i);
    return before >= first_ && HasVerb(std::max(first_, i - kMaxLookBack), before) &&
           IsPromisedMoney(work_.Words(work_.At(before).span)) &&
           !absl::StartsWith(Right(i), "以下");
  }

  bool Raises(int i) const {
    const int lead = Lead(i);
    return lead >= first_ && work_.Is(lead, WordClass::kBound) &&
           (work_.At(lead).arg & kRaises) != 0;
  }

  void ResolveTime(int i, Figure& figure) {
    if (IsMoved(i) || IsHoursOfWork(figure.unit, figure.micros)) return;
    bool often = false;
    for (int at = std::max(first_, i - kMaxLookBack); at < i; ++at)
      often = often || work_.At(at).type == TokenType::kEach;
    if (often && HasBound(i)) return;
    const bool timed = ContainsAnyOf(Left(i), kTimeNouns.data(), kTimeNouns.size());
    if (timed && (HasBound(i) || work_.Is(std::min(i + 1, Last()), WordClass::kBoundAfter))) return;
    figure.use = FigureUse::kNeutral;
  }

  int Last() const { return static_cast<int>(work_.lexed.tokens.size()) - 1; }

  void ResolveMissing(int i, Figure& figure) {
    const bool money = ContainsAnyOf(Left(i), kMoneyNouns.data(), kMoneyNouns.size());
    const bool name =
        std::any_of(kNumberNames.begin(), kNumberNames.end(),
                    [&](absl::string_view word) { return absl::StartsWith(Right(i), word); });
    const bool quiet = i > first_ && work_.At(i - 1).type == TokenType::kName;
    if (money || name || quiet) {
      figure.use = FigureUse::kNeutral;
    } else if (figure.chinese || i == first_ || !HasNoun(i)) {
      figure.use = FigureUse::kUnclear;
      Unclear(i);
    }
  }

  // Something is counted: a noun before the figure, or right behind it.
  bool HasNoun(int i) const {
    const int before = Before(i);
    const bool left = before >= first_ && work_.At(before).type != TokenType::kPause;
    return left || (i < Last() && work_.At(i + 1).type == TokenType::kText);
  }

  void Unclear(int i) {
    work_.Doubt("UNCLEAR_FIGURE", kWholeTask, work_.At(i).span,
                absl::StrCat("数字“", Shown(i), "”看不出计的是什么，未作为目标"), 0);
  }

  std::string Shown(int i) const { return work_.text.Words(work_.At(i).span); }

  Work& work_;
  int first_ = 0;
};

}  // namespace

bool ContainsAnyOf(absl::string_view text, const absl::string_view* words, std::size_t count) {
  return std::any_of(words, words + count,
                     [&](absl::string_view word) { return absl::StrContains(text, word); });
}

void ResolveUses(Work& work) { UseResolver(work).Resolve(); }

}  // namespace minsheng::registry::compiler
