#include "tools/cli/generate/year.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/cli/generate/random.h"

namespace minsheng::generate {
namespace {

enum Stream : int64_t { kPlan = 11, kPace, kReports };

constexpr int kWhole = 1000;  // shares are in thousandths

// How a task goes: where it stands against its plan, in thousandths.
struct Pace {
  int least;
  int most;
  int chance;    // of a thousand tasks
  int finishes;  // of a thousand of these, by the closing account
  bool idle = false;
};
constexpr std::array<Pace, 7> kPaces = {
    {{.least = 150, .most = 400, .chance = 150, .finishes = 1000},
     {.least = 20, .most = 120, .chance = 200, .finishes = 1000},
     {.least = 0, .most = 0, .chance = 250, .finishes = 1000},
     {.least = -90, .most = -10, .chance = 180, .finishes = 900},
     {.least = -290, .most = -110, .chance = 130, .finishes = 600},
     {.least = -600, .most = -320, .chance = 60, .finishes = 250},
     {.least = -300, .most = -100, .chance = 30, .finishes = 500, .idle = true}}};

constexpr std::array<const char*, 6> kPosts = {"分管负责人",   "业务科负责人", "项目科负责人",
                                               "工程科负责人", "综合科负责人", "办公室负责人"};
constexpr std::array<const char*, 10> kDone = {"各标段同时作业，进度平稳",
                                               "现场质量抽检合格",
                                               "已组织中期检查",
                                               "与相关乡镇（街道）完成对接",
                                               "材料进场验收完成",
                                               "宣传公示到位",
                                               "资料同步归档",
                                               "抓住有利天气加快推进",
                                               "群众反映良好",
                                               "下一批点位已完成交底"};
constexpr std::array<const char*, 6> kProblems = {"材料供应推迟",     "个别点位选址仍有不同意见",
                                                  "连续降雨影响施工", "手续办理时间较长",
                                                  "施工队伍不足",     "管线迁改涉及单位多"};
constexpr std::array<const char*, 5> kNextSteps = {"倒排工期，增加施工力量",
                                                   "召开协调会解决手续问题", "月底前完成下一批点位",
                                                   "按周调度，逐点销号", "加强现场质量监督"};
constexpr std::array<const char*, 4> kNothing = {
    "手续办理中，现场无进展。", "等待设备到货，本月无进展。", "招标阶段，本月无进展。",
    "方案调整中，本月无进展。"};
constexpr std::array<const char*, 3> kCorrections = {
    "经现场复核，核减重复统计的数量", "上次填报口径有误，按验收数更正", "误将在建数计入，现予扣除"};
constexpr std::array<const char*, 3> kReturns = {"填报数量未附台账，请核实后重报",
                                                 "与现场抽查情况不一致，请说明并重报",
                                                 "累计数含未验收部分，请核实后重报"};
constexpr std::array<const char*, 3> kExemptions = {
    "按规定停止室外作业，本月免报", "学校放假，本月不组织活动", "汛期停工，本月免报"};
constexpr std::array<const char*, 3> kJudgements = {
    "随机走访和资料抽查情况较好", "问卷显示群众感受有待提升", "部分单位工作未坚持，判为略慢"};
constexpr std::array<const char*, 3> kJudgedLights = {"ON_SCHEDULE", "SLIGHTLY_BEHIND",
                                                      "SLIGHTLY_BEHIND"};
constexpr std::array<const char*, 5> kStages = {"前期", "开工", "过半", "完工", "验收"};

absl::CivilDay Weekday(absl::CivilDay day) {
  while (absl::GetWeekday(day) == absl::Weekday::saturday ||
         absl::GetWeekday(day) == absl::Weekday::sunday) {
    ++day;
  }
  return day;
}

// A weekday of the days [first, last], which hold one.
absl::CivilDay WeekdayWithin(absl::CivilDay first, absl::CivilDay last, Random& random) {
  const absl::CivilDay day = Weekday(first + random.Below(last - first + 1));
  return day <= last ? day : Weekday(first);
}

absl::CivilMinute OfficeHour(absl::CivilDay day, Random& random) {
  const int64_t minute = random.Below(7 * 60);  // 9 to 12 and 14 to 18
  return absl::CivilMinute(day) + 9 * 60 + minute + (minute < 3 * 60 ? 0 : 2 * 60);
}

class Months {
 public:
  explicit Months(const Options& options) : options_(options) {}

