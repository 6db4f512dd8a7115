// report import: a CSV of reports or a filled-in monthly workbook, all or nothing.
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <regex>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "minsheng/progress/v1/progress.grpc.pb.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/names.h"
#include "tools/cli/report_rows.h"
#include "tools/cli/report_view.h"

namespace minsheng::cli {
namespace {

using progress::v1::BatchSubmitReportsRequest;
using progress::v1::BatchSubmitReportsResponse;
using progress::v1::ProgressService;

constexpr int kBatchMax = 1000;

// One call, and the file's rows that its requests came from.
struct Batch {
  BatchSubmitReportsRequest request;
  std::vector<int> rows;
};

absl::StatusOr<std::vector<Batch>> BatchesOf(Cli& cli, const std::vector<ReportRow>& reports) {
  std::map<std::string, std::vector<Batch>> by_program;
  for (const ReportRow& report : reports) {
    ASSIGN_OR_RETURN(const std::string task, cli.Task(report.task));
    std::vector<Batch>& batches = by_program[ProgramOf(task)];
    if (batches.empty() || batches.back().request.requests_size() == kBatchMax) {
      batches.emplace_back().request.set_parent(ProgramOf(task));
    }
    *batches.back().request.add_requests() = report.request;
    batches.back().request.mutable_requests()->rbegin()->set_parent(task);
    batches.back().rows.push_back(report.row);
  }
  std::vector<Batch> all;
  const std::string request_id = cli.RequestId();
  for (auto& [program, batches] : by_program) {
    for (Batch& batch : batches) {
      batch.request.set_request_id(all.empty() ? request_id
                                               : absl::StrCat(request_id, "-", all.size() + 1));
      all.push_back(std::move(batch));
    }
  }
  return all;
}

// One unit's reports come from its reporter; a mixture, or paper with its day, from the list
// office.
platform::Principal CallerOf(const Cli& cli, const std::vector<ReportRow>& reports) {
  const std::string& unit = reports.front().unit;
  const bool one_reporter = std::all_of(reports.begin(), reports.end(), [&](const ReportRow& row) {
    return row.unit == unit && row.request.report().received_on().empty();
  });
  return one_reporter ? cli.As(kReporter, unit) : cli.As(kListOffice);
}

// The file's row of the refused one; the service counts within the call and says "requests[1]".
absl::optional<int> RowOf(const absl::Status& status, const Batch& batch) {
  const std::string message(status.message());
  std::smatch found;
  size_t index = 0;
  if (!std::regex_search(message, found, std::regex(R"(requests\[(\d{1,4})\])")))
    return absl::nullopt;
  if (!absl::SimpleAtoi(found[1].str(), &index) || index >= batch.rows.size()) return absl::nullopt;
  return batch.rows[index];
}

absl::Status InFile(const absl::Status& status, const std::string& file, const Batch& batch,
                    size_t number, size_t count) {
  const auto row = RowOf(status, batch);
  std::string prefix =
      row ? absl::StrCat(file, " 第", *row, "行（本批第", batch.rows.front(), "至",
                         batch.rows.back(), "行")
          : absl::StrCat(file, "（第", batch.rows.front(), "至", batch.rows.back(), "行");
  if (count > 1) absl::StrAppend(&prefix, "，第", number, "批，共", count, "批");
  if (number > 1) absl::StrAppend(&prefix, "；此前各批已存入");
  return platform::Prefixed(status, absl::StrCat(prefix, "）没有存入："));
}

struct ImportArgs {
  std::string file;
  bool dry_run = false;
};

void TellBlankRows(const Cli& cli, int blank_rows) {
  if (blank_rows > 0 && !cli.json()) cli.out() << "留空的" << blank_rows << "行没有报送。\n";
}

absl::Status ShowWhatWouldBeSent(const Cli& cli, const std::vector<Batch>& batches,
                                 int blank_rows) {
  BatchSubmitReportsRequest all;
  google::protobuf::RepeatedPtrField<progress::v1::Report> reports;
  for (const Batch& batch : batches) {
    all.mutable_requests()->MergeFrom(batch.request.requests());
    for (const auto& request : batch.request.requests()) {
      *reports.Add() = request.report();
      reports.rbegin()->set_name(absl::StrCat(request.parent(), "/reports/", request.period()));
    }
  }
  if (cli.json()) {
    cli.PrintJson(all);
    return absl::OkStatus();
  }
  ShowReports(cli, reports);
  TellBlankRows(cli, blank_rows);
  cli.out() << "（--dry-run：" << reports.size() << "份报告，什么也没有报送）\n";
  return absl::OkStatus();
}

absl::Status ImportReports(Cli& cli, const ImportArgs& args) {
  const std::string& file = args.file;
  ASSIGN_OR_RETURN(const ReportFile read, ReadReportFile(file));
  const std::vector<ReportRow>& reports = read.reports;
  if (reports.empty()) {
    return Failure("EMPTY_FILE", absl::StrCat(file, " 没有填写任何报告"));
  }
  ASSIGN_OR_RETURN(const auto batches, BatchesOf(cli, reports));
  if (args.dry_run) return ShowWhatWouldBeSent(cli, batches, read.blank_rows);
  if (batches.size() > 1) {
    std::cerr << "共" << reports.size() << "份报告，分" << batches.size()
              << "批发送（每个年度清单一批，每批至多" << kBatchMax
              << "份）；每批要么全部存入，要么全不存入\n";
  }
  const auto caller = CallerOf(cli, reports);
  BatchSubmitReportsResponse all;
  for (size_t i = 0; i < batches.size(); ++i) {
    const auto response =
        cli.progress().Call(&ProgressService::Stub::BatchSubmitReports, batches[i].request, caller);
    if (!response.ok()) {
      return InFile(response.status(), file, batches[i], i + 1, batches.size());
    }
    all.MergeFrom(*response);
  }
  if (cli.json()) {
    cli.PrintJson(all);
  } else {
    cli.out() << "已存入" << all.reports_size() << "份报告。\n";
  }
  TellBlankRows(cli, read.blank_rows);
  return absl::OkStatus();
}

}  // namespace

void AddReportImport(CLI::App& report, Cli& cli) {
  auto args = std::make_shared<ImportArgs>();
  CLI::App* import = report.add_subcommand(
      "import", "File the reports of a CSV or a filled-in monthly workbook: all of them or none");
  import
      ->add_option("FILE", args->file,
                   "an .xlsx of report workbook; or a CSV with the columns task, period, measures "
                   "(1=19; 2=开工), completed_investment (万元) …")
      ->required();
  import->add_flag("--dry-run", args->dry_run, "only check, and say what would be filed");
  cli.OnRun(import, [args](Cli& c) { return ImportReports(c, *args); });
}

}  // namespace minsheng::cli
