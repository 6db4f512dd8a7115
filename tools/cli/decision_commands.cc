// What the list office decides: report return, report exempt, judge.
#include <memory>

#include "absl/strings/str_cat.h"
#include "minsheng/progress/v1/progress.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/names.h"
#include "tools/cli/report_rows.h"
#include "tools/cli/report_view.h"
#include "tools/cli/times.h"
#include "tools/cli/words.h"

namespace minsheng::cli {
namespace {

using progress::v1::ExemptReportRequest;
using progress::v1::ProgressService;
using progress::v1::RecordJudgementRequest;
using progress::v1::ReturnReportRequest;

struct DecisionArgs {
  std::string task;
  std::string period;
  std::string reason;
};

absl::Status ReturnReport(Cli& cli, const DecisionArgs& args) {
  RETURN_IF_ERROR(CheckPeriod(args.period));
  ASSIGN_OR_RETURN(const std::string task, cli.Task(args.task));
  ReturnReportRequest request;
  request.set_name(absl::StrCat(task, "/reports/", args.period));
  request.set_reason(args.reason);
  request.set_request_id(cli.RequestId());
  ASSIGN_OR_RETURN(const auto response, cli.progress().Call(&ProgressService::Stub::ReturnReport,
                                                            request, cli.As(kListOffice)));
  if (cli.json()) {
    cli.PrintJson(response);
  } else {
    cli.out() << "已退回 " << ShortTask(task) << " " << PeriodOf(response.report()) << " 第"
              << response.report().version() << "版\n";
  }
  return absl::OkStatus();
}

absl::Status ExemptReport(Cli& cli, const DecisionArgs& args) {
  RETURN_IF_ERROR(CheckPeriod(args.period));
  ExemptReportRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), cli.Task(args.task));
  request.set_period(args.period);
  request.set_reason(args.reason);
  request.set_request_id(cli.RequestId());
  ASSIGN_OR_RETURN(const auto response, cli.progress().Call(&ProgressService::Stub::ExemptReport,
                                                            request, cli.As(kListOffice)));
  if (cli.json()) {
    cli.PrintJson(response);
  } else {
    cli.out() << "已免报 " << ShortTask(response.parent()) << " " << response.period() << '\n';
  }
  return absl::OkStatus();
}

struct JudgeArgs {
  std::string task;
  std::string light;
  std::string reason;
  std::string valid_to;
};

absl::Status Judge(Cli& cli, const JudgeArgs& args) {
  RecordJudgementRequest request;
  ASSIGN_OR_RETURN(const auto light, ParseLight(args.light));
  RETURN_IF_ERROR(ParseDay(args.valid_to).status());
  ASSIGN_OR_RETURN(*request.mutable_parent(), cli.Task(args.task));
  request.mutable_judgement()->set_light(light);
  request.mutable_judgement()->set_reason(args.reason);
  request.mutable_judgement()->set_valid_to(args.valid_to);
  request.set_request_id(cli.RequestId());
  ASSIGN_OR_RETURN(const auto response, cli.progress().Call(&ProgressService::Stub::RecordJudgement,
                                                            request, cli.As(kListOffice)));
  if (cli.json()) {
    cli.PrintJson(response);
  } else {
    cli.out() << "已记录 " << ShortTask(request.parent()) << " 的人工研判："
              << LightWord(response.judgement().light()) << "，至 "
              << response.judgement().valid_to() << '\n';
  }
  return absl::OkStatus();
}

void AddDecision(CLI::App& report, Cli& cli, const char* name, const char* description,
                 absl::Status (*decide)(Cli&, const DecisionArgs&)) {
  auto args = std::make_shared<DecisionArgs>();
  CLI::App* command = report.add_subcommand(name, description);
  command->add_option("TASK", args->task)->required();
  command->add_option("PERIOD", args->period, "2024-06 or 2024-final")->required();
  command->add_option("--reason", args->reason)->required();
  cli.OnRun(command, [args, decide](Cli& c) { return decide(c, *args); });
}

}  // namespace

void AddReportDecisions(CLI::App& report, Cli& cli) {
  AddDecision(report, cli, "return",
              "Return a report's newest version: its facts no longer count (退回)", ReturnReport);
  AddDecision(report, cli, "exempt", "Exempt a task from reporting for a period (免报)",
              ExemptReport);
}

void AddJudgeCommand(CLI::App& app, Cli& cli) {
  auto args = std::make_shared<JudgeArgs>();
  CLI::App* judge =
      app.add_subcommand("judge", "Record the list office's own judgement (人工研判)");
  judge->add_option("TASK", args->task)->required();
  judge->add_option("LIGHT", args->light, "SLIGHTLY_BEHIND, BEHIND … or 略慢, 滞后 …")->required();
  judge->add_option("--reason", args->reason)->required();
  judge->add_option("--valid-to", args->valid_to, "the last day it is shown, 2024-09-30")
      ->required();
  cli.OnRun(judge, [args](Cli& c) { return Judge(c, *args); });
}

}  // namespace minsheng::cli
