#include "services/progress/domain/board.h"

#include <algorithm>

namespace minsheng::progress {
namespace {

// A step as a word: the instant's number, the light, whether its facts are carried.
struct Packed {
  Id from;
  Light light;
  bool carried;
};

static_assert(kLightCount <= 8);

uint32_t Pack(const Packed& step) {
  return step.from << 4 | static_cast<uint32_t>(step.light) << 1 | (step.carried ? 1 : 0);
}

Packed Unpack(uint32_t word) {
  return {word >> 4, static_cast<Light>(word >> 1 & 7), (word & 1) != 0};
}

bool IsOnTrack(Light light) { return light == Light::kOnSchedule || light == Light::kAhead; }

bool CountsAsCarried(const Packed& step) { return step.carried && IsOnTrack(step.light); }

// The lights of a project's tasks while time moves on.
class Mix {
 public:
  void Add(const Packed& step, int sign) {
    counts_[static_cast<size_t>(step.light)] += sign;
    carried_ += CountsAsCarried(step) ? sign : 0;
  }

  Packed At(Id from) const {
    std::array<Light, kLightCount> present;
    size_t size = 0;
    for (size_t light = 0; light < counts_.size(); ++light) {
      if (counts_[light] > 0) present[size++] = static_cast<Light>(light);
    }
    return {from, WorstOf(absl::MakeConstSpan(present.data(), size)), carried_ > 0};
  }

