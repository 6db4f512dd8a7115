#include "tools/cli/continuation_view.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tools/cli/names.h"
#include "tools/cli/table.h"

namespace minsheng::cli {
namespace {

using progress::v1::Continuation;
using progress::v1::ContinuedTarget;
using registry::v1::TargetKind;
using registry::v1::Task;

TargetKind KindOf(const Task& task, int number) {
  for (const auto& target : task.targets()) {
    if (target.number() == number) return target.kind();
  }
  return registry::v1::TARGET_KIND_UNSPECIFIED;
}

std::string Amount(const std::string& figure, const std::string& unit) {
  return figure.empty() ? "—" : absl::StrCat(figure, unit);
}

std::string Promised(const ContinuedTarget& target, TargetKind kind) {
  const bool share = kind == registry::v1::TARGET_KIND_COVERAGE;
  return Amount(target.promised(), share ? "%" : target.unit());
}

// Coverage counts what its base is made of, which need not be the unit of the share.
std::string Reached(const ContinuedTarget& target, TargetKind kind) {
  if (target.reached().empty()) return "—";
  const bool share = kind == registry::v1::TARGET_KIND_COVERAGE;
  const bool works = kind == registry::v1::TARGET_KIND_EVENT;
  const std::string unit = works ? "%" : share && target.unit() == "%" ? "" : target.unit();
  return absl::StrCat(target.reached(), unit, "（", target.reached_period(), "）");
}

std::string Unfinished(const ContinuedTarget& target, TargetKind kind) {
  const bool share = kind == registry::v1::TARGET_KIND_COVERAGE;
  return Amount(target.unfinished(), share ? "个百分点" : target.unit());
}

}  // namespace

Continuation LinkOf(const Task& task) {
  Continuation link;
  link.set_name(task.name());
  link.set_task(task.continues().task());
  link.set_content(task.continues().content());
  for (const auto& from : task.continues().targets()) {
    ContinuedTarget* target = link.add_targets();
    target->set_number(from.number());
    target->set_before(from.before());
    target->set_promised(from.value());
    target->set_unit(from.unit());
    for (const auto& own : task.targets()) {
      if (own.number() == from.number()) target->set_indicator(own.indicator());
    }
  }
  return link;
}

void ShowContinuation(const Cli& cli, const Task& task, const Continuation& continuation) {
  cli.out() << "\n延续上年任务 " << LastSegment(ProgramOf(continuation.task())) << "年 "
            << ShortTask(continuation.task()) << "  " << continuation.content() << '\n';
  if (continuation.targets().empty()) return;
  Table table({{"目标", Align::kRight},
               {"上年目标", Align::kRight},
               {"指标", Align::kLeft, 40},
               {"上年承诺", Align::kRight},
               {"上年完成", Align::kRight},
               {"上年未完成", Align::kRight},
               {"建议基线", Align::kRight}});
  for (const ContinuedTarget& target : continuation.targets()) {
    const TargetKind kind = KindOf(task, target.number());
    table.Add({static_cast<int64_t>(target.number()), static_cast<int64_t>(target.before()),
               target.indicator(), Promised(target, kind), Reached(target, kind),
               Unfinished(target, kind), Amount(target.baseline(), target.unit())});
  }
  cli.Print(table);
}

}  // namespace minsheng::cli
