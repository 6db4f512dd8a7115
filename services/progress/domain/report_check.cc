#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/progress/domain/refusal.h"
#include "services/progress/domain/reporting.h"
#include "services/progress/domain/target_rules.h"
#include "services/progress/domain/words.h"

namespace minsheng::progress {
namespace {

absl::Status OutOfRange(absl::string_view reason, absl::string_view message) {
  return Refusal(absl::StatusCode::kOutOfRange, reason, "period", message);
}

absl::Status Invalid(absl::string_view reason, absl::string_view field, absl::string_view message) {
  return Refusal(absl::StatusCode::kInvalidArgument, reason, field, message);
}

std::string Field(size_t index, absl::string_view part) {
  return absl::StrCat("measures[", index, "].", part);
}

const Target* TargetNumbered(absl::Span<const Target> targets, int number) {
  const auto found = std::find_if(targets.begin(), targets.end(),
                                  [&](const Target& target) { return target.number == number; });
  return found == targets.end() ? nullptr : &*found;
}

const Measure* MeasureOf(const std::vector<Measure>& measures, int target) {
  const auto found = std::find_if(measures.begin(), measures.end(),
                                  [&](const Measure& m) { return m.target == target; });
  return found == measures.end() ? nullptr : &*found;
}

bool IsMeasured(const Target& target) {
  return target.kind != TargetKind::kQualitative && target.kind != TargetKind::kService;
}

bool MayFall(const Target& target) {
  return target.kind == TargetKind::kLevel || !IsMeasured(target);
}

bool MustBeStated(const Target& target) {
  return target.part_of == 0 &&
         (target.kind == TargetKind::kCount || target.kind == TargetKind::kCoverage ||
          target.kind == TargetKind::kEvent);
}

class Check {
 public:
  Check(const PeriodSpan& span, absl::Span<const Target> targets, absl::Span<const Facts> facts,
        const ReportDraft& draft, absl::Time now)
      : span_(span), targets_(targets), facts_(facts), draft_(draft), now_(now) {}

  absl::Status Run() const {
    if (absl::Status s = PeriodOpen(); !s.ok()) return s;
    if (absl::Status s = TargetsKnown(); !s.ok()) return s;
    if (absl::Status s = TargetsOnce(); !s.ok()) return s;
    if (absl::Status s = NotNegative(); !s.ok()) return s;
    if (absl::Status s = Stages(); !s.ok()) return s;
    if (absl::Status s = WithinBase(); !s.ok()) return s;
    if (absl::Status s = GoalsStated(); !s.ok()) return s;
    if (absl::Status s = SaysSomething(); !s.ok()) return s;
    if (absl::Status s = StartNotInFuture(); !s.ok()) return s;
    return NotBelowLast();
  }

 private:
  absl::Status PeriodOpen() const {
    const std::string period = PeriodWords(draft_.period);
    if (draft_.period < span_.first || (draft_.period.is_final() && draft_.period < span_.last)) {
      return OutOfRange("PERIOD_BEFORE_FIRST",
                        absl::StrCat("报送周期 ", period, " 早于首个周期 ",
                                     PeriodWords(span_.first), "，请改选之后的周期。"));
    }
    if (now_ < draft_.period.Begin()) {
      return OutOfRange("PERIOD_NOT_BEGUN",
                        absl::StrCat("报送周期 ", period, " 尚未开始，请于 ",
                                     DayWords(DayOf(draft_.period.Begin())), " 起报送。"));
    }
    if (draft_.period > span_.last) {
      return OutOfRange("PERIOD_AFTER_LAST",
                        absl::StrCat("报送周期 ", period, " 晚于最后一个周期 ",
                                     PeriodWords(span_.last), "，请改选之前的周期。"));
    }
    return absl::OkStatus();
  }

  absl::Status TargetsKnown() const {
    for (size_t i = 0; i < draft_.measures.size(); ++i) {
      if (TargetNumbered(targets_, draft_.measures[i].target)) continue;
      return Invalid(
          "UNKNOWN_TARGET", Field(i, "target"),
          absl::StrCat("本任务没有目标", draft_.measures[i].target, "，请核对目标编号。"));
    }
    return absl::OkStatus();
  }

