// notice import: a file becomes the program's draft; a changed list is changed only by the very
// diff that was shown.
#include <filesystem>
#include <memory>

#include "absl/strings/str_cat.h"
#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/rpc/server.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/names.h"
#include "tools/cli/notice_files.h"
#include "tools/cli/notice_view.h"

namespace minsheng::cli {
namespace {

using registry::v1::ImportProgramRequest;
using registry::v1::ImportProgramResponse;
using registry::v1::RegistryService;

struct ImportArgs {
  NoticeFileArgs files;
  std::string district;
  std::string document_number;
  std::string issued_on;
  std::string approving_body;
  std::string report_recipient;
  std::string reason;
  std::string approval;
  bool illustration = false;
  bool dry_run = false;
  bool yes = false;
};

absl::StatusOr<ImportProgramRequest> RequestOf(const ImportArgs& args) {
  ImportProgramRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), DistrictName(args.district));
  ASSIGN_OR_RETURN(*request.mutable_content(), ReadNoticeFile(args.files.file));
  ASSIGN_OR_RETURN(*request.mutable_corrections(), ReadCorrections(args.files));
  request.set_file_name(std::filesystem::path(args.files.file).filename().string());
  request.set_year(args.files.year);
  request.set_strict(args.files.strict);
  request.set_reason(args.reason);
  request.set_approval(args.approval);
  request.set_document_number(args.document_number);
  request.set_issued_on(args.issued_on);
  request.set_money_unit(args.files.money_unit);
  request.set_approving_body(args.approving_body);
  request.set_report_recipient(args.report_recipient);
  request.set_illustration(args.illustration);
  if (request.ByteSizeLong() > platform::rpc::Server::kMessageBytesMax) {
    return Failure("TOO_LARGE",
                   "清单和更正表合计超过32 MiB，一次送不下；请只保留清单本身，或分年度导入");
  }
  return request;
}

absl::StatusOr<ImportProgramResponse> Send(Cli& cli, const ImportProgramRequest& request) {
  return cli.registry().Call(&RegistryService::Stub::ImportProgram, request, cli.As(kListOffice));
}

void Show(const Cli& cli, const ImportProgramResponse& response, bool whole) {
  if (cli.json()) return;
  ShowProgram(cli, response.program());
  if (whole) {
    ShowList(cli, response);
    cli.out() << '\n';
  }
  ShowDiagnostics(cli, response);
  if (response.changes_size() == 0) return;
  cli.out() << "\n与库中清单的差异：\n";
  ShowChanges(cli, response);
}

absl::Status Report(const Cli& cli, const ImportProgramResponse& response, const char* outcome) {
  if (cli.json()) {
    cli.PrintJson(response);
  } else {
    cli.out() << outcome << '\n';
  }
  return absl::OkStatus();
}

absl::StatusOr<ImportProgramResponse> Store(Cli& cli, ImportProgramRequest request) {
  request.set_validate_only(false);
  request.set_request_id(cli.RequestId());
  return Send(cli, request);
}

absl::Status ReportStored(const Cli& cli, const ImportProgramResponse& response) {
  return Report(cli, response, response.stored() ? "已导入。" : "与库中清单相同，没有变化。");
}

// Shows what would happen, and changes the stored list by it when that is confirmed.
absl::Status Change(Cli& cli, const ImportArgs& args, ImportProgramRequest request) {
  request.set_validate_only(true);
  ASSIGN_OR_RETURN(const auto preview, Send(cli, request));
  Show(cli, preview, args.dry_run);
  if (args.dry_run) return Report(cli, preview, "（--dry-run：什么也没有改）");
  const bool in_force = preview.program().state() == registry::v1::PROGRAM_STATE_PUBLISHED;
  if (in_force && preview.change_count() > 0 && (args.reason.empty() || args.approval.empty())) {
    return Failure("APPROVAL_NEEDED",
                   "清单已经发布；变动须用--reason写明理由、--approval写明批准依据");
  }
  if (preview.change_count() > 0 && !args.yes) {
    RETURN_IF_ERROR(cli.Confirm(absl::StrCat("确认以上", preview.change_count(), "处变动")));
  }
  // Of a list in store the etag is that of the one which the shown changes are against.
  request.set_etag(preview.program().etag());
  request.set_diff_hash(preview.diff_hash());
  ASSIGN_OR_RETURN(const auto response, Store(cli, request));
  return ReportStored(cli, response);
}

// True when nothing was stored because something must be looked at first.
bool MustBeShown(const absl::Status& status) {
  const std::string reason = platform::ReasonOf(status);
  return reason == "CONFIRM_DIFF" || reason == "IMPORT_INCOMPLETE";
}

// A list that is not in store yet and has no errors needs no question, so a large file is read but
// once.
absl::Status ImportNotice(Cli& cli, const ImportArgs& args) {
  ASSIGN_OR_RETURN(const ImportProgramRequest request, RequestOf(args));
  if (args.dry_run) return Change(cli, args, request);
  const auto response = Store(cli, request);
  if (MustBeShown(response.status())) return Change(cli, args, request);
  RETURN_IF_ERROR(response.status());
  Show(cli, *response, false);
  return ReportStored(cli, *response);
}

}  // namespace

void AddNoticeImport(CLI::App& notice, Cli& cli) {
  auto args = std::make_shared<ImportArgs>();
  CLI::App* import = notice.add_subcommand(
      "import", "Make a notice file the program's draft, or change the list by it");
  AddNoticeFileOptions(*import, args->files);
  import->add_option("--district", args->district, "500156")->required();
  import->add_option("--document-number", args->document_number, "文号");
  import->add_option("--issued-on", args->issued_on, "成文日期, 2024-03-15");
  import->add_option("--approving-body", args->approving_body, "the body that approved the list");
  import->add_option("--report-recipient", args->report_recipient, "the unit that reports go to");
  import->add_flag("--illustration", args->illustration, "a list that illustrates, not official");
  import->add_option("--reason", args->reason, "why a list in force is changed");
  import->add_option("--approval", args->approval, "who allows that, with the document's number");
  import->add_flag("--dry-run", args->dry_run, "only say what would happen");
  import->add_flag("--yes,-y", args->yes, "confirm the changes that are shown");
  cli.OnRun(import, [args](Cli& c) { return ImportNotice(c, *args); });
}

}  // namespace minsheng::cli
