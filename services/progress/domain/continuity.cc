#include "services/progress/domain/continuity.h"

#include <algorithm>

#include "services/progress/domain/target_rules.h"

namespace minsheng::progress {
namespace {

std::optional<Quantity> Promised(const Target& target) {
  switch (target.kind) {
    case TargetKind::kEvent:
    case TargetKind::kQualitative:
    case TargetKind::kService:
      return std::nullopt;
    case TargetKind::kCoverage:
      if (target.comparator == Comparator::kAll) return Quantity::FromInt(100);
      return target.value;
    default:
      return target.value;
  }
}

// A bound that is not to be passed leaves nothing to do.
std::optional<Quantity> Unfinished(const Target& target, Quantity reached) {
  if (target.kind != TargetKind::kCount || target.comparator == Comparator::kAtMost) {
    return std::nullopt;
  }
  return Quantity::FromMicros(std::max<int64_t>(0, target.value.micros() - reached.micros()));
}

std::optional<Ratio> UnfinishedShare(const Target& target, Quantity reached) {
  if (target.kind != TargetKind::kCoverage || target.comparator == Comparator::kAtMost ||
      !target.base || *target.base <= Quantity()) {
    return std::nullopt;
  }
  const Ratio left = CoverageShare(target) - Ratio::Of(reached, *target.base);
  return left.numerator() > 0 ? left : Ratio();
}

}  // namespace

Remainder RemainderOf(const TaskInput& before, const Target& target) {
  Remainder remainder;
  remainder.promised = Promised(target);
  const int newest = static_cast<int>(before.facts.size()) - 1;
  const std::optional<Stated> stated = LastStated(before, newest, target.number);
  if (!stated) return remainder;
  const Quantity reached = target.kind == TargetKind::kEvent ? StagePercent(stated->measure->stage)
                                                             : stated->measure->value;
  remainder.reached = reached;
  remainder.reached_period = stated->facts->period;
  remainder.unfinished = Unfinished(target, reached);
  remainder.unfinished_share = UnfinishedShare(target, reached);
  if (target.kind == TargetKind::kLevel) remainder.baseline = reached;
  return remainder;
}

}  // namespace minsheng::progress