 private:
  LightCounts counts_{};
  int64_t carried_ = 0;
};

struct Change {
  absl::Time at;
  Packed before;
  Packed after;
};

void AddChanges(Sequences::Words steps, const Instants& instants, std::vector<Change>& changes) {
  for (size_t i = 1; i < steps.size(); ++i) {
    const Packed after = Unpack(steps[i]);
    changes.push_back({instants[after.from], Unpack(steps[i - 1]), after});
  }
}

void Apply(const Change& change, Mix& mix) {
  mix.Add(change.before, -1);
  mix.Add(change.after, 1);
}

std::vector<uint32_t> Merge(Mix mix, std::vector<Change> changes) {
  std::sort(changes.begin(), changes.end(),
            [](const Change& a, const Change& b) { return a.at < b.at; });
  Packed last = mix.At(0);
  std::vector<uint32_t> steps{Pack(last)};
  for (size_t i = 0; i < changes.size(); ++i) {
    Apply(changes[i], mix);
    if (i + 1 < changes.size() && changes[i + 1].at == changes[i].at) continue;
    const Packed step = mix.At(changes[i].after.from);
    if (step.light == last.light && step.carried == last.carried) continue;
    steps.push_back(Pack(step));
    last = step;
  }
  return steps;
}

void Add(const Tally& delta, Tally& tally) {
  for (size_t light = 0; light < tally.tasks.size(); ++light) {
    tally.tasks[light] += delta.tasks[light];
    tally.projects[light] += delta.projects[light];
  }
  tally.carried += delta.carried;
  tally.carried_projects += delta.carried_projects;
}

void BumpBy(int sign, bool is_task, const Packed& step, Tally& tally) {
  (is_task ? tally.tasks : tally.projects)[static_cast<size_t>(step.light)] += sign;
  if (CountsAsCarried(step)) (is_task ? tally.carried : tally.carried_projects) += sign;
}

// The item at a number, which arrays grow to.
template <typename Item>
Item& Grown(std::vector<Item>& items, Id id) {
  if (id >= items.size()) items.resize(size_t{id} + 1);
  return items[id];
}

}  // namespace

// The first step holds at once, whenever it was taken.
Id Board::HoldSteps(absl::Span<const LightStep> steps) {
  std::vector<uint32_t> words;
  words.reserve(steps.size());
  for (const LightStep& step : steps) {
    const Id from = words.empty() ? 0 : instants_.IdOf(step.from);
    words.push_back(Pack({from, step.light, step.carried}));
  }
  return steps_.Hold(words);
}

void Board::Count(Slice& slice, Unit unit, Id steps, int sign) {
  const Sequences::Words words = steps_[steps];
  if (words.empty()) return;
  const bool is_task = unit == Unit::kTask;
  Packed before = Unpack(words.front());
  BumpBy(sign, is_task, before, slice.current);
  for (size_t i = 1; i < words.size(); ++i) {
    const Packed after = Unpack(words[i]);
    const absl::Time at = instants_[after.from];
    const bool past = at <= slice.seen;
    Tally& tally = past ? slice.current : slice.changes[at];
    BumpBy(-sign, is_task, before, tally);
    BumpBy(sign, is_task, after, tally);
    if (!past && tally == Tally{}) slice.changes.erase(at);
    before = after;
  }
}

void Board::Derive(Project& project) {
  Slice& slice = SliceAt(project.slice);
  Count(slice, Unit::kProject, project.steps, -1);
  steps_.Drop(std::exchange(project.steps, kNoId));
  if (project.first == kNoId) return;
  Mix first;
  std::vector<Change> changes;
  for (Id task = project.first; task != kNoId; task = tasks_[task].next) {
    const Sequences::Words steps = steps_[tasks_[task].steps];
    first.Add(Unpack(steps.front()), 1);
    AddChanges(steps, instants_, changes);
  }
  project.steps = steps_.Hold(Merge(first, std::move(changes)));
  Count(slice, Unit::kProject, project.steps, 1);
}

void Board::MoveTo(Id slice, Project& project) {
  if (project.slice == slice) return;
  for (const int sign : {-1, 1}) {
    if (project.slice != kNoId) {
      Slice& counted = SliceAt(project.slice);
      for (Id task = project.first; task != kNoId; task = tasks_[task].next) {
        Count(counted, Unit::kTask, tasks_[task].steps, sign);
      }
      Count(counted, Unit::kProject, project.steps, sign);
    }
    project.slice = slice;
  }
}

void Board::MarkChanged(Id project) {
  if (changed_.empty() || changed_.back() != project) changed_.push_back(project);
}

void Board::Settle() {
  std::sort(changed_.begin(), changed_.end());
  changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
  for (const Id project : changed_) Derive(projects_[project]);
  changed_.clear();
}

void Board::Advance(Slice& slice) const {
  slice.seen = seen_;
  while (!slice.changes.empty() && slice.changes.begin()->first <= seen_) {
    Add(slice.changes.begin()->second, slice.current);
    slice.changes.erase(slice.changes.begin());
  }
}

Board::Slice& Board::SliceAt(Id slice) { return Grown(slices_, slice); }

void Board::Put(const Key& key, absl::Span<const LightStep> steps) {
  Remove(key.task);
  if (steps.empty()) return;
  Project& project = Grown(projects_, key.project);
  MoveTo(key.slice, project);
  Task& task = Grown(tasks_, key.task);
  task = {key.project, std::exchange(project.first, key.task), HoldSteps(steps)};
  ++task_count_;
  Count(SliceAt(key.slice), Unit::kTask, task.steps, 1);
  MarkChanged(key.project);
}

void Board::Remove(Id id) {
  if (id >= tasks_.size() || tasks_[id].steps == kNoId) return;
  Task& task = tasks_[id];
  Project& project = projects_[task.project];
  Id* link = &project.first;
  while (*link != id) link = &tasks_[*link].next;
  *link = task.next;
  Count(SliceAt(project.slice), Unit::kTask, task.steps, -1);
  steps_.Drop(task.steps);
  MarkChanged(task.project);
  task = {};
  --task_count_;
}

Tally Board::At(Id slice, absl::Time now) {
  Settle();
  seen_ = std::max(seen_, now);
  if (slice >= slices_.size()) return {};
  Advance(slices_[slice]);
  return slices_[slice].current;
}

absl::Time Board::NextChange() {
  Settle();
  absl::Time next = absl::InfiniteFuture();
  for (const Slice& slice : slices_) {
    const auto change = slice.changes.upper_bound(seen_);
    if (change != slice.changes.end()) next = std::min(next, change->first);
  }
  return next;
}

}  // namespace minsheng::progress
