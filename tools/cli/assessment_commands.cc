// explain, assessments list.
#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "minsheng/progress/v1/progress.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "tools/cli/commands.h"
#include "tools/cli/names.h"
#include "tools/cli/text.h"
#include "tools/cli/times.h"
#include "tools/cli/words.h"

namespace minsheng::cli {
namespace {

namespace pv1 = progress::v1;
using pv1::Assessment;
using pv1::GetAssessmentRequest;
using pv1::ListAssessmentsRequest;
using pv1::ProgressService;
using pv1::TargetAssessment;

std::string PlanSourceWord(const std::string& source) {
  if (source == "milestones") return "节点计划";
  if (source == "time_curve") return "默认时间进度";
  if (source == "survey") return "测评";
  if (source == "due_day") return "期限";
  return source;
}

// Works have no value to reach: what they state is a percent.
std::string Stated(const TargetAssessment& target) {
  if (target.stated_value().empty()) return "—";
  const char* unit = target.target_value().empty() ? "%" : "";
  if (target.stated_period().empty()) return absl::StrCat(target.stated_value(), unit);
  return absl::StrCat(target.stated_value(), unit, "（", target.stated_period(), "）");
}

void ShowTargets(const Cli& cli, const Assessment& assessment) {
  Table table({{"目标", Align::kRight},
               {"指标", Align::kLeft, 40},
               {"进度灯"},
               {"完成", Align::kRight},
               {"目标值", Align::kRight},
               {"计划%", Align::kRight},
               {"实际%", Align::kRight},
               {"差(百分点)", Align::kRight},
               {"计划依据"},
               {"期限"}});
  for (const TargetAssessment& target : assessment.targets()) {
    const bool decides = target.target() == assessment.deciding_target();
    const std::string why = target.light() == pv1::LIGHT_UNRATED &&
                                    target.unrated_reason() != pv1::UNRATED_REASON_UNSPECIFIED
                                ? absl::StrCat("（", UnratedWord(target.unrated_reason()), "）")
                                : "";
    Cell light = LightCell(target.light());
    light.text += why;
    table.Add({absl::StrCat(decides ? "*" : "", target.target()),
               absl::StrCat(target.indicator(), target.is_part() ? "（其中）" : ""), light,
               Stated(target), absl::StrCat(target.target_value(), target.unit()),
               target.planned_percent(), target.actual_percent(), target.gap_points(),
               PlanSourceWord(target.plan_source()), target.due_on()});
  }
  cli.Print(table);
}

std::string TimingWord(const std::string& timing) {
  if (timing == "early") return "提前";
  if (timing == "on_time") return "按期";
  return timing == "late" ? "逾期" : timing;
}

void ShowVerdict(const Cli& cli, const Assessment& assessment) {
  std::ostream& out = cli.out();
  const Cell light = LightCell(assessment.light());
  out << Coloured(light.text, light.colour, cli.colour());
  if (assessment.unrated_reason() != pv1::UNRATED_REASON_UNSPECIFIED) {
    out << "（" << UnratedWord(assessment.unrated_reason()) << "）";
  }
  if (!assessment.completed_on().empty()) {
    out << "  " << assessment.completed_on() << " " << TimingWord(assessment.completion_timing())
        << "完成" << (assessment.exceeded() ? "，超额" : "")
        << (assessment.awaiting_confirmation() ? "，待确认" : "");
  }
  out << "\n截至 " << ShowInstant(assessment.as_of()) << "，数据截至 "
      << (assessment.facts_as_of().empty() ? "无" : assessment.facts_as_of())
      << (assessment.facts_carried() ? "（早于评到的一期）" : "");
  if (!assessment.judged_period().empty()) out << "，评到 " << assessment.judged_period();
  out << "，计划 "
      << (assessment.plan_revision() == 0 ? "无"
                                          : absl::StrCat("第", assessment.plan_revision(), "版"))
      << "，规则 " << assessment.rules() << '\n';
}

void ShowReporting(const Cli& cli, const Assessment& assessment) {
  std::ostream& out = cli.out();
  const auto word = [&](pv1::ReportingState state) {
    return Coloured(ReportingWord(state), ReportingColour(state), cli.colour());
  };
  out << "本期报送：" << word(assessment.current_reporting());
  if (assessment.previous_reporting() != pv1::REPORTING_STATE_UNSPECIFIED) {
    out << "，上期：" << word(assessment.previous_reporting());
  }
  out << '\n';
  if (assessment.has_valid_until()) {
    out << "没有新情况的话，" << ShowInstant(assessment.valid_until()) << " 起会有变化\n";
  }
}

void ShowJudgement(const Cli& cli, const Assessment& assessment) {
  if (!assessment.has_judgement()) return;
  const auto& judgement = assessment.judgement();
  cli.out() << "人工研判：" << LightWord(judgement.light()) << "，" << judgement.reason() << "（"
            << judgement.post() << "，至 " << judgement.valid_to() << "）\n";
}

void Show(const Cli& cli, const Assessment& assessment) {
  std::ostream& out = cli.out();
  out << Coloured(absl::StrCat(ShortTask(assessment.name()), "  ", assessment.project_title()),
                  Colour::kBold, cli.colour())
      << '\n'
      << assessment.content() << '\n'
      << "牵头单位 " << absl::StrJoin(assessment.lead_units(), "、") << "\n\n";
  ShowVerdict(cli, assessment);
  out << '\n'
      << absl::StrReplaceAll(WithoutControls(assessment.explanation()), {{"。", "。\n"}}) << '\n';
  ShowTargets(cli, assessment);
  out << '\n';
  ShowReporting(cli, assessment);
  ShowJudgement(cli, assessment);
}

struct ExplainArgs {
  std::string task;
  std::string as_of;
};

absl::Status Explain(Cli& cli, const ExplainArgs& args) {
  GetAssessmentRequest request;
  if (!args.as_of.empty()) {
    ASSIGN_OR_RETURN(const absl::Time as_of, ParseInstant(args.as_of));
    *request.mutable_as_of() = platform::ToTimestamp(as_of);
  }
  ASSIGN_OR_RETURN(*request.mutable_name(), cli.Task(args.task));
  ASSIGN_OR_RETURN(const auto response,
                   cli.progress().Call(&ProgressService::Stub::GetAssessment, request));
  if (cli.json()) {
    cli.PrintJson(response);
  } else {
    Show(cli, response.assessment());
  }
  return absl::OkStatus();
}

struct ListArgs {
  std::vector<std::string> lights;
  std::vector<std::string> reporting;
  std::string reporting_period;
  std::string unit;
  std::string as_of;
  bool without_plan = false;
};

absl::StatusOr<ListAssessmentsRequest> RequestOf(const ListArgs& args) {
  ListAssessmentsRequest request;
  for (const std::string& text : args.lights) {
    ASSIGN_OR_RETURN(const auto light, ParseLight(text));
    request.add_lights(light);
  }
  for (const std::string& text : args.reporting) {
    ASSIGN_OR_RETURN(const auto state, ParseReporting(text));
    request.add_reporting_states(state);
  }
  if (!args.as_of.empty()) {
    ASSIGN_OR_RETURN(const absl::Time as_of, ParseInstant(args.as_of));
    *request.mutable_as_of() = platform::ToTimestamp(as_of);
  }
  request.set_lead_unit(args.unit);
  request.set_reporting_period(args.reporting_period);
  return request;
}

void KeepWithoutPlan(pv1::ListAssessmentsResponse& list) {
  auto& all = *list.mutable_assessments();
  all.erase(std::remove_if(all.begin(), all.end(),
                           [](const Assessment& one) { return one.plan_revision() != 0; }),
            all.end());
}

absl::Status ListAssessments(Cli& cli, const ListArgs& args) {
  ASSIGN_OR_RETURN(ListAssessmentsRequest request, RequestOf(args));
  ASSIGN_OR_RETURN(*request.mutable_parent(), cli.Program());
  ASSIGN_OR_RETURN(auto list,
                   cli.progress().ListAll(&ProgressService::Stub::ListAssessments, request));
  if (args.without_plan) KeepWithoutPlan(list);
  if (cli.json()) {
    cli.PrintJson(list);
    return absl::OkStatus();
  }
  Table table({{"任务"},
               {"项目", Align::kLeft, 30},
               {"牵头单位", Align::kLeft, 24},
               {"进度灯"},
               {"数据截至"},
               {"本期报送"},
               {"上期报送"}});
  for (const Assessment& assessment : list.assessments()) {
    const auto current = assessment.current_reporting();
    const auto previous = assessment.previous_reporting();
    table.Add({ShortTask(assessment.name()), assessment.project_title(),
               absl::StrJoin(assessment.lead_units(), "、"), LightCell(assessment.light()),
               assessment.facts_as_of().empty() ? "—" : assessment.facts_as_of(),
               Cell(ReportingWord(current), ReportingColour(current)),
               Cell(ReportingWord(previous), ReportingColour(previous))});
  }
  cli.Print(table);
  return absl::OkStatus();
}

}  // namespace

void AddAssessmentCommands(CLI::App& app, Cli& cli) {
  auto explain_args = std::make_shared<ExplainArgs>();
  CLI::App* explain = app.add_subcommand(
      "explain", "Why a task has its light: the rule, the numbers, the arithmetic");
  explain->add_option("TASK", explain_args->task)->required();
  explain->add_option("--as-of", explain_args->as_of, "what was known then");
  cli.OnRun(explain, [explain_args](Cli& c) { return Explain(c, *explain_args); });

  CLI::App* assessments = AddGroup(app, "assessments", "The lights of all tasks (进度灯)");
  auto args = std::make_shared<ListArgs>();
  CLI::App* list = assessments->add_subcommand("list", "Lights and reporting, filtered");
  list->add_option("--light", args->lights, "only these, e.g. BEHIND or 滞后 (may be repeated)")
      ->allow_extra_args(false);
  list->add_option("--unit", args->unit, "only tasks that this unit leads");
  list->add_option("--reporting", args->reporting,
                   "only these states, e.g. MISSING or 未报 (may be repeated)")
      ->allow_extra_args(false);
  list->add_option("--reporting-period", args->reporting_period,
                   "of --reporting: current (default), previous or 2024-06");
  list->add_option("--as-of", args->as_of, "what was known then");
  list->add_flag("--without-plan", args->without_plan,
                 "only tasks judged without an approved plan");
  cli.OnRun(list, [args](Cli& c) { return ListAssessments(c, *args); });
}

}  // namespace minsheng::cli
