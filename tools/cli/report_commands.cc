// report submit, report list.
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "minsheng/progress/v1/progress.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/measures.h"
#include "tools/cli/names.h"
#include "tools/cli/report_rows.h"
#include "tools/cli/report_view.h"
#include "tools/cli/times.h"
#include "tools/cli/words.h"

namespace minsheng::cli {
namespace {

using progress::v1::GetAssessmentRequest;
using progress::v1::ListReportsRequest;
using progress::v1::Measure;
using progress::v1::ProgressService;
using progress::v1::Report;
using progress::v1::SubmitReportRequest;

struct SubmitArgs {
  std::string task;
  std::string period;
  std::vector<std::string> measures;
  std::vector<std::string> stages;
  std::string text;
  std::string problems;
  std::string next_step;
  std::string investment;
  std::string started_on;
  bool nothing_to_report = false;
  std::string correction_reason;
  std::string received_on;
  std::string self_rating;
};

absl::Status AddMeasures(const SubmitArgs& args, Report& report) {
  for (const std::string& text : args.measures) {
    ASSIGN_OR_RETURN(*report.add_measures(), ParseMeasure(text));
  }
  for (const std::string& text : args.stages) {
    ASSIGN_OR_RETURN(const Measure measure, ParseMeasure(text));
    if (measure.work_stage() == progress::v1::WORK_STAGE_UNSPECIFIED) {
      return UsageError(absl::StrCat("--stage ", text,
                                     "：请写形象进度（前期、开工、过半、完工、验收），如 1=开工"));
    }
    *report.add_measures() = measure;
  }
  return absl::OkStatus();
}

absl::StatusOr<Report> ReportOf(const SubmitArgs& args) {
  Report report;
  RETURN_IF_ERROR(AddMeasures(args, report));
  RETURN_IF_ERROR(SetWanYuan(args.investment, report));
  ASSIGN_OR_RETURN(const auto rating, ParseSelfRating(args.self_rating));
  for (const std::string* day : {&args.started_on, &args.received_on}) {
    if (!day->empty()) RETURN_IF_ERROR(ParseDay(*day).status());
  }
  report.set_self_rating(rating);
  report.set_progress_text(args.text);
  report.set_problems(args.problems);
  report.set_next_step(args.next_step);
  report.set_started_on(args.started_on);
  report.set_nothing_to_report(args.nothing_to_report);
  report.set_correction_reason(args.correction_reason);
  report.set_received_on(args.received_on);
  return report;
}

// The unit that reports on a task, as progress knows it; empty when it knows no such task, which
// the call itself will tell.
absl::StatusOr<std::string> LeadOf(Cli& cli, const std::string& task) {
  GetAssessmentRequest request;
  request.set_name(task);
  const auto response = cli.progress().Call(&ProgressService::Stub::GetAssessment, request);
  if (absl::IsNotFound(response.status())) return "";
  RETURN_IF_ERROR(response.status());
  const auto& leads = response->assessment().lead_units();
  return leads.empty() ? "" : leads.Get(0);
}

absl::Status SubmitReport(Cli& cli, const SubmitArgs& args) {
  RETURN_IF_ERROR(CheckPeriod(args.period));
  SubmitReportRequest request;
  ASSIGN_OR_RETURN(*request.mutable_report(), ReportOf(args));
  ASSIGN_OR_RETURN(*request.mutable_parent(), cli.Task(args.task));
  request.set_period(args.period);
  request.set_request_id(cli.RequestId());
  ASSIGN_OR_RETURN(const std::string lead, LeadOf(cli, request.parent()));
  const auto caller = args.received_on.empty() ? cli.As(kReporter, lead) : cli.As(kListOffice);
  ASSIGN_OR_RETURN(const auto response,
                   cli.progress().Call(&ProgressService::Stub::SubmitReport, request, caller));
  if (cli.json()) {
    cli.PrintJson(response);
    return absl::OkStatus();
  }
  const Report& report = response.report();
  cli.out() << "已报送 " << ShortTask(report.name()) << " " << args.period << " 第"
            << report.version() << "版" << (report.late() ? "（迟报）" : "") << '\n';
  return absl::OkStatus();
}

struct ListArgs {
  std::string task;
  std::string period;
  std::string as_of;
};

absl::Status ListReports(Cli& cli, const ListArgs& args) {
  ListReportsRequest request;
  if (args.task.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_parent(), cli.Program());
  } else {
    ASSIGN_OR_RETURN(*request.mutable_parent(), cli.Task(args.task));
  }
  if (!args.period.empty()) RETURN_IF_ERROR(CheckPeriod(args.period));
  request.set_period(args.period);
  if (!args.as_of.empty()) {
    ASSIGN_OR_RETURN(const absl::Time as_of, ParseInstant(args.as_of));
    *request.mutable_as_of() = platform::ToTimestamp(as_of);
  }
  ASSIGN_OR_RETURN(const auto list,
                   cli.progress().ListAll(&ProgressService::Stub::ListReports, request));
  if (cli.json()) {
    cli.PrintJson(list);
  } else {
    ShowReports(cli, list.reports());
  }
  return absl::OkStatus();
}

void AddSubmit(CLI::App& report, Cli& cli) {
  auto args = std::make_shared<SubmitArgs>();
  CLI::App* submit = report.add_subcommand("submit", "File a task's report for a period");
  submit->add_option("TASK", args->task)->required();
  submit->add_option("PERIOD", args->period, "2024-06 or 2024-final")->required();
  submit
      ->add_option("--measure", args->measures,
                   "TARGET=VALUE, cumulative, e.g. 1=19 (may be repeated)")
      ->allow_extra_args(false);
  submit->add_option("--stage", args->stages, "TARGET=前期|开工|过半|完工|验收, for works")
      ->allow_extra_args(false);
  submit->add_option("--text", args->text, "形象进度");
  submit->add_option("--problems", args->problems, "存在问题");
  submit->add_option("--next-step", args->next_step, "下一步");
  submit->add_option("--investment", args->investment, "完成投资, cumulative, in 万元");
  submit->add_option("--started-on", args->started_on, "the day the work started");
  submit->add_flag("--nothing-to-report", args->nothing_to_report, "无进展");
  submit->add_option("--correction-reason", args->correction_reason,
                     "why a value is below the one stated before");
  submit->add_option("--received-on", args->received_on,
                     "the day the list office got it on paper (as list_office)");
  submit->add_option("--self-rating", args->self_rating, "正常 or 有困难");
  cli.OnRun(submit, [args](Cli& c) { return SubmitReport(c, *args); });
}

void AddList(CLI::App& report, Cli& cli) {
  auto args = std::make_shared<ListArgs>();
  CLI::App* list = report.add_subcommand(
      "list", "All versions of a task's reports, or the newest of the whole list");
  list->add_option("TASK", args->task);
  list->add_option("--period", args->period, "2024-06 or 2024-final");
  list->add_option("--as-of", args->as_of, "what was known then");
  cli.OnRun(list, [args](Cli& c) { return ListReports(c, *args); });
}

}  // namespace

void AddReportCommands(CLI::App& app, Cli& cli) {
  CLI::App* report = AddGroup(app, "report", "Monthly reports (月报)");
  AddSubmit(*report, cli);
  AddReportWorkbook(*report, cli);
  AddReportImport(*report, cli);
  AddList(*report, cli);
  AddReportDecisions(*report, cli);
}

}  // namespace minsheng::cli
