// notice parse: what the importer reads in a file, without any service.
#include <memory>

#include "absl/strings/str_cat.h"
#include "services/platform/base/status_macros.h"
#include "services/registry/domain/corrections.h"
#include "services/registry/domain/notice.h"
#include "services/registry/reader/reader.h"
#include "services/registry/render/render.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/names.h"
#include "tools/cli/notice_files.h"
#include "tools/cli/notice_view.h"

namespace minsheng::cli {
namespace {

using registry::v1::ImportProgramRequest;
using registry::v1::ImportProgramResponse;

struct ParseArgs {
  NoticeFileArgs files;
  std::string district;
};

absl::StatusOr<ImportProgramResponse> ParseFiles(const ParseArgs& args) {
  registry::ParseOptions options;
  options.year = args.files.year;
  if (!args.files.money_unit.empty()) {
    ASSIGN_OR_RETURN(options.money_unit, registry::ParseMoneyUnit(args.files.money_unit));
  }
  std::vector<registry::Correction> corrections;
  ASSIGN_OR_RETURN(const std::string table, ReadCorrections(args.files));
  if (!table.empty()) {
    ASSIGN_OR_RETURN(corrections, registry::ParseCorrections(table, args.files.corrections));
  }
  options.corrections = corrections;
  ASSIGN_OR_RETURN(const std::string bytes, ReadNoticeFile(args.files.file));
  ASSIGN_OR_RETURN(const auto document, registry::ReadDocument(bytes));
  ASSIGN_OR_RETURN(const auto notice, registry::ParseNotice(document, args.files.file, options));

  ImportProgramRequest request;
  request.set_parent("districts/-");
  if (!args.district.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_parent(), DistrictName(args.district));
  }
  request.set_year(args.files.year);
  return registry::RenderNotice(notice, request);
}

int Count(const ImportProgramResponse& response, registry::v1::Severity severity) {
  int count = 0;
  for (const auto& diagnostic : response.diagnostics()) count += diagnostic.severity() == severity;
  return count;
}

absl::Status Verdict(const ImportProgramResponse& response, bool strict) {
  const int errors = Count(response, registry::v1::SEVERITY_ERROR);
  const int warnings = Count(response, registry::v1::SEVERITY_WARNING);
  if (errors > 0) {
    return Failure("NOTICE_HAS_ERRORS", absl::StrCat("有", errors, "处错误，更正后才能发布"));
  }
  if (strict && warnings > 0) {
    return Failure("NOTICE_HAS_WARNINGS", absl::StrCat("有", warnings, "处警告（--strict）"));
  }
  return absl::OkStatus();
}

absl::Status ParseNoticeFile(Cli& cli, const ParseArgs& args) {
  ASSIGN_OR_RETURN(const ImportProgramResponse response, ParseFiles(args));
  if (cli.json()) {
    cli.PrintJson(response);
    return Verdict(response, args.files.strict);
  }
  ShowProgram(cli, response.program());
  cli.out() << '\n';
  ShowList(cli, response);
  if (response.diagnostics_size() > 0) cli.out() << '\n';
  ShowDiagnostics(cli, response);
  return Verdict(response, args.files.strict);
}

void AddParse(CLI::App& notice, Cli& cli) {
  auto args = std::make_shared<ParseArgs>();
  CLI::App* parse =
      notice.add_subcommand("parse", "Read a notice file offline and show what it says");
  AddNoticeFileOptions(*parse, args->files);
  parse->add_option("--district", args->district, "500156, for the names in the answer");
  cli.OnRun(parse, [args](Cli& c) { return ParseNoticeFile(c, *args); });
}

}  // namespace

void AddNoticeCommands(CLI::App& app, Cli& cli) {
  CLI::App* notice = AddGroup(app, "notice", "The published list as a file (清单)");
  AddParse(*notice, cli);
  AddNoticeImport(*notice, cli);
  AddNoticeExport(*notice, cli);
}

}  // namespace minsheng::cli
