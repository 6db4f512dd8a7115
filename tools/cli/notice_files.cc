#include "tools/cli/notice_files.h"

#include "absl/types/span.h"
#include "services/platform/base/status_macros.h"
#include "services/registry/domain/corrections.h"
#include "tools/cli/convert.h"
#include "tools/cli/files.h"

namespace minsheng::cli {

void AddNoticeFileOptions(CLI::App& command, NoticeFileArgs& args) {
  command
      .add_option("FILE", args.file,
                  "the list: .docx, .xlsx, .csv, .html, or the text copied from a web page")
      ->required();
  command.add_option("--corrections", args.corrections,
                     "TSV of corrections to what is read (更正表)");
  command
      .add_option("--correct", args.correct,
                  "one correction, 'municipal-07/1#1:base=1200' or 'district-04/1:amount=1500万元'")
      ->allow_extra_args(false);
  command.add_option("--money-unit", args.money_unit, "万元, when the file does not declare it");
  command.add_option("--year", args.year, "when the file does not say");
  command.add_flag("--strict", args.strict, "refuse the list for warnings too");
}

absl::StatusOr<std::string> ReadNoticeFile(const std::string& path) {
  ASSIGN_OR_RETURN(std::string bytes, ReadFile(path));
  return IsOldDocument(bytes) ? ConvertDocument(path) : std::move(bytes);
}

absl::StatusOr<std::string> ReadCorrections(const NoticeFileArgs& args) {
  std::string table;
  if (!args.corrections.empty()) {
    ASSIGN_OR_RETURN(table, ReadFile(args.corrections));
  }
  if (args.correct.empty()) return table;
  std::vector<registry::Correction> rows;
  if (!table.empty()) {
    ASSIGN_OR_RETURN(rows, registry::ParseCorrections(table, args.corrections));
  }
  for (const std::string& flag : args.correct) {
    ASSIGN_OR_RETURN(const registry::Correction row, registry::ParseCorrectionFlag(flag));
    rows = registry::MergeCorrections(rows, {&row, 1});
  }
  return registry::CorrectionsTable(rows);
}

}  // namespace minsheng::cli
