#include "services/progress/domain/board.h"

#include <algorithm>

namespace minsheng::progress {
namespace {

bool IsOnTrack(Light light) { return light == Light::kOnSchedule || light == Light::kAhead; }

bool CountsAsCarried(const LightStep& step) { return step.carried && IsOnTrack(step.light); }

// The lights of a project's tasks while time moves on.
class Mix {
 public:
  void Add(const LightStep& step, int sign) {
    counts_[static_cast<size_t>(step.light)] += sign;
    carried_ += CountsAsCarried(step) ? sign : 0;
  }

  LightStep At(absl::Time from) const {
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
  const LightStep* before;
  const LightStep* after;
};

std::vector<Change> ChangesOf(const std::vector<LightStep>& steps) {
  std::vector<Change> changes;
  for (size_t i = 1; i < steps.size(); ++i) {
    changes.push_back({steps[i].from, &steps[i - 1], &steps[i]});
  }
  return changes;
}

void Apply(const Change& change, Mix& mix) {
  mix.Add(*change.before, -1);
  mix.Add(*change.after, 1);
}

std::vector<LightStep> Merge(Mix mix, std::vector<Change> changes) {
  std::sort(changes.begin(), changes.end(),
            [](const Change& a, const Change& b) { return a.at < b.at; });
  std::vector<LightStep> steps{mix.At(absl::InfinitePast())};
  for (size_t i = 0; i < changes.size(); ++i) {
    Apply(changes[i], mix);
    if (i + 1 < changes.size() && changes[i + 1].at == changes[i].at) continue;
    const LightStep step = mix.At(changes[i].at);
    if (step.light != steps.back().light || step.carried != steps.back().carried) {
      steps.push_back(step);
    }
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

}  // namespace

void Board::Bump(Tally& tally, Unit unit, const LightStep& step, int sign) {
  const bool is_task = unit == Unit::kTask;
  (is_task ? tally.tasks : tally.projects)[static_cast<size_t>(step.light)] += sign;
  if (CountsAsCarried(step)) (is_task ? tally.carried : tally.carried_projects) += sign;
}

void Board::Count(Slice& slice, Unit unit, const std::vector<LightStep>& steps, int sign) {
  if (steps.empty()) return;
  Bump(slice.current, unit, steps.front(), sign);
  for (const Change& change : ChangesOf(steps)) {
    const bool past = change.at <= slice.seen;
    Tally& tally = past ? slice.current : slice.changes[change.at];
    Bump(tally, unit, *change.before, -sign);
    Bump(tally, unit, *change.after, sign);
    if (!past && tally == Tally{}) slice.changes.erase(change.at);
  }
}

void Board::Rederive(Slice& slice, Project& project) {
  Count(slice, Unit::kProject, project.steps, -1);
  project.steps.clear();
  if (project.tasks.empty()) return;
  Mix first;
  std::vector<Change> changes;
  for (const Task* task : project.tasks) {
    first.Add(task->steps.front(), 1);
    const std::vector<Change> own = ChangesOf(task->steps);
    changes.insert(changes.end(), own.begin(), own.end());
  }
  project.steps = Merge(first, std::move(changes));
  Count(slice, Unit::kProject, project.steps, 1);
}

void Board::Advance(Slice& slice) const {
  slice.seen = seen_;
  while (!slice.changes.empty() && slice.changes.begin()->first <= seen_) {
    Add(slice.changes.begin()->second, slice.current);
    slice.changes.erase(slice.changes.begin());
  }
}

Board::Slice& Board::SliceNamed(const std::string& name) {
  const auto [slice, is_new] = slices_.try_emplace(name);
  if (is_new) slice->second.seen = seen_;
  return slice->second;
}

void Board::Put(const Key& key, std::vector<LightStep> steps) {
  Remove(key.task);
  if (steps.empty()) return;
  Slice& slice = SliceNamed(key.slice);
  Project& project = slice.projects[key.project];
  std::unique_ptr<Task>& task = tasks_[key.task];
  task = std::make_unique<Task>(Task{key.slice, key.project, std::move(steps)});
  project.tasks.push_back(task.get());
  Count(slice, Unit::kTask, task->steps, 1);
  Rederive(slice, project);
}

void Board::Remove(absl::string_view task) {
  const auto found = tasks_.find(task);
  if (found == tasks_.end()) return;
  const std::unique_ptr<Task> removed = std::move(found->second);
  tasks_.erase(found);
  const auto slice = slices_.find(removed->slice);
  const auto project = slice->second.projects.find(removed->project);
  std::erase(project->second.tasks, removed.get());
  Count(slice->second, Unit::kTask, removed->steps, -1);
  Rederive(slice->second, project->second);
  if (project->second.tasks.empty()) slice->second.projects.erase(project);
  if (slice->second.projects.empty()) slices_.erase(slice);
}

void Board::Clear() {
  slices_.clear();
  tasks_.clear();
}

Tally Board::At(absl::string_view slice, absl::Time now) {
  seen_ = std::max(seen_, now);
  const auto found = slices_.find(slice);
  if (found == slices_.end()) return {};
  Advance(found->second);
  return found->second.current;
}

std::vector<std::pair<std::string, Tally>> Board::All(absl::Time now) {
  seen_ = std::max(seen_, now);
  std::vector<std::pair<std::string, Tally>> all;
  all.reserve(slices_.size());
  for (auto& [name, slice] : slices_) {
    Advance(slice);
    all.emplace_back(name, slice.current);
  }
  return all;
}

int64_t Board::task_count() const { return static_cast<int64_t>(tasks_.size()); }

absl::Time Board::NextChange() const {
  absl::Time next = absl::InfiniteFuture();
  for (const auto& [name, slice] : slices_) {
    const auto change = slice.changes.upper_bound(seen_);
    if (change != slice.changes.end()) next = std::min(next, change->first);
  }
  return next;
}

}  // namespace minsheng::progress
