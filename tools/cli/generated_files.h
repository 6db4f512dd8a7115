// Generated districts on disk.
#ifndef MINSHENG_TOOLS_CLI_GENERATED_FILES_H_
#define MINSHENG_TOOLS_CLI_GENERATED_FILES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/cli/generate/list.h"

namespace minsheng::cli {

struct GeneratedSize {
  int64_t districts = 0;
  int64_t tasks = 0;
  int64_t targets = 0;
  int64_t plans = 0;  // revisions
  int64_t reports = 0;
  int64_t actions = 0;
  int64_t bytes = 0;

  void Add(const GeneratedSize& other);
};

// "507103-2024"
std::string GeneratedFolderName(const generate::List& list);

// Makes `out`, or sees that it is empty; with `force` it need not be. Failure FOLDER_NOT_EMPTY,
// FILE_UNWRITABLE.
absl::Status PrepareFolder(const std::string& out, bool force);

// Writes the district's folder in `out`, in the place of one of its name. The folder is called
// "….partial" until all of it is there; what an interrupted run left of that is removed. Holds the
// plans and reports of this one district in memory, to put them in order of time. Failure
// FILE_UNWRITABLE.
absl::StatusOr<GeneratedSize> WriteDistrict(const generate::List& list, const std::string& out);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_GENERATED_FILES_H_