  int all() const { return 13 - options_.first_month; }  // up to December
  absl::CivilMonth At(int period) const {
    return absl::CivilMonth(options_.year, options_.first_month) + std::min(period, all() - 1);
  }
  bool IsFinal(int period) const { return period == all(); }
  static absl::CivilDay LastDay(absl::CivilMonth month) { return absl::CivilDay(month + 1) - 1; }
  // How much of the time has gone by the period's end.
  int64_t TimeShare(int period) const {
    return std::min<int64_t>(kWhole, int64_t{kWhole} * (period + 1) / all());
  }

 private:
  const Options& options_;
};

// --- plans ---------------------------------------------------------------------------------------

std::vector<MilestoneRow> MilestonesOf(const Months& months, int target, const Goal& goal,
                                       Random& random) {
  int last = months.all() - 1 - static_cast<int>(random.Below(std::min(3, months.all())));
  if (goal.due_on) last = std::clamp(goal.due_on->month() - months.At(0).month(), 0, last);
  std::vector<MilestoneRow> milestones;
  const int count = std::min(last + 1, static_cast<int>(random.Between(2, 4)));
  for (int i = 1; i <= count; ++i) {
    const int at = (last + 1) * i / count - 1;
    const int percent =
        i == count ? 100 : 100 * i / count + static_cast<int>(random.Between(-2, 1)) * 5;
    milestones.push_back({Months::LastDay(months.At(at)), percent, target,
                          absl::StrCat(goal.from->indicator, percent == 100 ? "全部完成" : "完成",
                                       percent == 100 ? "" : absl::StrCat(percent, "%"))});
  }
  return milestones;
}

Plan FirstPlan(const List& list, const Task& task, const Months& months, Random& random) {
  Plan plan;
  const absl::CivilDay filed = Weekday(list.issued_on() + random.Between(3, 11));
  plan.filed_at = OfficeHour(filed, random);
  if (!random.PerMille(30)) {
    plan.approved_at = OfficeHour(Weekday(filed + random.Between(2, 4)), random);
  }
  if (task.built && !random.PerMille(100)) plan.starts_on = filed + random.Between(1, 40);
  plan.post = absl::StrCat(task.leads.front(), random.Pick(kPosts));
  const bool apart = task.goals.size() > 1 && random.PerMille(200);
  plan.milestones = MilestonesOf(months, 0, task.goals.front(), random);
  if (apart && task.goals[1].measured()) {
    for (MilestoneRow& row : MilestonesOf(months, 2, task.goals[1], random)) {
      plan.milestones.push_back(std::move(row));
    }
  }
  if (random.PerMille(300)) plan.due_on = plan.milestones.front().on;
  for (const MilestoneRow& row : plan.milestones) {
    if (plan.due_on) plan.due_on = std::max(*plan.due_on, row.on);
  }
  return plan;
}

// All that is due from the month of the change on is put off by a month.
std::optional<Plan> ChangedPlan(const List& list, const Plan& first, const Months& months,
                                Random& random) {
  const int at = months.all() / 2;
  if (at < 2 || !first.approved_at || !random.PerMille(40)) return std::nullopt;
  Plan plan = first;
  const absl::CivilDay december(list.options().year, 12, 31);
  for (MilestoneRow& row : plan.milestones) {
    if (row.on < Months::LastDay(months.At(at))) continue;
    row.on = std::min(december, Months::LastDay(absl::CivilMonth(row.on) + 1));
  }
  // Those that now share December: the last one counts.
  for (size_t i = plan.milestones.size(); i-- > 1;) {
    const MilestoneRow& later = plan.milestones[i];
    const MilestoneRow& earlier = plan.milestones[i - 1];
    if (later.on == earlier.on && later.target == earlier.target) {
      plan.milestones.erase(plan.milestones.begin() + static_cast<int64_t>(i) - 1);
    }
  }
  if (plan.due_on) plan.due_on = december;
  const absl::CivilDay filed =
      WeekdayWithin(absl::CivilDay(months.At(at)) + 4, absl::CivilDay(months.At(at)) + 11, random);
  plan.filed_at = OfficeHour(filed, random);
  plan.approved_at = OfficeHour(Weekday(filed + random.Between(2, 6)), random);
  plan.reason = "受汛期和手续办理影响，后续节点顺延一个月";
  plan.document_number = absl::StrCat("（示例）", list.district().short_name, "府办函〔",
                                      list.options().year, "〕", random.Between(10, 99), "号");
  return plan;
}

std::vector<Plan> PlansOf(const List& list, const Task& task, const Months& months) {
  Random random = Random::Of(list.options().seed, {kPlan, list.index(), task.project, task.no});
  std::vector<Plan> plans;
  const bool any = std::any_of(task.goals.begin(), task.goals.end(),
                               [](const Goal& goal) { return goal.measured(); });
  if (!any || random.PerMille(90)) return plans;
  plans.push_back(FirstPlan(list, task, months, random));
  if (auto changed = ChangedPlan(list, plans.front(), months, random)) {
    plans.push_back(*std::move(changed));
  }
  return plans;
}

// What the first plan wants by a day: the shares of a task follow it.
int64_t PlannedShare(const std::vector<Plan>& plans, const Months& months, int period) {
  if (plans.empty() || !plans.front().approved_at) return months.TimeShare(period);
  int64_t share = 0;
  for (const MilestoneRow& row : plans.front().milestones) {
    if (row.target == 0 && row.on <= Months::LastDay(months.At(period))) share = row.percent * 10;
  }
  return share;
}

// --- reports -------------------------------------------------------------------------------------

// How far a goal is at a share: 10^-reported_decimals.
int64_t ValueAt(const Goal& goal, int64_t share, Random& random) {
  const GoalTemplate& from = *goal.from;
  const int64_t whole = goal.value * PowerOfTen(from.reported_decimals - from.decimals);
  switch (from.kind) {
    case Kind::kCoverage: {
      const int64_t percent = from.comparator == Comparator::kAll ? 100 : goal.value;
      return std::min(goal.base,
                      (goal.base * percent * std::min<int64_t>(share, kWhole) + 100 * kWhole - 1) /
                          (100 * kWhole));
    }
    case Kind::kLevel: {
      const int64_t away = (whole - goal.baseline) * std::min<int64_t>(share, kWhole + 50) / kWhole;
      return std::max<int64_t>(0, goal.baseline + away + random.Between(-1, 1));
    }
    case Kind::kFrequency:
      return whole * std::min<int64_t>(share, kWhole) / kWhole;
    default:
      return whole * share / kWhole;
  }
}

const char* StageAt(int64_t share) {
  return kStages[share >= 1000 ? 4 : share >= 900 ? 3 : share >= 600 ? 2 : share >= 300 ? 1 : 0];
}

class Reporter {
 public:
  Reporter(const List& list, const Task& task, const Months& months, Year& year)
      : list_(list),
        task_(task),
        months_(months),
        year_(year),
        random_(Random::Of(list.options().seed, {kReports, list.index(), task.project, task.no})) {
    Random random = Random::Of(list.options().seed, {kPace, list.index(), task.project, task.no});
    SetPace(random);
  }

