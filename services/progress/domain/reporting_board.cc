#include "services/progress/domain/reporting_board.h"

#include <algorithm>
#include <utility>

namespace minsheng::progress {
namespace {

constexpr uint32_t kAll = 0;
constexpr size_t kStatesPerWord = 8;
constexpr auto kOpen = static_cast<size_t>(ReportingState::kNotDue);

static_assert(kReportingStateCount <= 16);

size_t WordsFor(size_t periods) { return (periods + kStatesPerWord - 1) / kStatesPerWord; }

size_t StateAt(Sequences::Words states, size_t period) {
  return states[period / kStatesPerWord] >> 4 * (period % kStatesPerWord) & 15;
}

void AppendStates(const std::vector<ReportingState>& states, size_t periods,
                  std::vector<uint32_t>& words) {
  const size_t begin = words.size();
  words.resize(begin + WordsFor(periods));
  for (size_t i = 0; i < std::min(periods, states.size()); ++i) {
    words[begin + i / kStatesPerWord] |= static_cast<uint32_t>(states[i])
                                         << 4 * (i % kStatesPerWord);
  }
}

// The current period and the one before, as far as the span holds them.
struct Shown {
  Period periods[2];
  size_t size = 1;
  absl::Span<const Period> all() const { return {periods, size}; }
};

Shown ShownAt(const PeriodSpan& span, absl::Time now) {
  Shown shown{{span.CurrentAt(now), {}}};
  const std::optional<Period> previous = shown.periods[0].Previous();
  if (previous && span.Contains(*previous)) shown.periods[shown.size++] = *previous;
  return shown;
}

}  // namespace

DueDays::DueDays(const PeriodSpan& span, const WorkingDays& working_days) : span_(span) {
  for (absl::CivilMonth month = span.first.month(); month <= span.last.month(); ++month) {
    due_on_.push_back(DueDay(Period::Month(month), working_days));
  }
  due_on_.push_back(DueDay(span.last, working_days));
}

size_t DueDays::IndexOf(const Period& period) const {
  return static_cast<size_t>(Period::Distance(span_.first, period));
}

ReportingBoard::ReportingBoard(DueDays due_days) : due_days_(std::move(due_days)) {
  counts_.resize(due_days_.size());
}

ReportingCounts& ReportingBoard::Kept(uint32_t unit, size_t period) {
  return counts_[unit * due_days_.size() + period];
}

Id ReportingBoard::HoldSteps(absl::Span<const ReportingStep> steps) {
  std::vector<uint32_t> words;
  for (const ReportingStep& step : steps) {
    words.push_back(words.empty() ? 0 : instants_.IdOf(step.from));
    AppendStates(step.states, due_days_.size(), words);
  }
  return steps_.Hold(words);
}

void ReportingBoard::CountStates(uint32_t unit, Sequences::Words states, int sign) {
  for (size_t period = 0; period < due_days_.size(); ++period) {
    const size_t state = StateAt(states, period);
    Kept(kAll, period)[state] += sign;
    if (unit != kAll) Kept(unit, period)[state] += sign;
  }
}

void ReportingBoard::CountChange(uint32_t unit, absl::Time at, Sequences::Words states, int sign) {
  if (at <= seen_) return CountStates(unit, states, sign);
  Change& change = changes_[at];
  const auto add = [&](const Slot& slot) {
    const auto [delta, is_new] = change.try_emplace(slot);
    delta->second += sign;
    if (delta->second == 0) change.erase(delta);
  };
  for (uint32_t period = 0; period < due_days_.size(); ++period) {
    const auto state = static_cast<uint32_t>(StateAt(states, period));
    add({kAll, period, state});
    if (unit != kAll) add({unit, period, state});
  }
  if (change.empty()) changes_.erase(at);
}

void ReportingBoard::Count(const Task& task, int sign) {
  const size_t stride = 1 + WordsFor(due_days_.size());
  Sequences::Words words = steps_[task.steps];
  Sequences::Words before = words.subspan(1, stride - 1);
  CountStates(task.unit, before, sign);
  for (words.remove_prefix(stride); !words.empty(); words.remove_prefix(stride)) {
    const Sequences::Words after = words.subspan(1, stride - 1);
    const absl::Time at = instants_[words.front()];
    CountChange(task.unit, at, before, -sign);
    CountChange(task.unit, at, after, sign);
    before = after;
  }
  task_count_ += sign;
  if (!task.planned) without_plan_ += sign;
}

void ReportingBoard::Put(const Key& key, absl::Span<const ReportingStep> steps) {
  Remove(key.task);
  if (steps.empty()) return;
  const uint32_t unit = key.unit == kNoId ? kAll : key.unit + 1;
  const size_t counted = (size_t{unit} + 1) * due_days_.size();
  if (counts_.size() < counted) counts_.resize(counted);
  if (key.task >= tasks_.size()) tasks_.resize(size_t{key.task} + 1);
  Task& task = tasks_[key.task];
  task.unit = unit & 0x7fffffff;
  task.planned = key.planned ? 1 : 0;
  task.steps = HoldSteps(steps);
  Count(task, 1);
}

void ReportingBoard::Remove(Id id) {
  if (id >= tasks_.size() || tasks_[id].steps == kNoId) return;
  Task& task = tasks_[id];
  Count(task, -1);
  steps_.Drop(task.steps);
  task = {};
}

void ReportingBoard::Advance(absl::Time now) {
  seen_ = std::max(seen_, now);
  while (!changes_.empty() && changes_.begin()->first <= seen_) {
    for (const auto& [slot, delta] : changes_.begin()->second) {
      Kept(slot.unit, slot.period)[slot.state] += delta;
    }
    changes_.erase(changes_.begin());
  }
}

ReportingCounts ReportingBoard::CountsAt(uint32_t unit, size_t period, absl::Time now) const {
  ReportingCounts counts = counts_[unit * due_days_.size() + period];
  if (DayOf(now) > *due_days_[period]) {
    counts[static_cast<size_t>(ReportingState::kMissing)] += std::exchange(counts[kOpen], 0);
  }
  return counts;
}

absl::StatusOr<PeriodCounts> ReportingBoard::At(const Period& period, absl::Time now) {
  Advance(now);
  const size_t index = due_days_.IndexOf(period);
  if (!due_days_[index].ok()) return due_days_[index].status();
  return PeriodCounts{period, *due_days_[index], CountsAt(kAll, index, now)};
}

absl::StatusOr<std::vector<ReportingCounts>> ReportingBoard::ByUnit(const Period& period,
                                                                    absl::Time now) {
  Advance(now);
  const size_t index = due_days_.IndexOf(period);
  if (!due_days_[index].ok()) return due_days_[index].status();
  std::vector<ReportingCounts> by_unit;
  const auto units = static_cast<uint32_t>(counts_.size() / due_days_.size());
  for (uint32_t unit = kAll + 1; unit < units; ++unit) {
    by_unit.push_back(CountsAt(unit, index, now));
  }
  return by_unit;
}

bool ReportingBoard::HasOpen(const Period& period) const {
  return counts_[due_days_.IndexOf(period)][kOpen] > 0;
}

absl::Time ReportingBoard::NextPending(absl::Span<const Period> periods, absl::Time limit) const {
  for (const auto& [at, change] : changes_) {
    if (at >= limit) break;
    for (const auto& [slot, delta] : change) {
      for (const Period& period : periods) {
        if (slot.unit == kAll && due_days_.IndexOf(period) == slot.period) return at;
      }
    }
  }
  return limit;
}

absl::Time ReportingBoard::NextChange(absl::Time now) {
  Advance(now);
  const Shown shown = ShownAt(due_days_.span(), now);
  absl::Time next = NextPeriodChange(due_days_.span(), now);
  for (const Period& period : shown.all()) {
    const auto& due_on = due_days_[due_days_.IndexOf(period)];
    if (!due_on.ok() || !HasOpen(period)) continue;
    const absl::Time end = StartOf(*due_on + 1);
    if (end > now) next = std::min(next, end);
  }
  return NextPending(shown.all(), next);
}

absl::Time NextPeriodChange(const PeriodSpan& span, absl::Time now) {
  if (now >= span.last.End()) return absl::InfiniteFuture();
  if (now >= span.last.Begin()) return span.last.End();
  return span.CurrentAt(now).End();
}

}  // namespace minsheng::progress
