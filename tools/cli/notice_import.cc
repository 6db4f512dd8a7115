// notice import: a file becomes the program's draft; a changed list is changed only by the very
// diff that was shown.
#include <filesystem>
#include <memory>

#include "absl/strings/str_cat.h"
#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"
#include "tools/cli/names.h"
#include "tools/cli/notice_view.h"

namespace minsheng::cli {
namespace {

using registry::v1::GetProgramRequest;
using registry::v1::ImportProgramRequest;
using registry::v1::ImportProgramResponse;
using registry::v1::RegistryService;

struct ImportArgs {
  std::string file;
  std::string district;
  std::string targets;
  std::string document_number;
  std::string issued_on;
  std::string money_unit;
  std::string approving_body;
  std::string report_recipient;
  int year = 0;
  bool illustration = false;
  bool dry_run = false;
  bool yes = false;
};

absl::StatusOr<ImportProgramRequest> RequestOf(const ImportArgs& args) {
  ImportProgramRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), DistrictName(args.district));
  ASSIGN_OR_RETURN(*request.mutable_content(), ReadFile(args.file));
  if (!args.targets.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_targets(), ReadFile(args.targets));
  }
  request.set_file_name(std::filesystem::path(args.file).filename().string());
  request.set_year(args.year);
  request.set_document_number(args.document_number);
  request.set_issued_on(args.issued_on);
  request.set_money_unit(args.money_unit);
  request.set_approving_body(args.approving_body);
  request.set_report_recipient(args.report_recipient);
  request.set_illustration(args.illustration);
  return request;
}

absl::StatusOr<ImportProgramResponse> Send(Cli& cli, const ImportProgramRequest& request) {
  return cli.registry().Call(&RegistryService::Stub::ImportProgram, request, cli.As(kListOffice));
}

// The stored list's etag; empty when there is none.
absl::StatusOr<std::string> StoredEtag(Cli& cli, const std::string& program) {
  GetProgramRequest request;
  request.set_name(program);
  const auto stored = cli.registry().Call(&RegistryService::Stub::GetProgram, request);
  if (absl::IsNotFound(stored.status())) return "";
  RETURN_IF_ERROR(stored.status());
  return stored->program().etag();
}

void Show(const Cli& cli, const ImportProgramResponse& response) {
  ShowProgram(cli, response.program());
  ShowDiagnostics(cli, response);
  if (response.changes_size() == 0) return;
  cli.out() << "\n与库中清单的差异：\n";
  ShowChanges(cli, response);
}

void Report(const Cli& cli, const ImportProgramResponse& response, const char* outcome) {
  if (cli.json()) return cli.PrintJson(response);
  cli.out() << outcome << '\n';
}

absl::Status Store(Cli& cli, ImportProgramRequest request) {
  request.set_validate_only(false);
  request.set_request_id(cli.RequestId());
  ASSIGN_OR_RETURN(const auto response, Send(cli, request));
  Report(cli, response, response.stored() ? "已导入。" : "没有变化，什么也没有改。");
  return absl::OkStatus();
}

absl::Status ImportNotice(Cli& cli, const ImportArgs& args) {
  ASSIGN_OR_RETURN(ImportProgramRequest request, RequestOf(args));
  request.set_validate_only(true);
  ASSIGN_OR_RETURN(auto preview, Send(cli, request));
  ASSIGN_OR_RETURN(const std::string etag, StoredEtag(cli, preview.program().name()));
  if (!etag.empty()) {
    // Once more, so that the diff is one against the etag or a newer list: confirming an older diff
    // is refused.
    ASSIGN_OR_RETURN(preview, Send(cli, request));
  }
  if (!cli.json()) Show(cli, preview);
  if (args.dry_run) {
    Report(cli, preview, "（--dry-run：什么也没有改）");
    return absl::OkStatus();
  }
  if (etag.empty()) return Store(cli, request);
  if (preview.changes_size() == 0) {
    Report(cli, preview, "与库中清单相同，没有变化。");
    return absl::OkStatus();
  }
  if (!args.yes) {
    RETURN_IF_ERROR(cli.Confirm(absl::StrCat("确认以上", preview.changes_size(), "处变动")));
  }
  request.set_etag(etag);
  request.set_diff_hash(preview.diff_hash());
  return Store(cli, request);
}

}  // namespace

void AddNoticeImport(CLI::App& notice, Cli& cli) {
  auto args = std::make_shared<ImportArgs>();
  CLI::App* import = notice.add_subcommand(
      "import", "Make a notice file the program's draft, or change the list by it");
  import->add_option("FILE", args->file, "CSV, or the text copied from the notice's web page")
      ->required();
  import->add_option("--district", args->district, "500156")->required();
  import->add_option("--targets", args->targets, "TSV table of typed targets (目标表)");
  import->add_option("--year", args->year, "when the file does not say");
  import->add_option("--document-number", args->document_number, "文号");
  import->add_option("--issued-on", args->issued_on, "成文日期, 2024-03-15");
  import->add_option("--money-unit", args->money_unit, "万元, when the file does not declare it");
  import->add_option("--approving-body", args->approving_body, "the body that approved the list");
  import->add_option("--report-recipient", args->report_recipient, "the unit that reports go to");
  import->add_flag("--illustration", args->illustration, "a list that illustrates, not official");
  import->add_flag("--dry-run", args->dry_run, "only say what would happen");
  import->add_flag("--yes,-y", args->yes, "confirm the changes that are shown");
  cli.OnRun(import, [args](Cli& c) { return ImportNotice(c, *args); });
}

}  // namespace minsheng::cli
