#include "services/platform/base/time.h"
#include "services/progress/domain/continuity.h"
#include "services/progress/render/render.h"

namespace minsheng::progress {
namespace {

const Target* TargetNumbered(const TaskRecord* record, int number) {
  if (record == nullptr) return nullptr;
  for (const Target& target : record->targets) {
    if (target.number == number) return &target;
  }
  return nullptr;
}

void RenderRemainder(const Remainder& from, v1::ContinuedTarget* out) {
  out->set_promised(from.promised ? from.promised->ToString() : "");
  if (from.reached) out->set_reached(from.reached->ToString());
  if (from.reached_period) out->set_reached_period(from.reached_period->ToString());
  if (from.unfinished) out->set_unfinished(from.unfinished->ToString());
  if (from.unfinished_share) {
    out->set_unfinished(from.unfinished_share->ToPercent());
    out->set_unfinished_exact(ExactText(*from.unfinished_share));
  }
  if (from.baseline) out->set_baseline(from.baseline->ToString());
}

void RenderLink(const registry::v1::ContinuedTarget& link, const TaskRecord& record,
                const TaskRecord* before, v1::ContinuedTarget* out) {
  out->set_number(link.number());
  out->set_before(link.before());
  if (const Target* target = TargetNumbered(&record, link.number())) {
    out->set_indicator(target->indicator);
  }
  out->set_promised(link.value());
  out->set_unit(link.unit());
  const Target* target = TargetNumbered(before, link.before());
  if (target == nullptr) return;
  out->set_unit(target->unit);
  RenderRemainder(RemainderOf(before->input(), *target), out);
}

}  // namespace

v1::Continuation RenderContinuation(const TaskRecord& record, const TaskRecord* before,
                                    absl::Time instant) {
  const registry::v1::Continuation& link = record.task.continues();
  v1::Continuation out;
  out.set_name(record.task.name());
  *out.mutable_as_of() = platform::ToTimestamp(instant);
  out.set_task(link.task());
  out.set_content(before != nullptr ? before->task.content() : link.content());
  for (const registry::v1::ContinuedTarget& target : link.targets()) {
    RenderLink(target, record, before, out.add_targets());
  }
  return out;
}

}  // namespace minsheng::progress