  void Run() {
    for (int period = 0; period < PeriodCount(list_.options()); ++period) {
      SetShare(period);
      ReportPeriod(period);
      if (period >= 1 && !months_.IsFinal(period)) Judge(period);
    }
  }

 private:
  void SetPace(Random& random) {
    int64_t draw = random.Below(1000);
    for (const Pace& pace : kPaces) {
      pace_ = pace;
      if ((draw -= pace.chance) < 0) break;
    }
    offset_ = random.Between(pace_.least, pace_.most);
    finishes_ = random.PerMille(pace_.finishes);
    idle_until_ = pace_.idle ? static_cast<int>(random.Between(3, 6)) : 0;
    silent_from_ = random.PerMille(30) ? static_cast<int>(random.Between(1, 10)) : kNever;
    stops_when_done_ = random.PerMille(500);
  }

  void SetShare(int period) {
    if (period < idle_until_) return;
    const int64_t planned = PlannedShare(year_.plans, months_, period);
    const int64_t jitter = offset_ == 0 ? 0 : random_.Between(0, 15);
    // Who is ahead is so from the first month on; nobody ends far beyond the whole.
    int64_t share = std::clamp<int64_t>(planned + offset_ + jitter, 0, kWhole + 80);
    if (months_.IsFinal(period)) {
      share = finishes_ ? std::max<int64_t>(share, kWhole) : std::min<int64_t>(share, kWhole - 20);
    }
    share_ = std::max(share_, share);
    if (share_ > 0 && !started_on_ && task_.built) {
      started_on_ = absl::CivilDay(months_.At(period)) + random_.Between(9, 20);
    }
  }