  absl::Status TargetsOnce() const {
    for (size_t i = 0; i < draft_.measures.size(); ++i) {
      if (MeasureOf(draft_.measures, draft_.measures[i].target) == &draft_.measures[i]) continue;
      return Invalid("TARGET_STATED_TWICE", Field(i, "target"),
                     absl::StrCat(TargetWords(TargetAt(i)), " 填报了两次，请只保留一个数值。"));
    }
    return absl::OkStatus();
  }

  absl::Status NotNegative() const {
    for (size_t i = 0; i < draft_.measures.size(); ++i) {
      if (draft_.measures[i].value >= Quantity()) continue;
      return Invalid("NEGATIVE_VALUE", Field(i, "value"),
                     absl::StrCat(TargetWords(TargetAt(i)), " 填报为 ",
                                  Shown(i, draft_.measures[i]), "，累计数不能为负，请更正。"));
    }
    return absl::OkStatus();
  }

  absl::Status Stages() const {
    for (size_t i = 0; i < draft_.measures.size(); ++i) {
      const bool is_event = TargetAt(i).kind == TargetKind::kEvent;
      if ((draft_.measures[i].stage != WorkStage::kNone) == is_event) continue;
      return Invalid("STAGE_MISSING", Field(i, "stage"),
                     absl::StrCat(TargetWords(TargetAt(i)),
                                  is_event ? " 未选形象进度，请选择前期、开工、过半、完工或验收。"
                                           : " 不按形象进度填报，请改填数值。"));
    }
    return absl::OkStatus();
  }

  absl::Status WithinBase() const {
    for (size_t i = 0; i < draft_.measures.size(); ++i) {
      const Target& target = TargetAt(i);
      if (target.kind != TargetKind::kCoverage || !target.base) continue;
      if (draft_.measures[i].value <= *target.base) continue;
      return Invalid(
          "ABOVE_BASE", Field(i, "value"),
          absl::StrCat(TargetWords(target), " 填报为 ", Shown(i, draft_.measures[i]), "，超过基数 ",
                       target.base->ToString(), "，请核对数值或先更正基数。"));
    }
    return absl::OkStatus();
  }

  absl::Status GoalsStated() const {
    if (draft_.nothing_to_report) return absl::OkStatus();
    for (const Target& target : targets_) {
      if (!MustBeStated(target) || StatedAnywhere(target.number)) continue;
      return Invalid("MEASURE_MISSING", "measures",
                     absl::StrCat("首次报送须填报每个目标的累计数，缺 ", TargetWords(target),
                                  "，请补填；整体没有进展时请选择“无进展”。"));
    }
    return absl::OkStatus();
  }

  absl::Status SaysSomething() const {
    if (draft_.nothing_to_report && !draft_.measures.empty()) {
      return Invalid("NOTHING_BUT_MEASURES", "nothing_to_report",
                     "已选“无进展”却又填了数值，请取消“无进展”或删去数值。");
    }
    const bool must_measure = std::any_of(targets_.begin(), targets_.end(), MustBeStated);
    if (!draft_.nothing_to_report && draft_.measures.empty() && must_measure) {
      return Invalid("NOTHING_BUT_MEASURES", "measures",
                     "没有填报任何数值，请填写累计数，或选择“无进展”。");
    }
    return absl::OkStatus();
  }

  absl::Status StartNotInFuture() const {
    if (!draft_.started_on || *draft_.started_on <= DayOf(now_)) return absl::OkStatus();
    return Invalid("STARTED_IN_FUTURE", "started_on",
                   absl::StrCat("开工日期 ", DayWords(*draft_.started_on), " 晚于今天 ",
                                DayWords(DayOf(now_)), "，请填写实际开工日期。"));
  }

