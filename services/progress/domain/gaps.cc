#include "services/progress/domain/gaps.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"

namespace minsheng::progress {
namespace {

void Add(std::map<int, int64_t>& counts, int tenths, int64_t count) {
  const auto it = counts.try_emplace(tenths, 0).first;
  it->second += count;
  if (it->second == 0) counts.erase(it);
}

// "-33.3" → -333: rounded once, as it is shown.
int Tenths(const Ratio& gap) {
  int tenths = 0;
  return absl::SimpleAtoi(absl::StrReplaceAll(gap.ToPercent(1), {{".", ""}}), &tenths) ? tenths : 0;
}

bool IsBehind(Light light) {
  return light == Light::kSlightlyBehind || light == Light::kBehind ||
         light == Light::kSeverelyBehind;
}

}  // namespace

int ShownGap(const Assessment& assessment) {
  if (assessment.light == Light::kStale) return 0;
  for (const TargetAssessment& target : assessment.targets) {
    if (target.number != assessment.deciding_target || !target.gap) continue;
    return std::min(0, Tenths(*target.gap));
  }
  return 0;
}

// Only what is behind is judged in full.
std::vector<GapStep> GapsAlong(const TaskInput& input, absl::Span<const LightStep> lights) {
  std::vector<GapStep> steps;
  const auto put = [&](absl::Time at, int tenths) {
    if (steps.empty() || tenths != steps.back().tenths) steps.push_back({at, tenths});
  };
  for (size_t i = 0; i < lights.size(); ++i) {
    absl::Time at = lights[i].from;
    if (!IsBehind(lights[i].light)) {
      put(at, 0);
      continue;
    }
    const absl::Time end = i + 1 < lights.size() ? lights[i + 1].from : absl::InfiniteFuture();
    while (at < end) {
      const Assessment assessment = Assess(input, at);
      put(at, ShownGap(assessment));
      at = assessment.valid_until;
    }
  }
  return steps;
}

void GapBoard::Put(Id unit, Id task, std::vector<GapStep> steps) {
  Remove(task);
  if (steps.empty()) return;
  Slice& slice = slices_[unit];
  Advance(slice, seen_);
  Count(slice, steps, 1);
  ++slice.tasks;
  tasks_[task] = {unit, std::move(steps)};
}

void GapBoard::Remove(Id task) {
  const auto it = tasks_.find(task);
  if (it == tasks_.end()) return;
  const auto slice = slices_.find(it->second.unit);
  Count(slice->second, it->second.steps, -1);
  if (--slice->second.tasks == 0) slices_.erase(slice);
  tasks_.erase(it);
}

// The first step holds at once, whenever it begins.
void GapBoard::Count(Slice& slice, const std::vector<GapStep>& steps, int sign) {
  size_t now = 0;
  while (now + 1 < steps.size() && steps[now + 1].from <= slice.seen) ++now;
  Add(slice.current, steps[now].tenths, sign);
  for (size_t next = now + 1; next < steps.size(); ++next) {
    const auto change = slice.changes.try_emplace(steps[next].from).first;
    Add(change->second, steps[next - 1].tenths, -sign);
    Add(change->second, steps[next].tenths, sign);
    if (change->second.empty()) slice.changes.erase(change);
  }
}

void GapBoard::Advance(Slice& slice, absl::Time now) {
  const auto end = slice.changes.upper_bound(now);
  for (auto change = slice.changes.begin(); change != end; ++change) {
    for (const auto& [tenths, count] : change->second) Add(slice.current, tenths, count);
  }
  slice.changes.erase(slice.changes.begin(), end);
  slice.seen = std::max(slice.seen, now);
}

std::vector<std::pair<Id, int>> GapBoard::Worst(absl::Time now) {
  seen_ = std::max(seen_, now);
  std::vector<std::pair<Id, int>> worst;
  for (auto& [unit, slice] : slices_) {
    Advance(slice, seen_);
    worst.emplace_back(unit, slice.current.empty() ? 0 : slice.current.begin()->first);
  }
  return worst;
}

}  // namespace minsheng::progress
