// Proves that a log and its tables agree: walks the chain, replays every event into an empty
// database, and compares table by table, row by row.
#ifndef MINSHENG_SERVICES_PLATFORM_JOURNAL_VERIFY_H_
#define MINSHENG_SERVICES_PLATFORM_JOURNAL_VERIFY_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/platform/journal/journal.h"

namespace minsheng::platform {

// A projected table and the columns that order it uniquely, "name, position".
struct ProjectedTable {
  const char* name;
  const char* order;
};

// What is kept of a peer's log: how to read the peer's events again, and how they were applied.
struct VerifyPeer {
  std::string name;
  Projector projector;
  // Events after a position, as the peer serves them; empty at its end.
  std::function<absl::StatusOr<std::vector<Event>>(int64_t after)> read;
};

struct VerifyPlan {
  absl::Span<const Migration> migrations;
  Projector projector;
  std::vector<ProjectedTable> tables;  // the log's own tables are always compared
  std::vector<VerifyPeer> peers;
  LogHead anchor;  // position 0: none
};

struct VerifyResult {
  int64_t events = 0;
  int64_t rows = 0;
  LogHead head;
  std::vector<std::string> findings;  // the first thing first; at most kFindingsMax
  static constexpr size_t kFindingsMax = 20;
};

// `live` must be inside a read transaction. Errors are those of reading; differences are findings.
absl::StatusOr<VerifyResult> VerifyLog(Session& live, const VerifyPlan& plan);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_JOURNAL_VERIFY_H_