  absl::Status NotBelowLast() const {
    if (!draft_.correction_reason.empty()) return absl::OkStatus();
    for (size_t i = 0; i < draft_.measures.size(); ++i) {
      if (MayFall(TargetAt(i))) continue;
      if (absl::Status s = NotBelow(i, Replaced()); !s.ok()) return s;
      if (absl::Status s = NotBelow(i, NearestEarlier(i)); !s.ok()) return s;
      if (absl::Status s = NotAbove(i, NearestLater(i)); !s.ok()) return s;
    }
    return absl::OkStatus();
  }

  absl::Status NotBelow(size_t i, const Facts* other) const {
    const Measure* stated = other ? MeasureOf(other->measures, TargetNumber(i)) : nullptr;
    if (!stated || LevelOf(i, draft_.measures[i]) >= LevelOf(i, *stated)) return absl::OkStatus();
    return OutOfOrder(i, other->period, *stated, "低于");
  }

  absl::Status NotAbove(size_t i, const Facts* other) const {
    const Measure* stated = other ? MeasureOf(other->measures, TargetNumber(i)) : nullptr;
    if (!stated || LevelOf(i, draft_.measures[i]) <= LevelOf(i, *stated)) return absl::OkStatus();
    return OutOfOrder(i, other->period, *stated, "高于");
  }

  absl::Status OutOfOrder(size_t i, const Period& period, const Measure& stated,
                          absl::string_view than) const {
    return Refusal(absl::StatusCode::kFailedPrecondition, "BELOW_LAST",
                   Field(i, TargetAt(i).kind == TargetKind::kEvent ? "stage" : "value"),
                   absl::StrCat(TargetWords(TargetAt(i)), " 填报为 ", Shown(i, draft_.measures[i]),
                                "，", than, PeriodWords(period), "已报的 ", Shown(i, stated),
                                "；累计数只增不减，请更正数值，确需更正的请填写更正理由。"));
  }

  const Facts* Replaced() const {
    for (const Facts& facts : facts_) {
      if (facts.period == draft_.period) return &facts;
    }
    return nullptr;
  }

  const Facts* NearestEarlier(size_t i) const {
    const Facts* nearest = nullptr;
    for (const Facts& facts : facts_) {
      if (facts.period < draft_.period && MeasureOf(facts.measures, TargetNumber(i))) {
        nearest = &facts;
      }
    }
    return nearest;
  }

  const Facts* NearestLater(size_t i) const {
    for (const Facts& facts : facts_) {
      if (facts.period > draft_.period && MeasureOf(facts.measures, TargetNumber(i))) {
        return &facts;
      }
    }
    return nullptr;
  }

  bool StatedAnywhere(int target) const {
    if (MeasureOf(draft_.measures, target)) return true;
    return std::any_of(facts_.begin(), facts_.end(), [&](const Facts& facts) {
      return facts.period != draft_.period && MeasureOf(facts.measures, target);
    });
  }

  int TargetNumber(size_t i) const { return draft_.measures[i].target; }

  Quantity LevelOf(size_t i, const Measure& measure) const {
    return TargetAt(i).kind == TargetKind::kEvent ? StagePercent(measure.stage) : measure.value;
  }

  std::string Shown(size_t i, const Measure& measure) const {
    const Target& target = TargetAt(i);
    if (target.kind == TargetKind::kEvent) return absl::StrCat("“", StageWord(measure.stage), "”");
    return AmountWords(measure.value, target.kind == TargetKind::kCoverage ? "" : target.unit);
  }

  const Target& TargetAt(size_t i) const {
    return *TargetNumbered(targets_, draft_.measures[i].target);
  }

  const PeriodSpan& span_;
  absl::Span<const Target> targets_;
  absl::Span<const Facts> facts_;
  const ReportDraft& draft_;
  absl::Time now_;
};

}  // namespace

absl::Status CheckReport(const PeriodSpan& span, absl::Span<const Target> targets,
                         absl::Span<const Facts> facts, const ReportDraft& draft, absl::Time now) {
  return Check(span, targets, facts, draft, now).Run();
}

}  // namespace minsheng::progress
