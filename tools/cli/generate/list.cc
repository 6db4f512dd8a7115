#include "tools/cli/generate/list.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "tools/cli/generate/random.h"

namespace minsheng::generate {
namespace {

// What a stream of chance is for.
enum Stream : int64_t { kDistrict = 1, kProject, kTask };

constexpr std::array<const char*, 18> kUnits = {
    "财政局",     "发展改革委",          "住房城乡建委", "城市管理局",
    "民政局",     "经济信息委",          "公安局",       "规划自然资源局",
    "农业农村委", "市场监管局",          "文化旅游委",   "应急局",
    "水利局",     "数建办（*大数据局）", "林业局",       "人力社保局",
    "卫生健康委", "城市发展（集团）公司"};
constexpr std::array<const char*, 6> kPlaces = {"有关乡镇（街道）",   "有关乡镇（街道）",
                                                "各乡镇（街道）",     "东门街道",
                                                "南门街道、西门街道", "北门街道"};
constexpr int kCooperatingMost = 4;

std::string ProjectId(const std::string& group, int no) {
  return absl::StrCat(group, "-", absl::StrFormat("%02d", no));
}

// 6% of the whole list stand in the third group, most of the rest in the first.
std::vector<Group> GroupsOf(const Options& options, const District& district) {
  const int third = options.projects >= 6 ? std::max(1, options.projects * 6 / 100) : 0;
  const int rest = options.projects - third;
  const int first = rest > 1 ? std::max(1, rest * 56 / 100) : 0;
  std::vector<Group> groups;
  const auto add = [&](const char* id, const std::string& title, int count) {
    if (count == 0) return;
    const int begin = groups.empty() ? 0 : groups.back().first + groups.back().projects;
    groups.push_back({id, absl::StrCat(title, "（", count, "件）"), begin, count});
  };
  add("municipal", "承接市级民生实事", first);
  add("district", absl::StrCat("实施", district.level, "级民生实事"), rest - first);
  add("group-3", "乡镇（街道）民生实事", third);
  return groups;
}

absl::CivilDay Weekday(absl::CivilDay day) {
  while (absl::GetWeekday(day) == absl::Weekday::saturday ||
         absl::GetWeekday(day) == absl::Weekday::sunday) {
    ++day;
  }
  return day;
}

// A level before the work: on the wrong side of its value, by five to twenty percent.
int64_t BaselineOf(const GoalTemplate& from, int64_t value, Random& random) {
  const int64_t scaled = value * PowerOfTen(from.reported_decimals - from.decimals);
  const int64_t away = std::max<int64_t>(1, scaled * random.Between(50, 200) / 1000);
  return from.comparator == Comparator::kAtMost ? scaled + away : scaled - away;
}

Goal MakeGoal(const GoalTemplate& from, int no, int year, Random& random) {
  Goal goal;
  goal.from = &from;
  goal.no = no;
  if (from.most > 0) {
    goal.value = from.least + from.step * random.Below((from.most - from.least) / from.step + 1);
  }
  if (from.has_stretch) goal.stretch = 100;
  if (from.base_most > 0) {
    goal.base = random.Between(from.base_least, from.base_most);
    goal.base_on = absl::CivilDay(year - 1, 12, 31);
  }
  if (from.kind == Kind::kLevel) {
    goal.baseline = BaselineOf(from, goal.value, random);
    goal.survey_days = {absl::CivilDay(year, 6, 20), absl::CivilDay(year, 12, 10)};
  }
  if (from.by_summer) goal.due_on = absl::CivilDay(year, 8, 31);
  return goal;
}

// What of the whole the city counts as its own.
Goal PartOf(const Goal& whole, int no, Random& random) {
  Goal part = whole;
  part.no = no;
  part.part_of = whole.no;
  part.value = std::max<int64_t>(1, whole.value * random.Between(500, 800) / 1000);
  return part;
}

std::string GoalWords(const Goal& goal) {
  return absl::StrReplaceAll(goal.from->words, {{"#", Figure(goal.value, goal.from->decimals)}});
}

void AddGoals(const WorkTemplate& work, int year, Random& random, Task& task) {
  for (const GoalTemplate& from : work.goals) {
    const Goal goal = MakeGoal(from, static_cast<int>(task.goals.size()) + 1, year, random);
    absl::StrAppend(&task.content, task.content.empty() ? "" : "，", GoalWords(goal));
    task.goals.push_back(goal);
    if (!from.has_part) continue;
    const Goal part = PartOf(goal, goal.no + 1, random);
    absl::StrAppend(&task.content, "（其中市级年度目标任务", Figure(part.value, from.decimals),
                    from.unit, "）");
    task.goals.push_back(part);
  }
  absl::StrAppend(&task.content, "。");
}

// Mostly a few hundred 万元; now and then one that hides all others, and none planned for some.
std::optional<int64_t> AmountTenths(Random& random) {
  if (random.PerMille(80)) return std::nullopt;
  if (random.PerMille(20)) return random.Between(10'000, 120'000) * 10;
  const int64_t amount = random.Between(1, random.PerMille(300) ? 900 : 80) * 100;
  return random.PerMille(150) ? amount + random.Between(1, 99) : amount;
}

}  // namespace

List::List(const Options& options, int64_t index)
    : options_(options),
      index_(index),
      district_(DistrictNumbered(index)),
      groups_(GroupsOf(options, district_)) {
  Random random = Random::Of(options.seed, {kDistrict, index});
  issued_on_ = Weekday(
      absl::CivilDay(options.year, options.first_month, static_cast<int>(random.Between(4, 8))));
}

int List::TasksOf(int project) const {
  if (options_.tasks_per_project > 0) return options_.tasks_per_project;
  Random random = Random::Of(options_.seed, {kProject, index_, project});
  const int64_t draw = random.Below(1000);
  return draw < 800 ? 1 : draw < 930 ? 2 : draw < 970 ? 3 : 4;
}

int64_t List::task_count() const {
  int64_t count = 0;
  for (int project = 0; project < options_.projects; ++project) count += TasksOf(project);
  return count;
}

// Every kind of work comes in its turn.
const WorkTemplate& List::WorkAt(int project, int no) const {
  const auto count = static_cast<int64_t>(Works().size());
  Random random = Random::Of(options_.seed, {kDistrict, index_, 1});
  const int64_t begin = random.Below(count);
  const int64_t stride = random.Between(1, count - 1);
  const int64_t at = (begin + stride * project + 7 * (int64_t{no} - 1)) % count;
  return Works()[static_cast<size_t>(at)];
}

const Group& List::GroupOf(int project) const {
  return *std::find_if(groups_.begin(), groups_.end(),
                       [&](const Group& group) { return project < group.first + group.projects; });
}

std::string List::ProjectName(int project) const {
  const auto names = static_cast<int>(MixedProjects().size());
  const bool mixed = TasksOf(project) > 1;
  const std::string name =
      mixed ? MixedProjects()[static_cast<size_t>(project % names)] : WorkAt(project, 1).name;
  const int round = project / (mixed ? names : static_cast<int>(Works().size()));
  return round == 0 ? name : absl::StrCat(name, "（", round + 1, "号片区）");
}

std::string List::Unit(const char* name) const {
  const bool national = absl::string_view(name).substr(0, 6) == "国网";
  return absl::StrCat(
      national ? "" : district_.level,
      absl::StrReplaceAll(name, {{"*", national ? district_.short_name : district_.level}}));
}

Task List::TaskAt(int project, int no) const {
  const WorkTemplate& work = WorkAt(project, no);
  const Group& group = GroupOf(project);
  Random random = Random::Of(options_.seed, {kTask, index_, project, no});
  Task task;
  task.project = project;
  task.no = no;
  task.project_no = project - group.first + 1;
  task.id = absl::StrCat(ProjectId(group.id, task.project_no), "/", no);
  task.built = work.built;
  AddGoals(work, options_.year, random, task);
  task.amount_tenths = AmountTenths(random);
  task.leads.push_back(Unit(work.lead));
  for (int more = 0; more < 2 && random.PerMille(80); ++more) {
    const std::string unit = Unit(random.Pick(kUnits));
    if (std::find(task.leads.begin(), task.leads.end(), unit) == task.leads.end()) {
      task.leads.push_back(unit);
    }
  }
  if (random.PerMille(50)) return task;
  const int64_t first = random.Below(static_cast<int64_t>(kUnits.size()));
  for (int64_t i = random.Below(kCooperatingMost); i >= 0; --i) {
    const auto at = static_cast<size_t>(first + i) % kUnits.size();
    absl::StrAppend(&task.cooperating, task.cooperating.empty() ? "" : "、", Unit(kUnits[at]));
  }
  if (random.PerMille(500)) absl::StrAppend(&task.cooperating, "，", random.Pick(kPlaces));
  return task;
}

int64_t PowerOfTen(int exponent) {
  int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

std::string Figure(int64_t value, int decimals) {
  const int64_t scale = PowerOfTen(decimals);
  if (value % scale == 0) return absl::StrCat(value / scale);
  std::string fraction = absl::StrCat(scale + value % scale).substr(1);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return absl::StrCat(value / scale, ".", fraction);
}

}  // namespace minsheng::generate
