#include "tools/cli/overview.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/cli/names.h"
#include "tools/cli/times.h"
#include "tools/cli/words.h"

namespace minsheng::cli {
namespace {

namespace pv1 = progress::v1;
using pv1::Assessment;
using pv1::Light;
using pv1::LightCount;
using pv1::PeriodReporting;
using pv1::ReportingState;
using pv1::SummarizeProgramResponse;
using pv1::Tally;

constexpr Light kLights[] = {pv1::LIGHT_COMPLETED,   pv1::LIGHT_AHEAD,
                             pv1::LIGHT_ON_SCHEDULE, pv1::LIGHT_SLIGHTLY_BEHIND,
                             pv1::LIGHT_BEHIND,      pv1::LIGHT_SEVERELY_BEHIND,
                             pv1::LIGHT_STALE,       pv1::LIGHT_UNRATED};

constexpr ReportingState kStates[] = {
    pv1::REPORTING_STATE_ON_TIME,  pv1::REPORTING_STATE_LATE,
    pv1::REPORTING_STATE_MISSING,  pv1::REPORTING_STATE_NOTHING_TO_REPORT,
    pv1::REPORTING_STATE_RETURNED, pv1::REPORTING_STATE_EXEMPT,
    pv1::REPORTING_STATE_NOT_DUE};

Cell CountCell(int64_t count, Colour colour) {
  return count == 0 ? Cell("-", Colour::kGray) : Cell(absl::StrCat(count), colour);
}

void AddTally(Table& table, const std::string& title,
              const google::protobuf::RepeatedPtrField<LightCount>& counts, int64_t on_schedule) {
  std::map<Light, int64_t> by_light;
  int64_t total = 0;
  for (const LightCount& count : counts) {
    by_light[count.light()] = count.count();
    total += count.count();
  }
  std::vector<Cell> row = {title};
  for (const Light light : kLights) row.push_back(CountCell(by_light[light], LightColour(light)));
  row.emplace_back(absl::StrCat(on_schedule));
  row.emplace_back(absl::StrCat(total));
  table.Add(std::move(row));
}

std::string GroupTitle(const Overview& overview, const std::string& id) {
  if (overview.program) {
    for (const auto& group : overview.program->groups()) {
      if (group.id() == id && !group.title().empty()) return group.title();
    }
  }
  return id;
}

void ShowTallies(const Cli& cli, const Overview& overview) {
  std::vector<Column> columns = {{"", Align::kLeft, 32}};
  for (const Light light : kLights) {
    columns.push_back({LightWord(light), Align::kRight, 0, LightColour(light)});
  }
  columns.push_back({"序时以上", Align::kRight});
  columns.push_back({"合计", Align::kRight});
  Table table(std::move(columns));
  const SummarizeProgramResponse& summary = overview.summary;
  AddTally(table, "项目", summary.total().projects(), summary.total().projects_on_schedule());
  for (const Tally& group : summary.groups()) {
    AddTally(table, absl::StrCat("　", GroupTitle(overview, group.group())), group.projects(),
             group.projects_on_schedule());
  }
  AddTally(table, "任务", summary.total().tasks(), summary.total().tasks_on_schedule());
  for (const Tally& group : summary.groups()) {
    AddTally(table, absl::StrCat("　", GroupTitle(overview, group.group())), group.tasks(),
             group.tasks_on_schedule());
  }
  cli.Print(table);
}

void AddReporting(Table& table, const char* which, const PeriodReporting& reporting) {
  std::map<ReportingState, int64_t> by_state;
  for (const auto& count : reporting.counts()) by_state[count.state()] = count.count();
  std::vector<Cell> row = {which, reporting.period(), reporting.due_on()};
  for (const ReportingState state : kStates) {
    row.push_back(CountCell(by_state[state], ReportingColour(state)));
  }
  table.Add(std::move(row));
}

void ShowReporting(const Cli& cli, const SummarizeProgramResponse& summary) {
  std::vector<Column> columns = {{"报送"}, {"报送期"}, {"应报日"}};
  for (const ReportingState state : kStates) {
    columns.push_back({ReportingWord(state), Align::kRight, 0, ReportingColour(state)});
  }
  Table table(std::move(columns));
  if (summary.has_current()) AddReporting(table, "本期", summary.current());
  if (summary.has_previous()) AddReporting(table, "上期", summary.previous());
  cli.Print(table);
}

// The figures that decide; of a task that nothing decides, none.
const pv1::TargetAssessment& Deciding(const Assessment& assessment) {
  for (const auto& target : assessment.targets()) {
    if (target.target() == assessment.deciding_target()) return target;
  }
  return pv1::TargetAssessment::default_instance();
}

void ShowLagging(const Cli& cli, const std::vector<Assessment>& lagging) {
  if (lagging.empty()) {
    cli.out() << "没有落后的任务。\n";
    return;
  }
  Table table({{"任务"},
               {"项目", Align::kLeft, 30},
               {"牵头单位", Align::kLeft, 24},
               {"进度灯"},
               {"计划%", Align::kRight},
               {"实际%", Align::kRight},
               {"差(百分点)", Align::kRight},
               {"数据截至"}});
  for (const Assessment& assessment : lagging) {
    const auto& target = Deciding(assessment);
    table.Add({ShortTask(assessment.name()), assessment.project_title(),
               absl::StrJoin(assessment.lead_units(), "、"), LightCell(assessment.light()),
               target.planned_percent(), target.actual_percent(), target.gap_points(),
               assessment.facts_as_of().empty() ? "无数据" : assessment.facts_as_of()});
  }
  cli.Print(table);
}

int64_t CountOf(const PeriodReporting& reporting, ReportingState state) {
  for (const auto& count : reporting.counts()) {
    if (count.state() == state) return count.count();
  }
  return 0;
}

void ShowNext(const Cli& cli, const Overview& overview) {
  std::ostream& out = cli.out();
  const SummarizeProgramResponse& summary = overview.summary;
  out << "接着看：\n";
  if (!overview.lagging.empty()) {
    out << "  minsheng explain " << ShortTask(overview.lagging.front().name()) << "    为什么是"
        << LightWord(overview.lagging.front().light()) << '\n';
  }
  if (CountOf(summary.previous(), pv1::REPORTING_STATE_MISSING) > 0) {
    out << "  minsheng assessments list --reporting MISSING --reporting-period previous    "
           "上期谁没有报\n";
  }
  if (CountOf(summary.current(), pv1::REPORTING_STATE_MISSING) > 0) {
    out << "  minsheng assessments list --reporting MISSING    本期谁没有报\n";
  }
  if (summary.tasks_without_plan() > 0) {
    out << "  minsheng assessments list --without-plan    " << summary.tasks_without_plan()
        << "项任务没有经批准的节点计划\n";
  }
  out << "  minsheng report list --period " << summary.current().period() << "    本期的报告\n";
}

}  // namespace

void ShowOverview(const Cli& cli, const Overview& overview) {
  std::ostream& out = cli.out();
  const SummarizeProgramResponse& summary = overview.summary;
  const std::string title = overview.program ? overview.program->title() : summary.name();
  out << Coloured(title, Colour::kBold, cli.colour());
  if (overview.program && overview.program->illustration()) out << "（示例，非官方）";
  out << "\n截至 " << ShowInstant(summary.as_of());
  if (!summary.judged_period().empty()) out << "，评到 " << summary.judged_period();
  out << "\n\n" << Coloured(summary.headline(), Colour::kBold, cli.colour()) << "\n\n";
  ShowTallies(cli, overview);
  out << '\n';
  ShowReporting(cli, summary);
  out << '\n';
  ShowLagging(cli, overview.lagging);
  out << '\n';
  ShowNext(cli, overview);
}

}  // namespace minsheng::cli