  // A task that is done and has told so twice need not report any more.
  bool Silent(int period) const {
    return period >= silent_from_ || (stops_when_done_ && done_reports_ >= 2);
  }

  void ReportPeriod(int period) {
    const bool closing = months_.IsFinal(period);
    if (Silent(period) && !closing) return;
    const int64_t draw = random_.Below(1000);
    if (draw < 30) return;  // missing
    if (!closing && draw < 40) return Exempt(period);
    Report report = Statement(period);
    const bool late = draw >= 40 && draw < 90;
    report.filed_at = OfficeHour(FilingDay(period, late), random_);
    if (draw >= 90 && draw < 120 && !year_.reports.empty()) SayNothing(report);
    if (draw >= 120 && draw < 130) report.received_on = absl::CivilDay(report.filed_at) - 1;
    if (share_ >= kWhole) ++done_reports_;
    if (!closing && draw >= 130 && draw < 150) return Correct(std::move(report));
    if (!closing && draw >= 150 && draw < 165) return Return(std::move(report));
    year_.reports.push_back(std::move(report));
  }

  absl::CivilDay FilingDay(int period, bool late) {
    const absl::CivilDay first(months_.At(period));
    const absl::CivilDay next(months_.At(period) + 1);
    const bool december = months_.At(period).month() == 12;
    if (months_.IsFinal(period)) {
      return late ? WeekdayWithin(next + 17, next + 19, random_)
                  : WeekdayWithin(next + 8, next + 13, random_);
    }
    if (!late) return WeekdayWithin(first + 23, first + 27, random_);
    return december ? WeekdayWithin(next + 4, next + 6, random_)
                    : WeekdayWithin(next + 8, next + 13, random_);
  }

  Report Statement(int period) {
    Report report;
    report.period = period;
    report.measures = Measures(period, 0);
    report.started_on = started_on_;
    if (task_.amount_tenths) {
      report.completed_investment =
          Figure(*task_.amount_tenths * std::min<int64_t>(share_, kWhole) / kWhole, 1);
    }
    report.progress_text = Words();
    const bool behind = offset_ < -100 && !finishes_soon(period);
    if (behind && random_.PerMille(500)) report.problems = random_.Pick(kProblems);
    if (random_.PerMille(250)) report.next_step = random_.Pick(kNextSteps);
    const bool rated = std::any_of(task_.goals.begin(), task_.goals.end(),
                                   [](const Goal& goal) { return goal.measured(); });
    if (!rated || random_.PerMille(100)) report.self_rating = behind ? "有困难" : "正常";
    return report;
  }

  bool finishes_soon(int period) const { return finishes_ && months_.IsFinal(period); }

  // Every goal in every report but levels, which have their days. `excess` is in thousandths.
  std::string Measures(int period, int64_t excess) {
    std::string cell;
    for (const Goal& goal : task_.goals) {
      if (!goal.measured() || (goal.from->kind == Kind::kLevel && !Surveyed(goal, period)))
        continue;
      absl::StrAppend(&cell, cell.empty() ? "" : "; ", goal.no, "=");
      if (goal.from->kind == Kind::kEvent) {
        absl::StrAppend(&cell, StageAt(share_));
      } else {
        const int64_t value = ValueAt(goal, share_, random_);
        absl::StrAppend(&cell,
                        Figure(Exceeding(goal, value, excess), goal.from->reported_decimals));
      }
    }
    return cell;
  }

  bool Surveyed(const Goal& goal, int period) const {
    return !months_.IsFinal(period) &&
           std::any_of(goal.survey_days.begin(), goal.survey_days.end(), [&](absl::CivilDay day) {
             return absl::CivilMonth(day) == months_.At(period);
           });
  }

