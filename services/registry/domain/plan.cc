#include "services/registry/domain/plan.h"

#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/registry/domain/fields.h"

namespace minsheng::registry {
namespace {

constexpr int64_t kMicros = 1'000'000;
constexpr int kDecimalsMax = 6;

// A decimal number 0..100 in millionths, exact.
std::optional<int64_t> ReadPercent(absl::string_view text) {
  int64_t micros = 0;
  int decimals = -1;
  if (text.empty() || text.size() > 10 || text.front() == '.' || text.back() == '.') return {};
  for (const char c : text) {
    if (c == '.' && decimals < 0) {
      decimals = 0;
    } else if (c >= '0' && c <= '9') {
      micros = micros * 10 + (c - '0');
      if (decimals >= 0) ++decimals;
    } else {
      return {};
    }
  }
  if (decimals > kDecimalsMax) return {};
  for (int i = decimals < 0 ? 0 : decimals; i < kDecimalsMax; ++i) micros *= 10;
  if (micros > 100 * kMicros) return {};
  return micros;
}

absl::Status CheckBounds(absl::string_view field, absl::CivilDay day, const PlanBounds& bounds) {
  if (day >= bounds.first && day <= bounds.last) return absl::OkStatus();
  return RefuseField(
      "BAD_DATE", field,
      absl::StrCat(absl::FormatCivilTime(day), " 不在 ", absl::FormatCivilTime(bounds.first),
                   " 至 ", absl::FormatCivilTime(bounds.last), " 之间，请改为当年的日期"));
}

// Percents by day of one target, to see that they do not fall.
using Steps = std::map<absl::CivilDay, int64_t>;

absl::Status AddStep(const MilestoneDraft& draft, const std::string& field,
                     const PlanBounds& bounds, std::map<int, Steps>& by_target) {
  auto day = ReadDay(field + ".due_on", draft.due_on);
  if (!day.ok()) return day.status();
  if (auto in = CheckBounds(field + ".due_on", *day, bounds); !in.ok()) return in;
  const auto percent = ReadPercent(draft.percent);
  if (!percent) {
    return RefuseField("BAD_PERCENT", field + ".percent",
                       absl::StrCat("“", draft.percent, "”应为0到100之间的数，最多六位小数"));
  }
  if (draft.target != 0 && !bounds.targets.contains(draft.target)) {
    return RefuseField("UNKNOWN_TARGET", field + ".target",
                       absl::StrCat("该任务没有第 ", draft.target, " 号目标"));
  }
  if (!by_target[draft.target].emplace(*day, *percent).second) {
    return RefuseField("MILESTONES_FALL", field, "同一天有两个节点，请合并为一个");
  }
  return absl::OkStatus();
}

absl::Status CheckRising(const std::map<int, Steps>& by_target) {
  for (const auto& [target, steps] : by_target) {
    int64_t last = 0;
    for (const auto& [day, percent] : steps) {
      if (percent < last) {
        return RefuseField("MILESTONES_FALL", "milestones",
                           absl::StrCat(absl::FormatCivilTime(day),
                                        " 的累计百分比低于前一节点；百分比是累计数，应逐个不减"));
      }
      last = percent;
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckPlan(const PlanDraft& plan, const PlanBounds& bounds) {
  if (plan.milestones.empty() && plan.starts_on.empty() && plan.due_on.empty()) {
    return RefuseField("EMPTY_PLAN", "milestones",
                       "计划为空，至少要有一个节点、开工日期或完成期限");
  }
  std::map<int, Steps> by_target;
  for (size_t i = 0; i < plan.milestones.size(); ++i) {
    const absl::Status added =
        AddStep(plan.milestones[i], absl::StrCat("milestones[", i, "]"), bounds, by_target);
    if (!added.ok()) return added;
  }
  if (auto rising = CheckRising(by_target); !rising.ok()) return rising;
  if (!plan.starts_on.empty()) {
    if (auto day = ReadDay("starts_on", plan.starts_on); !day.ok()) return day.status();
  }
  if (plan.due_on.empty()) return absl::OkStatus();
  const auto due = ReadDay("due_on", plan.due_on);
  return due.ok() ? CheckBounds("due_on", *due, bounds) : due.status();
}

}  // namespace minsheng::registry
