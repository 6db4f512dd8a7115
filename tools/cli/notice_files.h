// The files that notice commands are given.
#ifndef MINSHENG_TOOLS_CLI_NOTICE_FILES_H_
#define MINSHENG_TOOLS_CLI_NOTICE_FILES_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"

namespace minsheng::cli {

// Options that notice parse and notice import share.
struct NoticeFileArgs {
  std::string file;
  std::string corrections;
  std::vector<std::string> correct;
  std::string money_unit;
  int year = 0;
  bool strict = false;
};

void AddNoticeFileOptions(CLI::App& command, NoticeFileArgs& args);

// The list's file; .doc, .xls and .wps are converted by LibreOffice where it is installed.
// Fails with CONVERTER_MISSING or CONVERSION_FAILED.
absl::StatusOr<std::string> ReadNoticeFile(const std::string& path);

// The table of corrections: the file's and the flags' together. Empty when there are none. Fails as
// ParseCorrections does.
absl::StatusOr<std::string> ReadCorrections(const NoticeFileArgs& args);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_NOTICE_FILES_H_