  static int64_t Exceeding(const Goal& goal, int64_t value, int64_t excess) {
    if (excess == 0 || goal.from->kind == Kind::kLevel || goal.from->kind == Kind::kFrequency) {
      return value;
    }
    const int64_t more = value + std::max<int64_t>(1, value * excess / kWhole);
    return goal.from->kind == Kind::kCoverage ? std::min(more, goal.base) : more;
  }

  std::string Words() {
    const Goal& goal = task_.goals.front();
    const std::string sentence = random_.Pick(kDone);
    if (goal.from->kind != Kind::kCount) return absl::StrCat(sentence, "。");
    return absl::StrCat("累计完成",
                        Figure(ValueAt(goal, share_, random_), goal.from->reported_decimals),
                        goal.from->unit, "，", sentence, "。");
  }

  void SayNothing(Report& report) {
    report.nothing_to_report = true;
    report.measures.clear();
    report.completed_investment.clear();
    report.progress_text = random_.Pick(kNothing);
    report.self_rating.clear();
  }

  // A version that says too much, and the one that takes it back.
  void Correct(Report report) {
    Report first = report;
    first.measures = Measures(report.period, random_.Between(20, 80));
    report.filed_at =
        OfficeHour(Weekday(absl::CivilDay(report.filed_at) + random_.Between(3, 6)), random_);
    report.correction_reason = random_.Pick(kCorrections);
    report.progress_text = absl::StrCat("更正：", report.progress_text);
    year_.reports.push_back(std::move(first));
    year_.reports.push_back(std::move(report));
  }

  // One in five is not filed again.
  void Return(Report report) {
    Action action;
    action.action = "return";
    action.period = report.period;
    const absl::CivilDay at = Weekday(absl::CivilDay(report.filed_at) + random_.Between(1, 3));
    action.at = OfficeHour(at, random_);
    action.reason = random_.Pick(kReturns);
    year_.actions.push_back(std::move(action));
    year_.reports.push_back(report);
    if (random_.PerMille(200)) return;
    report.filed_at = OfficeHour(Weekday(at + random_.Between(1, 3)), random_);
    report.progress_text = absl::StrCat("核实后重报。", report.progress_text);
    year_.reports.push_back(std::move(report));
  }

  void Exempt(int period) {
    Action action;
    action.action = "exempt";
    action.period = period;
    action.at = OfficeHour(WeekdayWithin(absl::CivilDay(months_.At(period)) + 11,
                                         absl::CivilDay(months_.At(period)) + 18, random_),
                           random_);
    action.reason = random_.Pick(kExemptions);
    year_.actions.push_back(std::move(action));
  }

  // The list office looks for itself where nothing can be counted.
  void Judge(int period) {
    if (task_.goals.front().measured() || !random_.PerMille(120)) return;
    Action action;
    action.action = "judge";
    const absl::CivilDay at = WeekdayWithin(absl::CivilDay(months_.At(period)) + 10,
                                            absl::CivilDay(months_.At(period)) + 17, random_);
    action.at = OfficeHour(at, random_);
    const auto which = static_cast<size_t>(random_.Below(static_cast<int64_t>(kJudgements.size())));
    action.reason = kJudgements[which];
    action.light = kJudgedLights[which];
    action.valid_to = at + 50;
    year_.actions.push_back(std::move(action));
  }

  static constexpr int kNever = 99;

  const List& list_;
  const Task& task_;
  const Months& months_;
  Year& year_;
  Random random_;
  Pace pace_;
  int64_t offset_ = 0;
  bool finishes_ = false;
  int idle_until_ = 0;
  int silent_from_ = kNever;
  bool stops_when_done_ = false;
  int64_t share_ = 0;
  int done_reports_ = 0;
  std::optional<absl::CivilDay> started_on_;
};

}  // namespace

int PeriodCount(const Options& options) {
  const int all = 13 - options.first_month;
  return options.months >= all ? all + 1 : options.months;
}

std::string PeriodName(const Options& options, int period) {
  const int month = options.first_month + period;
  if (month == 13) return absl::StrCat(options.year, "-final");
  return absl::StrCat(options.year, "-", absl::StrFormat("%02d", month));
}

Year YearOf(const List& list, const Task& task) {
  const Months months(list.options());
  Year year;
  year.plans = PlansOf(list, task, months);
  if (list.options().reports) Reporter(list, task, months, year).Run();
  return year;
}

}  // namespace minsheng::generate
